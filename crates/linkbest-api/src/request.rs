//! What the queries of several services have in common: a span of time, pages, and filters that must not be empty.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::Error;

use crate::Params;

/// The longest window of one query: one day (documented; whether both edges count is not).
pub const LONGEST_WINDOW: TimeDelta = TimeDelta::seconds(86_400);

/// The largest page (documented).
pub const MAX_PAGE_SIZE: u32 = 200;

/// `Stime` and `Etime`: whole seconds, the beginning rounded down and the end up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Span {
    /// Whether it runs forwards and is at most a day long; `stream` is the way to longer ones.
    pub(crate) fn check(self, stream: &str) -> Result<(), Error> {
        let (stime, etime) = self.seconds();
        if stime >= etime {
            return Err(broken("Stime must be before Etime"));
        }
        if etime - stime > LONGEST_WINDOW.num_seconds() {
            let rule = "Etime may be at most one day (86400 seconds) after Stime";
            return Err(broken(rule).with_hint(format!("{stream} takes a range of any length")));
        }
        Ok(())
    }

    pub(crate) fn add_to(self, params: Params) -> Params {
        let (stime, etime) = self.seconds();
        params.with("Stime", stime).with("Etime", etime)
    }

    fn seconds(self) -> (i64, i64) {
        let fraction = self.to.timestamp_subsec_nanos() > 0;
        let to = self.to.timestamp() + i64::from(fraction);
        (self.from.timestamp(), to)
    }
}

/// `Page` and `PageSize`. What is not set is left to the vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Paging {
    pub(crate) page: Option<u32>,
    pub(crate) page_size: Option<u32>,
}

impl Paging {
    pub(crate) fn check(self) -> Result<(), Error> {
        if self.page == Some(0) {
            return Err(broken("Page counts from 1"));
        }
        match self.page_size {
            Some(rows) if !(1..=MAX_PAGE_SIZE).contains(&rows) => Err(broken(&format!(
                "PageSize must be 1 to {MAX_PAGE_SIZE}, got {rows}"
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) fn add_to(self, params: Params) -> Params {
        params
            .with_some("Page", self.page)
            .with_some("PageSize", self.page_size)
    }
}

/// Refuses empty filters: the vendor might read one as no filter.
pub(crate) fn not_empty<const N: usize>(
    filters: [(&str, &Option<String>); N],
) -> Result<(), Error> {
    let empty = |(_, value): &(_, &Option<String>)| value.as_deref() == Some("");
    match filters.into_iter().find(empty) {
        Some((name, _)) => Err(broken(&format!("{name} must not be empty: leave it out"))),
        None => Ok(()),
    }
}

pub(crate) fn broken(rule: &str) -> Error {
    Error::invalid_request(rule)
}
