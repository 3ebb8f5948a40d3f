//! The fields of a push, from a query, a form or a JSON object, as the bytes that were signed.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use orders_wire::Members;
use orders_wire::webhook::{WebhookError, WebhookErrorKind};
use serde_json::value::RawValue;

/// The field of the signature, and the one of the push's own id: neither is the order's.
pub(super) const SIGN: &str = "Sign";
pub(super) const ID: &str = "Id";

/// The fields of a push: name and value, sorted by name (in byte order). A value is what was signed, whether it is text
/// or not.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Fields(BTreeMap<String, Vec<u8>>);

impl Fields {
    /// From a query or a form (`a=1&b=2`, percent-encoded).
    ///
    /// # Errors
    /// `Duplicate` where a name comes twice, `Malformed` where a name is not UTF-8.
    pub fn from_query(query: &str) -> Result<Self, WebhookError> {
        Self::from_form(query.as_bytes())
    }

    /// From the bytes of a form, which need not be text.
    pub(super) fn from_form(form: &[u8]) -> Result<Self, WebhookError> {
        let mut fields = Self::default();
        for pair in form.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            let end = pair.iter().position(|b| *b == b'=');
            let (name, value) = pair.split_at(end.unwrap_or(pair.len()));
            let name = String::from_utf8(decoded(name)).map_err(|_| {
                WebhookError::new(
                    WebhookErrorKind::Malformed,
                    "the name of a field is not UTF-8",
                )
            })?;
            fields.add(name, decoded(value.get(1..).unwrap_or_default()))?;
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
            fields.add(name.to_owned(), plain(value).into_bytes())?;
        }
        Ok(fields)
    }

    /// From a query or a body as received: a JSON object, or a form.
    pub(super) fn of(received: &Bytes) -> Result<Self, WebhookError> {
        if !received.trim_ascii_start().starts_with(b"{") {
            return Self::from_form(received.strip_prefix(b"?").unwrap_or(received));
        }
        // JSON that is not UTF-8 has no fields, and so no signature that could be checked.
        let text = std::str::from_utf8(received).map_err(|_| {
            WebhookError::new(
                WebhookErrorKind::Malformed,
                "the body is JSON and not UTF-8",
            )
        })?;
        Self::from_json(text)
    }

    /// From pairs; of a name that comes twice the last one counts.
    pub(super) fn from_pairs(pairs: &[(String, String)]) -> Self {
        let pairs = pairs.iter();
        Self(
            pairs
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
        )
    }

    fn add(&mut self, name: String, value: Vec<u8>) -> Result<(), WebhookError> {
        let message = format!("the field {name:?} comes more than once");
        match self.0.insert(name, value) {
            None => Ok(()),
            Some(_) => Err(WebhookError::new(WebhookErrorKind::Duplicate, message)),
        }
    }

    /// The text of a field; `None` where it is missing, or is no text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?;
        std::str::from_utf8(value).ok()
    }

    /// All names and texts, sorted by name; values that are no text are left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |value| std::str::from_utf8(value).ok();
        self.bytes()
            .filter_map(move |(name, value)| Some((name, text(value)?)))
    }

    /// All names and values, sorted by name: what a checksum is made of.
    pub fn bytes(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Refuses fields that hold what is no text: no order can be read from them.
    pub(super) fn check_text(&self) -> Result<(), WebhookError> {
        let odd = |(_, value): &(&str, &[u8])| std::str::from_utf8(value).is_err();
        match self.bytes().find(odd) {
            Some((name, _)) => Err(WebhookError::new(
                WebhookErrorKind::Encoding,
                format!("the field {name:?} is not UTF-8"),
            )),
            None => Ok(()),
        }
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

/// The bytes of a name or value of a form.
fn decoded(text: &[u8]) -> Vec<u8> {
    let spaces: Vec<u8> = text
        .iter()
        .map(|b| if *b == b'+' { b' ' } else { *b })
        .collect();
    percent_encoding::percent_decode(&spaces).collect()
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
