//! What a vendor pushed, in the common vocabulary: which order it is about, and what follows from it.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::{Adjustment, Order};

/// A genuine push: verified, and read by the vendor's mapper as far as it can be.
///
/// Pushes come twice, late, out of order, or never. So each is kept once, by its [key](Self::key), and what follows from it
/// does not depend on the order in which they come. `Debug` does not show its bytes: they hold personal data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Push {
    /// The key under which it is kept once; empty: its bytes are the key.
    pub key: String,
    /// Whether the key is that of a state of its order, which may come again later: then it is a repetition only where the
    /// newest push of the order has the same key.
    pub may_recur: bool,
    /// What happened, in the vendor's word; empty where the vendor sends none.
    pub event: String,
    /// The id of the order that it is about, as in [`Order::id`].
    pub order: Option<String>,
    /// When it happened, where the vendor reports it.
    pub at: Option<DateTime<Utc>>,
    /// The body, or the query, as received.
    pub raw: Bytes,
    /// What follows from it.
    pub meaning: Meaning,
}

impl Push {
    /// A push of which nothing follows but that it is kept.
    #[must_use]
    pub fn new(key: impl Into<String>, event: impl Into<String>, raw: Bytes) -> Self {
        Self {
            key: key.into(),
            may_recur: false,
            event: event.into(),
            order: None,
            at: None,
            raw,
            meaning: Meaning::Nothing,
        }
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("key", &self.key)
            .field("may_recur", &self.may_recur)
            .field("event", &self.event)
            .field("order", &self.order)
            .field("at", &self.at)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .field("meaning", &self.meaning)
            .finish()
    }
}

/// What follows from a push.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// This is the order as it was.
    Order(Box<Order>, Version),
    /// The order changed, and the push does not contain it: it is to be requested.
    Due,
    /// This happened to the amounts of the order.
    Adjustment(Box<Adjustment>),
    /// Nothing that is known.
    Nothing,
    /// The push could not be read, and why.
    Unread(String),
}

/// What decides whether the order of a push is newer than a stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Version {
    /// [`Order::updated_at`] of both.
    Updated,
    /// The order is as it was at this time, by the vendor's clock; a stored one, as when it was requested.
    At(DateTime<Utc>),
    /// Nothing: such a push never takes the place of a stored order.
    Untimed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_push_does_not_show_its_bytes() {
        let push = Push::new(
            "event_1",
            "order.paid",
            Bytes::from_static(b"ada@example.com"),
        );
        let shown = format!("{push:?}");
        assert!(
            shown.contains("event_1") && shown.contains("15 bytes"),
            "{shown}"
        );
        assert!(!shown.contains("ada@"), "{shown}");
    }
}
