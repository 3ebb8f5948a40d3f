//! One record of a list, read by itself.
//!
//! A good record is decoded once. Only where that fails is it looked at again: the leaf that failed is found, and either
//! the record is given up (a strict leaf), or the leaf is read as nothing and named as drift (any other).

use std::fmt;

use serde::de::DeserializeOwned;

use crate::decode::DecodeError;
use crate::raw::RawJson;

/// A record of a vendor: what it is known by, and which of its leaves must be right.
pub trait Row: DeserializeOwned {
    /// The names by one of which a record of a list is known. Empty: the record has no identity of its own.
    const IDENTITY: &'static [&'static str];

    /// The leaves that must be right.
    const STRICT: Strict;

    /// Whether the record holds its identity.
    fn is_identified(&self) -> bool;
}

/// Which leaves of an object must be right: one table beside each type.
///
/// Strict are identity, amounts, currencies, statuses, the times that windows rest on, and every object or list that
/// holds one of these. Rates, quantities and weights are no amounts. A decimal with more digits than can be kept is
/// strict wherever it stands, and so is a known name that comes twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strict {
    names: &'static [&'static str],
    within: &'static [(&'static str, &'static Strict)],
}

impl Strict {
    /// The strict members of an object (with all that is in them), and the members whose own tables say more.
    #[must_use]
    pub const fn new(
        names: &'static [&'static str],
        within: &'static [(&'static str, &'static Strict)],
    ) -> Self {
        Self { names, within }
    }

    /// Whether the leaf, object or list at a path of names must be right. Places in lists are no names
    /// (`lines`, `price` for `lines[3].price`).
    #[must_use]
    pub fn covers<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> bool {
        let mut table = self;
        // A list may be written as an object with numbers for keys.
        let place = |name: &str| name.bytes().all(|b| b.is_ascii_digit());
        for name in path.into_iter().filter(|name| !place(name)) {
            if table.names.contains(&name) {
                return true;
            }
            match table.within.iter().find(|(inner, _)| *inner == name) {
                Some((_, inner)) => table = inner,
                None => return false,
            }
        }
        true
    }
}

/// A leaf that was not of a type that the typed view can hold: there it is none, in the raw record it is as sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Drift {
    /// The JSON path inside the record (`customer.phone`).
    pub path: String,
    /// What stands there.
    pub found: JsonType,
}

impl Drift {
    pub(crate) fn new(path: String, found: JsonType) -> Self {
        Self { path, found }
    }
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum JsonType {
    Object,
    List,
    Text,
    Number,
    Boolean,
    Null,
}

impl JsonType {
    /// The type of a JSON text, by its first character.
    #[must_use]
    pub fn of(json: &str) -> Self {
        match json.trim_start().as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    /// The word for it: `object`, `list`, `text`, `number`, `boolean`, `null`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::List => "list",
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A record that cannot be read: a strict leaf is wrong, a known name comes twice, or there is no identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at {path}")]
#[non_exhaustive]
pub struct RowError {
    /// The JSON path of what is wrong (`rows[3].amountTotal`).
    pub path: String,
    /// What is wrong.
    pub reason: String,
    /// The exact text of the record.
    pub raw: RawJson,
}

impl RowError {
    /// The same error, seen from a value around the record.
    #[must_use]
    pub fn inside(mut self, outer: &str) -> Self {
        let error = DecodeError::new(self.path, self.reason).inside(outer);
        self.path = error.path().to_owned();
        self.reason = error.message().to_owned();
        self
    }
}

impl From<RowError> for DecodeError {
    fn from(error: RowError) -> Self {
        Self::new(error.path, error.reason)
    }
}

/// Refuses a record of a list that is known by nothing.
pub(crate) fn identified<T: Row>(value: &T) -> Result<(), DecodeError> {
    match T::IDENTITY {
        [first, ..] if !value.is_identified() => {
            let message = format!("a record without {}", T::IDENTITY.join(" and "));
            Err(DecodeError::new(*first, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_strict_leaf_is_strict() {
        const LINE: Strict = Strict::new(&["price"], &[]);
        const ORDER: Strict = Strict::new(&["id", "total_set"], &[("lines", &LINE)]);
        let covers = |path: &str| ORDER.covers(path.split('.'));
        for strict in [
            "id",
            "total_set",
            "total_set.shop.amount",
            "lines",
            "lines.0",
            "lines.price",
            "lines.7.price",
        ] {
            assert!(covers(strict), "{strict}");
        }
        for lenient in [
            "note",
            "note.id",
            "lines.name",
            "lines.name.price",
            "customer.id",
        ] {
            assert!(!covers(lenient), "{lenient}");
        }
    }
}
