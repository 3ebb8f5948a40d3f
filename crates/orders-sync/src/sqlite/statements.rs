//! The statements of every store, run by SQLite: at once, on the thread that has the connection.

use async_trait::async_trait;
use rusqlite::types::{ToSqlOutput, Value as Native, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::open;
use crate::sql::{Failed, Row, Sql, Then, Value, Write, time_text};

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        let (fault, message) = open::meaning(&error);
        Self::Store(fault, message)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let list = |list: serde_json::Result<String>| {
            ToSqlOutput::Owned(Native::Text(list.unwrap_or_default()))
        };
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Native::Null),
            Self::Int(value) => ToSqlOutput::from(*value),
            Self::Bool(value) => ToSqlOutput::from(*value),
            Self::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Blob(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            // Text where it is text, else the bytes.
            Self::Raw(value) => ToSqlOutput::Borrowed(match std::str::from_utf8(value) {
                Ok(text) => ValueRef::Text(text.as_bytes()),
                Err(_) => ValueRef::Blob(value),
            }),
            Self::Time(value) => ToSqlOutput::Owned(Native::Text(time_text(*value))),
            Self::Texts(values) => list(serde_json::to_string(values)),
            Self::Ints(values) => list(serde_json::to_string(values)),
        })
    }
}

fn value(value: ValueRef<'_>) -> Result<Value, Failed> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Blob(text.into()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
        ValueRef::Real(_) => {
            let message = "a column of ours holds a float".to_owned();
            return Err(Failed::Store(crate::error::StoreFault::Corrupt, message));
        }
    })
}

/// `IN {2}` is a list of JSON.
fn written(statement: &str) -> String {
    statement
        .replace('{', "(SELECT value FROM json_each(?")
        .replace('}', "))")
}

/// A connection that answers at once.
pub(super) struct Inline<'a>(pub(super) &'a mut Connection);

#[async_trait]
impl Sql for Inline<'_> {
    async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Failed> {
        let mut statement = self.0.prepare_cached(&written(sql))?;
        let columns = statement.column_count();
        let mut found = statement.query(params_from_iter(values))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?));
            rows.push(Row(values.collect::<Result<_, Failed>>()?));
        }
        Ok(rows)
    }

    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Failed> {
        let mut statement = self.0.prepare_cached(&written(sql))?;
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    async fn bulk(&mut self, write: &Write, rows: Vec<Vec<Value>>) -> Result<(), Failed> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut statement = self.0.prepare_cached(&one_row(write))?;
        for row in rows {
            statement.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}

/// The statement for one row.
fn one_row(write: &Write) -> String {
    let (table, key) = (write.table, write.key());
    match write.then {
        Then::Insert | Then::Upsert { .. } => {
            let places: Vec<_> = (1..=write.columns.len())
                .map(|at| format!("?{at}"))
                .collect();
            let (names, places) = (write.names(), places.join(", "));
            format!(
                "INSERT INTO {table} ({names}) VALUES ({places}){}",
                write.conflict("")
            )
        }
        Then::Update => {
            let columns = write.columns.iter().enumerate().skip(1);
            let set: Vec<_> = columns
                .map(|(at, (name, _))| format!("{name} = ?{}", at + 1))
                .collect();
            format!("UPDATE {table} SET {} WHERE {key} = ?1", set.join(", "))
        }
        Then::Delete => format!("DELETE FROM {table} WHERE {key} = ?1"),
    }
}
