//! What one commit stores.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Account, Error, Order, OrderRef, Slice, Unreadable, Window};
use serde::{Deserialize, Serialize};

use crate::gap::Missing;
use crate::hash::{content_hash, short_hash, view_hash};

/// What the id of an order begins with that has neither an id nor a key; the hash of its text follows, and the number of
/// the order among those of the same text on its page, from the second on (`/2`).
const BY_TEXT: &str = "content:";

/// The longest id or key of an order, in bytes: the index of a database can hold it.
const LONGEST: usize = 1024;

/// Whether the vendor can be asked for this one order: it has an id of its own, or a program and a number.
pub(crate) fn can_be_looked_up(order: &OrderRef) -> bool {
    let by_number = order.program_id.is_some() && order.number.is_some();
    !order.id.starts_with(BY_TEXT) && (!order.is_by_key() || by_number)
}

/// An order that came, with the hash of its text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    /// The order. Its id is never empty: an order without one is known by its text.
    pub order: Order,
    /// The SHA-256 of the raw text (of the common view, where there is no raw text), in lower-case hex.
    pub content_hash: String,
    /// A hash of all that the mapping made of it.
    pub(crate) view_hash: i64,
}

impl Received {
    /// Hashes an order.
    #[must_use]
    pub fn new(mut order: Order) -> Self {
        if order.id.is_empty() {
            order.id = format!("{BY_TEXT}{:016x}", short_hash([&*order.raw]));
        }
        let content_hash = content_hash(&text(&order));
        let view_hash = view_hash(&order);
        Self {
            order,
            content_hash,
            view_hash,
        }
    }
}

/// The text of an order that is kept: as it came, or where the source sends none the order in the common vocabulary.
pub(crate) fn text(order: &Order) -> Bytes {
    match order.raw.is_empty() {
        // An order is made of strings, numbers and lists: writing it as JSON cannot fail.
        true => serde_json::to_vec(order).unwrap_or_default().into(),
        false => order.raw.clone(),
    }
}

/// The orders of one page. Of those that have neither an id nor a key, the ones of the same text are different orders: they
/// are numbered from the second on, as the reader tells them apart.
pub(crate) fn received(orders: Vec<Order>) -> Vec<Received> {
    let mut alike: HashMap<String, u64> = HashMap::new();
    let number = |order: Order| {
        let by_text = order.id.is_empty();
        let mut received = Received::new(order);
        if by_text {
            let id = &mut received.order.id;
            let count = alike.entry(id.clone()).or_default();
            *count += 1;
            if *count > 1 {
                *id = format!("{id}/{count}");
            }
        }
        received
    };
    orders.into_iter().map(number).collect()
}

/// The unreadable records that can be read now, as the orders that they are. One without an id stays unreadable while its
/// text names none: its list gives it as unreadable each time.
pub(crate) fn read_again(
    records: Vec<Unreadable>,
    read: impl Fn(&Bytes) -> Option<Order>,
) -> Vec<Received> {
    let orders = records.into_iter().filter_map(|record| {
        let order = read(&record.raw)?;
        let same = match record.id {
            Some(id) => id == order.id,
            None => !order.id.is_empty(),
        };
        same.then(|| Received::new(order))
    });
    orders.collect()
}

/// The attempt at a counted list that shows the rows of a batch, as numbers that are written to the rows.
///
/// An attempt has two numbers: `attempt` for most rows, and `attempt + 1` for those that no earlier attempt of the scan
/// showed although they were created before `cutoff` (or at an unknown time).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanMark {
    /// The number of the first attempt of the scan.
    pub scan: u64,
    /// The number of the attempt with which counting began.
    pub generation: u64,
    /// The number of this attempt.
    pub attempt: u64,
    /// When the attempt before this one began; `None` in the first.
    pub cutoff: Option<DateTime<Utc>>,
}

impl ScanMark {
    /// The number for a row that carried `before` and was created at `created`.
    #[must_use]
    pub fn number(&self, before: Option<u64>, created: Option<DateTime<Utc>>) -> u64 {
        match before.filter(|before| (self.scan..=self.last()).contains(before)) {
            Some(before) if before >= self.attempt => before,
            Some(_) => self.attempt,
            None => {
                let old = |cutoff| created.is_none_or(|created| created < cutoff);
                self.attempt + u64::from(self.cutoff.is_some_and(old))
            }
        }
    }

    /// The last number of this attempt.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.attempt + 1
    }
}

/// Which unreadable records the reading of a slice has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those that came in this run, in which the reading began, or in a later one.
    SinceRun(i64),
    /// Those that carry this number or a later one: see [`ScanMark`].
    SinceMark(u64),
}

/// A reading that is done: which stored orders it should have shown. Never those that first came since it began, nor
/// those that are gone.
#[derive(Clone, Debug)]
pub struct DoneReading {
    /// When it began.
    pub began: DateTime<Utc>,
    /// What it should have shown.
    pub of: ReadingOf,
}

/// What a reading should have shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadingOf {
    /// The whole list: orders without a number from `mark` on were not shown.
    List {
        /// The first number of the scan that counts: see [`ScanMark`].
        mark: u64,
        /// Whether the vendor's total proves it. Where none does, it shows nothing of orders without an id of their own.
        proven: bool,
    },
    /// The orders created in a window.
    Created(Window),
    /// The orders whose time of update, as stored, lies in a window.
    Updated(Window),
    /// Everything that changed in a window that ends now: orders of unknown time of update that were created in it.
    Changed(Window),
    /// The orders of these customers.
    Customers(Vec<String>),
}

/// A gap that was found, or found again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewGap {
    /// What is missing.
    pub missing: Missing,
    /// The kind of the failure, as [`orders_core::ErrorKind::as_str`].
    pub kind: String,
    /// The JSON path of the value that failed, where one did.
    pub path: Option<String>,
    /// The failure, for an operator.
    pub reason: String,
}

impl NewGap {
    /// A gap of some kind.
    #[must_use]
    pub fn new(missing: Missing, kind: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            missing,
            kind: kind.into(),
            path: None,
            reason: reason.into(),
        }
    }

    /// The gap that a failure leaves.
    #[must_use]
    pub fn of(missing: Missing, error: &Error) -> Self {
        Self {
            path: error.path().map(str::to_owned),
            ..Self::new(missing, error.kind().as_str(), error.to_string())
        }
    }
}

/// What one commit changes, beside the state: all of it or nothing. `Default` is nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The orders, in the order in which they came; a later one of the same id is the newer version.
    pub orders: Vec<Received>,
    /// When the request was sent that brought these orders: a version that was pushed since is newer. `None`: just now.
    pub requested_at: Option<DateTime<Utc>>,
    /// Records that came and could not be read: the store keeps their texts, and a gap for each.
    pub unreadable: Vec<Unreadable>,
    /// The slice that showed these records, to be read again; `None`: a look-up.
    pub piece: Option<Slice>,
    /// A slice that was read to its end: its records that this reading did not show are closed. They changed, and what
    /// they are now is an order, or another record.
    pub ended: Option<(Slice, Shown)>,
    /// The scan that showed these orders and records.
    pub mark: Option<ScanMark>,
    /// A reading that is done. Orders that it should have shown and did not are noted: see [`Store::unshown`](crate::Store::unshown).
    pub read: Option<DoneReading>,
    /// Orders noted so that the vendor does not have, or cannot be asked for: they are doubted.
    pub absent: Vec<String>,
    /// Orders that count as deleted at the vendor.
    pub gone: Vec<String>,
    /// Gaps found, or found again.
    pub gaps: Vec<NewGap>,
    /// Gaps that are filled.
    pub filled: Vec<Missing>,
}

impl Batch {
    /// Orders whose id or key is too long for an index become unreadable records: no neighbour fails with them.
    pub(crate) fn bounded(mut self) -> Self {
        let key = |order: &Order| order.key.as_ref().is_some_and(|key| key.len() > LONGEST);
        let too_long = |it: &mut Received| it.order.id.len() > LONGEST || key(&it.order);
        let unreadable = self.orders.extract_if(.., too_long).map(|it| {
            let reason = format!("an id of more than {LONGEST} bytes");
            Unreadable::new("id", reason, text(&it.order))
        });
        self.unreadable.extend(unreadable);
        for record in &mut self.unreadable {
            record.id.take_if(|id| id.len() > LONGEST);
        }
        self
    }
}

/// Where and when a commit belongs, and the state of the account after it.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The account.
    pub account: Account,
    /// The run, as [`Store::begin_run`](crate::Store::begin_run) answered.
    pub run: i64,
    /// When, UTC.
    pub now: DateTime<Utc>,
    /// The mapping that made the orders: [`orders_core::OrderSource::mapping_version`].
    pub mapping: u32,
    /// The state, as text. The store does not read it.
    pub state: String,
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
    /// Orders that are deleted at the vendor now, and were not before.
    #[serde(default)]
    pub gone: u64,
    /// Orders that were deleted or doubted, and came back.
    #[serde(default)]
    pub back: u64,
    /// Orders that came with the id of another order: stored as orders of their own.
    #[serde(skip)]
    pub reused: u64,
    /// Different rows, unreadable ones included, that the scan had not shown before.
    #[serde(skip)]
    pub marked: Marked,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.gone += other.gone;
        self.back += other.back;
        self.reused += other.reused;
    }
}

/// How many different rows a scan has shown, unreadable ones included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Since counting began.
    pub generation: u64,
    /// In this attempt.
    pub attempt: u64,
    /// In this attempt, and in no earlier one although they existed: see [`ScanMark`].
    pub late: u64,
}

impl Marked {
    pub(crate) fn add(&mut self, other: Self) {
        self.generation += other.generation;
        self.attempt += other.attempt;
        self.late += other.late;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_an_id_is_no_order_until_its_text_names_one() {
        let records = || vec![Unreadable::new("rows[1].id", "no id", Bytes::new())];
        for (id, read) in [("", 0), ("7", 1)] {
            let found = read_again(records(), |_| Some(Order::new("sim", "main", id)));
            assert_eq!(found.len(), read, "{id:?}");
        }
    }
}
