//! A record that came and could not be read.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// A record of a page that could not be read: what it is, where it failed and why, and its exact text. Its neighbours
/// are not affected.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Unreadable {
    /// The vendor's id of the order, where it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The time of the order on the axis of its slice (or its creation), where it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<FixedOffset>>,
    /// The JSON path of the value that failed, from the top of the body (`rows[3].amountTotal`).
    pub path: String,
    /// Why it could not be read.
    pub reason: String,
    /// The exact JSON text of the record as received: a slice of the page's body. See [`Unreadable::detach`].
    #[serde(skip)]
    pub raw: Bytes,
}

impl Unreadable {
    /// A record of which neither id nor time is known.
    #[must_use]
    pub fn new(path: impl Into<String>, reason: impl Into<String>, raw: Bytes) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
            raw,
            ..Self::default()
        }
    }

    /// Adds the id, where it could be read.
    #[must_use]
    pub fn with_id(mut self, id: Option<String>) -> Self {
        self.id = id;
        self
    }

    /// Adds the time, where it could be read.
    #[must_use]
    pub fn with_time(mut self, time: Option<DateTime<FixedOffset>>) -> Self {
        self.time = time;
        self
    }

    /// Copies the raw text out of the shared body, so that keeping this record does not keep its whole page.
    pub fn detach(&mut self) {
        self.raw = Bytes::copy_from_slice(&self.raw);
    }
}

impl fmt::Debug for Unreadable {
    /// Without the text, which may hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unreadable")
            .field("id", &self.id)
            .field("time", &self.time)
            .field("path", &self.path)
            .field("reason", &self.reason)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Unreadable {
        Unreadable::new(
            "rows[3].amountTotal",
            "not a decimal",
            Bytes::from_static(b"{\"secret\":1}"),
        )
        .with_id(Some("7".to_owned()))
    }

    #[test]
    fn debug_shows_no_text() {
        let text = format!("{:?}", record());
        assert!(text.contains("rows[3].amountTotal") && text.contains("12 bytes"));
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn what_is_written_is_read_back_but_the_raw_text() {
        let json = serde_json::to_string(&record()).unwrap();
        assert_eq!(
            json,
            r#"{"id":"7","path":"rows[3].amountTotal","reason":"not a decimal"}"#
        );
        let mut back: Unreadable = serde_json::from_str(&json).unwrap();
        back.raw = record().raw;
        assert_eq!(back, record());
    }

    #[test]
    fn a_detached_record_has_its_own_text() {
        let body = Bytes::from(vec![b'x'; 100]);
        let mut record = Unreadable::new("", "", body.slice(10..20));
        record.detach();
        assert_eq!(record.raw, body.slice(10..20));
        assert_ne!(record.raw.as_ptr(), body.slice(10..20).as_ptr());
    }
}
