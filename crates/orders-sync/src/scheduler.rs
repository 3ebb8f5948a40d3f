//! Which job runs when: the phases of a run, and the jobs that an earlier run left.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::batch::Batch;
use crate::deletions::many_doubted;
use crate::error::SyncError;
use crate::events::Event;
use crate::evidence::end_reading;
use crate::full_scan::begin_tail;
use crate::gap::{Missing, is_whole_list};
use crate::job::{Job, Work};
use crate::lookup::{count_due, look_up_all};
use crate::options::Mode;
use crate::phase::Phase;
use crate::planner::{Due, Notes, Planner, partitions_hash};
use crate::point::Point;
use crate::progress::JobProgress;
use crate::recheck::open_orders;
use crate::run::{Ended, Flow, Run};
use crate::slices::read_slices;
use crate::state::State;
use crate::stored::DueFilter;
use crate::strategy::Strategy;
use crate::summary::Outcome;
use crate::times::second;

/// Decides which job of a run comes next.
pub(crate) struct Scheduler<'a> {
    pub(crate) run: Run<'a>,
    /// What was missing when the run began.
    known: Vec<Missing>,
    /// The watermark when the run began.
    reached: Option<DateTime<Utc>>,
}

impl<'a> Scheduler<'a> {
    /// Takes up a run. `known`: what was missing before.
    pub(crate) fn new(mut run: Run<'a>, known: Vec<Missing>) -> Self {
        let slices = known.iter().filter_map(|missing| match missing {
            Missing::Slice(slice) if !is_whole_list(slice) => Some(slice.clone()),
            _ => None,
        });
        run.gaps = slices.collect();
        let reached = run.committer.state.watermark;
        Self {
            run,
            known,
            reached,
        }
    }

    /// Does everything that is due; answers how the run ends.
    pub(crate) async fn work(&mut self) -> Result<Outcome, SyncError> {
        match self.all_phases().await {
            Ok(()) => {}
            Err(Ended::Early(outcome)) => return Ok(outcome),
            Err(Ended::Failed(error)) => return Err(error),
        }
        let missing = self.note_unknown().await?;
        let committer = &self.run.committer;
        let waiting = !committer.state.jobs().is_empty();
        Ok(if self.run.options.mode == Mode::OnlyOpen && waiting {
            // A note of the plan says which.
            Outcome::Partial
        } else if missing || committer.has_open_gaps().await? {
            Outcome::Incomplete
        } else {
            Outcome::Complete
        })
    }

    /// Whether too many orders are doubted, or were looked up in vain, for a complete run; notes it.
    async fn note_unknown(&mut self) -> Result<bool, SyncError> {
        let run = &mut self.run;
        if !run.unfound.is_empty() {
            let orders = match run.unfound.len() {
                1 => "1 order is".to_owned(),
                many => format!("{many} orders are"),
            };
            run.notes.push(format!(
                "{orders} not at the vendor where looked up alone: a full pull shows what is deleted"
            ));
        }
        let doubts = run.committer.doubts().await?;
        let many = doubts.and_then(many_doubted);
        let missing = !run.unfound.is_empty() || many.is_some();
        run.notes.extend(many);
        Ok(missing)
    }

    fn state(&self) -> &State {
        &self.run.committer.state
    }

    fn planner(&self) -> Planner<'_> {
        let (run, committer) = (&self.run, &self.run.committer);
        let (store, state) = (committer.store(), &committer.state);
        Planner::new(run.source, store, run.options, committer.now(), state).of_run(
            committer.run(),
            &self.known,
            self.reached,
        )
    }

    async fn all_phases(&mut self) -> Flow {
        self.close_gaps_of_other_partitions().await?;
        let run = &mut self.run;
        let orders = run.committer.readable(run.source).await?;
        if !orders.is_empty() {
            run.commit(Batch {
                orders,
                ..Batch::default()
            })
            .await?;
        }
        self.plan().await?;
        self.drop_jobs_of_other_partitions();
        let full_ends_now = self.full_ends_now();
        let left: Vec<Phase> = self.state().jobs().iter().map(|job| job.phase).collect();
        for phase in left {
            // What could not be read before must not keep what is new waiting.
            if !matches!(
                phase,
                Phase::Gaps | Phase::OpenOrders | Phase::Aged | Phase::Pushed
            ) {
                self.resume(phase).await?;
            }
        }
        for phase in self.planner().phases(self.state()).await? {
            if phase == Phase::Gaps || self.run.options.mode == Mode::OnlyOpen {
                self.resume(Phase::OpenOrders).await?;
                self.resume(Phase::Aged).await?;
                self.resume(Phase::Pushed).await?;
            }
            let needs_full = self.state().needs_full;
            if let (Phase::Full, Some(began), false) = (phase, full_ends_now, needs_full) {
                self.run.notes.push(format!(
                    "the interrupted full pull is complete as of {}: what came since comes with the next run",
                    second(began)
                ));
                continue;
            }
            self.begin(phase).await?;
        }
        if self.state().needs_full && self.run.options.mode != Mode::OnlyOpen {
            let note = match self.run.unfound.is_empty() {
                true => "the tail did not add up to the vendor's count: scanned in full",
                false => "orders were looked up in vain: scanned in full",
            };
            self.run.notes.push(note.to_owned());
            self.begin(Phase::Full).await?;
        }
        self.look_up_unshown().await
    }

    /// Looks up what the readings should have shown and did not, and decides about what is doubted.
    async fn look_up_unshown(&mut self) -> Flow {
        if self.state().job(Phase::Unshown).is_some() {
            return self.job(Phase::Unshown, true).await;
        }
        let committer = &self.run.committer;
        if committer.unshown(None, 1).await?.is_empty() {
            return Ok(());
        }
        let work = Work::Unshown { after: None };
        let job = Job::new(Phase::Unshown, committer.now(), work);
        self.run_new(job).await
    }

    async fn plan(&mut self) -> Flow {
        let mut planner = self.planner();
        let (plan, notes) = tokio::select! {
            biased;
            () = self.run.context.stop.stopped() => return Err(Ended::Early(Outcome::Stopped)),
            planned = planner.plan(self.state()) => planned?,
        };
        self.run.requests += planner.requests;
        self.run.notes.extend(notes);
        self.run.event(&Event::Planned(&plan));
        Ok(())
    }

    /// When an interrupted full pull of partitions began that ends with this run: it need not begin again at once.
    /// Partitions take hours; and what the user wants in full is read in full.
    fn full_ends_now(&self) -> Option<DateTime<Utc>> {
        let state = self.state();
        let may_end = state.strategy == Strategy::Partitions && self.run.options.mode != Mode::Full;
        let now = self.run.committer.now();
        let job = state.job(Phase::Full).filter(|_| may_end)?;
        (job.started_at + TimeDelta::days(1) > now).then_some(job.started_at)
    }

    /// Begins what a phase has to do, and does it.
    async fn begin(&mut self, phase: Phase) -> Flow {
        while phase == Phase::Gaps && self.state().job(phase).is_some() {
            self.job(phase, true).await?;
        }
        let planner = self.planner();
        let horizon = planner.horizon();
        let due = planner
            .due(phase, self.state(), &mut Notes::default())
            .await?;
        let now = self.run.committer.now();
        if let Some(Due { task, work }) = due {
            let mut job = Job::new(phase, now, work);
            if phase == Phase::Tail {
                begin_tail(&mut self.run, &mut job);
            }
            let state = &mut self.run.committer.state;
            if phase == Phase::Full {
                state.unproven = false;
            }
            if phase == Phase::Doubted {
                state.days.clear();
            }
            if phase == Phase::Aged {
                state.next_horizon = Some(horizon);
            }
            if let (Phase::New | Phase::Full | Phase::Lookback, Some(window)) =
                (phase, task.windows.first())
            {
                let start = state.start.map_or(window.from, |at| at.min(window.from));
                state.start = Some(start);
            }
            let by_day = phase == Phase::OpenOrders && matches!(job.work, Work::Query { .. });
            let unconfirmed = self.run.unconfirmed;
            self.run_new(job).await?;
            if by_day && self.run.unconfirmed > unconfirmed {
                self.look_up_open(now).await?;
            }
        }
        if phase == Phase::Gaps && self.run.source.capabilities().fetches {
            let orders = self.planner().gap_orders().await?;
            if !orders.is_empty() {
                let now = self.run.committer.now();
                let job = Job::new(phase, now, Work::Orders(orders));
                self.run_new(job).await?;
            }
        }
        Ok(())
    }

    /// Looks up the open orders that did not come since then: a day whose answer lacked its list shows nothing of them.
    async fn look_up_open(&mut self, since: DateTime<Utc>) -> Flow {
        let DueFilter::Open { created_since, .. } = open_orders(self.run.options, since) else {
            return Ok(());
        };
        let due = DueFilter::Open {
            created_since,
            seen_before: since,
        };
        let committer = &self.run.committer;
        let days = committer.store().due_days(committer.account(), due).await?;
        if days.is_empty() || !self.run.source.capabilities().fetches {
            return Ok(());
        }
        self.run_new(Job::new(Phase::OpenOrders, since, Work::look_ups(due)))
            .await
    }

    async fn run_new(&mut self, job: Job) -> Flow {
        let phase = job.phase;
        self.run.committer.state.add_job(job);
        self.run.save().await?;
        self.run.context.failpoints.pass(Point::JobSaved)?;
        self.job(phase, false).await
    }

    /// Resumes the interrupted job of a phase, where this run may.
    async fn resume(&mut self, phase: Phase) -> Flow {
        match self.planner().resumes(phase) {
            true => self.job(phase, true).await,
            false => Ok(()),
        }
    }

    /// Does the first job of a phase to its end.
    async fn job(&mut self, phase: Phase, resumed: bool) -> Flow {
        let run = &mut self.run;
        if !run.committer.state.make_current(phase) {
            return Ok(());
        }
        run.retry.begin_job();
        run.committer.begin_job();
        run.event(&Event::Job { phase, resumed });
        let due = count_due(run).await?;
        run.progress = JobProgress::begin(run.job(), due);
        match &run.job().work {
            Work::Orders(_)
            | Work::Unshown { .. }
            | Work::Pushed { .. }
            | Work::Open { .. }
            | Work::Aged { .. } => look_up_all(run).await?,
            Work::Query { .. } | Work::Slices(_) => {
                read_slices(run).await?;
                end_reading(run).await?;
            }
        }
        run.context.failpoints.pass(Point::JobEnded)?;
        let state = &mut run.committer.state;
        let job = state.end_current();
        state.note_end(&job, run.options.safety_lag);
        run.save().await?;
        Ok(())
    }

    /// A job of the partitions begins anew where they are not the ones that it began with.
    fn drop_jobs_of_other_partitions(&mut self) {
        let now = partitions_hash(&self.run.options.partitions);
        let state = &mut self.run.committer.state;
        let before = state.jobs().len();
        state.keep_jobs(
            |job| !matches!(&job.work, Work::Query { partitions: Some(then), .. } if *then != now),
        );
        if state.jobs().len() < before {
            let note = "the list of partitions changed since the interrupted run: begun anew";
            self.run.notes.push(note.to_owned());
        }
    }

    /// Closes the gaps of partitions that are no longer configured.
    async fn close_gaps_of_other_partitions(&mut self) -> Result<(), SyncError> {
        let missing = self.run.committer.missing().await?;
        if self.state().strategy != Strategy::Partitions || missing.is_empty() {
            return Ok(());
        }
        let partitions = &self.run.options.partitions;
        let named: HashSet<&str> = partitions.iter().map(String::as_str).collect();
        let other = |missing: &Missing| match missing {
            Missing::Slice(slice) => {
                let partition = slice.partition.as_deref();
                partition.is_some_and(|partition| !named.contains(partition))
            }
            Missing::Order(_) | Missing::Record(_) => false,
        };
        let filled: Vec<Missing> = missing.into_iter().filter(other).collect();
        if filled.is_empty() {
            return Ok(());
        }
        self.run
            .commit(Batch {
                filled,
                ..Batch::default()
            })
            .await
    }
}
