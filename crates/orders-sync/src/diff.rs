//! What changed between two versions of an order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// At most so many changes are listed one by one; more are one change of the whole record.
const MAX_CHANGES: usize = 200;
/// Deeper texts are compared as a whole.
const MAX_DEPTH: usize = 32;

/// One value that changed between two versions of an order, in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The path in the vendor's record (`commission.status`, `lines[2].price`, `extra["a.b"]` for a key with a dot);
    /// empty for the whole record.
    pub path: String,
    /// The JSON text before, digit for digit; `None` where there was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The JSON text now, digit for digit; `None` where there is nothing now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What changed between two JSON texts, value by value, compared as text: `1.0` and `1.00` differ. More than 200 changes
/// are one change of the whole record, and so is what is no JSON.
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
    if key.is_empty() || key.contains(['.', '[', ']', '"']) {
        return format!("[{}]", serde_json::Value::from(key));
    }
    let dot = if path.is_empty() { "" } else { "." };
    format!("{dot}{key}")
}

fn collect(value: &RawValue, path: String, depth: usize, found: &mut BTreeMap<String, String>) {
    let text = value.get();
    let deep = depth < MAX_DEPTH;
    if deep && text.starts_with('{') {
        if let Ok(map) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
            for (key, value) in map {
                collect(
                    value,
                    format!("{path}{}", step(&path, &key)),
                    depth + 1,
                    found,
                );
            }
            return;
        }
    } else if deep
        && text.starts_with('[')
        && let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text)
    {
        for (index, value) in list.into_iter().enumerate() {
            collect(value, format!("{path}[{index}]"), depth + 1, found);
        }
        return;
    }
    found.insert(path, text.to_owned());
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
        assert_eq!(changes("<html>", "{}").len(), 1);
        assert_eq!(changes("{}", "{}"), []);
    }
}
