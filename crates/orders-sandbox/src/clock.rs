//! The clock: the sandbox's only source of real time.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// Returns the current time (UTC). The sandbox compares the timestamps of requests with it, and the rate limit leaks by
/// it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The time in the header `Date`, from the virtual now.
pub(crate) type Dates = Arc<dyn Fn(DateTime<Utc>) -> DateTime<Utc> + Send + Sync>;

/// The clock of the machine.
pub(crate) fn system() -> Clock {
    Arc::new(|| DateTime::from(SystemTime::now()))
}
