//! What happens in a run, for progress and logs.

use std::time::Duration;

use orders_core::Account;
use serde::{Deserialize, Serialize};

use crate::phase::Phase;
use crate::plan::Plan;

/// Something that happened in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// What the run will do.
    Planned(&'a Plan),
    /// A job begins, or resumes where an earlier run stopped.
    Job {
        /// Its phase.
        phase: Phase,
        /// Whether an earlier run began it.
        resumed: bool,
    },
    /// Pages were stored.
    Stored {
        /// Orders on them.
        orders: usize,
        /// Orders that the run has stored so far, each time one came.
        pulled: u64,
        /// Requests of the run so far, as in the summary.
        requests: u64,
    },
    /// A window, page, partition, order or gap is done.
    Progress(Progress),
    /// The run waits before the same request is sent again.
    Waiting {
        /// For how long.
        wait: Duration,
        /// Whether the vendor's rate limit is the reason.
        rate_limited: bool,
        /// The failure.
        error: &'a orders_core::Error,
    },
    /// Something could not be read and is stored as a gap.
    Gap {
        /// The failure.
        error: &'a orders_core::Error,
    },
}

/// How far the current job is, counted from where this run took it up: so the time left is about `left` times the time
/// since the [`Event::Job`] over `done`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// The phase of the job.
    pub phase: Phase,
    /// What is counted.
    pub unit: Unit,
    /// How many this run has done.
    pub done: u64,
    /// About how many are left; `None` where nothing shows it (the tail of a list, pages behind a cursor). Windows are
    /// counted by the average length of those done, and pages of a scan by the vendor's total.
    pub left: Option<u64>,
}

impl Progress {
    pub(crate) fn new(phase: Phase, unit: Unit, done: u64, left: Option<u64>) -> Self {
        Self {
            phase,
            unit,
            done,
            left,
        }
    }
}

/// What a [`Progress`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Windows of time that fitted one page.
    Windows,
    /// Pages of a scan, or behind a cursor.
    Pages,
    /// Partitions read to their end.
    Partitions,
    /// Orders looked up one by one.
    Orders,
    /// Gaps tried again.
    Gaps,
}

impl Unit {
    /// The plural as one lower-case word: `windows`, `pages`, `partitions`, `orders`, `gaps`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Pages => "pages",
            Self::Partitions => "partitions",
            Self::Orders => "orders",
            Self::Gaps => "gaps",
        }
    }
}

/// Receives what happens. Must return soon.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, account: &Account, event: &Event<'_>) {
        let _ = (account, event);
    }
}

/// Ignores every event.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
