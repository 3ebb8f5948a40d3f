//! Booleans that a vendor may also write as text or number.

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

use crate::scalar::Scalar;

/// A boolean from `true`, `"true"`, `1` or `"1"` and their opposites, for `Option<bool>`, where `""`, `null` and an
/// absent field are `None`.
#[derive(Debug)]
pub struct Flag(());

impl<'de> DeserializeAs<'de, Option<bool>> for Flag {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
        match Scalar::read(deserializer, "a boolean")? {
            Scalar::Null => Ok(None),
            Scalar::Bool(value) => Ok(Some(value)),
            Scalar::Number(text) | Scalar::Text(text) => match text.as_ref() {
                "" => Ok(None),
                "true" | "1" => Ok(Some(true)),
                "false" | "0" => Ok(Some(false)),
                other => {
                    let shown: String = other.chars().take(32).collect();
                    Err(D::Error::custom(format_args!(
                        "expected a boolean, got {shown:?}"
                    )))
                }
            },
        }
    }
}

impl SerializeAs<Option<bool>> for Flag {
    fn serialize_as<S: Serializer>(value: &Option<bool>, s: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => s.serialize_bool(*value),
            None => s.serialize_none(),
        }
    }
}
