//! What a run tells while it works, for progress and logs.

use std::time::Duration;

use orders_core::Account;
use serde::{Deserialize, Serialize};

use crate::plan::Plan;
use crate::state::Tier;

/// Something that happened in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// What the run will do.
    Planned(&'a Plan),
    /// A job begins, or goes on where an earlier run stopped.
    Job {
        /// Which tier it belongs to.
        tier: Tier,
        /// Whether an earlier run began it.
        resumed: bool,
    },
    /// A page was stored.
    Stored {
        /// Orders on it.
        orders: usize,
        /// Orders of the run so far.
        pulled: u64,
        /// Requests of the run so far.
        requests: u64,
    },
    /// A window, page, partition, order or gap is done.
    Progress(Progress),
    /// Waiting before the same request is sent again.
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

/// How far the present job is, counted from where this run took it up: so the time left is about `left` times the time
/// since the [`Event::Job`] over `done`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// Which tier the job belongs to.
    pub tier: Tier,
    /// What is counted.
    pub unit: Unit,
    /// How many this run has done.
    pub done: u64,
    /// About how many are left; `None` where nothing tells (a growing end, pages behind a cursor). Windows are counted
    /// by the average length of those done, and pages of a pass by the vendor's total.
    pub left: Option<u64>,
}

/// What a [`Progress`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Windows of time that fitted one page.
    Windows,
    /// Pages of a pass, or behind a cursor.
    Pages,
    /// Partitions read to their end.
    Partitions,
    /// Orders asked one by one.
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

/// Is told what happens. Must return soon.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, account: &Account, event: &Event<'_>) {
        let _ = (account, event);
    }
}

/// Looks away.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
