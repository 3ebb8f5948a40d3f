//! What a pull does.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use orders_core::{TimeAxis, Window};
pub use orders_reader::Retries;

use crate::error::SyncError;

/// Which phases a run works on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What is due: gaps, new orders, the lookback, open orders.
    #[default]
    Update,
    /// Everything from the beginning, whatever is due.
    Full,
    /// Only the stored orders that are not terminal, whenever they were requested last.
    OnlyOpen,
    /// One window, beside the regular pull: the watermark stays where it is.
    Window {
        /// The time axis; `None`: the one of the regular pull.
        axis: Option<TimeAxis>,
        /// The window; its end is cut at now minus the safety lag.
        window: Window,
    },
}

/// The rate limit of an account, to say how long a plan takes. It is the client that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many requests...
    pub requests: u32,
    /// ... in this time.
    pub per: Duration,
    /// So many may be sent at once before that.
    pub burst: u32,
}

impl Pace {
    /// How long so many requests take.
    #[must_use]
    pub fn time(&self, requests: u64) -> Duration {
        let waiting = requests.saturating_sub(u64::from(self.burst));
        let nanos = self.per.as_nanos() * u128::from(waiting) / u128::from(self.requests.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// What a pull does. `Options::default()` is the regular run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which phases to work on.
    pub mode: Mode,
    /// Where to begin where nothing was pulled before, for vendors with windows of time.
    pub since: Option<DateTime<Utc>>,
    /// The time axis of the regular pull; `None`: updates where the vendor filters by them, else creation.
    pub axis: Option<TimeAxis>,
    /// The partitions (SHOPLINE customers), for vendors that need them. All are held in memory, twice while a run
    /// works: some tens of megabytes for hundreds of thousands of ids. The state holds their hash and a place.
    pub partitions: Vec<String>,
    /// Windows end this long before now (default 5 minutes): the vendor's index and clock may lag.
    pub safety_lag: TimeDelta,
    /// How far back the lookback reads again (default 3 days); zero: no lookback.
    pub lookback: TimeDelta,
    /// How often the lookback is due (default daily).
    pub lookback_every: TimeDelta,
    /// How often open orders are rechecked (default weekly).
    pub open_every: TimeDelta,
    /// The horizon: open orders older than this are no longer rechecked, and terminal ones are requested once more when
    /// they pass it (default 180 days).
    pub horizon: TimeDelta,
    /// How often a vendor without windows is scanned in full (default weekly).
    pub full_every: TimeDelta,
    /// How far the tail of such a vendor reaches back behind the last run (default 1 day).
    pub overlap: TimeDelta,
    /// How many slices are read at once (default 1). The account's rate limit holds all the same.
    pub at_once: usize,
    /// So many rows are stored in one transaction (default 750; 1: each page in its own). What comes slower is stored within
    /// a second, and what is larger than 1 MiB at once; meanwhile as much again is read. A killed run requests again what was
    /// not stored.
    pub commit_rows: usize,
    /// Ends the run after so many orders; the next resumes.
    pub max_orders: Option<u64>,
    /// How often an answer that cannot be used is requested before it becomes a gap (default 3 times in all, 6 times where
    /// the vendor calls the failure a passing one), and how long the run may wait in all for the rate limit and for failures
    /// (default 15 minutes).
    pub retries: Retries,
    /// After so many gaps without a good answer in between the run ends: the vendor fails, not the page (default 20).
    pub max_gaps_in_a_row: u32,
    /// Takes another credential for that of the same account, without looking up stored orders with it.
    pub same_account: bool,
    /// The account's rate limit, for estimates.
    pub pace: Option<Pace>,
}

/// The first year of which orders are requested: no order of a vendor is older, and an earlier time is mistyped, and would
/// begin some hundred thousand requests.
pub const EARLIEST: i32 = 2000;

/// No length of time is longer: sums with it stay within all times.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

impl Options {
    /// Refuses times and lengths of time that make no sense.
    pub(crate) fn check(&self) -> Result<(), SyncError> {
        let lengths = [
            ("the safety lag", self.safety_lag),
            ("the lookback", self.lookback),
            ("the time between two lookbacks", self.lookback_every),
            (
                "the time between two rechecks of open orders",
                self.open_every,
            ),
            ("the horizon", self.horizon),
            ("the time between two full scans", self.full_every),
            ("the overlap", self.overlap),
        ];
        for (name, length) in lengths {
            if length < TimeDelta::zero() || length > LONGEST {
                return Err(SyncError::options(
                    format!("{name} is not between nothing and 100 years"),
                    "choose another length",
                ));
            }
        }
        if self.since.is_some_and(|since| since.year() < EARLIEST) {
            return Err(SyncError::options(
                format!("the pull begins before {EARLIEST}, when there was no order yet"),
                "choose a later beginning",
            ));
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Update,
            since: None,
            axis: None,
            partitions: Vec::new(),
            safety_lag: TimeDelta::minutes(5),
            lookback: TimeDelta::days(3),
            lookback_every: TimeDelta::days(1),
            open_every: TimeDelta::days(7),
            horizon: TimeDelta::days(180),
            full_every: TimeDelta::days(7),
            overlap: TimeDelta::days(1),
            at_once: 1,
            commit_rows: 750,
            max_orders: None,
            retries: Retries::new(3, Duration::from_secs(15 * 60)),
            max_gaps_in_a_row: 20,
            same_account: false,
            pace: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_costs_no_time() {
        let pace = Pace {
            requests: 4,
            per: Duration::from_secs(1),
            burst: 40,
        };
        assert_eq!(pace.time(40), Duration::ZERO);
        assert_eq!(pace.time(48), Duration::from_secs(2));
    }
}
