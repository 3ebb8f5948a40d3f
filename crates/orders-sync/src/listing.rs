//! In which order a vendor's list comes: whether its growing end can be read by itself.

use chrono::{DateTime, FixedOffset};
use orders_core::Order;
use serde::{Deserialize, Serialize};

use crate::place::Pass;

/// In which order a vendor lists its orders, by their creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Listing {
    /// Too few orders to tell.
    #[default]
    Unknown,
    NewestFirst,
    OldestFirst,
    /// No order that could be relied upon.
    Mixed,
}

impl Listing {
    fn and(self, earlier: DateTime<FixedOffset>, later: DateTime<FixedOffset>) -> Self {
        let step = match later.cmp(&earlier) {
            std::cmp::Ordering::Equal => return self,
            std::cmp::Ordering::Less => Self::NewestFirst,
            std::cmp::Ordering::Greater => Self::OldestFirst,
        };
        if self == Self::Unknown || self == step {
            step
        } else {
            Self::Mixed
        }
    }
}

impl Pass {
    /// Rows are compared within a page, and pages by their first rows: a shift of some rows between two pages does
    /// not look like another order.
    pub(crate) fn note_listing(&mut self, orders: &[Order]) {
        if orders.iter().any(|order| order.created_at.is_none()) {
            self.listing = Listing::Mixed;
            return;
        }
        let times: Vec<_> = orders.iter().filter_map(|order| order.created_at).collect();
        let Some(first) = times.first() else { return };
        if let Some(before) = self.first {
            self.listing = self.listing.and(before, *first);
        }
        self.first = Some(*first);
        for pair in times.windows(2) {
            self.listing = self.listing.and(pair[0], pair[1]);
        }
    }
}
