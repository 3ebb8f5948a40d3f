//! What one commit stores.

use chrono::{DateTime, Utc};
use orders_core::{Account, Order};
use serde::{Deserialize, Serialize};

use crate::gap::Missing;

/// What one commit changes, beside the state: all of it or nothing. `Default` is nothing.
#[derive(Debug, Default)]
pub struct Batch<'a> {
    /// The orders, in the order in which they came; a later one of the same id is the newer version.
    pub orders: &'a [Order],
    /// The mark of the scan that showed these orders.
    pub mark: Option<u64>,
    /// Orders that the vendor no longer has.
    pub gone: &'a [String],
    /// A scan is proven complete: what does not carry its mark is gone, unless it was first seen after this time.
    pub gone_unless: Option<(u64, DateTime<Utc>)>,
    /// Gaps found (or found again): what is missing, the kind of the failure, and the reason.
    pub gaps: &'a [(Missing, String, String)],
    /// Gaps that are filled.
    pub filled: &'a [Missing],
}

/// Where and when a commit belongs, and the state of the account after it.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// The account.
    pub account: &'a Account,
    /// The run, as [`Store::begin_run`](crate::Store::begin_run) answered.
    pub run: i64,
    /// When, UTC.
    pub now: DateTime<Utc>,
    /// The state, as text. The store does not read it.
    pub state: &'a str,
}

/// What became of the orders of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Orders not stored before.
    pub new: u64,
    /// Orders whose content changed.
    pub changed: u64,
    /// Orders stored before with the same content.
    pub unchanged: u64,
    /// Different orders that did not carry the mark of the batch before: so a scan is counted as it goes.
    #[serde(skip)]
    pub marked: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.marked += other.marked;
    }
}
