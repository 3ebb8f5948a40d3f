//! Values as Postgres takes and gives them, in its binary form.
//!
//! A text cannot hold U+0000 here. It is written as `␀0`, and `␀` (U+2400) itself as `␀␀`: nothing is lost, and every other
//! text is as it is. Vendors' exact texts are bytes, so they need none of it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use bytes::{BufMut as _, BytesMut};
use chrono::{DateTime, Utc};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::sql::{self, Value};

type Odd = Box<dyn Error + Sync + Send>;

/// Microseconds from 1970 to 2000, where its times begin.
const BEGIN: i64 = 946_684_800_000_000;
const SIGN: char = '\u{2400}';

/// The type that a value has in a statement. Where it is none, the server knows it from the place.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Bool(_) => Type::BOOL,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) | Value::Raw(_) => Type::BYTEA,
        Value::Time(_) => Type::TIMESTAMPTZ,
        Value::Texts(_) => Type::TEXT_ARRAY,
        Value::Ints(_) => Type::INT8_ARRAY,
    }
}

/// The types of a column of many rows: of each, and of all.
pub(super) fn types_of(column: sql::Type) -> (Type, Type) {
    match column {
        sql::Type::Int => (Type::INT8, Type::INT8_ARRAY),
        sql::Type::Bool => (Type::BOOL, Type::BOOL_ARRAY),
        sql::Type::Text => (Type::TEXT, Type::TEXT_ARRAY),
        sql::Type::Blob => (Type::BYTEA, Type::BYTEA_ARRAY),
    }
}

/// A value given to a statement. What is in it is never shown.
pub(super) struct Given<'a>(pub(super) &'a Value);

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Given<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Odd> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Texts(texts) => {
                let texts = texts.iter().map(|text| Some(Scalar::Text(text)));
                array(&Type::TEXT, texts, out)?;
            }
            Value::Ints(numbers) => {
                let numbers = numbers.iter().map(|number| Some(Scalar::Int(*number)));
                array(&Type::INT8, numbers, out)?;
            }
            value => {
                if let Some(scalar) = Scalar::of(value)? {
                    scalar.put(out);
                }
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column of many rows.
pub(super) struct Column<'a> {
    pub(super) rows: &'a [Vec<Value>],
    pub(super) at: usize,
    pub(super) each: Type,
}

impl fmt::Debug for Column<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Column<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Odd> {
        let scalars = self
            .rows
            .iter()
            .map(|row| row.get(self.at).map_or(Ok(None), Scalar::of));
        let scalars = scalars.collect::<Result<Vec<_>, Odd>>()?;
        array(&self.each, scalars.into_iter(), out)?;
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One value that is there.
enum Scalar<'a> {
    Int(i64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
    Time(DateTime<Utc>),
}

impl<'a> Scalar<'a> {
    fn of(value: &'a Value) -> Result<Option<Self>, Odd> {
        Ok(Some(match value {
            Value::Null => return Ok(None),
            Value::Int(number) => Self::Int(*number),
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Text(text) => Self::Text(text),
            Value::Blob(bytes) => Self::Bytes(bytes),
            Value::Raw(bytes) => Self::Bytes(bytes),
            Value::Time(time) => Self::Time(*time),
            Value::Texts(_) | Value::Ints(_) => return Err("a list in a list".into()),
        }))
    }

    fn put(&self, out: &mut BytesMut) {
        match self {
            Self::Int(number) => out.put_i64(*number),
            Self::Bool(flag) => out.put_u8(u8::from(*flag)),
            Self::Text(text) => out.put_slice(without_zero(text).as_bytes()),
            Self::Bytes(bytes) => out.put_slice(bytes),
            // Milliseconds, as in every store.
            Self::Time(time) => out.put_i64(time.timestamp_millis() * 1000 - BEGIN),
        }
    }
}

/// One dimension, from 1: the count of dimensions, whether any is null, the type, the length, the first number, and each
/// with its length.
fn array<'a>(
    each: &Type,
    scalars: impl ExactSizeIterator<Item = Option<Scalar<'a>>>,
    out: &mut BytesMut,
) -> Result<(), Odd> {
    out.put_i32(1);
    out.put_i32(1);
    out.put_u32(each.oid());
    out.put_i32(i32::try_from(scalars.len())?);
    out.put_i32(1);
    for scalar in scalars {
        let Some(scalar) = scalar else {
            out.put_i32(-1);
            continue;
        };
        let length = out.len();
        out.put_i32(0);
        let begin = out.len();
        scalar.put(out);
        let written = i32::try_from(out.len() - begin)?;
        if let Some(place) = out.get_mut(length..begin) {
            place.copy_from_slice(&written.to_be_bytes());
        }
    }
    Ok(())
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Odd> {
        Ok(match *kind {
            Type::BOOL => Self::Bool(raw != [0]),
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                Self::Text(with_zero(std::str::from_utf8(raw)?))
            }
            Type::BYTEA => Self::Blob(raw.into()),
            Type::TIMESTAMPTZ => {
                let since = i64::from_be_bytes(raw.try_into()?);
                let time = since
                    .checked_add(BEGIN)
                    .and_then(DateTime::from_timestamp_micros);
                Self::Time(time.ok_or("a time beyond all times")?)
            }
            _ => return Err(format!("a column of ours is of type {kind}").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Odd> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn without_zero(text: &str) -> Cow<'_, str> {
    match text.contains(['\0', SIGN]) {
        false => text.into(),
        true => text
            .replace(SIGN, "\u{2400}\u{2400}")
            .replace('\0', "\u{2400}0")
            .into(),
    }
}

fn with_zero(text: &str) -> String {
    if !text.contains(SIGN) {
        return text.to_owned();
    }
    let mut whole = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        whole.push(match letter {
            SIGN if letters.next() == Some('0') => '\0',
            letter => letter,
        });
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in [
            "",
            "a",
            "\0",
            "␀",
            "␀0",
            "␀␀",
            "\u{0}0",
            "␀\0",
            "\0␀\0\u{0}0",
            "a\0b␀c",
            "₿ 100 ␀",
        ] {
            let written = without_zero(text);
            assert!(!written.contains('\0'), "{text:?}");
            assert_eq!(with_zero(&written), text, "{text:?} as {written:?}");
        }
        let mut all: Vec<_> = ["\0", "␀", "␀0", "␀␀", "0", ""].map(without_zero).to_vec();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6, "different texts stay different");
    }

    #[test]
    fn nothing_of_a_value_is_shown() {
        let value = Value::from("someone@example.com");
        assert_eq!(format!("{:?}", Given(&value)), "…");
    }
}
