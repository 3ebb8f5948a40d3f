//! Booleans that a vendor may also write as text or number.

use serde::{Deserializer, Serializer};

use crate::adapter::adapter;
use crate::scalar::{Scalar, unexpected};

/// A boolean from `true`, `"true"`, `1` or `"1"` and their opposites, for `Option<bool>`, where `""`, `null` and an
/// absent field are `None`.
#[derive(Debug)]
pub struct Flag(());

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Scalar::read(deserializer, "a boolean")? {
        Scalar::Null => Ok(None),
        Scalar::Bool(value) => Ok(Some(value)),
        Scalar::Number(text) | Scalar::Text(text) => match text.as_ref() {
            "" => Ok(None),
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            other => Err(unexpected("a boolean", other)),
        },
    }
}

fn write<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(*value)
}

adapter!(Flag, bool, read, write);
