//! What is kept of an order beside its raw text: the content hash, the amounts, and what a change changed.

use std::collections::BTreeMap;

use orders_core::{Amount, Money, Order};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// At most so many changes are told one by one; more are told as one of the whole record.
const MAX_CHANGES: usize = 200;
/// Deeper texts are compared as a whole.
const MAX_DEPTH: usize = 32;

/// The first eight bytes of the SHA-256 of some parts: the same in every process and version.
pub(crate) fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = hmac_sha256::Hash::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    u64::from_le_bytes([
        digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7],
    ])
}

/// The SHA-256 of the raw text (of our reading, where there is no raw text), in lower-case hex.
pub(crate) fn content_hash(order: &Order, core: &str) -> String {
    use std::fmt::Write;
    let content: &[u8] = if order.raw.is_empty() {
        core.as_bytes()
    } else {
        &order.raw
    };
    hmac_sha256::Hash::hash(content)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// One amount of an order, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredAmount {
    /// What the amount means: `grand`, `tax`, `current:<field>`, `other:<field>`, `commission_estimated`, ...
    pub(crate) kind: String,
    /// `single`, or one side of a pair: `shop`, `presentment`.
    pub(crate) side: String,
    /// The amount in major units, exactly as sent: its digits, its sign, its trailing zeros.
    pub(crate) amount: String,
    /// The currency code as sent; empty where none was sent.
    pub(crate) currency: String,
    /// The amount in the currency's minor unit, where ISO 4217 knows the currency, nothing is cut off, and it fits.
    pub(crate) minor: Option<i64>,
}

/// All amounts of an order but those of its lines (which are in the core view).
pub(crate) fn amounts(order: &Order) -> Vec<StoredAmount> {
    let mut found = Vec::new();
    for total in &order.totals {
        push(&mut found, &total.kind.to_string(), &total.amount);
    }
    for adjustment in &order.adjustments {
        if let Some(amount) = &adjustment.amount {
            push(
                &mut found,
                &format!("adjustment:{}", adjustment.kind),
                amount,
            );
        }
    }
    if let Some(commission) = &order.commission {
        for (kind, money) in [
            ("commission_estimated", &commission.estimated),
            ("commission_confirmed", &commission.confirmed),
        ] {
            found.extend(
                money
                    .iter()
                    .map(|money| stored(kind.to_owned(), "single", money)),
            );
        }
    }
    found
}

fn push(found: &mut Vec<StoredAmount>, kind: &str, amount: &Amount) {
    let sides = amount.sides();
    found.extend(sides.map(|(side, money)| stored(kind.to_owned(), side, money)));
}

fn stored(kind: String, side: &str, money: &Money) -> StoredAmount {
    StoredAmount {
        kind,
        side: side.to_owned(),
        amount: money.amount.to_string(),
        currency: money.currency.as_str().to_owned(),
        minor: money
            .minor_units()
            .and_then(|minor| i64::try_from(minor).ok()),
    }
}

/// The word that serde writes for a plain enum value; for a word of the vendor's, that word.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(map)) => map
            .values()
            .next()
            .and_then(|v| v.as_str())
            .unwrap_or_default()
            .to_owned(),
        _ => String::new(),
    }
}

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
/// are told as one of the whole record, and so is what is no JSON.
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
        let told = changes(
            r#"{"a":1.0,"b":{"c":"x"},"l":[1,2],"gone":null}"#,
            r#"{"a":1.00,"b":{"c":"x"},"l":[1,3,{"n":7}]}"#,
        );
        let change = |path: &str, from: Option<&str>, to: Option<&str>| Change {
            path: path.into(),
            from: from.map(Into::into),
            to: to.map(Into::into),
        };
        assert_eq!(
            told,
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

    #[test]
    fn a_hash_tells_parts_apart() {
        let hash = |parts: &[&str]| short_hash(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }

    #[test]
    fn open_kinds_keep_the_vendors_word() {
        assert_eq!(
            word(&orders_core::AdjustmentKind::Other("goodwill".into())),
            "goodwill"
        );
        assert_eq!(
            word(&orders_core::AdjustmentKind::RefundAdjustment),
            "refund_adjustment"
        );
    }
}
