//! The fields of a push, from a query, a form or a JSON object, as the texts that were signed.

use std::collections::BTreeMap;
use std::fmt;

use orders_wire::Members;
use orders_wire::webhook::{WebhookError, WebhookErrorKind};
use serde_json::value::RawValue;

/// The field of the signature, and the one of the push's own id: neither is the order's.
pub(super) const SIGN: &str = "Sign";
pub(super) const ID: &str = "Id";

/// The fields of a push: name and text, sorted by name (in byte order).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// From a query or a form (`a=1&b=2`, percent-encoded).
    ///
    /// # Errors
    /// `Duplicate` where a name comes twice, `Encoding` where a name or a value is not UTF-8.
    pub fn from_query(query: &str) -> Result<Self, WebhookError> {
        let mut fields = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.add(decoded(name)?, decoded(value)?)?;
        }
        Ok(fields)
    }

    /// From a JSON object. Numbers keep their characters; nested values are their JSON text.
    ///
    /// # Errors
    /// `Malformed` where it is no JSON object, `Duplicate` where a name comes twice.
    pub fn from_json(text: &str) -> Result<Self, WebhookError> {
        let members = Members::of(text).map_err(|error| {
            WebhookError::new(
                WebhookErrorKind::Malformed,
                format!("the body is no JSON object: {error}"),
            )
        })?;
        let mut fields = Self::default();
        for (name, value) in members.iter() {
            fields.add(name.to_owned(), plain(value))?;
        }
        Ok(fields)
    }

    /// From pairs; of a name that comes twice the last one counts.
    pub(super) fn from_pairs(pairs: &[(String, String)]) -> Self {
        Self(pairs.iter().cloned().collect())
    }

    fn add(&mut self, name: String, value: String) -> Result<(), WebhookError> {
        let message = format!("the field {name:?} comes more than once");
        match self.0.insert(name, value) {
            None => Ok(()),
            Some(_) => Err(WebhookError::new(WebhookErrorKind::Duplicate, message)),
        }
    }

    /// The text of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All names and texts, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The order's fields as a JSON object of strings, `Details` as the list it holds: what the order's type reads.
    /// Neither `Sign` nor `Id` is the order's.
    pub(super) fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (name, value) in self.iter().filter(|(name, _)| !matches!(*name, SIGN | ID)) {
            if json.len() > 1 {
                json.push(',');
            }
            let nested = name == "Details" && serde_json::from_str::<&RawValue>(value).is_ok();
            let value = if nested {
                value.to_owned()
            } else {
                quoted(value)
            };
            json += &format!("{}:{value}", quoted(name));
        }
        json + "}"
    }
}

impl fmt::Debug for Fields {
    /// Names only: the signature is among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// A name or value of a form. A lossy reading would replace what is not UTF-8 by a mark of its own.
fn decoded(text: &str) -> Result<String, WebhookError> {
    let text = text.replace('+', " ");
    let bytes = percent_encoding::percent_decode_str(&text);
    let decoded = bytes.decode_utf8().map_err(|_| {
        WebhookError::new(
            WebhookErrorKind::Encoding,
            "a percent-encoded text is not UTF-8",
        )
    })?;
    Ok(decoded.into_owned())
}

fn quoted(text: &str) -> String {
    // A string always serialises.
    serde_json::to_string(text).unwrap_or_default()
}

/// A string without its quotes, nothing for null, and every other value by its text.
fn plain(value: &RawValue) -> String {
    match value.get() {
        "null" => String::new(),
        text => serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()),
    }
}
