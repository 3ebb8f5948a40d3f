//! The members of an object, as they stand there.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_with::DeserializeAs;
use serde_with::de::DeserializeAsWrap;

use crate::decode::{DecodeError, decode, decode_text};
use crate::scalar::Scalar;
use crate::text::Text;

/// The members of a JSON object in the order sent, each with its exact text; none is dropped for another of its name.
#[derive(Clone, Debug, Default)]
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of a body.
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object.
    pub fn read(body: &'a [u8]) -> Result<Self, DecodeError> {
        decode(body)
    }

    /// The members of a JSON text.
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object.
    pub fn of(text: &'a str) -> Result<Self, DecodeError> {
        decode_text(text)
    }

    /// How many there are, repeated names included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the object is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    /// The first value under a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut found = self.iter().filter(|(key, _)| *key == name);
        found.next().map(|(_, value)| value)
    }

    /// The value under a name, if there is one.
    ///
    /// # Errors
    /// [`DecodeError`] where the name comes twice.
    pub fn once(&self, name: &str) -> Result<Option<&'a RawValue>, DecodeError> {
        let mut found = self.iter().filter(|(key, _)| *key == name);
        match (found.next(), found.next()) {
            (found, None) => Ok(found.map(|(_, value)| value)),
            _ => Err(DecodeError::new(name, "the key comes twice")),
        }
    }

    /// The value under a name, read by an adapter: `members.value::<Text, String>("code")`.
    ///
    /// # Errors
    /// [`DecodeError`] where the name comes twice, or its value is not what the adapter reads.
    pub fn value<A, T>(&self, name: &str) -> Result<Option<T>, DecodeError>
    where
        A: DeserializeAs<'a, Option<T>>,
    {
        let Some(value) = self.once(name)? else {
            return Ok(None);
        };
        let read = decode_text::<DeserializeAsWrap<Option<T>, A>>(value.get());
        read.map(DeserializeAsWrap::into_inner)
            .map_err(|error| error.inside(name))
    }

    /// The text under a name that is there once: of a string, a number or a boolean; `None` for anything else and for
    /// nothing. For the id or the time of a record that cannot be read.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.value::<Text, String>(name).ok()?;
        text.filter(|text| !text.is_empty())
    }

    /// The names, each once, sorted, for an error message: twelve of them, none longer than 40 characters.
    #[must_use]
    pub fn names(&self) -> String {
        const SHOWN: usize = 12;
        let mut names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let short = |name: &&str| format!("`{}`", name.chars().take(40).collect::<String>());
        let mut shown: Vec<String> = names.iter().take(SHOWN).map(short).collect();
        match names.len() {
            0 => return "no key at all".to_owned(),
            many if many > SHOWN => shown.push(format!("{} more", many - SHOWN)),
            _ => {}
        }
        shown.join(", ")
    }
}

/// The keys that a body has, for an error message: see [`Members::names`].
#[must_use]
pub fn keys(body: &[u8]) -> String {
    Members::read(body).unwrap_or_default().names()
}

/// A name, mended where it holds half a surrogate pair.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::read(deserializer, "a name")? {
            Scalar::Text(name) => Ok(Self(name)),
            _ => Err(de::Error::custom("expected a name")),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_dropped_and_names_are_mended() {
        let text = r#"{"b":1.50,"a\ud83d":2,"a\ud83e":3,"b":"x","c\n":null}"#;
        let members = Members::of(text).unwrap();
        let all: Vec<_> = members
            .iter()
            .map(|(name, value)| (name, value.get()))
            .collect();
        let expected = [
            ("b", "1.50"),
            ("a\u{fffd}d83d", "2"),
            ("a\u{fffd}d83e", "3"),
            ("b", "\"x\""),
            ("c\n", "null"),
        ];
        assert_eq!(all, expected);
        assert_eq!(members.get("b").unwrap().get(), "1.50");
        assert!(members.once("b").is_err() && members.text("c\n").is_none());
        assert!(members.once("d").unwrap().is_none());
        assert_eq!(members.text("a\u{fffd}d83e").as_deref(), Some("3"));
        assert_eq!(
            members.names(),
            "`a\u{fffd}d83d`, `a\u{fffd}d83e`, `b`, `c\n`"
        );
        assert!(Members::of("[]").is_err());
        assert_eq!(keys(b"7"), "no key at all");
    }
}
