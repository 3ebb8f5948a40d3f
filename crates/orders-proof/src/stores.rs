//! Where a proof stores what it pulls, and how it reads that: by SQL, as a user would.

use orders_sync::Store;
use rusqlite::types::ValueRef;
use test_postgres::Server;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::Result;

/// Where a proof stores what it pulls.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// SQLite: in memory; a program of its own has a file.
    Sqlite,
    /// A database of its own on a server.
    Postgres(&'a Server),
}

/// An empty store at first.
#[derive(Debug)]
pub struct Kept {
    /// What the engine writes to.
    pub store: Store,
    database: Option<Database>,
}

/// Tables that can be read by SQL which both databases understand.
pub trait Tables {
    /// The rows that a query gives, each value as text; one that is absent is empty.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>>;
}

/// The address of a Postgres database.
#[derive(Clone, Debug)]
pub struct Database(pub String);

impl Place<'_> {
    /// A new store.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub async fn empty(self) -> Result<Kept> {
        let database = match self {
            Self::Sqlite => None,
            Self::Postgres(server) => Some(Database(server.fresh()?)),
        };
        let store = match &database {
            None => Store::in_memory(),
            Some(Database(address)) => Store::connect(address).await,
        };
        Ok(Kept {
            store: store.map_err(|error| error.to_string())?,
            database,
        })
    }
}

impl Tables for Kept {
    fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        match &self.database {
            None => self.store.rows(sql),
            Some(database) => database.rows(sql),
        }
    }
}

/// A file, or memory.
impl Tables for Store {
    fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        let connection = self.connection().ok_or("the store is no file")?;
        let read = || {
            let mut rows = connection.prepare(sql)?;
            let width = rows.column_count();
            let rows = rows.query_map([], |row| {
                (0..width).map(|nth| row.get_ref(nth).map(text)).collect()
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|error| format!("the store cannot be read: {error}"))
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

impl Tables for Database {
    /// On a thread of its own: a clock that is paused stands still meanwhile.
    fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        let read = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = runtime.map_err(|error| error.to_string())?;
            let answers = runtime.block_on(answers(&self.0, sql));
            answers.map_err(|error| format!("the store cannot be read: {error}"))
        };
        let answers = std::thread::scope(|scope| scope.spawn(read).join());
        let answers = answers.map_err(|_| "the reading panicked".to_owned())??;
        let rows = answers.iter().filter_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let values = rows.map(|row| {
            let value = |nth| row.get(nth).unwrap_or_default().to_owned();
            (0..row.len()).map(value).collect()
        });
        Ok(values.collect())
    }
}

async fn answers(
    address: &str,
    sql: &str,
) -> std::result::Result<Vec<SimpleQueryMessage>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    client.simple_query("SET search_path TO orders").await?;
    client.simple_query(sql).await
}
