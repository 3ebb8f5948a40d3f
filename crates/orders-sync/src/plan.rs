//! What a run will do, with estimates of its requests and its time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use orders_core::{Account, OrderRef, OrderSource, Slice, Walk, Window};
use serde::{Deserialize, Serialize};

use crate::SyncError;
use crate::options::{Mode, Options};
use crate::place::Listing;
use crate::record::short_hash;
use crate::state::{Shape, State, Tier, Work, shape};
use crate::store::{Gap, Missing, Store};

/// One piece of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which tier it belongs to.
    pub tier: Tier,
    /// The spans of time that are asked for; empty: no filter by time.
    pub windows: Vec<Window>,
    /// How many orders or partitions or gaps are asked one by one, where they are.
    pub items: u64,
    /// About how many requests it takes.
    pub requests: u64,
    /// Whether it goes on with what an earlier run left.
    pub resumed: bool,
}

/// What a run will do. An estimate: what is found out on the way may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The account.
    pub account: Account,
    /// The pieces, in the order in which they are worked on.
    pub tasks: Vec<Task>,
    /// How many stored orders are due to be asked again because they are not terminal.
    pub open_orders: u64,
    /// How many stored terminal orders passed the horizon and are due to be asked once more.
    #[serde(default)]
    pub rechecks: u64,
    /// About how many requests the run takes.
    pub requests: u64,
    /// How long they take at the account's rate limit; `None` where no limit is known.
    pub time: Option<Duration>,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// What a run would do now. Asks the vendor at most for one count, and changes nothing; a count that fails is a note.
///
/// # Errors
/// [`SyncError::State`] for a state that cannot be used, [`SyncError::Options`] for options that cannot be followed,
/// and what the store failed with.
pub async fn plan(
    source: &dyn OrderSource,
    store: &dyn Store,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Plan, SyncError> {
    let state = load(source, store, options, now)?;
    let mut planner = Planner {
        source,
        store,
        options,
        now,
        known: None,
        reached: state.watermark,
        total: None,
        asked: 0,
    };
    let (plan, _) = planner.plan(&state).await?;
    Ok(plan)
}

/// The state of the source's account, as far as the clock lets it be true: the saved one, or a new one.
pub(crate) fn load(
    source: &dyn OrderSource,
    store: &dyn Store,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<State, SyncError> {
    options.check()?;
    let shape = shape(&source.capabilities(), options)?;
    match store.state(source.account())? {
        Some(text) => State::read(&text, source.account(), shape)?.at(now),
        None => Ok(State::new(source.account().clone(), shape)),
    }
}

/// What a tier is to do, as the engine takes it.
pub(crate) struct Due {
    pub(crate) task: Task,
    pub(crate) work: Work,
}

/// What a person should know.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// About what is done: for the plan, and for the summary of the run.
    pub(crate) work: Vec<String>,
    /// About the estimate: for the plan alone.
    pub(crate) estimate: Vec<String>,
}

pub(crate) struct Planner<'a> {
    pub(crate) source: &'a dyn OrderSource,
    pub(crate) store: &'a dyn Store,
    pub(crate) options: &'a Options,
    pub(crate) now: DateTime<Utc>,
    /// What was missing when the run began: gaps that it finds itself are for the next one.
    pub(crate) known: Option<&'a [Missing]>,
    /// The watermark when the run began: what the run reads as new is not read again by it.
    pub(crate) reached: Option<DateTime<Utc>>,
    /// How many orders the vendor says there are, where it was asked.
    pub(crate) total: Option<u64>,
    /// How many requests that took.
    pub(crate) asked: u64,
}

impl Planner<'_> {
    /// The plan, and its notes about what is done.
    pub(crate) async fn plan(&mut self, state: &State) -> Result<(Plan, Vec<String>), SyncError> {
        let mut notes = Notes::default();
        let tiers = self.tiers(state)?;
        if tiers.contains(&Tier::Full) {
            self.ask_total(state, &mut notes).await;
        }
        let mut tasks: Vec<Task> = state
            .jobs
            .iter()
            .filter(|job| self.resumes(job.tier))
            .map(|job| Task {
                tier: job.tier,
                windows: match &job.work {
                    Work::Query { windows, .. } => windows.clone(),
                    _ => Vec::new(),
                },
                items: 0,
                requests: (job.active.len() as u64).max(1),
                resumed: true,
            })
            .collect();
        for tier in tiers {
            if let Some(due) = self.due(tier, state, &mut notes)? {
                tasks.push(due.task);
            }
        }
        if state.jobs.iter().any(|job| !self.resumes(job.tier)) {
            let note = "an interrupted pull waits: run without asking for open orders only";
            notes.work.push(note.to_owned());
        }
        let requests = tasks.iter().map(|task| task.requests).sum();
        let open_orders = self.open_days()?.iter().map(|day| day.due).sum();
        let rechecks = tasks.iter().filter(|task| task.tier == Tier::Horizon);
        let rechecks = rechecks.map(|task| task.items).sum();
        let plan = Plan {
            account: self.source.account().clone(),
            open_orders,
            rechecks,
            requests,
            time: self.options.pace.map(|pace| pace.time(requests)),
            tasks,
            notes: notes.work.iter().cloned().chain(notes.estimate).collect(),
        };
        Ok((plan, notes.work))
    }

    /// Whether a job of this tier that an earlier run left is gone on with.
    pub(crate) fn resumes(&self, tier: Tier) -> bool {
        self.options.mode != Mode::OnlyOpen || tier == Tier::Open
    }

    /// The upper end of what may be asked for now.
    pub(crate) fn horizon_now(&self) -> DateTime<Utc> {
        // Vendors count in whole seconds.
        let end = self.now - self.options.safety_lag;
        DateTime::from_timestamp(end.timestamp(), 0).unwrap_or(end)
    }

    /// The tiers that are worked on, in order; not yet whether they have anything to do.
    pub(crate) fn tiers(&self, state: &State) -> Result<Vec<Tier>, SyncError> {
        let due = |at: Option<DateTime<Utc>>, every| {
            at.is_none_or(|at| at > self.now || at + every <= self.now)
        };
        let options = self.options;
        Ok(match options.mode {
            Mode::OnlyOpen => vec![Tier::Open],
            Mode::Window { .. } => vec![Tier::Window],
            Mode::Full => vec![Tier::Full, Tier::Gaps],
            Mode::Update => match state.shape {
                Shape::Partitions => vec![Tier::Full, Tier::Gaps],
                Shape::Pass => {
                    let unreliable = state
                        .pass
                        .as_ref()
                        .is_none_or(|pass| pass.listing == Listing::Mixed);
                    let missing = self.gaps()?.iter().any(is_whole_pass);
                    let full = state.needs_full
                        || unreliable
                        || missing
                        // A clock that was ahead: how far was really read is not known.
                        || state.watermark.is_some_and(|at| at > self.now + options.overlap)
                        || due(state.full_at, options.full_every);
                    if full {
                        vec![Tier::Full, Tier::Gaps]
                    } else {
                        vec![Tier::Growing, Tier::Gaps, Tier::Open]
                    }
                }
                Shape::Windows(_) => {
                    let mut tiers = vec![Tier::New];
                    if due(state.warm_at, options.warm_every) {
                        tiers.push(Tier::Warm);
                    }
                    if due(state.open_at, options.open_every) {
                        tiers.extend([Tier::Open, Tier::Horizon]);
                    }
                    tiers.push(Tier::Gaps);
                    tiers
                }
            },
        })
    }

    /// What a tier has to do; `None` where that is nothing.
    pub(crate) fn due(
        &self,
        tier: Tier,
        state: &State,
        notes: &mut Notes,
    ) -> Result<Option<Due>, SyncError> {
        match tier {
            Tier::Gaps => self.due_gaps(),
            Tier::New => self.due_new(state, notes),
            Tier::Full => self.due_full(state, notes),
            Tier::Growing => Ok(Some(due(
                Tier::Growing,
                Vec::new(),
                0,
                3,
                Work::Slices(Vec::new()),
            ))),
            Tier::Warm => Ok(self.due_warm(state, notes)),
            Tier::Open => self.due_open(state, notes),
            Tier::Horizon => {
                let filter = self.horizon_filter(state);
                self.due_again(tier, filter, "terminal orders beyond the horizon", notes)
            }
            // It follows from what a pass finds.
            Tier::Unseen => Ok(None),
            Tier::Window => self.due_window(state, notes).map(Some),
        }
    }

    fn gaps(&self) -> Result<Vec<Gap>, SyncError> {
        self.store.gaps(self.source.account())
    }

    fn knew(&self, gap: &Gap) -> bool {
        self.known.is_none_or(|known| known.contains(&gap.missing))
    }

    /// The single orders that earlier runs could not read.
    pub(crate) fn gap_orders(&self) -> Result<Vec<OrderRef>, SyncError> {
        let gaps = self.gaps()?.into_iter().filter(|gap| self.knew(gap));
        let orders = gaps.filter_map(|gap| match gap.missing {
            Missing::Order(order) => Some(order),
            Missing::Slice(_) => None,
        });
        Ok(orders.collect())
    }

    fn due_gaps(&self) -> Result<Option<Due>, SyncError> {
        let gaps = self.gaps()?;
        let slices: Vec<Slice> = gaps
            .iter()
            .filter(|gap| !is_whole_pass(gap) && self.knew(gap))
            .filter_map(|gap| match &gap.missing {
                Missing::Slice(slice) => Some(slice.clone()),
                Missing::Order(_) => None,
            })
            .collect();
        let count = slices.len() as u64;
        Ok((count > 0).then(|| due(Tier::Gaps, Vec::new(), count, count, Work::Slices(slices))))
    }

    fn due_new(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        let Shape::Windows(axis) = state.shape else {
            return Ok(None);
        };
        // A job under way has its own frozen end; the new windows begin behind it.
        let left = state.job(Tier::New).and_then(|job| match &job.work {
            Work::Query { windows, .. } => windows.last().map(|window| window.to),
            _ => None,
        });
        let from = left
            .or(state.watermark)
            .or(self.options.since)
            .ok_or_else(no_start)?;
        self.has_begun(from)?;
        let Some(window) = Window::new(from, self.horizon_now()) else {
            return Ok(None);
        };
        if state.walked.1 == 0 {
            notes.estimate.push("nothing was pulled before: the estimate counts the longest windows, busy ones take more".into());
        }
        let requests = self.window_requests(state, window);
        Ok(Some(due(
            Tier::New,
            vec![window],
            0,
            requests,
            Work::windows(axis, vec![window]),
        )))
    }

    /// Nothing can be read from a beginning that is still to come.
    fn has_begun(&self, from: DateTime<Utc>) -> Result<(), SyncError> {
        if from <= self.now {
            return Ok(());
        }
        Err(SyncError::options(
            format!("the starting point {} lies in the future", second(from)),
            "choose an earlier one",
        ))
    }

    fn due_full(&self, state: &State, notes: &mut Notes) -> Result<Option<Due>, SyncError> {
        match state.shape {
            Shape::Windows(axis) => {
                let from = [self.options.since, state.start]
                    .into_iter()
                    .flatten()
                    .min()
                    .ok_or_else(no_start)?;
                self.has_begun(from)?;
                let Some(window) = Window::new(from, self.horizon_now()) else {
                    return Ok(None);
                };
                let requests = self.window_requests(state, window);
                Ok(Some(due(
                    Tier::Full,
                    vec![window],
                    0,
                    requests,
                    Work::windows(axis, vec![window]),
                )))
            }
            Shape::Partitions => {
                let hash = partitions_hash(&self.options.partitions);
                let count = self.options.partitions.len() as u64;
                let requests = state.full_requests.unwrap_or(0).max(count);
                Ok(Some(due(
                    Tier::Full,
                    Vec::new(),
                    count,
                    requests,
                    Work::everything(Some(hash)),
                )))
            }
            Shape::Pass => {
                if let Some(pass) = &state.pass
                    && pass.listing == Listing::Mixed
                {
                    notes.work.push(
                        "the vendor lists orders in no order of creation: every run is a full pass"
                            .into(),
                    );
                }
                if state.needs_full {
                    notes.work.push(
                        "the stored orders and the vendor's count differ: a full pass is due"
                            .into(),
                    );
                }
                let requests = self.pass_requests(state)?;
                Ok(Some(due(
                    Tier::Full,
                    Vec::new(),
                    0,
                    requests,
                    Work::everything(None),
                )))
            }
        }
    }

    fn due_warm(&self, state: &State, notes: &mut Notes) -> Option<Due> {
        let Shape::Windows(axis) = state.shape else {
            return None;
        };
        let to = self.reached?;
        let start = state.start?;
        // What was never pulled is read where the user says so.
        let begin = self.options.since.map_or(start, |since| since.min(start));
        let back = to - self.options.warm;
        if back < begin && self.options.warm > Options::default().warm {
            notes.work.push(format!(
                "read again from {} only, where the pull begins: say an earlier starting point to read further back",
                second(begin)
            ));
        }
        let from = back.max(begin);
        let window = Window::new(from, to)?;
        let requests = self.window_requests(state, window);
        Some(due(
            Tier::Warm,
            vec![window],
            0,
            requests,
            Work::windows(axis, vec![window]),
        ))
    }

    fn due_window(&self, state: &State, notes: &mut Notes) -> Result<Due, SyncError> {
        let (Mode::Window { axis, window }, Shape::Windows(usual)) =
            (self.options.mode, state.shape)
        else {
            return Err(SyncError::options(
                "this vendor cannot filter by time",
                "pull without a window, and filter what is stored",
            ));
        };
        let axis = axis.unwrap_or(usual);
        if !self.source.capabilities().axes.contains(&axis) {
            return Err(SyncError::options(
                "this vendor does not filter by that time",
                "choose another time axis",
            ));
        }
        let end = window.to.min(self.horizon_now());
        if window.to > self.now {
            notes.work.push(format!(
                "the window is read up to {}: what is later is still to come",
                second(end)
            ));
        }
        let window = Window::new(window.from, end).ok_or_else(|| {
            SyncError::options(
                "the window is empty",
                "it must begin before now minus the safety lag",
            )
        })?;
        let requests = self.window_requests(state, window);
        Ok(due(
            Tier::Window,
            vec![window],
            0,
            requests,
            Work::windows(axis, vec![window]),
        ))
    }
}

pub(crate) fn due(tier: Tier, windows: Vec<Window>, items: u64, requests: u64, work: Work) -> Due {
    Due {
        task: Task {
            tier,
            windows,
            items,
            requests,
            resumed: false,
        },
        work,
    }
}

/// A time as people read it.
pub(crate) fn second(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn no_start() -> SyncError {
    SyncError::options(
        "nothing was pulled from this account before, and no starting point is given",
        "say since when to pull",
    )
}

/// A gap that only a full pass fills.
fn is_whole_pass(gap: &Gap) -> bool {
    matches!(&gap.missing, Missing::Slice(slice) if slice.walk == Walk::Pages && slice.partition.is_none())
}

/// The hash of the partitions: a job goes on only with the list that it began with.
pub(crate) fn partitions_hash(partitions: &[String]) -> u64 {
    short_hash(partitions.iter().map(String::as_bytes))
}
