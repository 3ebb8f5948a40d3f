//! JSON that keeps what was written: the digits of numbers and the order of keys.

use std::fmt::Write as _;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::workspace::Result;

/// One JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// The digits as they stand in the text.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn number(digits: impl ToString) -> Self {
        Self::Number(digits.to_string())
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|why| why.to_string())?;
        from_raw(raw).map_err(|why| why.to_string())
    }

    /// The value at a path such as `list[0].id`; `list[]` means the first element, the empty path the whole. What
    /// lacks is made.
    pub(crate) fn at(&mut self, path: &str) -> &mut Self {
        let mut here = self;
        if path.is_empty() {
            return here;
        }
        for segment in path.split('.') {
            let (key, index) = split_index(segment);
            here = here.member(key);
            if let Some(index) = index {
                here = here.element(index);
            }
        }
        here
    }

    /// The value at a path, if something stands there.
    pub(crate) fn get(&self, path: &str) -> Option<&Self> {
        if path.is_empty() {
            return Some(self);
        }
        path.split('.').try_fold(self, |here, segment| {
            let (key, index) = split_index(segment);
            let Self::Object(members) = here else {
                return None;
            };
            let (_, member) = members.iter().find(|(name, _)| name == key)?;
            match (member, index) {
                (Self::List(items), Some(index)) => items.get(index),
                (_, Some(_)) => None,
                (member, None) => Some(member),
            }
        })
    }

    /// The same value with another one at a path.
    pub(crate) fn with(mut self, path: &str, value: Self) -> Self {
        *self.at(path) = value;
        self
    }

    /// The same value with several others at their paths.
    pub(crate) fn with_all<const N: usize>(self, changes: [(&str, Self); N]) -> Self {
        changes
            .into_iter()
            .fold(self, |body, (path, value)| body.with(path, value))
    }

    /// The same value without the member at a path.
    pub(crate) fn without(mut self, path: &str) -> Self {
        let (parent, key) = match path.rsplit_once('.') {
            Some((parent, key)) => (self.at(parent), key),
            None => (&mut self, path),
        };
        if let Self::Object(members) = parent {
            members.retain(|(name, _)| name != key);
        }
        self
    }

    /// The same value with every scalar replaced; the path given uses `[]` for list elements.
    pub(crate) fn map_leaves(self, change: &impl Fn(&str, Self) -> Self) -> Self {
        self.map_below("", change)
    }

    fn map_below(self, path: &str, change: &impl Fn(&str, Self) -> Self) -> Self {
        match self {
            Self::List(items) => {
                let path = format!("{path}[]");
                let changed = items
                    .into_iter()
                    .map(|item| item.map_below(&path, change))
                    .collect();
                Self::List(changed)
            }
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(key, value)| {
                        let changed = value.map_below(&join(path, &key), change);
                        (key, changed)
                    })
                    .collect(),
            ),
            scalar => change(path, scalar),
        }
    }

    fn member(&mut self, key: &str) -> &mut Self {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(members) = self else {
            unreachable!("made an object above");
        };
        let place = match members.iter().position(|(name, _)| name == key) {
            Some(place) => place,
            None => {
                members.push((key.to_owned(), Self::Null));
                members.len() - 1
            }
        };
        &mut members[place].1
    }

    fn element(&mut self, index: usize) -> &mut Self {
        if !matches!(self, Self::List(_)) {
            *self = Self::List(Vec::new());
        }
        let Self::List(items) = self else {
            unreachable!("made a list above");
        };
        while items.len() <= index {
            items.push(Self::Null);
        }
        &mut items[index]
    }

    /// Two spaces a level, a newline at the end.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(out, text),
            Self::List(items) if items.is_empty() => out.push_str("[]"),
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::List(items) => {
                write_block(out, depth, ['[', ']'], items, |out, item| {
                    item.write(out, depth + 1)
                });
            }
            Self::Object(members) => {
                write_block(out, depth, ['{', '}'], members, |out, (key, value)| {
                    write_text(out, key);
                    out.push_str(": ");
                    value.write(out, depth + 1);
                });
            }
        }
    }
}

/// `a.b`, or `b` at the top.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn split_index(segment: &str) -> (&str, Option<usize>) {
    match segment
        .strip_suffix(']')
        .and_then(|rest| rest.split_once('['))
    {
        Some((key, index)) => (key, Some(index.parse().unwrap_or(0))),
        None => (segment, None),
    }
}

fn write_block<T>(
    out: &mut String,
    depth: usize,
    [open, close]: [char; 2],
    items: &[T],
    write: impl Fn(&mut String, &T),
) {
    out.push(open);
    for (place, item) in items.iter().enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(out, item);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn from_raw(raw: &RawValue) -> serde_json::Result<Json> {
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text)?;
            let values = members
                .into_iter()
                .map(|(key, value)| Ok((key, from_raw(value)?)))
                .collect::<serde_json::Result<_>>()?;
            Json::Object(values)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            Json::List(
                items
                    .into_iter()
                    .map(from_raw)
                    .collect::<serde_json::Result<_>>()?,
            )
        }
        Some(b'"') => Json::Text(serde_json::from_str(text)?),
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') => Json::Null,
        _ => Json::Number(text.to_owned()),
    })
}

/// The members of an object in their order, duplicates included.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_key_order_survive() {
        let text =
            "{\n  \"z\": 10.00,\n  \"a\": [\n    1e2,\n    \"\\\"\\u0001\"\n  ],\n  \"e\": {}\n}\n";
        assert_eq!(Json::parse(text).unwrap().pretty(), text);
    }

    #[test]
    fn paths_make_what_lacks() {
        let body = Json::Null
            .with("rows[].id", Json::text("a"))
            .with("rows[1].id", Json::text("b"))
            .without("rows[0].id");
        assert_eq!(body, Json::parse(r#"{"rows":[{},{"id":"b"}]}"#).unwrap());
        assert_eq!(body.get("rows[1].id"), Some(&Json::text("b")));
        assert_eq!(body.get(""), Some(&body));
        assert_eq!(body.clone().with("", Json::Null), Json::Null);
        for nowhere in ["rows[].id", "rows[2]", "rows.id", "rows[1][].id"] {
            assert_eq!(body.get(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn leaves_are_named_by_contract_paths() {
        let body = Json::parse(r#"{"rows":[{"urls":["x"]}],"n":1}"#).unwrap();
        let named = body.map_leaves(&|path, _| Json::text(path));
        assert_eq!(
            named,
            Json::parse(r#"{"rows":[{"urls":["rows[].urls[]"]}],"n":"n"}"#).unwrap()
        );
    }
}
