//! Stored orders that are due to be asked again: the open ones, and the terminal ones that passed the horizon.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::TimeAxis;

use crate::SyncError;
use crate::estimate::merged;
use crate::options::Mode;
use crate::plan::{Due, Notes, Planner, due};
use crate::state::{State, Tier, Work};
use crate::store::{DueDay, DueFilter};

impl Planner<'_> {
    fn open_filter(&self) -> DueFilter {
        let seen_before = match self.options.mode {
            Mode::OnlyOpen => self.now,
            _ => self.now - self.options.open_every.min(TimeDelta::days(1)),
        };
        DueFilter::Open {
            created_since: self.passed(),
            seen_before,
        }
    }

    /// Orders created before this have passed the horizon.
    pub(crate) fn passed(&self) -> DateTime<Utc> {
        self.now - self.options.horizon
    }

    pub(crate) fn horizon_filter(&self, state: &State) -> DueFilter {
        DueFilter::Horizon {
            created_since: state.horizon,
            created_before: self.passed(),
            age: self.options.horizon,
        }
    }

    pub(crate) fn open_days(&self) -> Result<Vec<DueDay>, SyncError> {
        self.store
            .due_days(self.source.account(), self.open_filter())
    }

    pub(crate) fn due_open(
        &self,
        state: &State,
        notes: &mut Notes,
    ) -> Result<Option<Due>, SyncError> {
        let due_at = state
            .open_at
            .is_none_or(|at| at + self.options.open_every <= self.now);
        if self.options.mode != Mode::OnlyOpen && !due_at {
            return Ok(None);
        }
        self.due_again(Tier::Open, self.open_filter(), "open orders", notes)
    }

    /// Stored orders again: one by one, or by the days on which they were created, whichever takes fewer requests.
    pub(crate) fn due_again(
        &self,
        tier: Tier,
        filter: DueFilter,
        what: &str,
        notes: &mut Notes,
    ) -> Result<Option<Due>, SyncError> {
        let capabilities = self.source.capabilities();
        let days = self.store.due_days(self.source.account(), filter)?;
        let orders: u64 = days.iter().map(|day| day.due).sum();
        if orders == 0 {
            return Ok(None);
        }
        let windows = capabilities
            .axes
            .contains(&TimeAxis::Created)
            .then(|| merged(&days, self.horizon_now()));
        let by_day: u64 = days
            .iter()
            .filter(|day| day.day.is_some())
            .map(|day| self.days_requests(&capabilities, day.stored))
            .sum();
        let undated: u64 = days
            .iter()
            .filter(|day| day.day.is_none())
            .map(|day| day.due)
            .sum();
        match windows {
            Some(windows) if !capabilities.fetches || (by_day < orders && undated == 0) => {
                if undated > 0 {
                    notes.work.push(format!(
                        "{undated} {what} have no creation time and cannot be asked again"
                    ));
                }
                let work = Work::windows(TimeAxis::Created, windows.clone());
                Ok(Some(due(tier, windows, orders, by_day, work)))
            }
            _ if capabilities.fetches => {
                let work = Work::orders(filter);
                Ok(Some(due(tier, Vec::new(), orders, orders, work)))
            }
            _ => {
                notes.work.push(format!(
                    "{orders} {what} can only be asked again by a full pull"
                ));
                Ok(None)
            }
        }
    }
}
