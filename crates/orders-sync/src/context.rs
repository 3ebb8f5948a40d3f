//! What a run is given from outside.

use std::sync::Arc;

use crate::clock::{Clock, Stop, SystemClock};
use crate::events::{NoObserver, Observer};
use crate::failpoints::{Failpoints, NoFailpoints};

/// What a run is given from outside: the clock, the stop signal, the observer. `Context::default()` has real ones.
#[derive(Clone)]
pub struct Context {
    /// The time.
    pub clock: Arc<dyn Clock>,
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
