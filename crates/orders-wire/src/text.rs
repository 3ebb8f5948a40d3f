//! Text that a vendor may also write as a number.

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

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

impl<'de> DeserializeAs<'de, String> for Text {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        read(deserializer)?.ok_or_else(|| D::Error::custom("expected text, got null"))
    }
}

impl<'de> DeserializeAs<'de, Option<String>> for Text {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        read(deserializer)
    }
}

impl SerializeAs<String> for Text {
    fn serialize_as<S: Serializer>(text: &String, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }
}

impl SerializeAs<Option<String>> for Text {
    fn serialize_as<S: Serializer>(text: &Option<String>, s: S) -> Result<S::Ok, S::Error> {
        match text {
            Some(text) => s.serialize_str(text),
            None => s.serialize_none(),
        }
    }
}
