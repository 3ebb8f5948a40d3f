//! Text that a vendor may also write as a number.

use serde::{Deserializer, Serializer};

use crate::adapter::adapter;
use crate::scalar::Scalar;

/// A string from a JSON string, number (its literal characters, so that a 26-digit id keeps every digit) or boolean.
///
/// For `String` and for `Option<String>`, where `null` and an absent field are `None`; `""` stays `Some("")`.
#[derive(Debug)]
pub struct Text(());

pub(crate) fn read<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(match Scalar::read(d, "text")? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Number(text) | Scalar::Text(text) => Some(text.into_owned()),
    })
}

fn write<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

adapter!(Text, String, read, write);
