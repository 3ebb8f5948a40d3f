//! How often to try, and how long to wait between attempts.

use std::time::Duration;

use crate::clock::Randomness;

/// When to try again: exponential waits with full jitter.
///
/// Before attempt `n + 1` the engine waits a random time from zero to `base * 2^(n - 1)`, at most `cap`. A wait that
/// the vendor requests (`Retry-After`) comes on top, up to `max_retry_after`.
///
/// ```
/// use std::time::Duration;
/// use orders_http::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(6).max_retry_after(Duration::from_secs(300));
/// assert_eq!(patient.ceiling(1), Duration::from_millis(500));
/// assert_eq!(patient.ceiling(5), Duration::from_secs(8));
/// // The first attempt counts: 1 means that nothing is sent again.
/// assert_eq!(RetryPolicy::none().max_attempts, 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included. Default 4.
    pub max_attempts: u32,
    /// The upper bound of the first random wait. Default 500 ms.
    pub base: Duration,
    /// The upper bound of every random wait. Default 20 s.
    pub cap: Duration,
    /// The longest wait a vendor may request. A longer one ends the call with the vendor's error, which says how
    /// long that was. Default 60 s.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    #[must_use]
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// With this many attempts at most, the first included.
    #[must_use]
    pub fn max_attempts(self, max_attempts: u32) -> Self {
        Self {
            max_attempts,
            ..self
        }
    }

    /// With this upper bound of the first random wait.
    #[must_use]
    pub fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// With this upper bound of every random wait.
    #[must_use]
    pub fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// With this longest wait that a vendor may request.
    #[must_use]
    pub fn max_retry_after(self, max_retry_after: Duration) -> Self {
        Self {
            max_retry_after,
            ..self
        }
    }

    /// The upper bound of the random wait after attempt number `attempt` (from 1).
    #[must_use]
    pub fn ceiling(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.base.saturating_mul(factor).min(self.cap)
    }

    /// The wait after attempt number `attempt` (from 1).
    pub(crate) fn wait(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        randomness: &dyn Randomness,
    ) -> Duration {
        let jitter = randomness.up_to(self.ceiling(attempt));
        asked.unwrap_or_default().saturating_add(jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{LongestWait, SeededRandomness};

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let policy = RetryPolicy::default();
        let ceilings: Vec<u128> = (1..=8).map(|n| policy.ceiling(n).as_millis()).collect();
        assert_eq!(
            ceilings,
            [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]
        );
        assert_eq!(policy.ceiling(u32::MAX), policy.cap);
    }

    #[test]
    fn jitter_stays_under_the_ceiling_and_uses_its_whole_width() {
        let policy = RetryPolicy::default();
        let randomness = SeededRandomness::new(7);
        for attempt in 1..=6 {
            let ceiling = policy.ceiling(attempt);
            let waits: Vec<Duration> = (0..500)
                .map(|_| policy.wait(attempt, None, &randomness))
                .collect();
            assert!(waits.iter().all(|wait| *wait <= ceiling));
            assert!(waits.iter().any(|wait| *wait < ceiling / 10));
            assert!(waits.iter().any(|wait| *wait > ceiling / 10 * 9));
        }
    }

    #[test]
    fn the_wait_asked_for_comes_on_top() {
        let asked = Some(Duration::from_secs(3));
        let wait = RetryPolicy::default().wait(1, asked, &LongestWait);
        assert_eq!(wait, Duration::from_millis(3500));
    }
}
