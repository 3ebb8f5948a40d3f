//! One pull of one account: jobs with frozen bounds, page by page into the store.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use chrono::TimeDelta;
use orders_core::{Error, Order, OrderSource};

use crate::SyncError;
use crate::doubt::Doubt;
use crate::events::Event;
use crate::options::{Mode, Options, Tools};
use crate::plan::{Due, Notes, Planner, load, partitions_hash, second};
use crate::points::Point;
use crate::progress::Done;
use crate::state::{Job, Shape, State, Tier, Work};
use crate::store::{Batch, Counts, Missing, Store};
use crate::summary::{Outcome, Summary};

/// How a run ended, and the vendor's failure where that ended it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What the run did.
    pub summary: Summary,
    /// The failure that ended the run early.
    pub error: Option<Error>,
}

/// Pulls one account into a store, going on where the last run stopped. See the crate's page for what holds then.
///
/// A vendor's failure is told in the [`Report`]: what was read before it is stored.
///
/// # Errors
/// [`SyncError`] where the run could not begin or the store failed; what was committed before stays.
pub async fn pull(
    source: &dyn OrderSource,
    store: &mut dyn Store,
    options: &Options,
    tools: &Tools,
) -> Result<Report, SyncError> {
    let account = source.account().clone();
    store.lock(&account)?;
    let report = locked(source, store, options, tools).await;
    store.unlock(&account);
    report
}

async fn locked(
    source: &dyn OrderSource,
    store: &mut dyn Store,
    options: &Options,
    tools: &Tools,
) -> Result<Report, SyncError> {
    let started_at = tools.clock.now();
    let state = load(source, store, options, started_at)?;
    let known = store
        .gaps(source.account())?
        .into_iter()
        .map(|gap| gap.missing)
        .collect();
    let number = store.begin_run(source.account(), started_at)?;
    tools.points.pass(Point::RunBegun)?;
    let mut summary = Summary {
        provider: source.account().provider.clone(),
        account: source.account().label.clone(),
        started_at: Some(started_at),
        ..Summary::default()
    };
    // Until it is known otherwise.
    summary.outcome = Outcome::Partial;
    let mut run = Run {
        source,
        store,
        options,
        tools,
        number,
        known,
        reached: state.watermark,
        state,
        summary,
        budget: options.wait_budget,
        gaps_in_row: 0,
        tries: HashMap::new(),
        restarted: HashSet::new(),
        error: None,
        done: Done::default(),
        doubt: Doubt::default(),
        marked: HashMap::new(),
    };
    run.all().await?;
    run.end()
}

/// Whether a run goes on, or how it ends.
pub(crate) type Flow = ControlFlow<Outcome>;

/// What a commit stores beside the state.
#[derive(Default)]
pub(crate) struct Put<'a> {
    pub(crate) orders: &'a [Order],
    pub(crate) mark: Option<u64>,
    pub(crate) gone: &'a [String],
    pub(crate) gone_unless: Option<(u64, chrono::DateTime<chrono::Utc>)>,
    pub(crate) gaps: &'a [(Missing, String, String)],
    pub(crate) filled: &'a [Missing],
}

pub(crate) struct Run<'a> {
    pub(crate) source: &'a dyn OrderSource,
    pub(crate) store: &'a mut dyn Store,
    pub(crate) options: &'a Options,
    pub(crate) tools: &'a Tools,
    pub(crate) number: i64,
    /// What was missing when the run began.
    known: Vec<Missing>,
    /// The watermark when the run began.
    reached: Option<chrono::DateTime<chrono::Utc>>,
    pub(crate) state: State,
    pub(crate) summary: Summary,
    pub(crate) budget: Duration,
    pub(crate) gaps_in_row: u32,
    pub(crate) tries: HashMap<u64, u32>,
    /// Slices of the present job whose cursor was refused once.
    pub(crate) restarted: HashSet<u64>,
    pub(crate) error: Option<Error>,
    /// How far the present job is.
    pub(crate) done: Done,
    /// The pages that came lately.
    pub(crate) doubt: Doubt,
    /// How many orders carry the mark of a pass under way, once that was asked of the store.
    pub(crate) marked: HashMap<u64, u64>,
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), SyncError> {
        let flow = self.tiers().await?;
        self.summary.outcome = match flow {
            ControlFlow::Break(outcome) => outcome,
            // The plan's note says which.
            ControlFlow::Continue(())
                if self.options.mode == Mode::OnlyOpen && !self.state.jobs.is_empty() =>
            {
                Outcome::Partial
            }
            ControlFlow::Continue(()) if self.open_gaps()? > 0 => Outcome::Incomplete,
            ControlFlow::Continue(()) => Outcome::Complete,
        };
        Ok(())
    }

    fn planner(&self) -> Planner<'_> {
        let now = self.tools.clock.now();
        Planner {
            source: self.source,
            store: &*self.store,
            options: self.options,
            now,
            known: Some(&self.known),
            reached: self.reached,
            total: None,
            asked: 0,
        }
    }

    async fn tiers(&mut self) -> Result<Flow, SyncError> {
        self.fill_other_partitions()?;
        let mut planner = self.planner();
        let (plan, notes) = tokio::select! {
            biased;
            () = self.tools.stop.stopped() => return Ok(Flow::Break(Outcome::Stopped)),
            planned = planner.plan(&self.state) => planned?,
        };
        self.summary.requests += planner.asked;
        self.summary.notes = notes;
        self.tools
            .observer
            .event(self.source.account(), &Event::Planned(&plan));
        self.drop_other_partitions();
        let now = self.tools.clock.now();
        // A full reading that began lately and ends now need not begin again at once.
        let ends_now =
            |job: &Job| job.tier == Tier::Full && job.started_at + TimeDelta::days(1) > now;
        // Only of partitions, which take hours; and what the user asks for in full is read in full.
        let may_end = self.state.shape == Shape::Partitions && self.options.mode != Mode::Full;
        let mut ending = self
            .state
            .jobs
            .iter()
            .filter(|job| may_end && ends_now(job));
        let full_ends_now = ending.next().map(|job| job.started_at);
        let left: Vec<Tier> = self.state.jobs.iter().map(|job| job.tier).collect();
        for tier in left {
            // What could not be read before must not keep what is new waiting.
            let later = matches!(tier, Tier::Gaps | Tier::Open | Tier::Horizon);
            let mine = !later && self.planner().resumes(tier);
            if mine && self.job(tier, true).await?.is_break() {
                return self.ended();
            }
        }
        // The next pass would forget what the last one did not show.
        if self.job(Tier::Unseen, false).await?.is_break() {
            return self.ended();
        }
        for tier in self.planner().tiers(&self.state)? {
            if tier == Tier::Gaps || self.options.mode == Mode::OnlyOpen {
                for left in [Tier::Open, Tier::Horizon] {
                    let mine = self.planner().resumes(left);
                    if mine && self.job(left, true).await?.is_break() {
                        return self.ended();
                    }
                }
            }
            if let (Tier::Full, Some(began), false) = (tier, full_ends_now, self.state.needs_full) {
                let note = format!(
                    "the interrupted full reading is complete as of {}: what came since comes with the next run",
                    second(began)
                );
                self.summary.notes.push(note);
                continue;
            }
            if self.begin(tier).await?.is_break() {
                return self.ended();
            }
        }
        if self.state.needs_full && self.options.mode != Mode::OnlyOpen {
            let note = "the growing end did not add up to the vendor's count: passed fully";
            self.summary.notes.push(note.to_owned());
            if self.begin(Tier::Full).await?.is_break() {
                return self.ended();
            }
        }
        self.job(Tier::Unseen, false).await
    }

    /// Begins what a tier has to do, and does it.
    async fn begin(&mut self, tier: Tier) -> Result<Flow, SyncError> {
        while tier == Tier::Gaps && self.state.job(tier).is_some() {
            let flow = self.job(tier, true).await?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        let planner = self.planner();
        let passed = planner.passed();
        let due = planner.due(tier, &self.state, &mut Notes::default())?;
        if let Some(Due { task, work }) = due {
            let mut job = Job::new(tier, self.tools.clock.now(), work);
            if tier == Tier::Horizon {
                self.state.next_horizon = Some(passed);
            }
            if tier == Tier::Growing {
                self.begin_growing(&mut job);
            }
            if let (Tier::New | Tier::Full | Tier::Warm, Some(window)) =
                (tier, task.windows.first())
            {
                self.state.start = Some(
                    self.state
                        .start
                        .map_or(window.from, |start| start.min(window.from)),
                );
            }
            if self.run_new(job).await?.is_break() {
                return Ok(Flow::Break(Outcome::Partial));
            }
        }
        if tier == Tier::Gaps && self.source.capabilities().fetches {
            let orders = self.planner().gap_orders()?;
            if !orders.is_empty() {
                let job = Job::new(tier, self.tools.clock.now(), Work::Orders(orders));
                return self.run_new(job).await;
            }
        }
        Ok(Flow::Continue(()))
    }

    async fn run_new(&mut self, job: Job) -> Result<Flow, SyncError> {
        let tier = job.tier;
        self.state.jobs.push(job);
        self.commit(&Put::default())?;
        self.tools.points.pass(Point::JobSaved)?;
        self.job(tier, false).await
    }

    /// Does the first job of a tier to its end.
    async fn job(&mut self, tier: Tier, resumed: bool) -> Result<Flow, SyncError> {
        let Some(at) = self.state.jobs.iter().position(|job| job.tier == tier) else {
            return Ok(Flow::Continue(()));
        };
        // The job that is worked on is the first: what commits save is always all of them.
        let job = self.state.jobs.remove(at);
        self.state.jobs.insert(0, job);
        self.tries.clear();
        self.restarted.clear();
        self.doubt.clear();
        self.marked.clear();
        self.tools
            .observer
            .event(self.source.account(), &Event::Job { tier, resumed });
        self.begin_progress()?;
        let flow = match &self.state.jobs[0].work {
            Work::Orders(_) | Work::Unseen { .. } | Work::Open { .. } | Work::Horizon { .. } => {
                self.fetch_all().await?
            }
            Work::Query { .. } | Work::Slices(_) => self.walk().await?,
        };
        if let ControlFlow::Break(outcome) = flow {
            self.summary.outcome = outcome;
            return Ok(flow);
        }
        self.tools.points.pass(Point::JobEnded)?;
        self.end_job()?;
        Ok(Flow::Continue(()))
    }

    /// A job of the partitions begins anew where they are not the ones that it began with.
    fn drop_other_partitions(&mut self) {
        let now = partitions_hash(&self.options.partitions);
        let before = self.state.jobs.len();
        self.state.jobs.retain(
            |job| !matches!(&job.work, Work::Query { partitions: Some(then), .. } if *then != now),
        );
        if self.state.jobs.len() < before {
            let note = "the list of partitions changed since the interrupted run: begun anew";
            self.summary.notes.push(note.to_owned());
        }
    }

    /// Nobody waits any more for what is missing of partitions that are not named.
    fn fill_other_partitions(&mut self) -> Result<(), SyncError> {
        let gaps = self.store.gaps(self.source.account())?;
        if self.state.shape != Shape::Partitions || gaps.is_empty() {
            return Ok(());
        }
        let named: HashSet<&str> = self.options.partitions.iter().map(String::as_str).collect();
        let missing = gaps.into_iter().map(|gap| gap.missing);
        let filled: Vec<Missing> = missing
            .filter(|missing| match missing {
                Missing::Slice(slice) => {
                    let partition = slice.partition.as_deref();
                    partition.is_some_and(|partition| !named.contains(partition))
                }
                Missing::Order(_) => false,
            })
            .collect();
        if !filled.is_empty() {
            let put = Put {
                filled: &filled,
                ..Put::default()
            };
            self.commit(&put)?;
        }
        Ok(())
    }

    /// Notes in the state what the end of the first job means, and removes it.
    fn end_job(&mut self) -> Result<(), SyncError> {
        let job = self.state.jobs.remove(0);
        let partitions = self.state.shape == Shape::Partitions;
        let to = match &job.work {
            // The windows that are done are gone from the list: the last one stays.
            Work::Query { windows, .. } => windows.last().map(|window| window.to),
            _ => None,
        };
        self.note_walked(&job);
        match job.tier {
            Tier::New => {
                self.state.watermark = to.max(self.state.watermark);
                // What came just now need not be asked again at once.
                self.state.open_at = self.state.open_at.or(Some(job.started_at));
            }
            Tier::Full => {
                self.state.open_at = Some(job.started_at);
                self.state.full_requests = Some(job.requests);
                if to.is_some() {
                    self.state.watermark = to.max(self.state.watermark);
                } else if partitions || job.gaps == 0 {
                    self.state.watermark = Some(job.started_at);
                }
            }
            Tier::Growing if !self.state.needs_full && job.gaps == 0 => {
                self.state.watermark = Some(job.started_at);
            }
            Tier::Warm => self.state.warm_at = Some(job.started_at),
            Tier::Open => self.state.open_at = Some(job.started_at),
            Tier::Horizon => self.state.horizon = self.state.next_horizon.take(),
            Tier::Growing | Tier::Gaps | Tier::Unseen | Tier::Window => {}
        }
        self.commit(&Put::default())?;
        Ok(())
    }

    /// What windows of the usual axis cost, the last weeks more than the years before.
    fn note_walked(&mut self, job: &Job) {
        let (
            Work::Query {
                axis: Some(axis),
                windows,
                ..
            },
            Shape::Windows(usual),
        ) = (&job.work, self.state.shape)
        else {
            return;
        };
        if let (true, Some(window)) = (*axis == usual, windows.last()) {
            let (seconds, requests) = &mut self.state.walked;
            if *seconds > 60 * 86_400 {
                (*seconds, *requests) = (*seconds / 2, *requests / 2);
            }
            *seconds += window.length().num_seconds();
            *requests += job.requests;
        }
    }

    /// Stores orders and state in one step.
    pub(crate) fn commit(&mut self, put: &Put<'_>) -> Result<Counts, SyncError> {
        let state = self.state.text()?;
        let batch = Batch {
            account: self.source.account(),
            run: self.number,
            now: self.tools.clock.now(),
            orders: put.orders,
            mark: put.mark,
            gone: put.gone,
            gone_unless: put.gone_unless,
            gaps: put.gaps,
            filled: put.filled,
            state: &state,
        };
        let counts = self.store.commit(&batch, &*self.tools.points)?;
        self.summary.pulled += put.orders.len() as u64;
        self.summary.counts.add(counts);
        if let Some(marked) = put.mark.and_then(|mark| self.marked.get_mut(&mark)) {
            *marked += counts.marked;
        }
        self.tools.points.pass(Point::Committed)?;
        if !put.orders.is_empty() {
            self.gaps_in_row = 0;
            let stored = Event::Stored {
                orders: put.orders.len(),
                pulled: self.summary.pulled,
                requests: self.summary.requests,
            };
            self.tools.observer.event(self.source.account(), &stored);
        }
        Ok(counts)
    }

    /// How many different orders carry a mark.
    pub(crate) fn marked(&mut self, mark: u64) -> Result<u64, SyncError> {
        if let Some(marked) = self.marked.get(&mark) {
            return Ok(*marked);
        }
        // The store reads all orders for this: once a mark, not once a page.
        let marked = self.store.marked(self.source.account(), mark)?;
        self.marked.insert(mark, marked);
        Ok(marked)
    }

    /// Whether the run is to end before the next request.
    pub(crate) fn must_stop(&self) -> bool {
        let enough = self
            .options
            .max_orders
            .is_some_and(|most| self.summary.pulled >= most);
        enough || self.tools.stop.is_stopped()
    }

    fn ended(&self) -> Result<Flow, SyncError> {
        Ok(Flow::Break(self.summary.outcome))
    }

    fn open_gaps(&self) -> Result<u64, SyncError> {
        Ok(self.store.gaps(self.source.account())?.len() as u64)
    }

    fn end(mut self) -> Result<Report, SyncError> {
        self.tools.points.pass(Point::RunEnding)?;
        self.summary.ended_at = Some(self.tools.clock.now());
        self.summary.gaps = self.open_gaps()?;
        self.summary.watermark = self.state.watermark;
        self.summary.error = self
            .error
            .as_ref()
            .map(|error| error.kind().as_str().to_owned());
        self.store.end_run(self.number, &self.summary)?;
        Ok(Report {
            summary: self.summary,
            error: self.error,
        })
    }
}
