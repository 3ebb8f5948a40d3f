//! What could not be read.

use chrono::{DateTime, Utc};
use orders_core::{OrderRef, Slice, Walk};
use serde::{Deserialize, Serialize};

/// Something that could not be read. The next run tries it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A slice, or the piece of it that failed.
    Slice(Slice),
    /// One order.
    Order(OrderRef),
}

impl Missing {
    /// Whether it is a whole list, which only a full scan reads again.
    pub(crate) fn is_whole_list(&self) -> bool {
        matches!(self, Self::Slice(slice) if slice.walk == Walk::Pages && slice.partition.is_none())
    }
}

/// A gap: what is missing, why, since when, and how often it was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What is missing.
    pub missing: Missing,
    /// The kind of the failure, as [`orders_core::ErrorKind::as_str`].
    pub kind: String,
    /// The failure, for an operator.
    pub reason: String,
    /// When it was first found, UTC.
    pub first_at: DateTime<Utc>,
    /// When it was last tried, UTC.
    pub last_at: DateTime<Utc>,
    /// How many runs have failed on it.
    pub tries: u32,
}
