//! JSON as exact text: a number stands on the wire with the digits it was given, and keys in the order written.

use std::fmt::{Display, Write};

/// An object under construction.
#[derive(Debug)]
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    /// A member whose value is JSON already, or prints as JSON: a number, `true`, a finished object or list.
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

/// The same JSON as PHP writes it by default: `/` as `\/`, everything outside ASCII as `\uXXXX`. Neither can stand
/// outside of a string, so the finished text is changed as a whole.
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
        for json in [as_php_writes(&object), object] {
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value["t"], text);
            assert_eq!(value["l"][1], 2);
        }
        assert_eq!(as_php_writes("\"/京🎁\""), "\"\\/\\u4eac\\ud83c\\udf81\"");
    }
}
