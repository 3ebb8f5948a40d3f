//! What time it is, and the wish to stop: given from outside, so that tests own both.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// Says what time it is. Waiting itself is tokio's, which tests can pause.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }
}

/// The wish that a run ends soon, with its state saved. Clones share the wish: give one to the signal handler.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Asks for the end. What is in flight is dropped; what is stored stays.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody asked for the end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks for the end.
    pub async fn stopped(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }
}
