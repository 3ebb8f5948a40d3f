//! What a run is given from outside.

use std::sync::Arc;

use crate::clock::{Clock, Randomness, Stop, SystemClock, SystemRandomness};
use crate::events::{NoObserver, Observer};
use crate::failpoints::{Failpoints, NoFailpoints};

/// What a run is given from outside: the clock, randomness, the stop signal, the observer. `Context::default()` has real ones.
#[derive(Clone)]
pub struct Context {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the salt of a new account comes from.
    pub randomness: Arc<dyn Randomness>,
    /// The stop signal.
    pub stop: Stop,
    /// Receives what happens.
    pub observer: Arc<dyn Observer>,
    /// Where tests end the run.
    pub failpoints: Arc<dyn Failpoints>,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            stop: Stop::default(),
            observer: Arc::new(NoObserver),
            failpoints: Arc::new(NoFailpoints),
        }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}
