//! When an order counts as deleted at the vendor. A deleted order is rare; a service that answers "no such order" to
//! everything, or a list that is empty for an hour, is not.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{OrderRef, Slice};

use crate::batch::{Batch, NewGap};
use crate::committer::Committer;
use crate::error::SyncError;
use crate::gap::{Gap, Missing};

/// The kind of a gap of orders that the vendor does not have, and that do not count as deleted yet.
pub(crate) const NOT_FOUND: &str = "not_found";

/// How many orders may be declared deleted when the run found nothing else.
const ALONE: usize = 3;
/// How many orders may be declared deleted at once; or a tenth of all, if that is more.
const AT_ONCE: usize = 20;
/// An order that the vendor has not had for so long is deleted: no outage lasts a week.
const LONG: TimeDelta = TimeDelta::days(7);

/// How many of so many stored orders may be deleted at once, where a scan has shown so many.
pub(crate) fn most_at_once(live: u64, shown: u64) -> usize {
    match shown {
        0 => ALONE,
        _ => usize::try_from(live / 10).map_or(usize::MAX, |tenth| tenth.max(AT_ONCE)),
    }
}

/// What becomes of orders that the vendor does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletionDecision {
    /// They are deleted.
    Confirmed,
    /// Decided at the end of the job, when it is known how many they are.
    Pending,
    /// Too many at once: each becomes a gap.
    Suspect,
}

/// The absent orders of one job of look-ups.
#[derive(Debug, Default)]
pub(crate) struct Absent {
    /// Absent orders since one was found.
    in_a_row: usize,
    /// Whether the last batch found any.
    some_found: bool,
    /// How many are declared deleted.
    deleted: usize,
    /// Missing from a scan, and not decided yet.
    pending: Vec<String>,
    /// How many may be pending; `Some(None)`: all are deleted.
    most: Option<Option<usize>>,
    /// The last order looked up, while some are pending: a killed run looks them up again.
    last: Option<String>,
}

impl Absent {
    /// The order behind which the next batch begins, while some are pending.
    pub(crate) fn behind(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Whether some are pending, so that the place of the job stays before them; notes the last order looked up.
    pub(crate) fn holds(&mut self, last: Option<&String>) -> bool {
        if self.pending.is_empty() {
            return false;
        }
        self.last = last.cloned();
        true
    }

    /// Whether more are pending than may be deleted at once.
    fn is_suspect(&self) -> bool {
        self.most
            .flatten()
            .is_some_and(|most| self.pending.len() > most)
    }

    /// A batch of look-ups found so many.
    fn found(&mut self, orders: usize) {
        self.some_found = orders > 0;
        if self.some_found {
            self.in_a_row = 0;
        }
    }

    /// Decides about a batch of look-ups with so many absent.
    fn decide(&mut self, absent: usize, most: usize) -> DeletionDecision {
        if !self.some_found {
            self.in_a_row += absent;
        }
        if self.in_a_row > ALONE || self.deleted + absent > most {
            return DeletionDecision::Suspect;
        }
        self.deleted += absent;
        DeletionDecision::Confirmed
    }

    /// Decides about a batch of look-ups of what a scan did not show.
    fn decide_missing(&mut self, absent: &[OrderRef], most: Option<usize>) -> DeletionDecision {
        self.most = Some(most);
        if most.is_none() {
            return DeletionDecision::Confirmed;
        }
        self.pending
            .extend(absent.iter().map(|order| order.id.clone()));
        DeletionDecision::Pending
    }
}

/// What a batch of look-ups decided about absent orders.
#[derive(Default)]
pub(crate) struct Decided {
    pub(crate) deleted: Vec<OrderRef>,
    pub(crate) suspect: Vec<OrderRef>,
    /// Why the suspect ones do not count as deleted.
    pub(crate) reason: String,
}

/// Decides what becomes of the orders that the vendor does not have. `found`: how many the batch found. `mark`: that of
/// the scan that did not show them, where one did not.
pub(crate) fn decide(
    committer: &mut Committer<'_>,
    absent: &mut Absent,
    found: usize,
    missing: Vec<OrderRef>,
    mark: Option<u64>,
) -> Result<Decided, SyncError> {
    let mut decided = Decided::default();
    if missing.is_empty() {
        absent.found(found);
        return Ok(decided);
    }
    let decision = match mark {
        Some(mark) => {
            // Counting the marks reads all orders: once a job.
            let most = match absent.most {
                Some(most) => most,
                None => most_missing(committer, mark)?,
            };
            absent.decide_missing(&missing, most)
        }
        None => {
            absent.found(found);
            let most = most_at_once(committer.live()?, 1);
            absent.decide(missing.len(), most)
        }
    };
    match decision {
        DeletionDecision::Confirmed => decided.deleted = missing,
        DeletionDecision::Pending => {}
        DeletionDecision::Suspect => {
            let long = long_suspect(committer)?;
            let is_long = |order: &OrderRef| long.contains(&order.id);
            let many = absent.in_a_row.max(missing.len());
            (decided.deleted, decided.suspect) = missing.into_iter().partition(is_long);
            decided.reason = format!(
                "the vendor has none of {many} orders that were looked up: they do not count as deleted yet"
            );
        }
    }
    Ok(decided)
}

/// How many of the orders that a scan did not show may be deleted; `None` for all: they are few, or an earlier run has
/// seen the same.
pub(crate) fn most_missing(
    committer: &mut Committer<'_>,
    mark: u64,
) -> Result<Option<usize>, SyncError> {
    let shown = committer.shown(mark)?;
    let live = committer.live()?;
    let most = most_at_once(live, shown);
    let few = live.saturating_sub(shown) <= most as u64;
    Ok((!few && suspect_scan(committer)? != Some(Since::EarlierRun)).then_some(most))
}

/// Since when a scan is suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    EarlierRun,
    ThisRun,
}

/// Whether a full scan is suspect for what it did not show.
pub(crate) fn suspect_scan(committer: &Committer<'_>) -> Result<Option<Since>, SyncError> {
    let gaps = committer.gaps()?;
    let suspect = gaps
        .iter()
        .find(|gap| gap.kind == NOT_FOUND && gap.missing.is_whole_list());
    Ok(
        suspect.map(|gap| match gap.first_at < committer.started_at() {
            true => Since::EarlierRun,
            false => Since::ThisRun,
        }),
    )
}

/// The orders that the vendor has not had for long.
fn long_suspect(committer: &Committer<'_>) -> Result<HashSet<String>, SyncError> {
    let now: DateTime<Utc> = committer.now();
    let gaps = committer.gaps()?.into_iter();
    let long = gaps.filter(|gap: &Gap| gap.kind == NOT_FOUND && now - gap.first_at >= LONG);
    Ok(long
        .filter_map(|gap| match gap.missing {
            Missing::Order(order) => Some(order.id),
            Missing::Slice(_) | Missing::Record(_) => None,
        })
        .collect())
}

/// Marks nothing as deleted: the next run scans again, and two scans must agree. Answers a note for people.
pub(crate) fn suspect_all(
    committer: &mut Committer<'_>,
    absent: usize,
) -> Result<String, SyncError> {
    let live = committer.live()?;
    let reason = format!(
        "at least {absent} of {live} orders are missing at the vendor: they count as deleted when the next full scan shows the same"
    );
    let gap = NewGap::new(Missing::Slice(Slice::pass()), NOT_FOUND, &reason);
    committer.commit(&Batch {
        gaps: &[gap],
        ..Batch::default()
    })?;
    Ok(reason)
}

/// Ends the look-ups of what a scan did not show where too many are missing: answers a note for people.
pub(crate) fn end_if_suspect(
    committer: &mut Committer<'_>,
    absent: &Absent,
) -> Result<Option<String>, SyncError> {
    match absent.is_suspect() {
        true => suspect_all(committer, absent.pending.len()).map(Some),
        false => Ok(None),
    }
}

/// Ends the look-ups of a job: what is pending is deleted. `missing`: whether a scan did not show them.
pub(crate) fn end(
    committer: &mut Committer<'_>,
    absent: Absent,
    missing: bool,
) -> Result<(), SyncError> {
    let mut filled = Vec::new();
    if missing && suspect_scan(committer)?.is_some() {
        filled.push(Missing::Slice(Slice::pass()));
    }
    if !absent.pending.is_empty() || !filled.is_empty() {
        committer.commit(&Batch {
            gone: &absent.pending,
            filled: &filled,
            ..Batch::default()
        })?;
    }
    Ok(())
}
