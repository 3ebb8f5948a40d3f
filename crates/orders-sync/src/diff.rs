//! What changed between two versions of an order.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// At most so many changes are listed one by one; more are one change of the whole record.
const MAX_CHANGES: usize = 200;
/// Deeper texts are compared as a whole.
const MAX_DEPTH: usize = 32;

/// One value that changed between two versions of an order, in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The path in the vendor's record (`commission.status`, `lines[2].price`, `extra["a.b"]` for a key with a dot, `note#2`
    /// for the second value of a key that comes twice); empty for the whole record.
    pub path: String,
    /// The JSON text before, digit for digit; `None` where there was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The JSON text now, digit for digit; `None` where there is nothing now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What changed between two JSON texts, value by value, compared as text: `1.0` and `1.00` differ. An empty list or object is
/// a value. More than 200 changes are one change of the whole record, and so is what is no JSON.
#[must_use]
pub fn changes(before: &str, after: &str) -> Vec<Change> {
    let (Some(mut old), Some(new)) = (leaves(before), leaves(after)) else {
        return whole(before, after);
    };
    let mut found = Vec::new();
    for (path, to) in new {
        let from = old.remove(&path);
        if from.as_ref() != Some(&to) {
            found.push(Change {
                path,
                from,
                to: Some(to),
            });
        }
    }
    found.extend(old.into_iter().map(|(path, from)| Change {
        path,
        from: Some(from),
        to: None,
    }));
    if found.len() > MAX_CHANGES {
        return whole(before, after);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn whole(before: &str, after: &str) -> Vec<Change> {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    vec![Change {
        path: String::new(),
        from: text(before),
        to: text(after),
    }]
}

/// The values of a JSON text by path; `None` where it is no JSON.
fn leaves(text: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let value: &RawValue = serde_json::from_str(text).ok()?;
    collect(value, String::new(), 0, &mut found);
    Some(found)
}

/// A key as it stands in a path. One that could be read as several steps is quoted, so that no two paths are equal.
fn step(path: &str, key: &str) -> String {
    if key.is_empty() || key.contains(['.', '[', ']', '"', '#']) {
        return format!("[{}]", serde_json::Value::from(key));
    }
    let dot = if path.is_empty() { "" } else { "." };
    format!("{dot}{key}")
}

fn collect(value: &RawValue, path: String, depth: usize, found: &mut BTreeMap<String, String>) {
    let text = value.get();
    let inside = match text.as_bytes().first() {
        _ if depth >= MAX_DEPTH => None,
        Some(b'{') => members(text, &path),
        Some(b'[') => items(text, &path),
        _ => None,
    };
    match inside {
        // Nothing stands in it, so it is a value itself.
        Some(inside) if inside.is_empty() => {
            let empty = text.chars().filter(|c| !c.is_ascii_whitespace());
            found.insert(path, empty.collect());
        }
        Some(inside) => {
            for (path, value) in inside {
                collect(value, path, depth + 1, found);
            }
        }
        None => {
            found.insert(path, text.to_owned());
        }
    }
}

/// The values of an object, each with its path. Of a key that comes more than once all count.
fn members<'a>(text: &'a str, path: &str) -> Option<Vec<(String, &'a RawValue)>> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let mut times: HashMap<String, u64> = HashMap::new();
    let placed = members.into_iter().map(|(key, value)| {
        let step = step(path, &key);
        let time = times.entry(key).or_default();
        *time += 1;
        match time {
            1 => (format!("{path}{step}"), value),
            time => (format!("{path}{step}#{time}"), value),
        }
    });
    Some(placed.collect())
}

fn items<'a>(text: &'a str, path: &str) -> Option<Vec<(String, &'a RawValue)>> {
    let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    let place = |(index, value)| (format!("{path}[{index}]"), value);
    Some(list.into_iter().enumerate().map(place).collect())
}

/// The members of an object in their order, with every value of a key that comes twice.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_digit_for_digit() {
        let found = changes(
            r#"{"a":1.0,"b":{"c":"x"},"l":[1,2],"gone":null}"#,
            r#"{"a":1.00,"b":{"c":"x"},"l":[1,3,{"n":7}]}"#,
        );
        let change = |path: &str, from: Option<&str>, to: Option<&str>| Change {
            path: path.into(),
            from: from.map(Into::into),
            to: to.map(Into::into),
        };
        assert_eq!(
            found,
            [
                change("a", Some("1.0"), Some("1.00")),
                change("gone", Some("null"), None),
                change("l[1]", Some("2"), Some("3")),
                change("l[2].n", None, Some("7")),
            ]
        );
        let swapped = changes(r#"{"l":[ ],"o":{},"was":[1]}"#, r#"{"l":{},"was":[]}"#);
        assert_eq!(
            swapped,
            [
                change("l", Some("[]"), Some("{}")),
                change("o", Some("{}"), None),
                change("was", None, Some("[]")),
                change("was[0]", Some("1"), None),
            ],
            "what is empty is a value"
        );
        let twice = changes(
            r#"{"a":1,"a":2,"o":{"k#2":0}}"#,
            r#"{"a":1,"a":3,"a":2,"o":{"k#2":1}}"#,
        );
        assert_eq!(
            twice,
            [
                change("a#2", Some("2"), Some("3")),
                change("a#3", None, Some("2")),
                change(r#"o["k#2"]"#, Some("0"), Some("1")),
            ],
            "all values of a key count"
        );
        assert_eq!(changes("<html>", "{}").len(), 1);
        assert_eq!(changes("{}", "{}"), []);
    }
}
