//! What is due: which phases a run works on, and what each has to do.

use chrono::{DateTime, Utc};
use orders_core::{Capabilities, OrderRef, OrderSource, Query, Slice, TimeAxis, Walk, Window};

use crate::asked::Difference;
use crate::error::SyncError;
use crate::estimate::{cursor_requests, day_requests, merged, scan_requests, window_requests};
use crate::gap::{Gap, Missing, is_whole_list};
use crate::hash::short_hash;
use crate::job::Work;
use crate::options::{Mode, Options};
use crate::phase::Phase;
use crate::plan::{Plan, Task};
use crate::recheck::{aged, doubted, open_orders, recheck};
use crate::recognise::difference;
use crate::sort_order::SortOrder;
use crate::state::State;
use crate::step_back::step_back;
use crate::store::Store;
use crate::stored::{DueDay, DueFilter};
use crate::strategy::Strategy;
use crate::times::second;

/// What a run would do now. Requests one count at most, where nothing else shows what the run costs, and changes nothing; a
/// count that fails is a note.
///
/// # Errors
/// [`SyncError::State`] for a state that cannot be used, [`SyncError::Options`] for options that cannot be followed,
/// and what the store failed with.
pub async fn plan(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Plan, SyncError> {
    let Loaded { state, note, .. } = load(source, store, options, now).await?;
    let mut planner = Planner::new(source, store, options, now, &state);
    let uncounted = planner.count_window(&state).await;
    let (mut plan, _) = planner.plan(&state).await?;
    plan.notes.splice(0..0, note);
    plan.notes.extend(uncounted);
    if difference(source, &state) == Difference::Account {
        let note = "the credential, or where requests go, is not that of the pulls before: the pull looks up stored orders first";
        plan.notes.insert(0, note.to_owned());
    }
    Ok(plan)
}

/// The state that a run begins with.
pub(crate) struct Loaded {
    /// The saved state as far as the clock lets it be true, or a new one.
    pub(crate) state: State,
    /// As it was saved.
    pub(crate) before: State,
    /// What a person should know of it.
    pub(crate) note: Option<String>,
}

/// The state of the source's account.
pub(crate) async fn load(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Loaded, SyncError> {
    options.check()?;
    let strategy = Strategy::choose(&source.capabilities(), options)?;
    let mut state = match store.state(source.account()).await? {
        Some(text) => State::read(&text, source.account(), strategy)?,
        None => State::new(source.account().clone(), strategy),
    };
    let before = state.clone();
    let note = step_back(&mut state, store, options, now).await?;
    Ok(Loaded {
        state,
        before,
        note,
    })
}

/// What a phase has to do: for people, and as the run takes it.
pub(crate) struct Due {
    pub(crate) task: Task,
    pub(crate) work: Work,
}

impl Due {
    fn new(phase: Phase, windows: Vec<Window>, items: u64, requests: u64, work: Work) -> Self {
        Self {
            task: Task {
                phase,
                windows,
                items,
                requests,
                resumed: false,
            },
            work,
        }
    }
}

/// What a person should know.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// About what is done: for the plan, and for the summary of the run.
    pub(crate) work: Vec<String>,
    /// About the estimate: for the plan alone.
    estimate: Vec<String>,
}

/// Finds what is due.
pub(crate) struct Planner<'a> {
    source: &'a dyn OrderSource,
    store: &'a Store,
    options: &'a Options,
    now: DateTime<Utc>,
    capabilities: Capabilities,
    /// What was missing when the run began: gaps that it finds itself are for the next one.
    known: Option<&'a [Missing]>,
    /// The watermark when the run began: what the run reads as new is not read again by it.
    reached: Option<DateTime<Utc>>,
    /// The run that plans; a plan for people has none.
    run: i64,
    /// The vendor's count, where it was requested.
    total: Option<u64>,
    /// How many requests that took.
    pub(crate) requests: u64,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        source: &'a dyn OrderSource,
        store: &'a Store,
        options: &'a Options,
        now: DateTime<Utc>,
        state: &State,
    ) -> Self {
        Self {
            source,
            store,
            options,
            now,
            capabilities: source.capabilities(),
            known: None,
            reached: state.watermark,
            run: i64::MAX,
            total: None,
            requests: 0,
        }
    }

    /// As a run sees it that began with these gaps and this watermark.
    pub(crate) fn of_run(
        mut self,
        run: i64,
        known: &'a [Missing],
        reached: Option<DateTime<Utc>>,
    ) -> Self {
        (self.run, self.known, self.reached) = (run, Some(known), reached);
        self
    }

    /// The plan, and its notes about what is done.
    pub(crate) async fn plan(&mut self, state: &State) -> Result<(Plan, Vec<String>), SyncError> {
        let mut notes = Notes::default();
        let phases = self.phases(state).await?;
        if phases.contains(&Phase::Full) {
            self.count(state, &mut notes).await;
        }
        let left = state.jobs().iter().filter(|job| self.resumes(job.phase));
        let mut tasks: Vec<Task> = left
            .map(|job| Task {
                phase: job.phase,
                windows: match &job.work {
                    Work::Query { windows, .. } => windows.clone(),
                    _ => Vec::new(),
                },
                items: 0,
                requests: (job.active.len() as u64).max(1),
                resumed: true,
            })
            .collect();
        for phase in phases {
            tasks.extend(
                self.due(phase, state, &mut notes)
                    .await?
                    .map(|due| due.task),
            );
        }
        if state.jobs().iter().any(|job| !self.resumes(job.phase)) {
            let note = "an interrupted pull is waiting: run without asking for open orders only";
            notes.work.push(note.to_owned());
        }
        let requests = tasks.iter().map(|task| task.requests).sum();
        let open = open_orders(self.options, self.now);
        let open = self.store.due_days(self.source.account(), open).await?;
        let rechecks = tasks.iter().filter(|task| task.phase == Phase::Aged);
        let rechecks = rechecks.map(|task| task.items).sum();
        let plan = Plan {
            account: self.source.account().clone(),
            open_orders: open.iter().map(|day| day.due).sum(),
            rechecks,
            requests,
            time: self.options.pace.map(|pace| pace.time(requests)),
            tasks,
            notes: notes.work.iter().cloned().chain(notes.estimate).collect(),
        };
        Ok((plan, notes.work))
    }

    /// Requests the vendor's count, where nothing else shows what a scan costs. A failure is a note: the scan itself
    /// will meet it and deal with it.
    async fn count(&mut self, state: &State, notes: &mut Notes) {
        let unknown = state.strategy == Strategy::Scan && state.scan.is_none();
        if !unknown || !self.capabilities.counts {
            return;
        }
        self.requests += 1;
        match self.source.count(&Slice::pass()).await {
            Ok(total) => self.total = total,
            Err(error) => notes.estimate.push(format!(
                "the vendor's count could not be read, the estimate goes by what is stored: {error}"
            )),
        }
    }

    /// Requests the count of the first window of all, where its slice is read along a cursor: then pages cost requests, and
    /// not days. A run does not do so: it is only for the estimate. Answers a note where the count failed.
    async fn count_window(&mut self, state: &State) -> Option<String> {
        let Strategy::Windows(axis) = state.strategy else {
            return None;
        };
        let first = state.walked.1 == 0 && self.options.mode == Mode::Update;
        if !first || !self.capabilities.counts {
            return None;
        }
        let window = Window::new(self.start(state)?, self.end())?;
        let query = Query::everything().with_window(Some(window));
        let slices = self.source.slices(&query.with_axis(Some(axis)), None).await;
        let slices = slices.ok().filter(|slices| slices.next.is_none())?.slices;
        let [slice] = slices.as_slice() else {
            return None;
        };
        if slice.walk != Walk::Cursor {
            return None;
        }
        match self.source.count(slice).await {
            Ok(total) => {
                self.total = total;
                None
            }
            Err(error) => Some(format!(
                "the vendor's count could not be read, the estimate goes by the longest windows: {error}"
            )),
        }
    }

    /// Whether an interrupted job of this phase is resumed.
    pub(crate) fn resumes(&self, phase: Phase) -> bool {
        let follows = matches!(
            phase,
            Phase::OpenOrders | Phase::Pushed | Phase::Doubted | Phase::Unshown
        );
        self.options.mode != Mode::OnlyOpen || follows
    }

    /// Orders created before this have passed the horizon.
    pub(crate) fn horizon(&self) -> DateTime<Utc> {
        self.now - self.options.horizon
    }

    /// The upper end of what may be requested now.
    fn end(&self) -> DateTime<Utc> {
        // Vendors count in whole seconds.
        let end = self.now - self.options.safety_lag;
        DateTime::from_timestamp(end.timestamp(), 0).unwrap_or(end)
    }

    /// The phases that are worked on, in order; not yet whether they have anything to do.
    pub(crate) async fn phases(&self, state: &State) -> Result<Vec<Phase>, SyncError> {
        let due = |at: Option<DateTime<Utc>>, every| {
            at.is_none_or(|at| at > self.now || at + every <= self.now)
        };
        let options = self.options;
        Ok(match options.mode {
            Mode::OnlyOpen => vec![Phase::OpenOrders, Phase::Pushed, Phase::Doubted],
            Mode::Window { .. } => vec![Phase::Window],
            Mode::Full => vec![Phase::Full, Phase::Gaps, Phase::Pushed, Phase::Doubted],
            Mode::Update => match state.strategy {
                Strategy::Partitions => vec![Phase::Full, Phase::Gaps, Phase::Pushed],
                Strategy::Scan => {
                    let memory = state.scan.as_ref();
                    let unsorted = memory.is_none_or(|scan| scan.sort_order == SortOrder::Mixed);
                    let gaps = self.gaps().await?;
                    let mut open = gaps.iter().filter(|gap| gap.is_open());
                    let missing = open.any(|gap| gap.missing.is_whole_list())
                        || self.due_slices().await?.iter().any(is_whole_list);
                    let full = state.needs_full
                        || !self.doubted_days().await?.is_empty()
                        || unsorted
                        || missing
                        || due(state.full_at, options.full_every);
                    match full {
                        true => vec![Phase::Full, Phase::Gaps, Phase::Pushed],
                        false => vec![Phase::Tail, Phase::Gaps, Phase::OpenOrders, Phase::Pushed],
                    }
                }
                Strategy::Windows(_) => {
                    let mut phases = vec![Phase::New];
                    if due(state.lookback_at, options.lookback_every) {
                        phases.push(Phase::Lookback);
                    }
                    if due(state.open_at, options.open_every) {
                        phases.extend([Phase::OpenOrders, Phase::Aged]);
                    }
                    phases.extend([Phase::Gaps, Phase::Pushed, Phase::Doubted]);
                    phases
                }
            },
        })
    }

    /// What a phase has to do; `None` where that is nothing.
    pub(crate) async fn due(
        &self,
        phase: Phase,
        state: &State,
        notes: &mut Notes,
    ) -> Result<Option<Due>, SyncError> {
        match phase {
            Phase::Gaps => self.due_gaps(state).await,
            Phase::New => self.due_new(state, notes),
            Phase::Full => self.due_full(state, notes).await,
            Phase::Tail => {
                let work = Work::Slices(Vec::new());
                Ok(Some(Due::new(Phase::Tail, Vec::new(), 0, 3, work)))
            }
            Phase::Lookback => Ok(self.due_lookback(state, notes)),
            Phase::OpenOrders => self.due_open(state, notes).await,
            Phase::Pushed => {
                let which = (DueFilter::Pushed, "orders that something was pushed of");
                self.due_again(phase, which, notes).await
            }
            Phase::Aged => self.due_aged(state, notes).await,
            Phase::Doubted => self.due_doubted(state).await,
            // The one follows from what the readings show, the other is never due.
            Phase::Unshown | Phase::Verify => Ok(None),
            Phase::Window => self.due_window(state, notes).map(Some),
        }
    }

    async fn gaps(&self) -> Result<Vec<Gap>, SyncError> {
        self.store.gaps(self.source.account()).await
    }

    /// The slices of unreadable records that are due to be read again.
    async fn due_slices(&self) -> Result<Vec<Slice>, SyncError> {
        self.store
            .due_slices(self.source.account(), self.run, self.now)
            .await
    }

    fn knew(&self, gap: &Gap) -> bool {
        self.known.is_none_or(|known| known.contains(&gap.missing))
    }

    /// The single orders that earlier runs could not read.
    pub(crate) async fn gap_orders(&self) -> Result<Vec<OrderRef>, SyncError> {
        let gaps = self.gaps().await?.into_iter().filter(|gap| self.knew(gap));
        let orders = gaps.filter_map(|gap| match gap.missing {
            Missing::Order(order) => Some(order),
            Missing::Slice(_) | Missing::Record(_) => None,
        });
        Ok(orders.collect())
    }

    async fn due_gaps(&self, state: &State) -> Result<Option<Due>, SyncError> {
        let gaps = self.gaps().await?.into_iter().filter(|gap| self.knew(gap));
        let missing = gaps.map(|gap| gap.missing);
        let empty = state.unconfirmed.due(self.run, self.now).cloned();
        let again = self.due_slices().await?.into_iter().chain(empty);
        let records = again.map(Missing::Slice);
        let mut slices: Vec<Slice> = Vec::new();
        for missing in missing.chain(records) {
            match missing {
                Missing::Slice(slice) if !is_whole_list(&slice) && !slices.contains(&slice) => {
                    slices.push(slice);
                }
                _ => {}
            }
        }
        let count = slices.len() as u64;
        let due = || Due::new(Phase::Gaps, Vec::new(), count, count, Work::Slices(slices));
        Ok((count > 0).then(due))
    }

    /// One window of the usual axis.
    fn due_by_window(
        &self,
        phase: Phase,
        axis: orders_core::TimeAxis,
        window: Window,
        state: &State,
    ) -> Due {
        let requests = match self.total {
            Some(total) if phase == Phase::New => cursor_requests(&self.capabilities, total),
            _ => window_requests(&self.capabilities, state, window),
        };
        let work = Work::windows(axis, vec![window]);
        Due::new(phase, vec![window], 0, requests, work)
    }

    fn due_new(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        let Strategy::Windows(axis) = state.strategy else {
            return Ok(None);
        };
        let from = self.start(state).ok_or_else(no_start)?;
        self.check_start(from)?;
        let Some(window) = Window::new(from, self.end()) else {
            return Ok(None);
        };
        if state.walked.1 == 0 && self.total.is_none() {
            notes.estimate.push("nothing was pulled before: the estimate counts the longest windows, busy ones take more".into());
        }
        Ok(Some(self.due_by_window(Phase::New, axis, window, state)))
    }

    /// Where what is new begins; `None` where nothing was pulled before, and no starting point is given.
    fn start(&self, state: &State) -> Option<DateTime<Utc>> {
        // A job under way has its own frozen end; the new windows begin behind it.
        let left = state.job(Phase::New).and_then(|job| match &job.work {
            Work::Query { windows, .. } => {
                let lag = self.options.safety_lag;
                windows.last().map(|window| job.held(window.to, lag))
            }
            _ => None,
        });
        left.or(state.watermark).or(self.options.since)
    }

    /// Nothing can be read from a beginning that lies in the future.
    fn check_start(&self, from: DateTime<Utc>) -> Result<(), SyncError> {
        if from <= self.now {
            return Ok(());
        }
        Err(SyncError::options(
            format!("the starting point {} lies in the future", second(from)),
            "choose an earlier one",
        ))
    }

    async fn due_full(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        let (items, requests, work) = match state.strategy {
            Strategy::Windows(axis) => {
                let starts = [self.options.since, state.start];
                let from = starts.into_iter().flatten().min().ok_or_else(no_start)?;
                self.check_start(from)?;
                let window = Window::new(from, self.end());
                let due = |window| self.due_by_window(Phase::Full, axis, window, state);
                return Ok(window.map(due));
            }
            Strategy::Partitions => {
                let hash = partitions_hash(&self.options.partitions);
                let count = self.options.partitions.len() as u64;
                let requests = state.full_requests.unwrap_or(0).max(count);
                (count, requests, Work::everything(Some(hash)))
            }
            Strategy::Scan => {
                let memory = state.scan.as_ref();
                if memory.is_some_and(|scan| scan.sort_order == SortOrder::Mixed) {
                    notes.work.push(
                        "the vendor's list is not sorted by creation: every run is a full scan"
                            .into(),
                    );
                }
                if state.needs_full {
                    notes.work.push(
                        "the stored orders and the vendor's count differ: a full scan is due"
                            .into(),
                    );
                }
                let page_rows = u64::from(self.capabilities.windows.page_rows);
                let (total, page_rows) = match (memory, self.total) {
                    (Some(scan), _) => (scan.total.unwrap_or(0), scan.page_rows),
                    (None, Some(total)) => (total, page_rows),
                    (None, None) => (self.store.live(self.source.account()).await?, page_rows),
                };
                (0, scan_requests(total, page_rows), Work::everything(None))
            }
        };
        let due = Due::new(Phase::Full, Vec::new(), items, requests, work);
        Ok(Some(due))
    }

    fn due_lookback(&self, state: &State, notes: &mut Notes) -> Option<Due> {
        let Strategy::Windows(axis) = state.strategy else {
            return None;
        };
        let to = self.reached?;
        let start = state.start?;
        // What was never pulled is read where the user names an earlier beginning.
        let begin = self.options.since.map_or(start, |since| since.min(start));
        let back = to - self.options.lookback;
        if back < begin && self.options.lookback > Options::default().lookback {
            notes.work.push(format!(
                "read again from {} only, where the pull begins: name an earlier starting point to read further back",
                second(begin)
            ));
        }
        let window = Window::new(back.max(begin), to)?;
        Some(self.due_by_window(Phase::Lookback, axis, window, state))
    }

    async fn due_open(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        let due_at = state
            .open_at
            .is_none_or(|at| at + self.options.open_every <= self.now);
        if self.options.mode != Mode::OnlyOpen && !due_at {
            return Ok(None);
        }
        let filter = open_orders(self.options, self.now);
        self.due_again(Phase::OpenOrders, (filter, "open orders"), notes)
            .await
    }

    async fn due_aged(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        let filter = aged(self.options, state, self.now);
        let what = "terminal orders beyond the horizon";
        self.due_again(Phase::Aged, (filter, what), notes).await
    }

    /// The days of the doubted orders that one more reading decides.
    async fn doubted_days(&self) -> Result<Vec<DueDay>, SyncError> {
        let filter = doubted(self.now);
        self.store.due_days(self.source.account(), filter).await
    }

    /// The days of doubted orders, and those of orders that were looked up in vain.
    async fn due_doubted(&self, state: &State) -> Result<Option<Due>, SyncError> {
        let by_creation = self.capabilities.axes.contains(&TimeAxis::Created);
        if !by_creation || !matches!(state.strategy, Strategy::Windows(_)) {
            return Ok(None);
        }
        let mut days = self.doubted_days().await?;
        let items = days.iter().map(|day| day.due).sum();
        days.extend(state.days.iter().map(|day| DueDay {
            day: Some(*day),
            due: 0,
            stored: 0,
        }));
        days.sort_by_key(|day| day.day);
        let requests = days
            .iter()
            .map(|day| day_requests(&self.capabilities, day.stored));
        let requests = requests.sum();
        let windows = merged(&days, self.end());
        let work = Work::windows(TimeAxis::Created, windows.clone());
        let due = || Due::new(Phase::Doubted, windows.clone(), items, requests, work);
        Ok((!windows.is_empty()).then(due))
    }

    async fn due_again(
        &self,
        phase: Phase,
        which: (DueFilter, &str),
        notes: &mut Notes,
    ) -> Result<Option<Due>, SyncError> {
        let stored = (self.store, self.source.account());
        let (capabilities, end) = (&self.capabilities, self.end());
        let found = recheck(stored, capabilities, which, end, &mut notes.work).await?;
        Ok(found.map(|it| Due::new(phase, it.windows, it.orders, it.requests, it.work)))
    }

    fn due_window(&self, state: &State, notes: &mut Notes) -> Result<Due, SyncError> {
        let (Mode::Window { axis, window }, Strategy::Windows(usual)) =
            (self.options.mode, state.strategy)
        else {
            return Err(SyncError::options(
                "this vendor cannot filter by time",
                "pull without a window, and filter what is stored",
            ));
        };
        let axis = axis.unwrap_or(usual);
        if !self.capabilities.axes.contains(&axis) {
            return Err(SyncError::options(
                "this vendor does not filter by that time",
                "choose another time axis",
            ));
        }
        let end = window.to.min(self.end());
        if window.to > self.now {
            notes.work.push(format!(
                "the window is read up to {}: the rest lies in the future",
                second(end)
            ));
        }
        let window = Window::new(window.from, end).ok_or_else(|| {
            SyncError::options(
                "the window is empty",
                "it must begin before now minus the safety lag",
            )
        })?;
        Ok(self.due_by_window(Phase::Window, axis, window, state))
    }
}

fn no_start() -> SyncError {
    SyncError::options(
        "nothing was pulled from this account before, and no starting point is given",
        "name a starting point",
    )
}

/// The hash of the partitions: a job is resumed only with the list that it began with.
pub(crate) fn partitions_hash(partitions: &[String]) -> u64 {
    short_hash(partitions.iter().map(String::as_bytes))
}
