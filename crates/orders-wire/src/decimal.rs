//! Decimals, from a number or a string, by their characters.

use rust_decimal::Decimal;
use serde::de::{Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_with::{DeserializeAs, SerializeAs};

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

fn read_required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    read(deserializer)?.ok_or_else(|| D::Error::custom("expected a decimal, got nothing"))
}

fn write_number<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    if !writes_text::<S>() {
        return serializer.collect_str(decimal);
    }
    RawValue::from_string(decimal.to_string())
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

impl<'de> DeserializeAs<'de, Decimal> for Exact {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        read_required(deserializer)
    }
}

impl<'de> DeserializeAs<'de, Option<Decimal>> for Exact {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        read(deserializer)
    }
}

impl SerializeAs<Decimal> for Exact {
    fn serialize_as<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(decimal)
    }
}

impl SerializeAs<Option<Decimal>> for Exact {
    fn serialize_as<S: Serializer>(v: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
        match v {
            Some(decimal) => serializer.collect_str(decimal),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de> DeserializeAs<'de, Decimal> for ExactNumber {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        read_required(deserializer)
    }
}

impl<'de> DeserializeAs<'de, Option<Decimal>> for ExactNumber {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        read(deserializer)
    }
}

impl SerializeAs<Decimal> for ExactNumber {
    fn serialize_as<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        write_number(decimal, serializer)
    }
}

impl SerializeAs<Option<Decimal>> for ExactNumber {
    fn serialize_as<S: Serializer>(v: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
        match v {
            Some(decimal) => write_number(decimal, serializer),
            None => serializer.serialize_none(),
        }
    }
}
