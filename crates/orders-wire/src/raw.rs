//! The raw record: the exact text of one order, a slice of the body it came in.

use std::fmt;

use bytes::Bytes;
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::decode::decode_text;

/// The exact JSON text of one value as received. Cheap to clone; it keeps the whole body alive until
/// [detached](RawJson::detach).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct RawJson(Bytes);

impl RawJson {
    /// The text of a value inside `body`: a slice of it where it is one, else a copy.
    #[must_use]
    pub fn slice_of(body: &Bytes, value: &RawValue) -> Self {
        let text = value.get().as_bytes();
        // Both point into memory that is alive, so the distance is the place of the value in the body.
        let start = (text.as_ptr() as usize).wrapping_sub(body.as_ptr() as usize);
        let inside = start
            .checked_add(text.len())
            .is_some_and(|end| end <= body.len());
        Self(if inside {
            body.slice(start..start + text.len())
        } else {
            Bytes::copy_from_slice(text)
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only made from text, so the default never shows.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The text as shared bytes (UTF-8).
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// A copy that does not keep the body alive.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use orders_wire::{Members, RawJson};
    ///
    /// let page = Bytes::from(format!(r#"{{"first": {{"id": 1}}, "rest": "{}"}}"#, "x".repeat(100_000)));
    /// let members = Members::read(&page)?;
    /// let slice = RawJson::slice_of(&page, members.get("first").ok_or("no first")?);
    /// // Whoever keeps `slice` keeps the whole page; whoever keeps the copy keeps nine bytes.
    /// assert_eq!(slice.detach(), slice);
    /// assert_eq!(slice.detach().into_bytes().len(), 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn detach(&self) -> Self {
        Self(Bytes::copy_from_slice(&self.0))
    }
}

impl fmt::Debug for RawJson {
    /// The length only: the text holds personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}

impl Serialize for RawJson {
    /// As a string that holds the text: whatever the format, no byte of it changes.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.is_empty() || decode_text::<de::IgnoredAny>(&text).is_ok() {
            true => Ok(Self(text.into())),
            false => Err(de::Error::custom("the text of a raw record is no JSON")),
        }
    }
}
