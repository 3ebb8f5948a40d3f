//! The database of the workers: its connections, and statements whose values and answers are texts.

use std::fmt;

use deadpool_postgres::tokio_postgres::types::{ToSql, Type};
use deadpool_postgres::{Object, Pool};
use orders_core::{Error, ErrorKind};
use orders_sync::Store;
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::exit::Failure;
use crate::place::Place;

/// A store that is a Postgres database.
#[derive(Clone)]
pub(crate) struct Database {
    address: String,
    pool: Pool,
}

/// Without its address, which may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Its schema is brought to the newest version.
    ///
    /// # Errors
    /// `InvalidRequest` for a file; what the database failed with.
    pub(crate) async fn open(place: &Place, connections: usize) -> Result<Self, Failure> {
        let Place::Database(address) = place else {
            let message = format!("{place} is a file: workers share a Postgres database");
            return Err(Error::invalid_request(message)
                .with_hint("name the database: -o postgres://USER@HOST/DATABASE")
                .into());
        };
        let address = address.complete();
        Store::connect(&address).await?;
        Self::of(address, connections)
    }

    /// The same, to be read.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) async fn look(address: &Address) -> Result<Self, Failure> {
        let address = address.complete();
        Store::connect_read_only(&address).await?;
        Self::of(address, 1)
    }

    fn of(address: String, connections: usize) -> Result<Self, Failure> {
        let pool = orders_sync::pool(&address, connections)?;
        Ok(Self { address, pool })
    }

    /// The store, over a connection of its own.
    pub(crate) async fn store(&self) -> Result<Store, Failure> {
        Ok(Store::connect(&self.address).await?)
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Runs a statement, and reads each row as the JSON that is its one column. `$1`, `$2` are texts.
    pub(crate) async fn rows<T: DeserializeOwned>(
        &self,
        statement: &str,
        values: &[Option<&str>],
    ) -> Result<Vec<T>, Failure> {
        let client: Object = self.pool.get().await.map_err(|error| failed(&error))?;
        let rows = client.query_typed(statement, &typed(values)).await;
        let rows = rows.map_err(|error| failed(&error))?;
        let read = |row: &deadpool_postgres::tokio_postgres::Row| {
            let text: &str = row.try_get(0).map_err(|error| failed(&error))?;
            serde_json::from_str(text).map_err(|error| failed(&error))
        };
        rows.iter().map(read).collect()
    }

    /// Runs a statement, and answers how many rows it wrote.
    pub(crate) async fn execute(
        &self,
        statement: &str,
        values: &[Option<&str>],
    ) -> Result<u64, Failure> {
        let client: Object = self.pool.get().await.map_err(|error| failed(&error))?;
        let done = client.execute_typed(statement, &typed(values)).await;
        done.map_err(|error| failed(&error))
    }
}

/// Statements are not prepared: each value comes with its type.
fn typed<'a>(values: &'a [Option<&'a str>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    let typed = values.iter();
    typed
        .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT))
        .collect()
}

/// With what the server said, which is not in the text of the error itself.
fn failed(error: &dyn std::error::Error) -> Failure {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    Error::new(ErrorKind::Other, format!("the database: {text}"))
        .with_hint("see that it is reachable, and run it again")
        .into()
}
