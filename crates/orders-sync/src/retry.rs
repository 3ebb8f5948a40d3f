//! When a failed request is sent again, and when the run gives up.

use std::collections::HashMap;
use std::time::Duration;

use orders_core::{Error, ErrorKind};

use crate::options::Options;

/// The longest wait before a request is sent again, where the vendor names none.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
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

/// How often each request was tried, and how long the run may still wait.
pub(crate) struct RetryBudget {
    /// How often an answer that cannot be used is requested.
    page_tries: u32,
    max_gaps_in_a_row: u32,
    left: Duration,
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
            page_tries: options.page_tries,
            max_gaps_in_a_row: options.max_gaps_in_a_row,
            left: options.wait_budget,
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
        use ErrorKind as K;
        let tries = self.tries.entry(key).or_default();
        *tries += 1;
        let tries = *tries;
        let rate_limited = error.kind() == K::RateLimit;
        if matches!(
            error.kind(),
            K::Auth | K::Permission | K::Config | K::Unsupported | K::Unreachable
        ) {
            return Decision::Abort(error);
        }
        let passing = error.is_retryable() || rate_limited;
        // A vendor that is down comes back; an answer that is bad each time is a bad answer.
        let (most, first_wait) = match passing {
            true => (self.page_tries.saturating_mul(2), Duration::from_secs(2)),
            false => (self.page_tries, Duration::from_secs(1)),
        };
        if !rate_limited && tries >= most.max(1) {
            return Decision::Skip(error);
        }
        let usual = first_wait
            .saturating_mul(1 << (tries - 1).min(10))
            .min(LONGEST_WAIT);
        let least = Duration::from_secs(1);
        let wait = error.retry_after().map_or(usual, |asked| asked.max(least));
        let Some(left) = self.left.checked_sub(wait) else {
            return Decision::Abort(error);
        };
        self.left = left;
        self.retries += 1;
        self.waited_seconds += wait.as_secs();
        Decision::Retry {
            wait,
            rate_limited,
            error,
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
