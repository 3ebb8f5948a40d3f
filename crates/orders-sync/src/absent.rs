//! Orders that the vendor says it does not have: when that is believed. A deleted order is rare; a service that answers
//! "no such order" to everything, or a list that is empty for an hour, is not.

use std::collections::HashSet;

use chrono::TimeDelta;
use orders_core::{OrderRef, Slice, Walk};

use crate::SyncError;
use crate::engine::{Put, Run};
use crate::store::Missing;

/// The kind of a gap of orders that are not there, and are not believed to be gone.
pub(crate) const NOT_FOUND: &str = "not_found";

/// So many are believed to be gone where nothing else was found.
const ALONE: usize = 3;
/// So many are believed to be gone at once, or a tenth of all, if that is more.
const AT_ONCE: usize = 20;

/// What is still not there after this time is gone.
const LONG: TimeDelta = TimeDelta::days(7);

/// How many orders may be gone at once, of so many stored, where a pass has shown so many.
pub(crate) fn most_at_once(live: u64, shown: u64) -> usize {
    match shown {
        0 => ALONE,
        _ => usize::try_from(live / 10).map_or(usize::MAX, |tenth| tenth.max(AT_ONCE)),
    }
}

/// What is made of absent orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Belief {
    Gone,
    /// Decided at the end of the job, when it is known how many they are.
    Held,
    Doubted,
}

/// The absent orders of one job.
#[derive(Debug, Default)]
pub(crate) struct Absent {
    /// Since an order was found.
    pub(crate) in_a_row: usize,
    /// Whether the last batch found any.
    some_found: bool,
    /// Believed to be gone.
    gone: usize,
    /// Of a pass: not decided yet.
    pub(crate) held: Vec<String>,
    /// How many may be held; `Some(None)`: all are believed.
    pub(crate) most: Option<Option<usize>>,
    /// The last order asked for, while some are held: a killed run asks for them again.
    last: Option<String>,
}

impl Absent {
    pub(crate) fn behind(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Whether some are held, so that the place of the job stays before them; notes the last order asked for.
    pub(crate) fn holds(&mut self, last: Option<&String>) -> bool {
        if self.held.is_empty() {
            return false;
        }
        self.last = last.cloned();
        true
    }

    /// Whether more are held than are believed to be gone at once.
    pub(crate) fn is_enough(&self) -> bool {
        self.most
            .flatten()
            .is_some_and(|most| self.held.len() > most)
    }

    /// A batch of look-ups found so many.
    pub(crate) fn found(&mut self, orders: usize) {
        self.some_found = orders > 0;
        if self.some_found {
            self.in_a_row = 0;
        }
    }

    /// A batch of look-ups with so many absent.
    pub(crate) fn believes(&mut self, absent: usize, most: usize) -> Belief {
        if !self.some_found {
            self.in_a_row += absent;
        }
        if self.in_a_row > ALONE || self.gone + absent > most {
            return Belief::Doubted;
        }
        self.gone += absent;
        Belief::Gone
    }

    /// A batch of look-ups of what a pass did not show.
    pub(crate) fn believes_unseen(&mut self, absent: &[OrderRef], most: Option<usize>) -> Belief {
        self.most = Some(most);
        if most.is_none() {
            return Belief::Gone;
        }
        self.held
            .extend(absent.iter().map(|order| order.id.clone()));
        Belief::Held
    }
}

impl Run<'_> {
    /// How many of the orders that a pass did not show are believed to be gone; `None` for all: they are few, or an
    /// earlier run has seen the same.
    pub(crate) fn most_unseen(&mut self, mark: u64) -> Result<Option<usize>, SyncError> {
        let account = self.source.account();
        let (live, shown) = (self.store.live(account)?, self.store.marked(account, mark)?);
        let most = most_at_once(live, shown);
        let few = live.saturating_sub(shown) <= most as u64;
        let before = self.doubted_pass()?;
        Ok((!few && before != Some(true)).then_some(most))
    }

    /// Whether a pass is in doubt for what it did not show: `true` since an earlier run, `false` since this one.
    pub(crate) fn doubted_pass(&self) -> Result<Option<bool>, SyncError> {
        let gaps = self.store.gaps(self.source.account())?;
        let doubted = gaps.iter().find(|gap| {
            let pass = matches!(&gap.missing, Missing::Slice(slice) if slice.walk == Walk::Pages && slice.partition.is_none());
            pass && gap.kind == NOT_FOUND
        });
        Ok(doubted.map(|gap| Some(gap.first_at) < self.summary.started_at))
    }

    /// The orders that the vendor has not known for so long that it is believed: no outage lasts a week.
    pub(crate) fn long_doubted(&self) -> Result<HashSet<String>, SyncError> {
        let now = self.tools.clock.now();
        let gaps = self.store.gaps(self.source.account())?.into_iter();
        let long = gaps.filter(|gap| gap.kind == NOT_FOUND && now - gap.first_at >= LONG);
        Ok(long
            .filter_map(|gap| match gap.missing {
                Missing::Order(order) => Some(order.id),
                Missing::Slice(_) => None,
            })
            .collect())
    }

    /// Calls nothing gone: the next run passes again, and what says the same twice is believed.
    pub(crate) fn doubt_pass(&mut self, absent: usize) -> Result<(), SyncError> {
        let live = self.store.live(self.source.account())?;
        let reason = format!(
            "at least {absent} of {live} orders are not at the vendor any more: not believed until the next full pass says the same"
        );
        self.summary.notes.push(reason.clone());
        let gap = (Missing::Slice(Slice::pass()), NOT_FOUND.to_owned(), reason);
        self.commit(&Put {
            gaps: &[gap],
            ..Put::default()
        })?;
        Ok(())
    }
}
