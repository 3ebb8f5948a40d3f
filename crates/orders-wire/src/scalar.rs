//! One value of JSON by its literal characters: the mechanism under every scalar adapter.
//!
//! serde_json gives the text of a value to any reader that requests its `RawValue`. Text that comes borrowed from the
//! input is exactly what the vendor wrote. Text that comes owned may have been printed from a float (`from_value`),
//! so a number with a fraction or an exponent is refused there.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, Deserializer, MapAccess, Visitor};

/// The name that serde_json's raw values go by. Should a later version use another, it is never matched: numbers with
/// a fraction are then refused, never misread, and the tests of this file fail.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";

/// The name of a number's text, where some crate of the program has switched on arbitrary precision.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether this program's serde_json keeps the text of a number in a `Value`: some crate has switched on arbitrary
/// precision.
pub(crate) static KEEPS_DIGITS: LazyLock<bool> = LazyLock::new(|| {
    let number = serde_json::from_str::<serde_json::Number>("1.0e1");
    number.is_ok_and(|number| number.to_string() == "1.0e1")
});

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
        deserializer.deserialize_newtype_struct(RAW, ScalarVisitor { expected })
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
            matches!(json, Cow::Owned(_)) && !*KEEPS_DIGITS && json.contains(['.', 'e', 'E']);
        if printed_from_float {
            return Err(through_float(self.expected));
        }
        Ok(Scalar::Number(json))
    }
}

/// The error for a text that is not what an adapter expects.
pub(crate) fn unexpected<E: de::Error>(expected: &str, text: &str) -> E {
    let shown: String = text.chars().take(64).collect();
    E::custom(format_args!("expected {expected}, got {shown:?}"))
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
        let text = serde_json::from_str(&json).or_else(|_| serde_json::from_str(&mended(&json)));
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
        match map.next_key_seed(TextSeed)?.as_deref() {
            Some(RAW) => self.read_json(map.next_value_seed(TextSeed)?),
            Some(NUMBER) => Ok(Scalar::Number(map.next_value_seed(TextSeed)?)),
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

/// The same JSON text with a mark for each half of a surrogate pair that stands alone, in values and in names: no text
/// can hold it, and no record must fail for it. The mark is U+FFFD and the half's four digits, so that two texts that
/// differ stay different: two ids or two names are never made one. The raw record keeps what was sent.
pub(crate) fn mended(json: &str) -> Cow<'_, str> {
    let (mut text, mut rest) = (String::new(), json);
    let mut done = 0;
    while let Some(at) = rest.find('\\') {
        let (first, second) = (unit(&rest[at..]), rest.get(at + 6..).and_then(unit));
        let length = match (first, second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(half @ 0xD800..=0xDFFF), _) => {
                let here = json.len() - rest.len() + at;
                text += &json[done..here];
                text += &format!("\\ufffd{half:04x}");
                done = here + 6;
                6
            }
            _ => rest[at..].chars().take(2).map(char::len_utf8).sum(),
        };
        rest = &rest[at + length..];
    }
    match done {
        0 => Cow::Borrowed(json),
        _ => Cow::Owned(text + &json[done..]),
    }
}

/// The code unit of a `\uXXXX` at the beginning of a text.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails should serde_json call its raw values otherwise.
    #[test]
    fn the_text_of_a_number_is_handed_over() {
        let mut reader = serde_json::Deserializer::from_str("1.10");
        let scalar = Scalar::read(&mut reader, "a number").unwrap();
        assert!(matches!(scalar, Scalar::Number(Cow::Borrowed("1.10"))));
    }

    /// Under arbitrary precision fails should serde_json call its numbers otherwise.
    #[test]
    fn a_number_in_a_value_is_exact_or_refused() {
        let value: serde_json::Value = serde_json::from_str("1.10").unwrap();
        match Scalar::read(value, "a number") {
            Ok(Scalar::Number(text)) => assert!(*KEEPS_DIGITS && text == "1.10"),
            other => assert!(!*KEEPS_DIGITS && other.is_err()),
        }
    }

    #[test]
    fn only_halves_are_marked() {
        assert!(matches!(mended(r#"{"a\n":"\\ud83d"}"#), Cow::Borrowed(_)));
        assert!(matches!(mended(r#""\ud83d\ude00""#), Cow::Borrowed(_)));
        assert_eq!(
            mended(r#"{"a\ud83d":"\udE00 \u00e9","b\ud83e":1}"#),
            r#"{"a\ufffdd83d":"\ufffdde00 \u00e9","b\ufffdd83e":1}"#
        );
    }
}
