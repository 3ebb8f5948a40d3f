//! In which order a vendor lists its orders.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// In which order a vendor lists its orders, by their creation: it says where new ones appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SortOrder {
    /// Too few orders to tell.
    #[default]
    Unknown,
    NewestFirst,
    OldestFirst,
    /// No order that could be relied upon.
    Mixed,
}

impl SortOrder {
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

    /// Notes a page. `first` is the creation time of the first row of the page before.
    ///
    /// Rows are compared within a page, and pages by their first rows: a shift of some rows between two pages does not
    /// look like another order.
    pub(crate) fn note(
        &mut self,
        first: &mut Option<DateTime<FixedOffset>>,
        created: &[Option<DateTime<FixedOffset>>],
    ) {
        if created.contains(&None) {
            *self = Self::Mixed;
            return;
        }
        let times: Vec<_> = created.iter().flatten().collect();
        let Some(now) = times.first().copied() else {
            return;
        };
        if let Some(before) = first.replace(*now) {
            *self = self.and(before, *now);
        }
        for pair in times.windows(2) {
            *self = self.and(*pair[0], *pair[1]);
        }
    }
}
