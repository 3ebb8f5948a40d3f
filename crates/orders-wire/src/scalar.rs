//! One value of JSON by its literal characters: the mechanism under every scalar adapter.
//!
//! serde_json hands out the text of a value to whoever asks for its `RawValue`. Text that comes borrowed from the
//! input is exactly what the vendor wrote. Text that comes owned may have been printed from a float (`from_value`),
//! so a number with a fraction or an exponent is refused there.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{self, Impossible, Serialize, Serializer};
use serde_json::value::RawValue;

/// The name that serde_json's raw values go by, learnt from a `RawValue` itself. Empty (and so never matched) should
/// a later version work differently: then numbers with a fraction are refused, never misread.
pub(crate) static RAW: LazyLock<&'static str> =
    LazyLock::new(|| RawValue::from_string("0".to_owned()).map_or("", |raw| learn(&raw)));

/// The name of a number's text, where some crate of the program has switched on arbitrary precision.
static NUMBER: LazyLock<&'static str> = LazyLock::new(|| learn(&serde_json::Number::from(0u8)));

/// A scalar of JSON. Numbers are their literal text.
#[derive(Debug)]
pub(crate) enum Scalar<'de> {
    Null,
    Bool(bool),
    Number(Cow<'de, str>),
    Text(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    /// Reads a scalar; an object or a list is an error that names `expected`.
    pub(crate) fn read<D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(*RAW, ScalarVisitor { expected })
    }
}

struct ScalarVisitor {
    expected: &'static str,
}

impl ScalarVisitor {
    fn read_json<'de, E: de::Error>(&self, json: Cow<'de, str>) -> Result<Scalar<'de>, E> {
        let bytes = json.as_bytes();
        match bytes.first() {
            Some(b'n') => Ok(Scalar::Null),
            Some(b't') => Ok(Scalar::Bool(true)),
            Some(b'f') => Ok(Scalar::Bool(false)),
            Some(b'"') => text(json).map(Scalar::Text),
            Some(b'{') => Err(E::invalid_type(de::Unexpected::Map, self)),
            Some(b'[') => Err(E::invalid_type(de::Unexpected::Seq, self)),
            _ => self.number(json),
        }
    }

    fn number<'de, E: de::Error>(&self, json: Cow<'de, str>) -> Result<Scalar<'de>, E> {
        let printed_from_float =
            matches!(json, Cow::Owned(_)) && NUMBER.is_empty() && json.contains(['.', 'e', 'E']);
        if printed_from_float {
            return Err(through_float(self.expected));
        }
        Ok(Scalar::Number(json))
    }
}

fn through_float<E: de::Error>(expected: &str) -> E {
    E::custom(format_args!(
        "expected {expected}, got a number that went through a float and may have lost digits: decode from the \
         text, not through a Value, `flatten`, `untagged` or an internal tag"
    ))
}

/// The content of a JSON string, borrowed where it holds no escapes.
fn text<E: de::Error>(json: Cow<'_, str>) -> Result<Cow<'_, str>, E> {
    if json.contains('\\') {
        let text = serde_json::from_str(&json).or_else(|_| serde_json::from_str(&paired(&json)));
        return text.map(Cow::Owned).map_err(E::custom);
    }
    let inner = |json: &str| json.len().checked_sub(1).map_or(0..0, |end| 1..end);
    Ok(match json {
        Cow::Borrowed(json) => Cow::Borrowed(json.get(inner(json)).unwrap_or_default()),
        Cow::Owned(json) => Cow::Owned(json.get(inner(&json)).unwrap_or_default().to_owned()),
    })
}

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    /// serde_json's raw text, or a number's text under arbitrary precision.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        let key: Option<Key> = map.next_key()?;
        match key {
            Some(Key::Raw) => self.read_json(map.next_value_seed(TextSeed)?),
            Some(Key::Number) => Ok(Scalar::Number(map.next_value_seed(TextSeed)?)),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    /// Every other format, and serde's own buffer, hand themselves back.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Scalar<'de>, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Scalar<'de>, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(v))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(v.to_string().into()))
    }

    fn visit_i128<E: de::Error>(self, v: i128) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(v.to_string().into()))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(v.to_string().into()))
    }

    fn visit_u128<E: de::Error>(self, v: u128) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(v.to_string().into()))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Scalar<'de>, E> {
        Err(through_float(self.expected))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(v.to_owned().into()))
    }

    fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(v.into()))
    }

    fn visit_string<E: de::Error>(self, v: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(v.into()))
    }
}

enum Key {
    Raw,
    Number,
    Other,
}

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E: de::Error>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "" => Key::Other,
                    key if key == *RAW => Key::Raw,
                    key if key == *NUMBER => Key::Number,
                    _ => Key::Other,
                })
            }
        }
        d.deserialize_str(KeyVisitor)
    }
}

struct TextSeed;

impl<'de> de::DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        d.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a value")
    }

    fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }

    fn visit_string<E: de::Error>(self, v: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v))
    }
}

/// The same JSON string with U+FFFD for each half of a surrogate pair that stands alone: no text can hold it, and the
/// page must not fail for it. The raw record keeps what was sent.
fn paired(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (first, second) = (unit(&rest[at..]), rest.get(at + 6..).and_then(unit));
        let (keep, length) = match (first, second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (true, 12),
            (Some(0xD800..=0xDFFF), _) => (false, 6),
            _ => (true, rest[at..].chars().take(2).map(char::len_utf8).sum()),
        };
        text.push_str(if keep {
            &rest[at..at + length]
        } else {
            "\\ufffd"
        });
        rest = &rest[at + length..];
    }
    text + rest
}

/// The code unit of a `\uXXXX` at the beginning of a text.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// The name under which a value serialises itself as a struct; empty if it does not.
fn learn<T: Serialize + ?Sized>(value: &T) -> &'static str {
    value.serialize(Spy).err().map_or("", |Learnt(name)| name)
}

/// A serializer that only notes the name given to `serialize_struct`.
struct Spy;

#[derive(Debug)]
struct Learnt(&'static str);

impl fmt::Display for Learnt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Learnt {}

impl ser::Error for Learnt {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self("")
    }
}

const NOTHING: Result<(), Learnt> = Err(Learnt(""));

impl Serializer for Spy {
    type Ok = ();
    type Error = Learnt;
    type SerializeSeq = Impossible<(), Learnt>;
    type SerializeTuple = Impossible<(), Learnt>;
    type SerializeTupleStruct = Impossible<(), Learnt>;
    type SerializeTupleVariant = Impossible<(), Learnt>;
    type SerializeMap = Impossible<(), Learnt>;
    type SerializeStruct = Impossible<(), Learnt>;
    type SerializeStructVariant = Impossible<(), Learnt>;

    fn serialize_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, Learnt> {
        Err(Learnt(name))
    }

    fn serialize_bool(self, _: bool) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_i8(self, _: i8) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_i16(self, _: i16) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_i32(self, _: i32) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_i64(self, _: i64) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_u8(self, _: u8) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_u16(self, _: u16) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_u32(self, _: u32) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_u64(self, _: u64) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_f32(self, _: f32) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_f64(self, _: f64) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_char(self, _: char) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_str(self, _: &str) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_none(self) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_unit(self) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Learnt> {
        NOTHING
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Learnt> {
        Err(Learnt(""))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Learnt> {
        Err(Learnt(""))
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Learnt> {
        Err(Learnt(""))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Learnt> {
        Err(Learnt(""))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Learnt> {
        Err(Learnt(""))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Learnt> {
        Err(Learnt(""))
    }
}
