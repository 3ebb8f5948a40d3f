//! One answer of a vendor.

use chrono::{DateTime, Utc};

use crate::{Cursor, Order, Unreadable};

/// One answer of the vendor, with orders in the common vocabulary or of the vendor's own type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T = Order> {
    /// The orders, in the vendor's order.
    pub orders: Vec<T>,
    /// The records that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Where the next page begins; `None`: the slice ends here.
    pub next: Option<Cursor>,
    /// How many orders the vendor says there are in all.
    pub total: Option<u64>,
    /// Whether the page holds as many rows as were requested, so that more may exist.
    pub full: bool,
    /// How many rows the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// When the vendor made the answer, by its own clock: the `Date` of its reply, in whole seconds.
    pub answered_at: Option<DateTime<Utc>>,
}

impl<T> Page<T> {
    /// A page that is the only one of its slice: no further page, no total, not full.
    #[must_use]
    pub fn new(orders: Vec<T>) -> Self {
        Self {
            sent: orders.len(),
            orders,
            unreadable: Vec::new(),
            next: None,
            total: None,
            full: false,
            answered_at: None,
        }
    }

    /// Adds the records that could not be read, and counts them as sent.
    #[must_use]
    pub fn with_unreadable(mut self, unreadable: Vec<Unreadable>) -> Self {
        self.sent += unreadable.len();
        self.unreadable.extend(unreadable);
        self
    }

    /// Sets where the next page begins.
    #[must_use]
    pub fn with_next(mut self, next: Option<Cursor>) -> Self {
        self.next = next;
        self
    }

    /// Sets how many orders the vendor says there are in all.
    #[must_use]
    pub fn with_total(mut self, total: Option<u64>) -> Self {
        self.total = total;
        self
    }

    /// Sets whether the page holds as many rows as were requested.
    #[must_use]
    pub fn with_full(mut self, full: bool) -> Self {
        self.full = full;
        self
    }

    /// Sets how many rows the vendor sent, where `null` rows make them more than the orders and unreadable records.
    #[must_use]
    pub fn with_sent(mut self, sent: usize) -> Self {
        self.sent = sent;
        self
    }

    /// Sets when the vendor made the answer, by its own clock.
    #[must_use]
    pub fn with_answered_at(mut self, answered_at: Option<DateTime<Utc>>) -> Self {
        self.answered_at = answered_at;
        self
    }

    /// The same page with each order turned into something else.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            orders: self.orders.into_iter().map(change).collect(),
            unreadable: self.unreadable,
            next: self.next,
            total: self.total,
            full: self.full,
            sent: self.sent,
            answered_at: self.answered_at,
        }
    }
}
