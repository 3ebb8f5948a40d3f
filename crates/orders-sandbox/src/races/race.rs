//! The races that can happen between two requests.

use std::fmt;

use crate::rules::Rule;

/// A change of the orders of the vendor that has just answered, at the virtual now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Race {
    /// One order changes in a way that its state allows: it is paid, refunded, confirmed, ... The seed chooses the
    /// order.
    Change,
    /// A new order arrives.
    Insert,
    /// This many new orders arrive, all in the same second.
    Crowd(usize),
    /// One order of the answer just sent is touched: its update time becomes now, so it leaves the window in which it
    /// was read. The seed chooses the order. Clink has no update time, so its answers do not count, nor do answers
    /// without orders.
    LeaveWindow,
    /// The vendor has one order no more: see [`Change::Delete`](crate::Change::Delete). The seed chooses the order.
    Delete,
}

impl Race {
    /// Its name in the control routes and in [`crate::Sandbox::fired`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Insert => "insert",
            Self::Crowd(_) => "crowd",
            Self::LeaveWindow => "leave_window",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Race {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A [`Race`], and the answers after which it happens. The rule counts answers that report success (HTTP 2xx) and were
/// sent whole. An answer that a fault broke or replaced by a failure does not count.
pub type RaceRule = Rule<Race>;
