//! The raw record: the exact text of one order, a slice of the body it came in.

use std::fmt;

use bytes::Bytes;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::{DecodeError, decode_text};

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

/// A typed value beside the exact text it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Record<T> {
    /// The typed view.
    pub value: T,
    /// The exact text.
    pub raw: RawJson,
}

impl<T> Record<T> {
    /// A typed value beside the text it was read from.
    #[must_use]
    pub fn new(value: T, raw: RawJson) -> Self {
        Self { value, raw }
    }
}

impl<T: DeserializeOwned> Record<T> {
    /// Reads one bare record.
    ///
    /// # Errors
    /// [`DecodeError`] with the path inside the record.
    pub fn read(text: &Bytes) -> Result<Self, DecodeError> {
        Self::of(text, crate::decode::decode(text)?)
    }

    /// Reads a record that stands inside `body`.
    ///
    /// # Errors
    /// [`DecodeError`] with the path inside the record; also where it is no object: a list would be read as a struct
    /// too, field by field.
    pub fn of(body: &Bytes, value: &RawValue) -> Result<Self, DecodeError> {
        let text = value.get();
        if !text.starts_with('{') {
            return Err(DecodeError::new(
                "",
                format!("expected an object, got {}", kind(text)),
            ));
        }
        Ok(Self::new(
            decode_text(text)?,
            RawJson::slice_of(body, value),
        ))
    }
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    }
}

impl<T> std::ops::Deref for Record<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Reads the records of a list inside `body`, which a caller holds as raw text because its shape decides something.
/// Where the shape is plain, a [`RawList`] in the envelope saves reading the list once more.
///
/// # Errors
/// [`DecodeError`] with the whole path (`rows[3].amountTotal`); `path` is where the list stands in the body.
pub fn records<T: DeserializeOwned>(
    body: &Bytes,
    list: &RawValue,
    path: &str,
) -> Result<Vec<Record<T>>, DecodeError> {
    let list: RawList<'_> = decode_text(list.get()).map_err(|error| error.inside(path))?;
    list.records(body, path)
}

/// The records of a list as their texts: a JSON list, `null`, or an object with numbers for keys whose values are the records. `null`
/// records are dropped. For the envelope of a page.
#[derive(Clone, Default)]
pub struct RawList<'a>(Vec<&'a RawValue>);

impl RawList<'_> {
    /// How many elements the list has, `null` ones included: what the vendor counts for a page.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the list has no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads each record beside its text.
    ///
    /// # Errors
    /// [`DecodeError`] with the whole path; `path` is where the list stands in the body.
    pub fn records<T: DeserializeOwned>(
        self,
        body: &Bytes,
        path: &str,
    ) -> Result<Vec<Record<T>>, DecodeError> {
        // Collecting results would grow the list again and again.
        let mut records = Vec::with_capacity(self.0.len());
        let present = |(_, item): &(usize, &RawValue)| item.get() != "null";
        for (index, item) in self.0.into_iter().enumerate().filter(present) {
            let record = Record::of(body, item);
            records.push(record.map_err(|error| error.inside(&format!("{path}[{index}]")))?);
        }
        Ok(records)
    }
}

impl fmt::Debug for RawList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawList({} records)", self.0.len())
    }
}

impl<'de: 'a, 'a> de::Deserialize<'de> for RawList<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = RawList<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<RawList<'de>, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&RawValue>()? {
            items.push(item);
        }
        Ok(RawList(items))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<RawList<'de>, M::Error> {
        let mut items = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            crate::list::numbered(&key)?;
            items.push(map.next_value::<&RawValue>()?);
        }
        Ok(RawList(items))
    }

    fn visit_unit<E: de::Error>(self) -> Result<RawList<'de>, E> {
        Ok(RawList(Vec::new()))
    }
}
