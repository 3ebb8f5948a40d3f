//! What a statement is given, and what it answers.

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};

use super::failed::Failed;
use crate::error::StoreFault;

/// A value of a statement. Thousands wait at once: none is larger than a string.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    #[default]
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Blob(Box<[u8]>),
    /// A text as the vendor sent it. The database answers it as a text or as bytes.
    Raw(Box<Bytes>),
    /// A time of a table that people read: of the database's own type, or RFC 3339 where it has none.
    Time(DateTime<Utc>),
    /// Several texts: `IN {2}` in a statement.
    Texts(Box<[String]>),
    /// Several numbers: `IN {2}` in a statement.
    Ints(Box<[i64]>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Time(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// RFC 3339 in UTC with milliseconds: sorts like the times.
pub(crate) fn time_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A time as the compact tables hold it: milliseconds since 1970.
pub(crate) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// One row that a statement answered.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    fn at(&mut self, column: usize) -> Value {
        self.0
            .get_mut(column)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    fn odd(column: usize, what: &str) -> Failed {
        let message = format!("column {column} of a row of ours is no {what}");
        Failed::Store(StoreFault::Corrupt, message)
    }

    pub(crate) fn int(&mut self, column: usize) -> Result<i64, Failed> {
        self.opt_int(column)?
            .ok_or_else(|| Self::odd(column, "number"))
    }

    pub(crate) fn opt_int(&mut self, column: usize) -> Result<Option<i64>, Failed> {
        match self.at(column) {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(value)),
            Value::Bool(value) => Ok(Some(value.into())),
            _ => Err(Self::odd(column, "number")),
        }
    }

    /// A count, or a number that is never negative.
    pub(crate) fn count(&mut self, column: usize) -> Result<u64, Failed> {
        Ok(u64::try_from(self.int(column)?).unwrap_or(0))
    }

    pub(crate) fn flag(&mut self, column: usize) -> Result<bool, Failed> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn text(&mut self, column: usize) -> Result<String, Failed> {
        self.opt_text(column)?
            .ok_or_else(|| Self::odd(column, "text"))
    }

    pub(crate) fn opt_text(&mut self, column: usize) -> Result<Option<String>, Failed> {
        match self.at(column) {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(Self::odd(column, "text")),
        }
    }

    pub(crate) fn blob(&mut self, column: usize) -> Result<Vec<u8>, Failed> {
        match self.at(column) {
            Value::Blob(bytes) => Ok(bytes.into()),
            _ => Err(Self::odd(column, "bytes")),
        }
    }

    /// A text as the vendor sent it.
    pub(crate) fn raw(&mut self, column: usize) -> Result<Bytes, Failed> {
        match self.at(column) {
            Value::Text(text) => Ok(text.into_bytes().into()),
            Value::Blob(bytes) => Ok(Vec::from(bytes).into()),
            _ => Err(Self::odd(column, "text")),
        }
    }

    /// A time of a table that people read, or one in milliseconds.
    pub(crate) fn time(&mut self, column: usize) -> Result<DateTime<Utc>, Failed> {
        self.opt_time(column)?
            .ok_or_else(|| Self::odd(column, "time"))
    }

    pub(crate) fn opt_time(&mut self, column: usize) -> Result<Option<DateTime<Utc>>, Failed> {
        let time = match self.at(column) {
            Value::Null => return Ok(None),
            Value::Time(time) => Some(time),
            Value::Int(millis) => DateTime::from_timestamp_millis(millis),
            Value::Text(text) => DateTime::parse_from_rfc3339(&text)
                .ok()
                .map(|at| at.to_utc()),
            _ => None,
        };
        time.map(Some).ok_or_else(|| Self::odd(column, "time"))
    }

    /// A column that holds JSON which we wrote.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        column: usize,
    ) -> Result<T, Failed> {
        let text = self.text(column)?;
        serde_json::from_str(&text).map_err(|_| Self::odd(column, "JSON of ours"))
    }
}

/// What is made of strings and times: writing it as JSON cannot fail.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
