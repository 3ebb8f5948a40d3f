//! Spans of time as the pages limit them.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, FixedOffset, Months};

/// The documented rules of a span.
pub(super) struct Rules {
    pub(super) names: [&'static str; 2],
    pub(super) months: u32,
    /// Whether the second time is in it.
    pub(super) inclusive: bool,
}

impl Rules {
    /// The span in milliseconds; none where neither time is named.
    pub(super) fn read(
        &self,
        params: &BTreeMap<String, String>,
    ) -> Result<Option<Range<i64>>, String> {
        let [from, to] = self.names;
        let read = |name: &str| {
            let text = params.get(name)?;
            Some(
                DateTime::parse_from_rfc3339(text)
                    .map_err(|_| format!("{name} must be a time as 2026-01-31T08:00:00+08:00")),
            )
        };
        let (min, max): (DateTime<FixedOffset>, _) = match (read(from), read(to)) {
            (None, None) => return Ok(None),
            (Some(min), Some(max)) => (min?, max?),
            _ => return Err(format!("{from} and {to} belong together")),
        };
        let last = min.checked_add_months(Months::new(self.months));
        if max < min || last.is_some_and(|last| max > last) {
            return Err(format!(
                "{from} and {to} must be at most {} months apart",
                self.months
            ));
        }
        let end = max.timestamp_millis() + if self.inclusive { 1000 } else { 0 };
        Ok(Some(min.timestamp_millis()..end))
    }
}
