//! The seam between the engine and where orders are kept.

use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use orders_core::{Account, Order, OrderRef, Slice, Unreadable, Window};
use serde::Serialize;

use crate::batch::{Batch, Commit, Counts};
use crate::error::SyncError;
use crate::failpoints::Failpoints;
use crate::gap::Gap;
use crate::summary::{Status, Summary};

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
    /// Doubted orders, terminal or not, that one more reading decides.
    Doubted {
        /// Doubted at or before this.
        doubted_until: DateTime<Utc>,
    },
}

/// Where orders and the state of their pull are kept. One instance serves one run at a time.
///
/// The contract: [`commit`](Self::commit) stores orders, marks and state in one transaction; where that is impossible,
/// orders and marks are flushed to disk before the state is. So what the state says was read is always there.
///
/// The methods block for as long as a write to a local file takes.
pub trait Store: Send {
    /// Locks the account for this run. Dropping the store, or the end of the process in any way, unlocks it.
    ///
    /// # Errors
    /// `Locked` while another run has it.
    fn lock(&mut self, account: &Account) -> Result<(), SyncError>;

    /// Unlocks the account.
    fn unlock(&mut self, account: &Account);

    /// The state of the account, as committed last.
    ///
    /// # Errors
    /// What the store failed with.
    fn state(&self, account: &Account) -> Result<Option<String>, SyncError>;

    /// Discards the state of the account, with its gaps and the marks of its scans: the next pull requests everything
    /// anew. Orders and history stay. All of it or nothing.
    ///
    /// # Errors
    /// What the store failed with; `Locked` while a run has the account.
    fn reset(&mut self, account: &Account) -> Result<(), SyncError>;

    /// Notes that a run begins. Answers its number.
    ///
    /// # Errors
    /// What the store failed with.
    fn begin_run(&mut self, account: &Account, now: DateTime<Utc>) -> Result<i64, SyncError>;

    /// Notes how a run ended.
    ///
    /// # Errors
    /// What the store failed with.
    fn end_run(&mut self, run: i64, summary: &Summary) -> Result<(), SyncError>;

    /// The latest time at which a run of the account began or ended; `None` before the first.
    ///
    /// # Errors
    /// What the store failed with.
    fn last_run(&self, account: &Account) -> Result<Option<DateTime<Utc>>, SyncError>;

    /// The watermark that the newest run left which ended at or before a time; `None` where there is none.
    ///
    /// # Errors
    /// What the store failed with.
    fn reached_by(
        &self,
        account: &Account,
        time: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, SyncError>;

    /// Stores a batch and the state after it; answers what became of its orders, [`Counts::marked`] included: together
    /// with [`marked`](Self::marked) it shows when a scan is complete.
    ///
    /// An order without an id of the vendor's ([`OrderRef::is_by_key`]) belongs to the row of its key, and one that has an
    /// id takes such a row over. One that has the id of another order ([`OrderRef::is_same_order`]) has a row of its own,
    /// and counts as [`Counts::reused`].
    ///
    /// An unreadable record is stored with its newest text, and leaves a [`Missing::Record`](crate::Missing::Record) gap. The gap is filled when
    /// an order of its id or of its text is stored. An accepted one is open again when the text changes.
    ///
    /// # Errors
    /// What the store failed with; then nothing of the batch counts as read.
    fn commit(
        &mut self,
        at: &Commit<'_>,
        batch: &Batch<'_>,
        failpoints: &dyn Failpoints,
    ) -> Result<Counts, SyncError>;

    /// How many different rows carry one of these numbers: orders, and open unreadable records of orders that are not
    /// stored. See [`ScanMark`](crate::ScanMark).
    ///
    /// # Errors
    /// What the store failed with.
    fn marked(&self, account: &Account, numbers: RangeInclusive<u64>) -> Result<u64, SyncError>;

    /// Some orders that a reading should have shown and did not, and that were not looked up since; by id, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    fn unshown(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError>;

    /// The newest orders that are not gone and have an id of their own, newest first, at most so many.
    ///
    /// # Errors
    /// What the store failed with.
    fn newest(&self, account: &Account, limit: usize) -> Result<Vec<OrderRef>, SyncError>;

    /// Some orders that are doubted, by id, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    fn doubted(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Doubted>, SyncError>;

    /// How many orders are doubted, beside how many others; `None` where none is.
    ///
    /// # Errors
    /// What the store failed with.
    fn doubts(&self, account: &Account) -> Result<Option<Doubts>, SyncError>;

    /// The user confirms that the doubted orders of an account are deleted. Answers how many are gone now.
    ///
    /// # Errors
    /// What the store failed with; `Locked` while a run has the account.
    fn confirm_gone(&mut self, account: &Account, now: DateTime<Utc>) -> Result<u64, SyncError>;

    /// The ids of some orders, each with the day (UTC) on which it was created; those of unknown creation are left out.
    ///
    /// # Errors
    /// What the store failed with.
    fn days(
        &self,
        account: &Account,
        ids: &[String],
    ) -> Result<Vec<(String, NaiveDate)>, SyncError>;

    /// Some orders that are not gone and have an id of their own, at most so many, spread over the account: the same ones
    /// for the same day, others on another day.
    ///
    /// # Errors
    /// What the store failed with.
    fn sample(
        &self,
        account: &Account,
        day: NaiveDate,
        limit: usize,
    ) -> Result<Vec<Sampled>, SyncError>;

    /// How many orders are stored and not gone.
    ///
    /// # Errors
    /// What the store failed with.
    fn live(&self, account: &Account) -> Result<u64, SyncError>;

    /// How many records could not be read whose orders are not stored, neither now nor in an earlier version.
    ///
    /// # Errors
    /// What the store failed with.
    fn unread(&self, account: &Account) -> Result<u64, SyncError>;

    /// How many orders created within a window are stored and not gone.
    ///
    /// # Errors
    /// What the store failed with.
    fn created(&self, account: &Account, window: Window) -> Result<u64, SyncError>;

    /// The offset from UTC in which the creation time of the newest order came; `None` where no order has one.
    ///
    /// # Errors
    /// What the store failed with.
    fn created_offset(&self, account: &Account) -> Result<Option<FixedOffset>, SyncError>;

    /// The gaps not filled yet, oldest first, the accepted ones included. However often a run finds one, it counts as
    /// one try.
    ///
    /// # Errors
    /// What the store failed with.
    fn gaps(&self, account: &Account) -> Result<Vec<Gap>, SyncError>;

    /// Accepts a gap that is not filled: it no longer makes a run incomplete, until what is missing changes. `false`
    /// where there is no such gap.
    ///
    /// # Errors
    /// What the store failed with.
    fn accept_gap(&mut self, id: i64, reason: &str, now: DateTime<Utc>) -> Result<bool, SyncError>;

    /// The records that could not be read, with their texts, whose orders were not read since.
    ///
    /// # Errors
    /// What the store failed with.
    fn unreadable(&self, account: &Account) -> Result<Vec<Unreadable>, SyncError>;

    /// The slices that showed open unreadable records which are due to be read again: a record may have been a passing
    /// failure of the vendor. One is due when about as much time has passed since it was last seen as had before, at most
    /// a week: by the next run, then after a day, two, four, and weekly. Not those that this run saw, and not accepted
    /// ones.
    ///
    /// # Errors
    /// What the store failed with.
    fn due_slices(
        &self,
        account: &Account,
        run: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Slice>, SyncError>;

    /// Some orders that are due, by id, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    fn due_orders(
        &self,
        account: &Account,
        filter: DueFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError>;

    /// The days (UTC) on which orders that are due were created, each with how many of them and how many orders in
    /// all; `None` for those of unknown creation.
    ///
    /// # Errors
    /// What the store failed with.
    fn due_days(&self, account: &Account, filter: DueFilter) -> Result<Vec<DueDay>, SyncError>;

    /// What is known of an account, for people.
    ///
    /// # Errors
    /// What the store failed with.
    fn status(&self, account: &Account) -> Result<Status, SyncError>;

    /// The accounts that have anything stored.
    ///
    /// # Errors
    /// What the store failed with.
    fn accounts(&self) -> Result<Vec<Account>, SyncError>;
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

/// A stored order that is compared with the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sampled {
    /// What finds it at the vendor.
    pub reference: OrderRef,
    /// The order, with the raw text.
    pub order: Order,
    /// The version of the mapping that read it.
    pub mapping: u32,
    /// Whether it is doubted.
    pub doubted: bool,
}

impl Sampled {
    /// A stored order that is not doubted.
    #[must_use]
    pub fn new(reference: OrderRef, order: Order, mapping: u32) -> Self {
        Self {
            reference,
            order,
            mapping,
            doubted: false,
        }
    }
}
