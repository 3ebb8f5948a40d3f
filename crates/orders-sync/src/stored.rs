//! What a store is asked, and what it answers.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use orders_core::OrderRef;
use serde::Serialize;

/// Which stored orders are due once more; never those that are gone. Where the creation of an order is unknown, the time
/// at which it was first seen counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DueFilter {
    /// Orders that are not terminal.
    Open {
        /// Created at or after this: the horizon.
        created_since: DateTime<Utc>,
        /// Not seen since this.
        seen_before: DateTime<Utc>,
    },
    /// Terminal orders that passed the horizon: seen last when they were younger than it.
    Horizon {
        /// Created at or after this: those before were requested; `None`: none were.
        created_since: Option<DateTime<Utc>>,
        /// Created before this: these have passed.
        created_before: DateTime<Utc>,
        /// How old an order is when it passes.
        age: TimeDelta,
    },
    /// Orders, terminal or not, that something was pushed of, and that were not requested since.
    Pushed,
    /// Doubted orders, terminal or not, that one more reading decides.
    Doubted {
        /// Doubted at or before this.
        doubted_until: DateTime<Utc>,
    },
}

/// A day on which orders that are due were created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDay {
    /// The day in UTC; `None`: unknown.
    pub day: Option<NaiveDate>,
    /// How many of the day's orders are due.
    pub due: u64,
    /// How many orders of that day are stored in all.
    pub stored: u64,
}

/// An order that is doubted: a reading did not show it that should have, and the vendor, where it can be asked, does not
/// have it. It is deleted when a reading shows the same that began a day or more later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Doubted {
    /// The order.
    #[serde(flatten)]
    pub order: OrderRef,
    /// Since when, UTC.
    pub doubted_at: DateTime<Utc>,
    /// When the last reading began that did not show it, UTC.
    pub absent_at: DateTime<Utc>,
}

impl Doubted {
    /// A doubted order.
    #[must_use]
    pub fn new(order: OrderRef, doubted_at: DateTime<Utc>, absent_at: DateTime<Utc>) -> Self {
        Self {
            order,
            doubted_at,
            absent_at,
        }
    }
}

/// How many orders of an account are doubted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubts {
    /// Orders that are not gone.
    pub live: u64,
    /// Of those: doubted.
    pub doubted: u64,
    /// Of those: not doubted, and stored before the first doubt: before the first reading began that did not show one of
    /// the doubted orders.
    pub others: u64,
    /// When the first of the doubts began.
    pub first_at: DateTime<Utc>,
}

/// A stored order that is compared with the vendor's. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sampled {
    /// What finds it at the vendor.
    pub reference: OrderRef,
    /// Its exact text.
    pub raw: Bytes,
    /// The version of the mapping that made the columns of its row.
    pub mapping: u32,
    /// Whether it is doubted.
    pub doubted: bool,
}

impl fmt::Debug for Sampled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampled")
            .field("reference", &self.reference)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .field("mapping", &self.mapping)
            .field("doubted", &self.doubted)
            .finish()
    }
}

impl Sampled {
    /// A stored order that is not doubted.
    #[must_use]
    pub fn new(reference: OrderRef, raw: Bytes, mapping: u32) -> Self {
        Self {
            reference,
            raw,
            mapping,
            doubted: false,
        }
    }
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Receipt {
    /// It came before: nothing is kept twice.
    Repeated,
    /// Its order was not stored, and is now.
    New,
    /// Its order is newer than the stored one, and takes its place.
    Changed,
    /// The stored order is as new, or it was requested since.
    Older,
    /// Its order is requested by the next pull.
    Due,
    /// It is an adjustment of its order now.
    Adjusted,
    /// It waits for its order to be stored.
    NotStored,
    /// A record of its order came that could not be read: that is read again first.
    Unreadable,
    /// The stored text of its order cannot be read.
    TextUnread,
    /// Nothing is known that follows from it.
    Waits,
    /// It could not be read, and why.
    Unread(String),
    /// Its order was forgotten: nothing is kept.
    Forgotten,
}

/// Where a push stands that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushState {
    /// What follows from it was done.
    Applied,
    /// It was not done yet, or nothing is known to follow.
    Waiting,
    /// It could not be read.
    Unread,
}

impl PushState {
    /// The state as one word, as the store has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Waiting => "waiting",
            Self::Unread => "unread",
        }
    }
}

impl Receipt {
    /// Where the push stands.
    #[must_use]
    pub fn state(&self) -> PushState {
        match self {
            Self::NotStored | Self::Unreadable | Self::TextUnread | Self::Waits => {
                PushState::Waiting
            }
            Self::Unread(_) => PushState::Unread,
            _ => PushState::Applied,
        }
    }

    /// What was done, what the push waits for, or why it could not be read: for people.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Repeated => "known before",
            Self::New => "a new order, stored",
            Self::Changed => "a newer version, stored",
            Self::Older => "nothing newer than what is stored",
            Self::Due => "the next pull requests its order",
            Self::Adjusted => "an adjustment of its order",
            Self::NotStored => "its order is not stored yet",
            Self::Unreadable => "a record of its order could not be read",
            Self::TextUnread => "the stored text of its order cannot be read",
            Self::Waits => "kept; nothing follows from it for an order",
            Self::Unread(reason) => reason,
            Self::Forgotten => "its order was forgotten",
        }
    }
}

/// A push as it was kept. `Debug` does not show its bytes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptPush {
    /// The key under which it is kept.
    pub key: String,
    /// What happened, in the vendor's word.
    pub event: String,
    /// The id of the order that it is about.
    pub order: Option<String>,
    /// When it happened, where the vendor reports it.
    pub at: Option<DateTime<Utc>>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The body or the query, byte for byte.
    pub raw: Bytes,
}

impl fmt::Debug for KeptPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptPush")
            .field("key", &self.key)
            .field("event", &self.event)
            .field("order", &self.order)
            .field("at", &self.at)
            .field("received_at", &self.received_at)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_stored_texts() {
        let raw = Bytes::from_static(b"ada@example.com");
        let push = KeptPush {
            key: "event_1".to_owned(),
            event: "order.paid".to_owned(),
            order: None,
            at: None,
            received_at: DateTime::UNIX_EPOCH,
            raw: raw.clone(),
        };
        let sampled = Sampled::new(OrderRef::new("order_1"), raw, 1);
        let shown = format!("{push:?} {sampled:?}");
        assert!(
            shown.contains("15 bytes") && !shown.contains("ada@"),
            "{shown}"
        );
    }
}
