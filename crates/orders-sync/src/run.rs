//! The parts of a run, side by side: each owns its fields. What a run does is in the files above this one.

use std::collections::BTreeSet;

use orders_core::{Error, OrderSource, Slice, Unreadable};
use orders_reader::PageCap;

use crate::batch::Batch;
use crate::committer::{Committer, Stored};
use crate::context::Context;
use crate::error::SyncError;
use crate::events::{Event, Progress};
use crate::gap::{Missing, covers};
use crate::job::{Active, Job};
use crate::options::Options;
use crate::progress::JobProgress;
use crate::retry::{Decision, RetryBudget};
use crate::state::State;
use crate::summary::{Outcome, Summary, sent_since};
use crate::window_times::WindowTimes;

/// Why a run does not continue.
pub(crate) enum Ended {
    /// It ends early, with its state saved.
    Early(Outcome),
    /// It failed.
    Failed(SyncError),
}

impl From<SyncError> for Ended {
    fn from(error: SyncError) -> Self {
        Self::Failed(error)
    }
}

/// Whether a run continues.
pub(crate) type Flow = Result<(), Ended>;

/// A run of one account.
pub(crate) struct Run<'a> {
    pub(crate) source: &'a dyn OrderSource,
    pub(crate) options: &'a Options,
    pub(crate) context: &'a Context,
    pub(crate) committer: Committer<'a>,
    pub(crate) retry: RetryBudget,
    pub(crate) progress: JobProgress,
    /// Calls of the source.
    pub(crate) requests: u64,
    /// What the source had sent before.
    pub(crate) sent_before: Option<u64>,
    /// Windows and pages that were kept.
    pub(crate) pages: u64,
    /// A list without a total was read to its end.
    pub(crate) unproven: bool,
    /// The state as it was saved when the run began.
    pub(crate) before: State,
    /// An answer bore the vendor's time, and this machine's clock is not far from it.
    pub(crate) dated: bool,
    /// The difference between the two clocks is noted.
    pub(crate) clock_noted: bool,
    /// Windows that were taken as empty although their list was missing.
    pub(crate) unconfirmed: u64,
    /// The largest page of a window that was proven to be a last one, by this run.
    pub(crate) pages_proven: PageCap,
    /// The slices that were gaps when the run began.
    pub(crate) gaps: Vec<Slice>,
    /// How the times of orders lie to the windows that showed them.
    pub(crate) times: WindowTimes,
    /// The ids of orders that the vendor did not have when they were looked up, while no reading of this run shows more.
    pub(crate) unfound: BTreeSet<String>,
    /// What a person should know.
    pub(crate) notes: Vec<String>,
    /// The failure that ends the run.
    error: Option<Error>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        source: &'a dyn OrderSource,
        options: &'a Options,
        context: &'a Context,
        committer: Committer<'a>,
        before: State,
    ) -> Self {
        Self {
            source,
            options,
            context,
            committer,
            retry: RetryBudget::new(options),
            progress: JobProgress::default(),
            requests: 0,
            sent_before: source.requests_sent(),
            pages: 0,
            unproven: false,
            before,
            dated: false,
            clock_noted: false,
            unconfirmed: 0,
            pages_proven: PageCap::default(),
            gaps: Vec::new(),
            times: WindowTimes::new(source.capabilities().time_tolerance()),
            unfound: BTreeSet::new(),
            notes: Vec::new(),
            error: None,
        }
    }

    /// The job that runs.
    pub(crate) fn job(&self) -> &Job {
        self.committer.state.current_job()
    }

    /// The job that runs, to be changed.
    pub(crate) fn job_mut(&mut self) -> &mut Job {
        self.committer.state.current_job_mut()
    }

    /// Stores a batch and the state in one step, with what waits.
    pub(crate) async fn commit(&mut self, batch: Batch) -> Result<(), SyncError> {
        self.stage(batch)?;
        self.flush().await
    }

    /// Takes a batch and the state after it, to be stored soon.
    pub(crate) fn stage(&mut self, batch: Batch) -> Result<(), SyncError> {
        if !batch.orders.is_empty() {
            self.retry.succeeded();
        }
        self.committer.stage(batch)
    }

    /// Takes a page, to be stored with others.
    pub(crate) async fn stage_page(&mut self, batch: Batch) -> Result<(), SyncError> {
        self.stage(batch)?;
        match self.options.commit_rows > 1 {
            true => Ok(()),
            false => self.flush().await,
        }
    }

    /// Commits the state alone, with what waits.
    pub(crate) async fn save(&mut self) -> Result<(), SyncError> {
        self.commit(Batch::default()).await
    }

    /// Stores what waits.
    pub(crate) async fn flush(&mut self) -> Result<(), SyncError> {
        self.stored().await?;
        self.committer.store_waiting();
        self.stored().await
    }

    /// Waits for what is being stored. May be dropped, and called again.
    pub(crate) async fn stored(&mut self) -> Result<(), SyncError> {
        let stored = self.committer.stored().await?;
        if let Some(Stored { orders, pulled }) = stored.filter(|stored| stored.orders > 0) {
            self.event(&Event::Stored {
                orders,
                pulled,
                requests: self.requests_sent(),
            });
        }
        Ok(())
    }

    /// Reports records that could not be read.
    pub(crate) fn note_unreadable(&self, records: &[Unreadable]) {
        for record in records {
            let error = Error::unreadable(record.clone());
            self.event(&Event::Gap { error: &error });
        }
    }

    /// A window is taken as empty although its list was missing twice.
    pub(crate) fn note_unconfirmed(&mut self, piece: &Slice) {
        self.unconfirmed += 1;
        let (run, now) = (self.committer.run(), self.committer.now());
        self.committer.state.unconfirmed.note(piece, run, now);
    }

    /// The gaps that a slice fills which was read by another way.
    pub(crate) fn filled_by(&mut self, read: &Slice) -> Vec<Missing> {
        let filled = self.gaps.extract_if(.., |gap| covers(read, gap));
        filled.map(Missing::Slice).collect()
    }

    /// Reports an event.
    pub(crate) fn event(&self, event: &Event<'_>) {
        self.context.observer.event(self.committer.account(), event);
    }

    fn report(&self, progress: Option<Progress>) {
        if let Some(progress) = progress {
            self.event(&Event::Progress(progress));
        }
    }

    /// How many requests the run has sent, by the source's own count where it has one.
    fn requests_sent(&self) -> u64 {
        sent_since(self.source.requests_sent(), self.sent_before).unwrap_or(self.requests)
    }

    /// A request of the current job was answered.
    pub(crate) fn note_request(&mut self) {
        self.requests += 1;
        self.job_mut().requests += 1;
    }

    /// A page is done, or a window of so many seconds.
    pub(crate) fn page_done(&mut self, was: &Active, seconds: i64) {
        let job = self.committer.state.current_job();
        let progress = self.progress.page_done(job, was, seconds);
        self.report(progress);
    }

    /// A slice is done.
    pub(crate) fn slice_done(&mut self, was: &Active) {
        let job = self.committer.state.current_job();
        let partitions = self.options.partitions.len() as u64;
        let progress = self.progress.slice_done(job, was, partitions);
        self.report(progress);
    }

    /// A look-up is done.
    pub(crate) fn order_done(&mut self) {
        let progress = self.progress.order_done(self.job().phase);
        self.report(Some(progress));
    }

    /// Decides about a failed request, and reports a wait.
    pub(crate) fn decide(&mut self, key: u64, error: Error) -> Decision {
        let decision = self.retry.decide(key, error);
        if let Some(waiting) = decision.waiting() {
            self.event(&waiting);
        }
        decision
    }

    /// Ends the run with a failure of the vendor.
    pub(crate) fn abort(&mut self, error: Error) -> Ended {
        self.error = Some(error);
        Ended::Early(Outcome::Partial)
    }

    /// Counts a gap; ends the run where it is the vendor and not the page.
    pub(crate) fn note_gap(&mut self, error: Error) -> Flow {
        self.event(&Event::Gap { error: &error });
        match self.retry.gap(&error) {
            true => Err(self.abort(error)),
            false => Ok(()),
        }
    }

    /// Ends the run before its next request, where it has enough orders or is to stop.
    pub(crate) fn check_stop(&self) -> Flow {
        let most = self.options.max_orders;
        let enough = most.is_some_and(|most| self.committer.pulled >= most);
        match enough || self.context.stop.is_stopped() {
            true => Err(Ended::Early(Outcome::Stopped)),
            false => Ok(()),
        }
    }

    /// Ends the run.
    pub(crate) async fn end(
        mut self,
        outcome: Outcome,
    ) -> Result<(Summary, Option<Error>), SyncError> {
        self.notes.extend(self.times.odd());
        if self.unconfirmed > 0 {
            self.notes.push(format!(
                "the list of {} was missing, twice: taken as empty, to be read again by the next run, after a day and after a week; until then no full reading shows what was deleted",
                match self.unconfirmed {
                    1 => "1 window".to_owned(),
                    many => format!("{many} windows"),
                }
            ));
        }
        let kind = self.error.as_ref().map(|error| error.kind().as_str());
        let summary = Summary {
            outcome,
            requests: self.requests_sent(),
            retries: self.retry.retries,
            windows: self.pages,
            unproven: self.unproven,
            unconfirmed: self.unconfirmed,
            waited_seconds: self.retry.waited_seconds,
            error: kind.map(str::to_owned),
            notes: self.notes,
            ..Summary::default()
        };
        let summary = self.committer.end(summary).await?;
        Ok((summary, self.error))
    }
}
