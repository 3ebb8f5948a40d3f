//! When a fault comes.

use super::fault::Fault;
use crate::trigger::Trigger;
use crate::vendor::Vendor;

/// A [`Fault`], and the requests that it meets. Without any condition it meets every request that it can.
///
/// A rule counts the requests of its vendor and route on which its fault can show at all: the four content faults count
/// only routes that answer orders, [`Fault::IgnorePage`] only requests for a page after the first, and
/// [`Fault::DuplicatePage`] only those of them whose list was answered before. Routes of no vendor are never met.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct FaultRule {
    pub(crate) fault: Fault,
    pub(crate) trigger: Trigger,
}

impl FaultRule {
    /// A rule that meets every request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            trigger: Trigger::default(),
        }
    }

    /// Only requests of this vendor.
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.trigger.vendor = Some(vendor);
        self
    }

    /// Only routes that contain this text: `orders.query.get`, `customers/{id}/orders.json`. The route is written with its
    /// holes, as [`crate::RequestRecord::route`].
    pub fn route(mut self, text: impl Into<String>) -> Self {
        self.trigger.route = Some(text.into());
        self
    }

    /// Only the nth of the requests counted, from 1. 0 is none of them.
    pub fn nth(mut self, nth: u64) -> Self {
        self.trigger.nth = Some(nth);
        self
    }

    /// Only every nth of the requests counted. 0 is none of them.
    pub fn every(mut self, every: u64) -> Self {
        self.trigger.every = Some(every);
        self
    }

    /// Each of the requests counted with this probability, by the seed: 0 never, 100 and more always.
    pub fn percent(mut self, percent: u32) -> Self {
        self.trigger.percent = Some(percent);
        self
    }

    /// At most so many times.
    pub fn times(mut self, times: u64) -> Self {
        self.trigger.times = Some(times);
        self
    }
}
