//! What happens between two requests, and when.

use std::fmt;

use crate::rules::Rule;

/// Something that happens to the orders of the vendor that has just answered, at the virtual now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Race {
    /// An order, by the seed, goes through a change that fits it: paid, refunded, confirmed, ...
    Change,
    /// A new order comes.
    Insert,
    /// So many new orders come, all in the same second.
    Crowd(usize),
    /// An order that stands on the answer just given, by the seed, is touched: its update time is now, so that it leaves the
    /// window that it was found in. Only Linkbest and SHOPLINE have an update time, so answers of Clink do not count, nor
    /// answers without orders.
    LeaveWindow,
}

impl Race {
    /// Its word in the control routes and in [`crate::Sandbox::fired`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Insert => "insert",
            Self::Crowd(_) => "crowd",
            Self::LeaveWindow => "leave_window",
        }
    }
}

impl fmt::Display for Race {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A [`Race`], and the answers that it follows. It counts answers that report success (HTTP 2xx) and were sent whole: an
/// answer that a fault broke or replaced by a failure does not count.
pub type RaceRule = Rule<Race>;
