//! What pieces of a plan cost, in requests.

use chrono::{DateTime, Days, NaiveTime, Utc};
use orders_core::{Capabilities, Window};

use crate::state::State;
use crate::stored::DueDay;

/// The requests for the orders of a day by its windows, where so many are stored.
pub(crate) fn day_requests(capabilities: &Capabilities, stored: u64) -> u64 {
    let longest = u64::from(capabilities.windows.longest.max(1));
    // Windows that must fit one page take about 1.6 times the ideal number of pages.
    let pages = stored * 16 / (10 * u64::from(capabilities.windows.page_rows.max(1))) + 1;
    pages.max(86_400u64.div_ceil(longest))
}

/// The requests for a window, by what windows cost lately.
pub(crate) fn window_requests(capabilities: &Capabilities, state: &State, window: Window) -> u64 {
    let longest = i64::from(capabilities.windows.longest.max(1));
    let length = window.length().num_seconds().max(0);
    let least = u64::try_from(length / longest).unwrap_or(0) + 1;
    let (seconds, requests) = state.walked;
    let length = u128::try_from(length).unwrap_or(0);
    let usual = length * u128::from(requests) / u128::try_from(seconds.max(1)).unwrap_or(1);
    least.max(u64::try_from(usual).unwrap_or(u64::MAX))
}

/// The requests for a window that is read along a cursor: its pages, and one that has nothing more.
pub(crate) fn cursor_requests(capabilities: &Capabilities, total: u64) -> u64 {
    let page_rows = u64::from(capabilities.windows.page_rows.max(1));
    total.div_ceil(page_rows) + 1
}

/// The requests for a full scan of so many orders.
pub(crate) fn scan_requests(total: u64, page_rows: u64) -> u64 {
    total.div_ceil(page_rows.max(1)).max(1)
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
