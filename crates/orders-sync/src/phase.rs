//! The kinds of work of a run.

use serde::{Deserialize, Serialize};

/// A kind of work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// What earlier runs could not read.
    Gaps,
    /// What was never requested.
    New,
    /// Everything.
    Full,
    /// The end of a list without windows, where new orders appear.
    Tail,
    /// The last days again.
    Lookback,
    /// Stored orders that are not terminal.
    OpenOrders,
    /// Stored orders that something was pushed of.
    Pushed,
    /// Stored orders that are terminal and passed the horizon, once more.
    Aged,
    /// The days of doubted orders, and of orders that the vendor did not have when they were looked up.
    Doubted,
    /// Orders that a reading should have shown and did not: each is looked up.
    Unshown,
    /// One window that the user named.
    Window,
    /// Counts and look-ups of a [verification](crate::verify()): never a job of a pull.
    Verify,
}
