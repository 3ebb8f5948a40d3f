//! What pieces of a plan cost, in requests.

use chrono::{DateTime, Days, NaiveTime, Utc};
use orders_core::{Capabilities, Slice, Window};

use crate::SyncError;
use crate::plan::{Notes, Planner};
use crate::state::{Shape, State};
use crate::store::DueDay;

impl Planner<'_> {
    pub(crate) fn days_requests(&self, capabilities: &Capabilities, stored: u64) -> u64 {
        let longest = u64::from(capabilities.windows.longest.max(1));
        // Windows that must fit one page take about 1.6 times the ideal number of pages.
        let pages = stored * 16 / (10 * u64::from(capabilities.windows.page_rows.max(1))) + 1;
        pages.max(86_400u64.div_ceil(longest))
    }

    pub(crate) fn window_requests(&self, state: &State, window: Window) -> u64 {
        let longest = i64::from(self.source.capabilities().windows.longest.max(1));
        let length = window.length().num_seconds().max(0);
        let least = u64::try_from(length / longest).unwrap_or(0) + 1;
        let (seconds, requests) = state.walked;
        let length = u128::try_from(length).unwrap_or(0);
        let usual = length * u128::from(requests) / u128::try_from(seconds.max(1)).unwrap_or(1);
        least.max(u64::try_from(usual).unwrap_or(u64::MAX))
    }

    /// Asks the vendor how many orders there are, where nothing else says what a pass costs. A failure is a note: it is
    /// met again, and dealt with, by the pass itself.
    pub(crate) async fn ask_total(&mut self, state: &State, notes: &mut Notes) {
        let unknown = state.shape == Shape::Pass && state.pass.is_none();
        if !unknown || !self.source.capabilities().counts {
            return;
        }
        self.asked += 1;
        match self.source.count(&Slice::pass()).await {
            Ok(total) => self.total = total,
            Err(error) => notes.estimate.push(format!(
                "the vendor's count could not be read, the estimate goes by what is stored: {error}"
            )),
        }
    }

    pub(crate) fn pass_requests(&self, state: &State) -> Result<u64, SyncError> {
        let page_rows = u64::from(self.source.capabilities().windows.page_rows);
        let (total, page_rows) = match (&state.pass, self.total) {
            (Some(pass), _) => (pass.total.unwrap_or(0), pass.page_rows),
            (None, Some(total)) => (total, page_rows),
            (None, None) => (self.store.live(self.source.account())?, page_rows),
        };
        Ok(total.div_ceil(page_rows.max(1)).max(1))
    }
}

/// The days as windows, neighbours joined.
pub(crate) fn merged(days: &[DueDay], end: DateTime<Utc>) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for day in days.iter().filter_map(|day| day.day) {
        let from = day.and_time(NaiveTime::MIN).and_utc();
        let Some(next) = day.checked_add_days(Days::new(1)) else {
            continue;
        };
        let Some(window) = Window::new(from, next.and_time(NaiveTime::MIN).and_utc().min(end))
        else {
            continue;
        };
        match windows.last_mut() {
            Some(last) if last.to >= window.from => last.to = window.to,
            _ => windows.push(window),
        }
    }
    windows
}
