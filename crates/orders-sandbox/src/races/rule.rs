//! What happens between two requests, and when.

use std::fmt;

use crate::trigger::Trigger;
use crate::vendor::Vendor;

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

/// A [`Race`], and the answers that it comes after. Without any condition it comes after every answer of a vendor.
/// Counted are answers that say success (HTTP 2xx) and were sent whole: none that a fault broke or replaced by a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RaceRule {
    pub(crate) race: Race,
    pub(crate) trigger: Trigger,
}

impl RaceRule {
    /// A rule that comes after every answer.
    pub fn new(race: Race) -> Self {
        Self {
            race,
            trigger: Trigger::default(),
        }
    }

    /// Only after answers of this vendor.
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.trigger.vendor = Some(vendor);
        self
    }

    /// Only after answers of routes that contain this text, the route written with its holes.
    pub fn route(mut self, text: impl Into<String>) -> Self {
        self.trigger.route = Some(text.into());
        self
    }

    /// Only after the nth of the answers counted, from 1. 0 is none of them.
    pub fn after(mut self, nth: u64) -> Self {
        self.trigger.nth = Some(nth);
        self
    }

    /// Only after every nth of the answers counted. 0 is none of them.
    pub fn every(mut self, every: u64) -> Self {
        self.trigger.every = Some(every);
        self
    }

    /// At most so many times.
    pub fn times(mut self, times: u64) -> Self {
        self.trigger.times = Some(times);
        self
    }
}
