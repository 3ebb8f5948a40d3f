//! What all adapters of scalars have in common.

/// Makes an adapter out of the function that reads a value, or finds none, and the one that writes it: for the value
/// itself, and for an `Option` of it.
macro_rules! adapter {
    ($adapter:ident, $type:ty, $read:expr, $write:expr) => {
        impl<'de> ::serde_with::DeserializeAs<'de, $type> for $adapter {
            fn deserialize_as<D: ::serde::Deserializer<'de>>(d: D) -> Result<$type, D::Error> {
                let none = "expected a value, got nothing";
                $read(d)?.ok_or_else(|| ::serde::de::Error::custom(none))
            }
        }

        impl<'de> ::serde_with::DeserializeAs<'de, Option<$type>> for $adapter {
            fn deserialize_as<D: ::serde::Deserializer<'de>>(
                d: D,
            ) -> Result<Option<$type>, D::Error> {
                $read(d)
            }
        }

        impl ::serde_with::SerializeAs<$type> for $adapter {
            fn serialize_as<S: ::serde::Serializer>(
                value: &$type,
                s: S,
            ) -> Result<S::Ok, S::Error> {
                $write(value, s)
            }
        }

        impl ::serde_with::SerializeAs<Option<$type>> for $adapter {
            fn serialize_as<S: ::serde::Serializer>(
                value: &Option<$type>,
                s: S,
            ) -> Result<S::Ok, S::Error> {
                match value {
                    Some(value) => $write(value, s),
                    None => s.serialize_none(),
                }
            }
        }
    };
}

pub(crate) use adapter;
