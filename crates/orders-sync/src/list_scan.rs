//! What is remembered while a counted list is read, beside the position in it.

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::Cursor;
use orders_reader::Position;
use serde::{Deserialize, Serialize};

use crate::batch::{Received, ScanMark};
use crate::sort_order::SortOrder;

/// How many marks a scan has: two for each of its attempts.
pub(crate) const MARKS: u64 = 32;

/// Where a page of a list begins, and how many rows the vendor sent before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) cursor: Option<Cursor>,
    pub(crate) sent: u64,
}

/// A scan of a counted list, or of its tail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListScan {
    /// The first of its [`MARKS`].
    mark: u64,
    /// Only the tail is read.
    pub(crate) tail_only: bool,
    /// The tail is read down to orders created before this.
    until: Option<DateTime<Utc>>,
    pub(crate) sort_order: SortOrder,
    /// The creation time of the first row of the page before.
    first: Option<DateTime<FixedOffset>>,
    /// Where the page before the last one begins, and the last: the tail of an oldest-first list.
    pub(crate) tail: Option<Place>,
    last: Option<Place>,
    /// The most rows on one page.
    pub(crate) page_rows: u64,
}

impl ListScan {
    /// A scan with these marks.
    pub(crate) fn begin(mark: u64) -> Self {
        Self {
            mark,
            tail_only: false,
            until: None,
            sort_order: SortOrder::default(),
            first: None,
            tail: None,
            last: None,
            page_rows: 0,
        }
    }

    /// A scan of the tail, down to orders created before `until`.
    pub(crate) fn tail(mark: u64, until: Option<DateTime<Utc>>) -> Self {
        Self {
            tail_only: true,
            until,
            ..Self::begin(mark)
        }
    }

    /// The mark of the rows that the current attempt shows.
    pub(crate) fn mark(&self, position: &Position) -> ScanMark {
        let of = |attempt: u32| self.mark + (2 * u64::from(attempt - 1)).min(MARKS - 2);
        ScanMark {
            scan: self.mark,
            generation: of(position.generation()),
            attempt: of(position.attempt()),
            cutoff: position.cutoff(),
        }
    }

    /// Notes a page of so many rows, which began at `place`; whether the tail is read with it.
    pub(crate) fn note(&mut self, place: Place, sent: u64, orders: &[Received]) -> bool {
        self.page_rows = self.page_rows.max(sent);
        if sent > 0 {
            (self.tail, self.last) = (self.last.take(), Some(place));
        }
        let created = orders.iter().map(|received| received.order.created_at);
        let created: Vec<_> = created.collect();
        self.sort_order.note(&mut self.first, &created);
        let older = |until| created.iter().all(|at| at.is_some_and(|at| at < until));
        !created.is_empty() && self.until.is_some_and(older)
    }

    /// The list is read again from its first page.
    pub(crate) fn begin_attempt(&mut self) {
        (self.first, self.tail, self.last) = (None, None, None);
    }

    /// The scan ended before the end of the list: what was noted last is not its tail.
    pub(crate) fn ended_early(&mut self) {
        self.tail = None;
    }
}
