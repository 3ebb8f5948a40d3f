//! How the times of orders lie to the windows that showed them.

use chrono::{DateTime, FixedOffset, TimeDelta};
use orders_core::{Slice, TimeAxis, Unreadable};
use orders_reader::outside;

use crate::batch::Received;

/// So many orders outside their windows, and none inside, are no chance.
const ENOUGH: u64 = 3;

/// Counts of orders inside and outside of the windows that showed them.
#[derive(Debug)]
pub(crate) struct WindowTimes {
    tolerance: TimeDelta,
    inside: u64,
    outside: u64,
}

impl WindowTimes {
    pub(crate) fn new(tolerance: TimeDelta) -> Self {
        Self {
            tolerance,
            inside: 0,
            outside: 0,
        }
    }

    /// Notes the rows that came for a piece of a slice; whether none of them belongs to its window.
    pub(crate) fn note(
        &mut self,
        piece: &Slice,
        orders: &[Received],
        unreadable: &[Unreadable],
    ) -> bool {
        let (Some(window), Some(axis)) = (piece.window, piece.axis) else {
            return false;
        };
        let utc = |time: Option<DateTime<FixedOffset>>| time.map(|time| time.to_utc());
        let times = orders.iter().map(|it| utc(it.order.time_on(axis)));
        for time in times.clone().flatten() {
            match outside(window, TimeDelta::zero(), [Some(time)]) {
                true => self.outside += 1,
                false => self.inside += 1,
            }
        }
        let created = axis == TimeAxis::Created;
        let records = unreadable.iter();
        let records = records.map(|record| utc(record.time.filter(|_| created)));
        outside(window, self.tolerance, times.chain(records))
    }

    /// What a person should know, where the times of all orders are off their windows.
    pub(crate) fn odd(&self) -> Option<String> {
        let never = self.inside == 0 && self.outside >= ENOUGH;
        let zone = match self.tolerance.is_zero() {
            true => "",
            false => ": the zone of the vendor's times may be another than the inferred one",
        };
        never.then(|| {
            format!(
                "the times of all {} orders lie outside the windows that showed them{zone}",
                self.outside
            )
        })
    }
}
