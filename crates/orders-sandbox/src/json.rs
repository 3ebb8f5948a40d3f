//! JSON as exact text: a number keeps its digits, and members keep their order.

use std::fmt::{self, Display, Write};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object under construction.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    /// A member whose value is JSON, or prints as JSON: a number, `true`, a finished object or list.
    pub(crate) fn raw(mut self, key: &str, value: impl Display) -> Self {
        self.key(key);
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{value}");
        self
    }

    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        quote(&mut self.0, value);
        self
    }

    pub(crate) fn text_or_null(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    pub(crate) fn null(mut self, key: &str) -> Self {
        self.key(key);
        self.0.push_str("null");
        self
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, key);
        self.0.push(':');
    }
}

/// A list of values that are JSON already.
pub(crate) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut out = String::from("[");
    for item in items {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(item.as_ref());
    }
    out.push(']');
    out
}

/// A JSON string.
pub(crate) fn string(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    quote(&mut out, value);
    out
}

/// The same JSON as PHP writes it by default: `/` becomes `\/`, and everything outside ASCII becomes `\uXXXX`. Neither
/// occurs outside a string, so the finished text is converted as a whole.
pub(crate) fn as_php_writes(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 32);
    for character in json.chars() {
        match character {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// The text of a member of an object, unchanged. None without such a member.
pub(crate) fn member(object: &str, name: &str) -> Option<String> {
    let found = members(object).into_iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.to_owned())
}

/// The object with only these members, each unchanged.
pub(crate) fn only(object: &str, names: &[&str]) -> String {
    kept(object, |name| names.contains(&name))
}

/// The object without these members.
pub(crate) fn without(object: &str, names: &[&str]) -> String {
    kept(object, |name| !names.contains(&name))
}

/// The object with one member changed, if it has that member.
pub(crate) fn changed(object: &str, name: &str, change: impl Fn(&str) -> String) -> String {
    members(object)
        .into_iter()
        .fold(Object::new(), |changed, (key, value)| match key == name {
            true => changed.raw(&key, change(value)),
            false => changed.raw(&key, value),
        })
        .end()
}

/// The list with every element changed. Another value (a null) is returned unchanged.
pub(crate) fn each(list_text: &str, change: impl Fn(&str) -> String) -> String {
    if !list_text.starts_with('[') {
        return list_text.to_owned();
    }
    list(elements(list_text).iter().map(|element| change(element)))
}

/// The texts of the elements of a list. None for another value.
pub(crate) fn elements(list: &str) -> Vec<String> {
    let elements: Vec<&RawValue> = serde_json::from_str(list).unwrap_or_default();
    let text = |element: &RawValue| element.get().to_owned();
    elements.into_iter().map(text).collect()
}

fn kept(object: &str, keep: impl Fn(&str) -> bool) -> String {
    members(object)
        .into_iter()
        .filter(|(name, _)| keep(name))
        .fold(Object::new(), |kept, (name, value)| kept.raw(&name, value))
        .end()
}

/// The members of an object, in order. None for another value.
pub(crate) fn members(object: &str) -> Vec<(String, &str)> {
    serde_json::from_str(object).map_or_else(|_| Vec::new(), |Members(members)| members)
}

/// Reads an object and keeps the order of its members.
struct Members<'a>(Vec<(String, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }
        reader.deserialize_map(Pairs)
    }
}

fn quote(out: &mut String, value: &str) {
    out.push('"');
    let mut rest = value;
    while let Some(place) = rest.find(|c: char| matches!(c, '"' | '\\') || c < ' ') {
        out.push_str(&rest[..place]);
        match rest.as_bytes()[place] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            control => {
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        rest = &rest[place + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn writes_what_a_reader_reads() {
        let text = "a\"b\\c\nd\te/é 京🎁";
        let object = Object::new()
            .text("t", text)
            .raw("n", "19.90")
            .null("nothing")
            .raw("l", list(["1", "2"]))
            .end();
        assert!(object.contains("\"n\":19.90,"), "{object}");
        for json in [as_php_writes(&object), object.clone()] {
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value["t"], text);
            assert_eq!(value["l"][1], 2);
        }
        assert_eq!(only(&object, &["l", "n", "x"]), "{\"n\":19.90,\"l\":[1,2]}");
        assert_eq!(
            without(&object, &["t", "l"]),
            "{\"n\":19.90,\"nothing\":null}"
        );
        let quoted = changed(&only(&object, &["n", "l"]), "n", string);
        assert_eq!(quoted, "{\"n\":\"19.90\",\"l\":[1,2]}");
        assert_eq!(each("[1,2]", string), "[\"1\",\"2\"]");
        assert_eq!(each("null", string), "null");
        assert_eq!(member(&object, "n").as_deref(), Some("19.90"));
        assert_eq!(elements("[1.0, \"a\"]"), ["1.0", "\"a\""]);
        assert!(elements("null").is_empty() && member("[]", "n").is_none());
        assert_eq!(as_php_writes("\"/京🎁\""), "\"\\/\\u4eac\\ud83c\\udf81\"");
    }
}
