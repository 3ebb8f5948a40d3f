//! One connection: it runs the statements of every store within one transaction after the other.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use tokio::task::AbortHandle;
use tokio_postgres::tls::NoTls;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, SimpleQueryMessage};

use super::address::{Address, Tls};
use super::tls;
use super::values::{Column, Given, type_of, types_of};
use crate::error::StoreFault;
use crate::sql::{Failed, Row, Sql, Then, Value, Write};

/// How long a statement may take at the server.
pub(super) const STATEMENT: Duration = Duration::from_secs(300);
/// How long its answer is waited for.
const ANSWER: Duration = Duration::from_secs(330);
/// How long connecting may take in all: name, TLS, password, every host.
const CONNECT: Duration = Duration::from_secs(60);

/// A connection. Where it is dropped in the midst of a transaction, the server takes that back.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    driver: AbortHandle,
    /// Why the server ended the connection.
    ended: Arc<OnceLock<Failed>>,
    /// An answer is due, or will never come.
    open: bool,
    lost: bool,
}

impl Drop for Session {
    fn drop(&mut self) {
        // Between two transactions the server is left politely: the driver does that by itself.
        if self.open {
            self.driver.abort();
        }
    }
}

impl Session {
    pub(super) async fn connect(address: &Address) -> Result<Self, Failed> {
        let connected = tokio::time::timeout(CONNECT, async {
            match &address.tls {
                Tls::Off => {
                    let (client, connection) = address.config.connect(NoTls).await?;
                    Ok(Self::driven(client, connection))
                }
                Tls::System => Self::with_tls(address, tls::connector(None)).await,
                Tls::Roots(file) => Self::with_tls(address, tls::connector(Some(file))).await,
            }
        });
        connected.await.unwrap_or_else(|_| {
            let message = format!("the server did not answer within {} s", CONNECT.as_secs());
            Err(Failed::Store(StoreFault::Unreachable, message))
        })
    }

    async fn with_tls(
        address: &Address,
        connector: Result<tokio_postgres_rustls::MakeRustlsConnect, String>,
    ) -> Result<Self, Failed> {
        let connector = connector.map_err(|message| Failed::Store(StoreFault::Io, message))?;
        let (client, connection) = address.config.connect(connector).await?;
        Ok(Self::driven(client, connection))
    }

    fn driven(
        client: Client,
        connection: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) -> Self {
        let ended = Arc::new(OnceLock::new());
        let why = Arc::clone(&ended);
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                // It is set once, here.
                let _ = why.set(Failed::from(error));
            }
        });
        Self {
            client,
            driver: driver.abort_handle(),
            ended,
            open: false,
            lost: false,
        }
    }

    /// Whether the next transaction needs another connection.
    pub(super) fn is_lost(&self) -> bool {
        self.lost || self.client.is_closed()
    }

    /// Begins a transaction by some statements. Answers how many rows each of them wrote.
    pub(super) async fn begin(&mut self, statements: &str) -> Result<Vec<u64>, Failed> {
        self.open = true;
        self.simple(statements).await
    }

    /// Ends a transaction.
    pub(super) async fn end(&mut self, how: &str) -> Result<(), Failed> {
        self.simple(how).await?;
        self.open = false;
        Ok(())
    }

    pub(super) async fn simple(&mut self, statements: &str) -> Result<Vec<u64>, Failed> {
        let answer = Self::answer(self.client.simple_query(statements)).await;
        let messages = self.checked(answer)?;
        let counts = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::CommandComplete(count) => Some(count),
            _ => None,
        });
        Ok(counts.collect())
    }

    async fn answer<T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Failed> {
        let answer = tokio::time::timeout(ANSWER, answer).await;
        answer.map_or_else(
            |_| {
                let message = format!("the server did not answer within {} s", ANSWER.as_secs());
                Err(Failed::Store(StoreFault::Unreachable, message))
            },
            |answer| answer.map_err(Failed::from),
        )
    }

    /// Keeps in mind where the connection is lost, and why.
    fn checked<T>(&mut self, answer: Result<T, Failed>) -> Result<T, Failed> {
        let Err(Failed::Store(StoreFault::Unreachable, message)) = answer else {
            return answer;
        };
        self.lost = true;
        let message = match self.ended.get() {
            Some(Failed::Store(_, why)) if !message.contains(why) => format!("{message}: {why}"),
            _ => message,
        };
        Err(Failed::Store(StoreFault::Unreachable, message))
    }
}

/// `?1` is `$1`, and `IN {2}` a list of values.
fn written(statement: &str) -> String {
    statement
        .replace("IN {", "= ANY(?")
        .replace('}', ")")
        .replace('?', "$")
}

/// The values with their types: statements are not prepared, since a pooler may hand each to another connection.
fn typed<'a>(values: &'a [Given<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    let typed = values
        .iter()
        .map(|it| (it as &(dyn ToSql + Sync), type_of(it.0)));
    typed.collect()
}

#[async_trait]
impl Sql for Session {
    async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Failed> {
        let given: Vec<_> = values.iter().map(Given).collect();
        let answer = Self::answer(self.client.query_typed(&written(sql), &typed(&given))).await;
        let rows = self.checked(answer)?;
        let row = |row: tokio_postgres::Row| {
            let values = (0..row.len()).map(|column| row.try_get(column));
            Ok(Row(values.collect::<Result<_, Error>>()?))
        };
        rows.into_iter().map(row).collect()
    }

    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Failed> {
        let given: Vec<_> = values.iter().map(Given).collect();
        let answer = Self::answer(self.client.execute_typed(&written(sql), &typed(&given))).await;
        self.checked(answer)
    }

    async fn bulk(&mut self, write: &Write, rows: Vec<Vec<Value>>) -> Result<(), Failed> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows = settled(write, rows);
        let columns = write.columns.iter().enumerate().map(|(at, (_, kind))| {
            let (each, all) = types_of(*kind);
            let rows = &*rows;
            (Column { rows, at, each }, all)
        });
        let columns: Vec<_> = columns.collect();
        let typed = columns
            .iter()
            .map(|(column, all)| (column as &(dyn ToSql + Sync), all.clone()));
        let typed: Vec<_> = typed.collect();
        let answer = Self::answer(self.client.execute_typed(&all_rows(write), &typed)).await;
        self.checked(answer).map(drop)
    }
}

/// One statement may write a row once: of several versions the last one. By key, as every writer goes.
fn settled(write: &Write, mut rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    if matches!(write.then, Then::Insert) {
        return rows;
    }
    let key = |row: &Vec<Value>| match row.first() {
        Some(Value::Int(key)) => *key,
        _ => 0,
    };
    rows.sort_by_key(key);
    rows.reverse();
    rows.dedup_by_key(|row| key(row));
    rows.reverse();
    rows
}

/// The statement for all rows, each column one list.
fn all_rows(write: &Write) -> String {
    let (table, key, names) = (write.table, write.key(), write.names());
    let places: Vec<_> = (1..=write.columns.len())
        .map(|at| format!("${at}"))
        .collect();
    let lists = places.join(", ");
    match write.then {
        Then::Insert | Then::Upsert { .. } => {
            let conflict = write.conflict(&format!(" ({key})"));
            format!("INSERT INTO {table} ({names}) SELECT * FROM unnest({lists}){conflict}")
        }
        Then::Update => {
            let columns = write.columns.iter().skip(1);
            let set: Vec<_> = columns
                .map(|(name, _)| format!("{name} = new.{name}"))
                .collect();
            let set = set.join(", ");
            format!(
                "UPDATE {table} AS old SET {set} FROM unnest({lists}) AS new ({names}) WHERE old.{key} = new.{key}"
            )
        }
        Then::Delete => format!("DELETE FROM {table} WHERE {key} = ANY({lists})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_written_for_postgres() {
        assert_eq!(
            written("SELECT ?12 WHERE id IN {2} AND key IN {3}"),
            "SELECT $12 WHERE id = ANY($2) AND key = ANY($3)"
        );
    }

    #[test]
    fn the_last_version_of_a_row_is_written() {
        let write = Write {
            table: "t",
            columns: &[
                ("key", crate::sql::Type::Int),
                ("a", crate::sql::Type::Text),
            ],
            then: Then::Upsert { keep: &[] },
        };
        let row = |key: i64, text: &str| vec![Value::from(key), Value::from(text)];
        let rows = vec![
            row(7, "x"),
            row(3, "a"),
            row(7, "y"),
            row(5, "m"),
            row(3, "b"),
        ];
        let settled = settled(&write, rows);
        assert_eq!(settled, [row(3, "b"), row(5, "m"), row(7, "y")]);
        assert_eq!(
            all_rows(&write),
            "INSERT INTO t (key, a) SELECT * FROM unnest($1, $2) ON CONFLICT (key) DO UPDATE SET a = excluded.a"
        );
    }
}
