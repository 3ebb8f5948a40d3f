//! Whether rows are those of the window that was requested.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::Window;

/// Edges are requested a second wider by some sources, and a time may have lost its fraction.
const EDGE: TimeDelta = TimeDelta::seconds(2);

/// Whether rows have times on the axis of the window, and none of these lies in it, give or take `tolerance`. A row
/// without the time says nothing.
#[must_use]
pub fn outside(
    window: Window,
    tolerance: TimeDelta,
    times: impl IntoIterator<Item = Option<DateTime<Utc>>>,
) -> bool {
    let wide = window.widened(EDGE).widened(tolerance);
    let mut none = true;
    for time in times.into_iter() {
        match time {
            Some(time) if !wide.contains(time) => none = false,
            _ => return false,
        }
    }
    !none
}
