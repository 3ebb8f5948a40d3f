//! How far a job is: counted in memory, told after each piece.

use chrono::{DateTime, Utc};
use orders_core::{Slice, Walk};

use crate::SyncError;
use crate::engine::Run;
use crate::events::{Event, Progress, Unit};
use crate::state::{Active, Job, Tier, Work};

/// What this run has done of the present job.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    /// How many units.
    units: u64,
    /// How many seconds of windows.
    seconds: i64,
    /// How far the slices begun reach into the present window of the query.
    reach: Option<DateTime<Utc>>,
    /// How many single orders were due when the job was taken up.
    due: Option<u64>,
}

impl Run<'_> {
    /// Begins to count for the first job.
    pub(crate) fn begin_progress(&mut self) -> Result<(), SyncError> {
        let job = &self.state.jobs[0];
        self.done = Done {
            reach: job.active.iter().filter_map(|a| end(&a.slice)).max(),
            ..Done::default()
        };
        let account = self.source.account();
        self.done.due = match (&job.work, job.work.filter()) {
            (Work::Orders(rest), _) => Some(rest.len() as u64),
            // Of those behind an id nobody knows how many there are.
            (
                Work::Unseen {
                    mark, after: None, ..
                },
                _,
            ) => {
                let seen = self.store.marked(account, *mark)?;
                Some(self.store.live(account)?.saturating_sub(seen))
            }
            (_, Some((filter, _))) => {
                let days = self.store.due_days(account, filter)?;
                Some(days.iter().map(|day| day.due).sum())
            }
            _ => None,
        };
        Ok(())
    }

    /// A slice is begun.
    pub(crate) fn slice_begun(&mut self, slice: &Slice) {
        self.done.reach = self.done.reach.max(end(slice));
    }

    /// The query goes on to its next window.
    pub(crate) fn window_begun(&mut self) {
        self.done.reach = None;
    }

    /// A page is done, or a window of so many seconds; the job still holds its slice where that goes on.
    pub(crate) fn page_done(&mut self, was: &Active, seconds: i64) {
        let unit = unit(&self.state.jobs[0], was);
        // A crowded second is one window, however many pages it takes.
        if !(unit == Unit::Pages || unit == Unit::Windows && seconds > 0) {
            return;
        }
        self.done.units += 1;
        self.done.seconds += seconds;
        let left = match unit {
            Unit::Windows => Some(self.windows_left()),
            _ => was.place.pages_left(),
        };
        self.tell_progress(unit, left);
    }

    /// A slice is done, and no longer held by the job.
    pub(crate) fn slice_done(&mut self, was: &Active) {
        let job = &self.state.jobs[0];
        let reading = job.active.len() as u64;
        let unit = unit(job, was);
        let left = match (unit, &job.work) {
            (Unit::Partitions, _) => {
                (self.options.partitions.len() as u64).saturating_sub(job.next_id) + reading
            }
            (Unit::Gaps, Work::Slices(rest)) => rest.len() as u64 + reading,
            _ => return,
        };
        self.done.units += 1;
        self.tell_progress(unit, Some(left));
    }

    /// An order that was asked by itself is done.
    pub(crate) fn order_done(&mut self) {
        self.done.units += 1;
        let left = self.done.due.map(|due| due.saturating_sub(self.done.units));
        self.tell_progress(Unit::Orders, left);
    }

    /// What is left of the windows, counted by the average length of those done.
    fn windows_left(&self) -> u64 {
        let job = &self.state.jobs[0];
        let reading: i64 = job.active.iter().map(|a| a.place.seconds_left()).sum();
        let waiting: i64 = match &job.work {
            Work::Query { windows, .. } => windows
                .iter()
                .enumerate()
                .map(|(at, window)| match self.done.reach.filter(|_| at == 0) {
                    Some(reach) => (window.to - reach).num_seconds().max(0),
                    None => window.length().num_seconds(),
                })
                .sum(),
            _ => 0,
        };
        let left = i128::from(reading + waiting) * i128::from(self.done.units);
        let done = i128::from(self.done.seconds.max(1));
        u64::try_from((left + done - 1) / done).unwrap_or(0)
    }

    fn tell_progress(&self, unit: Unit, left: Option<u64>) {
        let progress = Progress {
            tier: self.state.jobs[0].tier,
            unit,
            done: self.done.units,
            left,
        };
        let event = Event::Progress(progress);
        self.tools.observer.event(self.source.account(), &event);
    }
}

fn end(slice: &Slice) -> Option<DateTime<Utc>> {
    slice.window.map(|window| window.to)
}

/// What is counted where this slice is read.
fn unit(job: &Job, active: &Active) -> Unit {
    match active.slice.walk {
        _ if job.tier == Tier::Gaps => Unit::Gaps,
        Walk::Windows => Unit::Windows,
        _ if active.slice.partition.is_some() => Unit::Partitions,
        _ => Unit::Pages,
    }
}
