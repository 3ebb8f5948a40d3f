//! A token bucket for one account.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use orders_core::Error;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::config;

/// How fast requests may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests per second, in the long run.
    pub per_second: NonZeroU32,
    /// Requests that may be sent at once after a pause.
    pub burst: NonZeroU32,
}

impl RateLimit {
    /// A limit from plain numbers.
    ///
    /// # Errors
    /// `Config`, where one of them is zero: that is neither a limit nor the absence of one.
    pub fn new(per_second: u32, burst: u32) -> Result<Self, Error> {
        match (NonZeroU32::new(per_second), NonZeroU32::new(burst)) {
            (Some(per_second), Some(burst)) => Ok(Self::of(per_second, burst)),
            _ => Err(config("a rate limit of zero lets nothing through")
                .with_hint("give at least 1 a second and a burst of 1, or `no_rate_limit`")),
        }
    }

    /// A limit from numbers that cannot be zero.
    #[must_use]
    pub const fn of(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { per_second, burst }
    }

    /// The time in which one token comes back, rounded up to a nanosecond so that the limit is never passed.
    fn interval(self) -> Duration {
        Duration::from_nanos(1_000_000_000_u64.div_ceil(self.per_second.get().into()))
    }
}

/// A token bucket. Clones share it: make one per account and process.
///
/// It counts what this process sends. Several processes with the same credential share the vendor's bucket and not
/// this one: give each of them its part of the limit.
///
/// ```
/// use orders_http::{ClientOptions, RateLimit, RateLimiter};
///
/// # fn main() -> Result<(), orders_core::Error> {
/// // One bucket under every client that is made with these options. `rate_limit` would give each a bucket of its own.
/// let bucket = RateLimiter::new(RateLimit::new(4, 40)?);
/// let options = ClientOptions::new().limiter(bucket.clone());
///
/// // Zero is no way to say "no limit": that is `ClientOptions::no_rate_limit`.
/// assert!(RateLimit::new(0, 40).is_err());
/// # let _ = options; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimiter {
    limit: RateLimit,
    /// When the bucket will be full again. Held while waiting, so that waiters are served in their order.
    full_at: Arc<Mutex<Instant>>,
}

impl RateLimiter {
    /// A full bucket.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            full_at: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// The limit it keeps.
    #[must_use]
    pub fn limit(&self) -> RateLimit {
        self.limit
    }

    /// Waits for a token, takes it, and says how long that took. First come, first served.
    ///
    /// Cancel-safe: a caller that stops waiting takes no token and lets the next one move up.
    pub async fn acquire(&self) -> Duration {
        let asked = Instant::now();
        let mut full_at = self.full_at.lock().await;
        let wait = self.wait(*full_at, Instant::now());
        if !wait.is_zero() {
            sleep(wait).await;
        }
        *full_at = (*full_at).max(Instant::now()) + self.limit.interval();
        asked.elapsed()
    }

    /// How long until the bucket has room for one more: it may be `burst` intervals away from full, and no more.
    fn wait(&self, full_at: Instant, now: Instant) -> Duration {
        let interval = self.limit.interval();
        let capacity = interval.saturating_mul(self.limit.burst.get());
        let used = full_at.saturating_duration_since(now);
        (used + interval).saturating_sub(capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(per_second: u32, burst: u32) -> RateLimiter {
        RateLimiter::new(RateLimit::new(per_second, burst).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_and_then_four_a_second() {
        let limiter = limiter(4, 40);
        let start = Instant::now();
        for _ in 0..40 {
            assert_eq!(limiter.acquire().await, Duration::ZERO);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for n in 1..=20 {
            let waited = limiter.acquire().await;
            assert!(waited.abs_diff(Duration::from_millis(250)) <= Duration::from_millis(2));
            let expected = Duration::from_millis(250) * n;
            assert!(start.elapsed() >= expected);
            assert!(
                start.elapsed() <= expected + Duration::from_millis(2),
                "no drift"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_refills_the_bucket_up_to_the_burst() {
        let limiter = limiter(4, 8);
        for _ in 0..8 {
            limiter.acquire().await;
        }
        sleep(Duration::from_secs(3600)).await;
        let start = Instant::now();
        for _ in 0..8 {
            limiter.acquire().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(limiter.acquire().await >= Duration::from_millis(249));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_tasks_share_one_bucket_in_their_order() {
        let limiter = limiter(4, 40);
        let start = Instant::now();
        let done = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..100 {
            let (limiter, done) = (limiter.clone(), done.clone());
            tasks.spawn(async move {
                limiter.acquire().await;
                done.lock().unwrap().push((n, start.elapsed()));
            });
        }
        tasks.join_all().await;

        let done = done.lock().unwrap();
        assert!(
            done.iter().map(|(n, _)| *n).eq(0..100),
            "first come, first served"
        );
        // In no second did more than the burst and the rate pass.
        for (n, at) in done.iter() {
            let allowed = 40 + at.as_millis() / 250;
            assert!((*n as u128) < allowed, "task {n} at {at:?}");
        }
        let all = start.elapsed();
        assert!(
            all >= Duration::from_secs(15),
            "60 tasks over the burst: {all:?}"
        );
        assert!(all < Duration::from_millis(15_100), "{all:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_takes_no_token() {
        let limiter = limiter(1, 1);
        limiter.acquire().await;
        for _ in 0..10 {
            let given_up = tokio::time::timeout(Duration::from_millis(10), limiter.acquire());
            assert!(given_up.await.is_err());
        }
        let waited = limiter.acquire().await;
        assert!(waited <= Duration::from_millis(902), "{waited:?}");
    }

    #[test]
    fn zero_is_refused_and_the_interval_is_rounded_up() {
        for (per_second, burst) in [(0, 1), (1, 0), (0, 0)] {
            let error = RateLimit::new(per_second, burst).unwrap_err();
            assert_eq!(error.kind(), orders_core::ErrorKind::Config);
        }
        let third = RateLimit::new(3, 1).unwrap().interval();
        assert_eq!(third, Duration::from_nanos(333_333_334));
    }
}
