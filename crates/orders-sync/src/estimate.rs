//! What pieces of a plan cost, in requests.

use chrono::{DateTime, Days, NaiveTime, Utc};
use orders_core::{Capabilities, Slice, Window};

use crate::SyncError;
use crate::plan::Planner;
use crate::state::State;
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

    pub(crate) async fn pass_requests(&self, state: &State) -> Result<u64, SyncError> {
        if let Some(pass) = &state.pass {
            return Ok(pass
                .total
                .unwrap_or(0)
                .div_ceil(pass.page_rows.max(1))
                .max(1));
        }
        let capabilities = self.source.capabilities();
        if !capabilities.counts {
            return Ok(1);
        }
        let total = self.source.count(&Slice::pass()).await?;
        Ok(total
            .unwrap_or(0)
            .div_ceil(u64::from(capabilities.windows.page_rows.max(1)))
            .max(1))
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
