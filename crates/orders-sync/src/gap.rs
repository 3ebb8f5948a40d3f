//! What could not be read.

use chrono::{DateTime, Utc};
use orders_core::{OrderRef, Slice, Unreadable, Walk, Window};
use serde::{Deserialize, Serialize};

use crate::hash::content_hash;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// A slice, or the piece of it that failed. The next run tries it again.
    Slice(Slice),
    /// One order. The next run tries it again.
    Order(OrderRef),
    /// A record that came and could not be read; its text is stored. It is named by the id of its order, or by
    /// `content:` and the SHA-256 of its text.
    Record(String),
}

impl Missing {
    /// Whether it is a whole list, which only a full scan reads again.
    pub(crate) fn is_whole_list(&self) -> bool {
        matches!(self, Self::Slice(slice) if is_whole_list(slice))
    }
}

/// Whether a slice is a whole list, which only a full scan reads.
pub(crate) fn is_whole_list(slice: &Slice) -> bool {
    slice.walk == Walk::Pages && slice.partition.is_none()
}

/// The windows of two slices of one list.
pub(crate) fn windows_of_one_list(one: &Slice, other: &Slice) -> Option<(Window, Window)> {
    let same = (one.walk, one.axis, &one.partition) == (other.walk, other.axis, &other.partition);
    Some((one.window?, other.window?)).filter(|_| same)
}

/// Whether reading one slice reads another, too.
pub(crate) fn covers(whole: &Slice, piece: &Slice) -> bool {
    let windows = windows_of_one_list(whole, piece);
    let inside =
        windows.is_some_and(|(whole, piece)| whole.from <= piece.from && piece.to <= whole.to);
    whole == piece || inside
}

/// The name of an unreadable record, as [`Missing::Record`] has it. `hash` is that of its text.
pub(crate) fn record_key(record: &Unreadable, hash: &str) -> String {
    let id = record.id.as_deref().filter(|id| !id.is_empty());
    id.map_or_else(|| format!("content:{hash}"), str::to_owned)
}

/// The hash of an unreadable record's text.
pub(crate) fn record_hash(record: &Unreadable) -> String {
    content_hash(&record.raw)
}

/// A gap: what is missing, why, since when, and how often it was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// The number of the gap in its store.
    pub id: i64,
    /// What is missing.
    pub missing: Missing,
    /// The kind of the failure, as [`orders_core::ErrorKind::as_str`].
    pub kind: String,
    /// The JSON path of the value that failed, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The failure, for an operator.
    pub reason: String,
    /// When it was first found, UTC.
    pub first_at: DateTime<Utc>,
    /// When it was last tried, UTC.
    pub last_at: DateTime<Utc>,
    /// How many runs have failed on it.
    pub tries: u32,
    /// Why and when the user accepted it; `None`: it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

impl Gap {
    /// Whether it makes a run incomplete.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.accepted.is_none()
    }
}

/// A user's word that a gap need not be filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Acceptance {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Why, in the user's words.
    pub reason: String,
}
