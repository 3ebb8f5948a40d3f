//! The plan of a run, for people.

use std::time::Duration;

use orders_core::{Account, Window};
use serde::{Deserialize, Serialize};

use crate::phase::Phase;

/// One piece of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its phase.
    pub phase: Phase,
    /// The spans of time that are requested; empty: no filter by time.
    pub windows: Vec<Window>,
    /// How many orders, partitions or gaps are requested one by one, where they are.
    pub items: u64,
    /// About how many requests it takes.
    pub requests: u64,
    /// Whether it resumes what an earlier run left.
    pub resumed: bool,
}

/// What a run will do. An estimate: what the run finds may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The account.
    pub account: Account,
    /// The pieces, in the order in which they are worked on.
    pub tasks: Vec<Task>,
    /// How many stored orders are due because they are not terminal.
    pub open_orders: u64,
    /// How many stored terminal orders passed the horizon and are due once more.
    #[serde(default)]
    pub rechecks: u64,
    /// About how many requests the run takes.
    pub requests: u64,
    /// How long they take at the account's rate limit; `None` where no limit is known.
    pub time: Option<Duration>,
    /// What a person should know about it.
    pub notes: Vec<String>,
}
