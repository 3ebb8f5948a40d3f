//! Values that may be anything.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::members::Members;
use crate::scalar::KEEPS_DIGITS;
use crate::sink::writes_text;

/// A value of any shape by its exact JSON text: free-form maps, and values whose shape is in no page of the vendor.
///
/// Compared by its text. Written as it came; in a `serde_json::Value`, which holds numbers as floats, it is refused
/// where that would cost a digit.
///
/// ```
/// use orders_wire::AnyJson;
///
/// // The seller's own pairs: an object, or the text of one.
/// for json in [r#"{"campaign": "spring", "price": 10.00}"#, r#""{\"campaign\": \"spring\", \"price\": 10.00}""#] {
///     let metadata: AnyJson = orders_wire::decode(json.as_bytes())?;
///     assert_eq!(metadata.get("campaign").and_then(|value| value.text()).as_deref(), Some("spring"));
///     assert_eq!(metadata.get("price").map(|value| value.as_str().to_owned()).as_deref(), Some("10.00"));
/// }
/// # Ok::<(), orders_wire::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct AnyJson(Box<RawValue>);

impl AnyJson {
    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The members in the order sent: of an object, or of the object whose JSON text stands in a string. Empty for
    /// anything else.
    #[must_use]
    pub fn members(&self) -> Vec<(String, Self)> {
        let inner = match self.as_str().starts_with('"') {
            true => self.text().map_or(Cow::Borrowed(""), Cow::Owned),
            false => Cow::Borrowed(self.as_str()),
        };
        let members = Members::of(&inner).unwrap_or_default();
        let owned = members
            .iter()
            .map(|(name, value)| (name.to_owned(), Self(value.to_owned())));
        owned.collect()
    }

    /// The first of the [members](Self::members) with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Self> {
        let mut members = self.members().into_iter();
        members.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The text of a string, a number or a boolean; `None` for an object, a list and `null`.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let mut reader = serde_json::Deserializer::from_str(self.as_str());
        crate::text::read(&mut reader).ok().flatten()
    }
}

impl fmt::Debug for AnyJson {
    /// The length only: the text may hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyJson({} bytes)", self.as_str().len())
    }
}

impl PartialEq for AnyJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for AnyJson {}

impl Hash for AnyJson {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl<'de> Deserialize<'de> for AnyJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self)
    }
}

impl Serialize for AnyJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !writes_text::<S>() && !*KEEPS_DIGITS && !numbers(self.as_str()).all(survives_a_float) {
            let message = "a number that this format would round: write it to a text";
            return Err(S::Error::custom(message));
        }
        self.0.serialize(serializer)
    }
}

/// The numbers in a JSON text, wherever they stand.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let (mut inside, mut escaped) = (false, false);
    let of_number = move |c: char| {
        let quote = c == '"' && !escaped;
        escaped = inside && c == '\\' && !escaped;
        inside ^= quote;
        !inside && !quote && (c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
    };
    let mut of_number = of_number;
    // `true` and `false` leave an `e` behind, which begins no number.
    json.split(move |c| !of_number(c))
        .filter(|part| part.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
}

fn survives_a_float(number: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(number).is_ok_and(|kept| kept.to_string() == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(text: &str) -> AnyJson {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn members_stand_in_an_object_or_in_the_text_of_one() {
        for text in [r#"{"a":"b","n":1.50}"#, r#""{\"a\":\"b\",\"n\":1.50}""#] {
            let members = any(text).members();
            let shown: Vec<_> = members
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            assert_eq!(shown, [("a", "\"b\""), ("n", "1.50")]);
            assert_eq!(any(text).get("a").unwrap().text().as_deref(), Some("b"));
            assert_eq!(serde_json::to_string(&any(text)).unwrap(), text);
        }
        for text in ["[1]", "\"\"", "7", "\"word\"", "true"] {
            assert!(any(text).members().is_empty(), "{text}");
        }
    }

    #[test]
    fn a_value_keeps_every_digit_or_is_refused() {
        let kept = r#"{"a":[1.5,-7,true,"1.10 \" 2.20",12345678901234567890],"b":null}"#;
        let value = serde_json::to_value(any(kept)).unwrap();
        assert_eq!(value.to_string(), kept);
        for text in [
            "1.10",
            r#"{"a":[1e2]}"#,
            "123456789012345678901",
            r#"["\\",1.50]"#,
        ] {
            match serde_json::to_value(any(text)) {
                Ok(value) => assert_eq!(value.to_string(), text),
                Err(why) => assert!(why.to_string().contains("round"), "{text}"),
            }
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert_eq!(
            format!("{:?}", any(r#"{"mail":"a@b.c"}"#)),
            "AnyJson(16 bytes)"
        );
    }
}
