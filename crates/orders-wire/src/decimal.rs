//! Decimals, from a number or a string, by their characters.

use rust_decimal::Decimal;
use serde::de::{Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::adapter::adapter;
use crate::number::parse_decimal;
use crate::scalar::Scalar;
use crate::sink::writes_text;

/// A decimal from a JSON number or string, written as a JSON string (`"10.00"`).
///
/// For [`Decimal`] and for `Option<Decimal>`, where `""`, `null` and an absent field are `None`.
#[derive(Debug)]
pub struct Exact(());

/// A decimal from a JSON number or string, written as a JSON number (`10.00`), digit by digit, where serde_json writes
/// text; anywhere else (a `serde_json::Value` holds floats) as a string, so that no digit is lost.
///
/// For [`Decimal`] and for `Option<Decimal>`, where `""`, `null` and an absent field are `None`.
#[derive(Debug)]
pub struct ExactNumber(());

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text = match Scalar::read(deserializer, "a decimal")? {
        Scalar::Null => return Ok(None),
        Scalar::Text(text) if text.is_empty() => return Ok(None),
        Scalar::Number(text) | Scalar::Text(text) => text,
        Scalar::Bool(_) => return Err(D::Error::custom("expected a decimal, got a boolean")),
    };
    match parse_decimal(&text) {
        Ok(decimal) => Ok(Some(decimal)),
        Err(error) => {
            let shown: String = text.chars().take(64).collect();
            Err(D::Error::custom(format_args!(
                "expected a decimal, got {shown:?}: {error}"
            )))
        }
    }
}

fn write_text<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(decimal)
}

fn write_number<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    if !writes_text::<S>() {
        return serializer.collect_str(decimal);
    }
    RawValue::from_string(decimal.to_string())
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

adapter!(Exact, Decimal, read, write_text);
adapter!(ExactNumber, Decimal, read, write_number);
