//! Whole numbers that a vendor may also write as text.

use rust_decimal::prelude::ToPrimitive;
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;

use crate::adapter::adapter;
use crate::number::parse_decimal;
use crate::scalar::{Scalar, unexpected};

/// A whole number from a JSON number or string (`2`, `"2"`, `2.0`, `2e0`), written as a number. A fraction is an error.
///
/// For `i64` and for `Option<i64>`, where `""`, `null` and an absent field are `None`.
#[derive(Debug)]
pub struct Integer(());

/// As [`Integer`], written as a JSON string.
#[derive(Debug)]
pub struct IntegerText(());

pub(crate) fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    let text = match Scalar::read(d, "a whole number")? {
        Scalar::Null => return Ok(None),
        Scalar::Text(text) if text.is_empty() => return Ok(None),
        Scalar::Number(text) | Scalar::Text(text) => text,
        Scalar::Bool(_) => return Err(D::Error::custom("expected a whole number, got a boolean")),
    };
    if let Ok(plain) = text.parse::<i64>()
        && !text.starts_with('+')
    {
        return Ok(Some(plain));
    }
    let whole = parse_decimal(&text)
        .ok()
        .filter(|d| d.fract().is_zero())
        .and_then(|d| d.to_i64());
    whole
        .map(Some)
        .ok_or_else(|| unexpected("a whole number of 64 bits", &text))
}

fn write<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(*value)
}

fn write_text<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

adapter!(Integer, i64, read, write);
adapter!(IntegerText, i64, read, write_text);
