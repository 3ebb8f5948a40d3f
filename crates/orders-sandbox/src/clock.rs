//! What time it is, as the sandbox's only source of it.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// Says what time it is now (UTC). Timestamps of requests are held against it, and the rate limit leaks by it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The clock of the machine.
pub(crate) fn system() -> Clock {
    Arc::new(|| DateTime::from(SystemTime::now()))
}
