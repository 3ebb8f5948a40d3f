//! The store and the state: what a run changes goes through one commit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use orders_core::Account;

use crate::batch::{Batch, Commit, Counts};
use crate::context::Context;
use crate::error::SyncError;
use crate::gap::{Gap, Missing};
use crate::point::Point;
use crate::state::State;
use crate::store::Store;
use crate::summary::Summary;

/// Owns the store and the state of a run, and counts what is stored.
pub(crate) struct Committer<'a> {
    context: &'a Context,
    store: &'a mut dyn Store,
    pub(crate) state: State,
    run: i64,
    started_at: DateTime<Utc>,
    /// Orders that came, each time one came.
    pub(crate) pulled: u64,
    counts: Counts,
    /// How many orders carry the mark of a scan under way, once the store was asked.
    marked: HashMap<u64, u64>,
}

impl<'a> Committer<'a> {
    /// Begins a run.
    pub(crate) fn begin(
        context: &'a Context,
        store: &'a mut dyn Store,
        state: State,
        started_at: DateTime<Utc>,
    ) -> Result<Self, SyncError> {
        let run = store.begin_run(&state.account, started_at)?;
        context.failpoints.pass(Point::RunBegun)?;
        Ok(Self {
            context,
            store,
            state,
            run,
            started_at,
            pulled: 0,
            counts: Counts::default(),
            marked: HashMap::new(),
        })
    }

    /// The store, to be read.
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn account(&self) -> &Account {
        &self.state.account
    }

    /// Stores a batch and the state in one step.
    pub(crate) fn commit(&mut self, batch: &Batch<'_>) -> Result<(), SyncError> {
        let text = self.state.text()?;
        let at = Commit {
            account: &self.state.account,
            run: self.run,
            now: self.now(),
            state: &text,
        };
        let failpoints = &*self.context.failpoints;
        let counts = self.store.commit(&at, batch, failpoints)?;
        self.pulled += batch.orders.len() as u64;
        self.counts.add(counts);
        if let Some(marked) = batch.mark.and_then(|mark| self.marked.get_mut(&mark)) {
            *marked += counts.marked;
        }
        failpoints.pass(Point::Committed)
    }

    /// Commits the state alone.
    pub(crate) fn save(&mut self) -> Result<(), SyncError> {
        self.commit(&Batch::default())
    }

    /// How many different orders carry a mark.
    pub(crate) fn marked(&mut self, mark: u64) -> Result<u64, SyncError> {
        if let Some(marked) = self.marked.get(&mark) {
            return Ok(*marked);
        }
        // The store reads all orders for this: once a mark, not once a page.
        let marked = self.store.marked(&self.state.account, mark)?;
        self.marked.insert(mark, marked);
        Ok(marked)
    }

    /// Counting starts anew.
    pub(crate) fn forget_marked(&mut self) {
        self.marked.clear();
    }

    pub(crate) fn gaps(&self) -> Result<Vec<Gap>, SyncError> {
        self.store.gaps(self.account())
    }

    /// How many orders are stored and not deleted.
    pub(crate) fn live(&self) -> Result<u64, SyncError> {
        self.store.live(self.account())
    }

    /// What is missing now.
    pub(crate) fn missing(&self) -> Result<Vec<Missing>, SyncError> {
        Ok(self.gaps()?.into_iter().map(|gap| gap.missing).collect())
    }

    /// The time now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }

    /// When the run began.
    pub(crate) fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// Notes in the store how the run ended.
    pub(crate) fn end(self, mut summary: Summary) -> Result<Summary, SyncError> {
        self.context.failpoints.pass(Point::RunEnding)?;
        summary.provider.clone_from(&self.state.account.provider);
        summary.account.clone_from(&self.state.account.label);
        summary.started_at = Some(self.started_at);
        summary.ended_at = Some(self.now());
        summary.pulled = self.pulled;
        summary.counts = self.counts;
        summary.gaps = self.gaps()?.len() as u64;
        summary.watermark = self.state.watermark;
        self.store.end_run(self.run, &summary)?;
        Ok(summary)
    }
}
