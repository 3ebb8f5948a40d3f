//! When a failed request is sent again, and when the run gives up.

use std::collections::HashMap;
use std::time::Duration;

use orders_core::{Error, ErrorKind};
use orders_reader::{AfterFailure, Retries};

use crate::events::Event;
use crate::options::Options;

/// So many gaps in a row end the run where the failure is one that passes.
const RETRYABLE_GAPS: u32 = 3;

/// What to do about a failed request.
pub(crate) enum Decision {
    /// Send it again after a wait.
    Retry {
        wait: Duration,
        rate_limited: bool,
        error: Error,
    },
    /// This cannot be read now: it becomes a gap.
    Skip(Error),
    /// Nothing can be read now: the run ends.
    Abort(Error),
}

impl Decision {
    /// The wait as an event, where there is one.
    pub(crate) fn waiting(&self) -> Option<Event<'_>> {
        match self {
            Self::Retry {
                wait,
                rate_limited,
                error,
            } => Some(Event::Waiting {
                wait: *wait,
                rate_limited: *rate_limited,
                error,
            }),
            Self::Skip(_) | Self::Abort(_) => None,
        }
    }
}

/// How often each request was tried, and how long the run may still wait.
pub(crate) struct RetryBudget {
    max_gaps_in_a_row: u32,
    rule: Retries,
    tries: HashMap<u64, u32>,
    gaps_in_a_row: u32,
    /// Requests sent again.
    pub(crate) retries: u64,
    /// Seconds waited before that.
    pub(crate) waited_seconds: u64,
}

impl RetryBudget {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            max_gaps_in_a_row: options.max_gaps_in_a_row,
            rule: options.retries,
            tries: HashMap::new(),
            gaps_in_a_row: 0,
            retries: 0,
            waited_seconds: 0,
        }
    }

    /// A new job begins: its requests were not tried yet.
    pub(crate) fn begin_job(&mut self) {
        self.tries.clear();
    }

    /// Decides about a failed request. `key` names the request.
    pub(crate) fn decide(&mut self, key: u64, error: Error) -> Decision {
        let tries = self.tries.entry(key).or_default();
        *tries += 1;
        match self.rule.after(&error, *tries) {
            AfterFailure::Again(wait) => {
                self.retries += 1;
                self.waited_seconds += wait.as_secs();
                Decision::Retry {
                    wait,
                    rate_limited: error.kind() == ErrorKind::RateLimit,
                    error,
                }
            }
            AfterFailure::GiveUp => Decision::Skip(error),
            AfterFailure::Stop => Decision::Abort(error),
        }
    }

    /// The request succeeded, or is given up.
    pub(crate) fn forget(&mut self, key: u64) {
        self.tries.remove(&key);
    }

    /// The vendor gave an answer that can be used.
    pub(crate) fn succeeded(&mut self) {
        self.gaps_in_a_row = 0;
    }

    /// Counts a gap; `true` where so many follow each other that it is the vendor and not the page.
    pub(crate) fn gap(&mut self, error: &Error) -> bool {
        self.gaps_in_a_row += 1;
        let most = match error.is_retryable() {
            true => RETRYABLE_GAPS,
            false => self.max_gaps_in_a_row.max(1),
        };
        self.gaps_in_a_row >= most
    }
}
