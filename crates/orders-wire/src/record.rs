//! Records beside their texts: one by itself, and the records of a list row by row.

use std::fmt;

use bytes::Bytes;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::decode::{DecodeError, decode_text};
use crate::members::Name;
use crate::raw::RawJson;
use crate::repair;
use crate::row::{Drift, JsonType, Row, RowError, identified};

/// A typed value beside the exact text it was read from.
///
/// It serialises as an object of `value`, `raw` (the text as a string, byte for byte) and, where there is some, `drift`.
///
/// ```
/// use orders_wire::{JsonType, Record, Row, Strict};
///
/// orders_wire::object! {
///     /// An order.
///     pub struct Order {
///         /// Its id.
///         pub id: Option<String>,
///         /// What the buyer wrote.
///         pub note: Option<String>,
///     }
/// }
///
/// impl Row for Order {
///     const IDENTITY: &'static [&'static str] = &["id"];
///     const STRICT: Strict = Strict::new(&["id"], &[]);
///
///     fn is_identified(&self) -> bool {
///         self.id.is_some()
///     }
/// }
///
/// # fn main() -> Result<(), orders_wire::DecodeError> {
/// let order = Record::<Order>::read(&br#"{"id": "1", "note": ["two", "lines"]}"#[..].into())?;
/// // The note is not of the type that is promised: none in the typed view, named as drift, and as it came in the text.
/// assert_eq!((order.id.as_deref(), order.note.as_deref()), (Some("1"), None));
/// assert_eq!((order.drift[0].path.as_str(), order.drift[0].found), ("note", JsonType::List));
/// assert!(order.raw.as_str().contains(r#"["two", "lines"]"#));
/// // An id must be right.
/// assert!(Record::<Order>::read(&br#"{"id": {}}"#[..].into()).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record<T> {
    /// The typed view.
    pub value: T,
    /// The exact text.
    pub raw: RawJson,
    /// The leaves that the typed view cannot hold, and so leaves out. Empty for a good record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<Drift>,
}

impl<T> Record<T> {
    /// A typed value beside the text it was read from.
    #[must_use]
    pub fn new(value: T, raw: RawJson) -> Self {
        Self {
            value,
            raw,
            drift: Vec::new(),
        }
    }
}

impl<T: Row> Record<T> {
    /// Reads one bare record.
    ///
    /// # Errors
    /// [`DecodeError`] with the path inside the record.
    pub fn read(text: &Bytes) -> Result<Self, DecodeError> {
        let whole: &RawValue = crate::decode::decode(text)?;
        Ok(Self::of(text, whole)?)
    }

    /// Reads a record that stands alone inside `body`, or is all of it (after [`decode`](crate::decode)). It need not
    /// say which one it is: that was requested, or is known to whoever pushes it.
    ///
    /// # Errors
    /// [`RowError`] with the path inside the record.
    pub fn of(body: &Bytes, value: &RawValue) -> Result<Self, RowError> {
        let raw = RawJson::slice_of(body, value);
        match read(value.get()) {
            Ok((value, drift)) => Ok(Self { value, raw, drift }),
            Err(error) => Err(failed(error, raw)),
        }
    }

    /// Reads a record of a list, which must say which one it is.
    fn of_row(body: &Bytes, value: &RawValue) -> Result<Self, RowError> {
        let record = Self::of(body, value)?;
        match identified(&record.value) {
            Ok(()) => Ok(record),
            Err(error) => Err(failed(error, record.raw)),
        }
    }
}

fn failed(error: DecodeError, raw: RawJson) -> RowError {
    RowError {
        path: error.path().to_owned(),
        reason: error.message().to_owned(),
        raw,
    }
}

impl<T> std::ops::Deref for Record<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The records of a list: those that were read, and those that could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rows<T> {
    /// The records, in the order sent.
    pub records: Vec<Record<T>>,
    /// What could not be read, in the order sent.
    pub unreadable: Vec<RowError>,
    /// How many elements the list has, `null` and unreadable ones included: what the vendor counts for a page.
    pub sent: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            unreadable: Vec::new(),
            sent: 0,
        }
    }
}

impl<T: Row> Rows<T> {
    /// Reads the one record that stands where a list belongs.
    #[must_use]
    pub fn of_one(body: &Bytes, value: &RawValue, path: &str) -> Self {
        let mut rows = Self {
            sent: 1,
            ..Self::default()
        };
        match Record::of_row(body, value) {
            Ok(record) => rows.records.push(record),
            Err(error) => rows.unreadable.push(error.inside(path)),
        }
        rows
    }

    /// Reads the rows of a list inside `body`, each by itself: of a JSON list, `null`, or an object with numbers for keys
    /// whose values are the records. `null` among them is none.
    ///
    /// # Errors
    /// [`DecodeError`] where it is no list; `path` is where it stands in the body.
    pub fn of_list(body: &Bytes, list: &RawValue, path: &str) -> Result<Self, DecodeError> {
        let items: Items<'_> = decode_text(list.get()).map_err(|error| error.inside(path))?;
        // Collecting would grow the list again and again.
        let mut rows = Rows {
            records: Vec::with_capacity(items.0.len()),
            unreadable: Vec::new(),
            sent: items.0.len(),
        };
        let present = |(_, item): &(usize, &RawValue)| item.get() != "null";
        for (index, item) in items.0.into_iter().enumerate().filter(present) {
            match Record::of_row(body, item) {
                Ok(record) => rows.records.push(record),
                Err(error) => rows
                    .unreadable
                    .push(error.inside(&format!("{path}[{index}]"))),
            }
        }
        Ok(rows)
    }
}

/// The records of a list as their texts.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = Items<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Items<'de>, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&RawValue>()? {
            items.push(item);
        }
        Ok(Items(items))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Items<'de>, M::Error> {
        let mut items = Vec::new();
        while let Some(Name(key)) = map.next_key()? {
            crate::list::numbered(&key)?;
            items.push(map.next_value::<&RawValue>()?);
        }
        Ok(Items(items))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Items<'de>, E> {
        Ok(Items(Vec::new()))
    }
}

/// Reads the text of a record, with the drift in it.
fn read<T: Row>(json: &str) -> Result<(T, Vec<Drift>), DecodeError> {
    let kind = JsonType::of(json);
    if kind != JsonType::Object {
        let message = format!("expected an object, got {kind}");
        return Err(DecodeError::new("", message));
    }
    match serde_json::from_str::<T>(json) {
        Ok(value) => Ok((value, Vec::new())),
        Err(_) => repair::read(json),
    }
}
