//! The time of the readers: a runtime in which it stands still, and an instant.

use std::thread;

use chrono::{DateTime, Utc};

use crate::Result;

/// Waits for the end of something in a runtime of its own, whose time does not pass.
pub(super) fn ended<T: Send>(work: impl Future<Output = T> + Send) -> Result<T> {
    let work = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build();
        Ok(runtime.map_err(|why| why.to_string())?.block_on(work))
    };
    let done = thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

pub(super) fn then() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}
