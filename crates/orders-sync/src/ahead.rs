//! A state that says more than the clock lets be true.

use chrono::{DateTime, TimeDelta, Utc};

use crate::SyncError;
use crate::error::StateFault;
use crate::state::{Shape, State, Work, refused};

impl State {
    /// The state as it can be true at a time. What lies ahead of the clock was never asked for: the clock was wrong, or is.
    ///
    /// # Errors
    /// `Ahead` where that is by more than a day.
    pub(crate) fn at(mut self, now: DateTime<Utc>) -> Result<Self, SyncError> {
        // Passes over everything set themselves right by a full one.
        if !matches!(self.shape, Shape::Windows(_)) {
            return Ok(self);
        }
        let ends = self.jobs.iter().filter_map(|job| match &job.work {
            Work::Query { windows, .. } => windows.last().map(|window| window.to),
            _ => None,
        });
        let ahead = ends.chain(self.watermark).max().map(|end| end - now);
        let day = TimeDelta::days(1);
        if let Some(ahead) = ahead.filter(|ahead| *ahead > day) {
            let by = match ahead.num_days() {
                1 => format!("{} hours", ahead.num_hours()),
                days => format!("{days} days"),
            };
            let message = format!("it is ahead of the clock by {by}");
            return Err(refused(StateFault::Ahead, &self.account, message));
        }
        if let Some(watermark) = self.watermark.filter(|watermark| *watermark > now) {
            // It was at most a day ahead: before this all was really asked for.
            let before = watermark - day;
            self.watermark = Some(
                self.start
                    .map_or(before, |start| start.max(before))
                    .min(now),
            );
        }
        Ok(self)
    }
}
