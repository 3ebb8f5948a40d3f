//! What a run tells while it works, for progress and logs.

use std::time::Duration;

use orders_core::Account;

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
