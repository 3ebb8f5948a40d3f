//! The store and the state: what a run changes goes through one commit.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use orders_core::{Account, OrderRef, OrderSource};
use tokio::time::Instant;

use crate::batch::{Batch, Commit, Counts, Marked, Received, ScanMark, read_again};
use crate::context::Context;
use crate::error::SyncError;
use crate::gap::{Gap, Missing};
use crate::point::Point;
use crate::state::State;
use crate::store::Store;
use crate::stored::{Doubted, Doubts};
use crate::summary::Summary;

/// So many batches are stored in one step, however few rows they have.
const BATCHES: usize = 50;
/// So many bytes of text, however few rows they are.
const BYTES: usize = 1 << 20;
/// What came waits no longer than this: a killed run requests it again.
const WAIT: Duration = Duration::from_secs(1);

/// What came and is not stored yet.
#[derive(Default)]
struct Waiting {
    batches: Vec<Batch>,
    rows: usize,
    bytes: usize,
    since: Option<Instant>,
    /// The state after the last batch.
    at: Option<Commit>,
}

impl Waiting {
    fn add(&mut self, batch: Batch, at: Commit) {
        self.rows += batch.orders.len() + batch.unreadable.len();
        let orders = batch.orders.iter().map(|it| it.order.raw.len());
        let unreadable = batch.unreadable.iter().map(|it| it.raw.len());
        self.bytes += orders.chain(unreadable).sum::<usize>();
        self.batches.push(batch);
        self.since.get_or_insert_with(Instant::now);
        self.at = Some(at);
    }

    fn is_full(&self, rows: usize) -> bool {
        self.rows >= rows || self.bytes >= BYTES || self.batches.len() >= BATCHES
    }
}

/// What is being stored.
struct Storing<'a> {
    done: BoxFuture<'a, Result<Vec<Counts>, SyncError>>,
    /// The mark of each batch.
    marks: Vec<Option<ScanMark>>,
    stored: Stored,
}

/// What one step stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub(crate) orders: usize,
    /// Orders of the run up to then, each time one came.
    pub(crate) pulled: u64,
}

/// Owns the store and the state of a run, and counts what is stored.
pub(crate) struct Committer<'a> {
    context: &'a Context,
    store: &'a Store,
    pub(crate) state: State,
    run: i64,
    mapping: u32,
    started_at: DateTime<Utc>,
    /// Orders that came, each time one came.
    pub(crate) pulled: u64,
    counts: Counts,
    waiting: Waiting,
    storing: Option<Storing<'a>>,
    /// What the attempts under way have shown, by their marks, once the store was asked.
    marked: HashMap<u64, Marked>,
}

impl<'a> Committer<'a> {
    /// Begins a run.
    pub(crate) async fn begin(
        context: &'a Context,
        store: &'a Store,
        state: State,
        mapping: u32,
        started_at: DateTime<Utc>,
    ) -> Result<Self, SyncError> {
        let run = store.begin_run(&state.account, started_at).await?;
        context.failpoints.pass(Point::RunBegun)?;
        Ok(Self {
            context,
            store,
            state,
            run,
            mapping,
            started_at,
            pulled: 0,
            counts: Counts::default(),
            waiting: Waiting::default(),
            storing: None,
            marked: HashMap::new(),
        })
    }

    /// The store, to be read.
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    pub(crate) fn account(&self) -> &Account {
        &self.state.account
    }

    /// Takes a batch and the state after it, to be stored together with others in one step.
    pub(crate) fn stage(&mut self, batch: Batch) -> Result<(), SyncError> {
        self.pulled += batch.orders.len() as u64;
        let at = Commit {
            account: self.state.account.clone(),
            run: self.run,
            now: self.now(),
            mapping: self.mapping,
            state: self.state.text()?,
        };
        self.waiting.add(batch.bounded(), at);
        Ok(())
    }

    /// When what waits has to be stored; `None`: nothing waits. At once, where it is as many rows.
    pub(crate) fn due(&self, rows: usize) -> Option<Instant> {
        let since = self.waiting.since?;
        Some(match self.waiting.is_full(rows) {
            true => since,
            false => since + WAIT,
        })
    }

    /// Whether something is being stored: until it is, nothing else of the store may be awaited.
    pub(crate) fn is_storing(&self) -> bool {
        self.storing.is_some()
    }

    /// Begins to store what waits, and the state as it was when the last of it was taken; [`stored`](Self::stored) does it.
    /// Where something is being stored, nothing begins.
    pub(crate) fn store_waiting(&mut self) {
        if self.is_storing() {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let Some(at) = waiting.at else {
            return;
        };
        let marks = waiting.batches.iter().map(|batch| batch.mark).collect();
        let orders = waiting.batches.iter().map(|batch| batch.orders.len()).sum();
        let (store, failpoints) = (self.store, Arc::clone(&self.context.failpoints));
        let done = Box::pin(async move {
            let mut counts = Vec::new();
            for (at, batches) in failpoints.instead(at, waiting.batches) {
                counts.extend(store.commit(at, batches, Arc::clone(&failpoints)).await?);
            }
            Ok(counts)
        });
        let pulled = self.pulled;
        self.storing = Some(Storing {
            done,
            marks,
            stored: Stored { orders, pulled },
        });
    }

    /// Waits for what is being stored. May be dropped, and called again.
    pub(crate) async fn stored(&mut self) -> Result<Option<Stored>, SyncError> {
        let Some(storing) = &mut self.storing else {
            return Ok(None);
        };
        let counts = (&mut storing.done).await;
        let Some(Storing { marks, stored, .. }) = self.storing.take() else {
            return Ok(None);
        };
        for (counts, mark) in counts?.into_iter().zip(marks) {
            self.counts.add(counts);
            let marked = mark.and_then(|mark| self.marked.get_mut(&mark.attempt));
            if let Some(marked) = marked {
                marked.add(counts.marked);
            }
        }
        self.context.failpoints.pass(Point::Committed)?;
        Ok(Some(stored))
    }

    /// How many different rows a scan has shown.
    pub(crate) async fn marked(&mut self, mark: ScanMark) -> Result<Marked, SyncError> {
        if let Some(marked) = self.marked.get(&mark.attempt) {
            return Ok(*marked);
        }
        // The store reads all orders for this: once an attempt, not once a page.
        let count = |from| self.store.marked(&self.state.account, from..=mark.last());
        let marked = Marked {
            generation: count(mark.generation).await?,
            attempt: count(mark.attempt).await?,
            late: count(mark.last()).await?,
        };
        self.marked.insert(mark.attempt, marked);
        Ok(marked)
    }

    /// Forgets what was counted: another job begins.
    pub(crate) fn begin_job(&mut self) {
        self.marked.clear();
    }

    /// The orders of the unreadable records whose stored texts this version of the source can read.
    pub(crate) async fn readable(
        &self,
        source: &dyn OrderSource,
    ) -> Result<Vec<Received>, SyncError> {
        let records = self.store.unreadable(&self.state.account).await?;
        Ok(read_again(records, |text| source.read(text)?.ok()))
    }

    pub(crate) async fn gaps(&self) -> Result<Vec<Gap>, SyncError> {
        self.store.gaps(self.account()).await
    }

    /// How many orders are known to be at the vendor: stored and not doubted, or unreadable.
    pub(crate) async fn known(&self) -> Result<u64, SyncError> {
        let doubted = self.doubts().await?.map_or(0, |doubts| doubts.doubted);
        let live = self.store.live(self.account()).await?;
        // The vendor's count may be older than a push.
        let pushed = self.store.pushed(self.account()).await?;
        let live = live + self.store.forgotten_shown(self.account()).await?;
        Ok(live.saturating_sub(doubted + pushed) + self.store.unread(self.account()).await?)
    }

    /// How many orders are doubted, beside how many others; `None` where none is.
    pub(crate) async fn doubts(&self) -> Result<Option<Doubts>, SyncError> {
        self.store.doubts(self.account()).await
    }

    /// Some orders that are doubted.
    pub(crate) async fn doubted(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Doubted>, SyncError> {
        self.store.doubted(self.account(), after, limit).await
    }

    /// Some orders that a reading should have shown and did not.
    pub(crate) async fn unshown(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        self.store.unshown(self.account(), after, limit).await
    }

    /// Whether a gap makes the run incomplete.
    pub(crate) async fn has_open_gaps(&self) -> Result<bool, SyncError> {
        Ok(self.gaps().await?.iter().any(Gap::is_open))
    }

    /// What is missing now.
    pub(crate) async fn missing(&self) -> Result<Vec<Missing>, SyncError> {
        Ok(self
            .gaps()
            .await?
            .into_iter()
            .map(|gap| gap.missing)
            .collect())
    }

    /// The number of the run.
    pub(crate) fn run(&self) -> i64 {
        self.run
    }

    /// The time now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }

    /// Notes in the store how the run ended.
    pub(crate) async fn end(self, mut summary: Summary) -> Result<Summary, SyncError> {
        self.context.failpoints.pass(Point::RunEnding)?;
        summary.provider.clone_from(&self.state.account.provider);
        summary.account.clone_from(&self.state.account.label);
        summary.started_at = Some(self.started_at);
        summary.ended_at = Some(self.now());
        summary.pulled = self.pulled;
        summary.counts = self.counts;
        if self.counts.reused > 0 {
            summary.notes.push(format!(
                "{} orders came with the id of an order of another program or number: stored as orders of their own",
                self.counts.reused
            ));
        }
        summary.note_gaps(&self.gaps().await?);
        summary.doubted = self.doubts().await?.map_or(0, |doubts| doubts.doubted);
        summary.watermark = self.state.watermark;
        self.store.end_run(self.run, &summary).await?;
        Ok(summary)
    }
}
