//! The requests that the sandbox received, and its answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::vendor::Vendor;

/// One answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The vendor whose path was requested. None for a path of no vendor.
    pub vendor: Option<Vendor>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The route with placeholders, to count by: `/shopline/admin/openapi/{version}/customers/{id}/orders.json`. The
    /// path itself if no route matches.
    pub route: String,
    /// The requested path without its query. (A query can hold a signature or a paging token.)
    pub path: String,
    /// The HTTP status of the answer. For Clink's failures under HTTP 200 it is 200; for a reset connection it is 0.
    pub status: u16,
    /// The name of the fault, if the request met one.
    pub fault: Option<&'static str>,
}

/// How many requests are kept. The counts cover all requests.
const KEPT: usize = 100_000;

/// How often a route returned a status.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) route: String,
    pub(crate) method: String,
    pub(crate) status: u16,
}

/// The last requests in the order of their answers, and the counts by kind.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: VecDeque<RequestRecord>,
    counts: BTreeMap<Route, u64>,
}

impl Log {
    pub(crate) fn add(&self, record: RequestRecord) {
        let mut state = self.state();
        let route = Route {
            route: record.route.clone(),
            method: record.method.clone(),
            status: record.status,
        };
        *state.counts.entry(route).or_default() += 1;
        if state.last.len() == KEPT {
            state.last.pop_front();
        }
        state.last.push_back(record);
    }

    /// The last `count` requests.
    pub(crate) fn last(&self, count: usize) -> Vec<RequestRecord> {
        let state = self.state();
        let skipped = state.last.len().saturating_sub(count);
        state.last.iter().skip(skipped).cloned().collect()
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.last(KEPT)
    }

    pub(crate) fn counts(&self) -> BTreeMap<Route, u64> {
        self.state().counts.clone()
    }

    /// Clears the log.
    pub(crate) fn reset(&self) {
        *self.state() = State::default();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_are_kept_and_all_are_counted() {
        let log = Log::default();
        for number in 0..KEPT + 5 {
            log.add(RequestRecord {
                vendor: None,
                method: "GET".to_owned(),
                route: "/x".to_owned(),
                path: format!("/x/{number}"),
                status: 200,
                fault: None,
            });
        }
        let all = log.all();
        assert_eq!((all.len(), all[0].path.as_str()), (KEPT, "/x/5"));
        assert_eq!(log.last(2)[0].path, format!("/x/{}", KEPT + 3));
        assert_eq!(log.counts().values().sum::<u64>(), KEPT as u64 + 5);
        log.reset();
        assert!(log.all().is_empty() && log.counts().is_empty());
    }
}
