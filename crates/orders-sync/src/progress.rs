//! How far a job is, counted in memory.

use chrono::{DateTime, Utc};
use orders_core::{Slice, Walk};

use crate::events::{Progress, Unit};
use crate::job::{Active, Job, Work};
use crate::phase::Phase;

/// What this run has done of the current job.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct JobProgress {
    /// How many units.
    units: u64,
    /// How many seconds of windows.
    seconds: i64,
    /// How far the slices that are begun reach into the current window of the query.
    reach: Option<DateTime<Utc>>,
    /// How many look-ups were due when the job was taken up.
    due: Option<u64>,
}

impl JobProgress {
    /// Begins to count for a job. `due`: how many look-ups are due.
    pub(crate) fn begin(job: &Job, due: Option<u64>) -> Self {
        Self {
            reach: job.active.iter().filter_map(|a| end(&a.slice)).max(),
            due,
            ..Self::default()
        }
    }

    /// A slice is begun.
    pub(crate) fn slice_begun(&mut self, slice: &Slice) {
        self.reach = self.reach.max(end(slice));
    }

    /// The query moves to its next window.
    pub(crate) fn window_begun(&mut self) {
        self.reach = None;
    }

    /// A page is done, or a window of so many seconds; the job still holds its slice where more of it follows.
    pub(crate) fn page_done(&mut self, job: &Job, was: &Active, seconds: i64) -> Option<Progress> {
        let unit = unit(job, was);
        // A crowded second is one window, however many pages it takes.
        if !(unit == Unit::Pages || unit == Unit::Windows && seconds > 0) {
            return None;
        }
        self.units += 1;
        self.seconds += seconds;
        let left = match unit {
            Unit::Windows => Some(self.windows_left(job)),
            _ => was.position.pages_left(),
        };
        Some(Progress::new(job.phase, unit, self.units, left))
    }

    /// A slice is done, and no longer held by the job. `partitions`: how many the run has.
    pub(crate) fn slice_done(
        &mut self,
        job: &Job,
        was: &Active,
        partitions: u64,
    ) -> Option<Progress> {
        let active = job.active.len() as u64;
        let unit = unit(job, was);
        let waiting = match (unit, &job.work) {
            (Unit::Partitions, _) => partitions.saturating_sub(job.next_id),
            (Unit::Gaps, Work::Slices(rest)) => rest.len() as u64,
            _ => return None,
        };
        self.units += 1;
        let left = Some(waiting + active);
        Some(Progress::new(job.phase, unit, self.units, left))
    }

    /// A look-up is done.
    pub(crate) fn order_done(&mut self, phase: Phase) -> Progress {
        self.units += 1;
        let left = self.due.map(|due| due.saturating_sub(self.units));
        Progress::new(phase, Unit::Orders, self.units, left)
    }

    /// What is left of the windows, counted by the average length of those done.
    fn windows_left(&self, job: &Job) -> u64 {
        let active: i64 = job.active.iter().map(|a| a.position.seconds_left()).sum();
        let waiting: i64 = match &job.work {
            Work::Query { windows, .. } => windows
                .iter()
                .enumerate()
                .map(|(at, window)| match self.reach.filter(|_| at == 0) {
                    Some(reach) => (window.to - reach).num_seconds().max(0),
                    None => window.length().num_seconds(),
                })
                .sum(),
            _ => 0,
        };
        let left = i128::from(active + waiting) * i128::from(self.units);
        let done = i128::from(self.seconds.max(1));
        u64::try_from((left + done - 1) / done).unwrap_or(0)
    }
}

fn end(slice: &Slice) -> Option<DateTime<Utc>> {
    slice.window.map(|window| window.to)
}

/// What is counted where this slice is read.
fn unit(job: &Job, active: &Active) -> Unit {
    match active.slice.walk {
        _ if job.phase == Phase::Gaps => Unit::Gaps,
        Walk::Windows => Unit::Windows,
        _ if active.slice.partition.is_some() => Unit::Partitions,
        _ => Unit::Pages,
    }
}
