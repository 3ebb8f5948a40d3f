//! The clock, randomness and the stop signal. They come from outside, so that tests own them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// A clock. Waiting itself is tokio's, which tests can pause.
pub trait Clock: Send + Sync {
    /// The time now.
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

/// Draws numbers that nobody can foresee.
pub trait Randomness: Send + Sync {
    /// A number, each as likely as any other.
    fn draw(&self) -> u64;
}

/// Randomness from the seed that the standard library draws for its hash maps. Not for secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn draw(&self) -> u64 {
        RandomState::new().build_hasher().finish()
    }
}

/// A signal that a run should end soon, with its state saved. Clones share it: give one to the signal handler.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Stops the run. Requests in flight are dropped; what is stored stays.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether [`stop`](Self::stop) was called.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until [`stop`](Self::stop) is called.
    pub async fn stopped(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }
}
