//! Settings of a client, held and passed.

use std::sync::Arc;
use std::time::Duration;

use orders_core::Error;

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::config;
use crate::limiter::{RateLimit, RateLimiter};
use crate::observer::Observer;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// How a client sends: timeouts, retries, rate limit, transport and the like.
///
/// Hold one and pass it to as many clients as you like. What is not set is left to the client: first to the defaults
/// of its vendor, then to those named here. Values are checked when a client is made.
///
/// ```
/// use std::time::Duration;
/// use orders_http::{ClientOptions, RateLimit, RateLimiter};
///
/// # fn main() -> Result<(), orders_core::Error> {
/// let bucket = RateLimiter::new(RateLimit::new(4, 40)?); // shared by every client that gets it
/// let options = ClientOptions::new()
///     .deadline(Duration::from_secs(60))
///     .user_agent("my-shop/1.2")
///     .limiter(bucket);
/// # let _ = options; Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientOptions {
    attempt_timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: Option<RetryPolicy>,
    rate: Option<Rate>,
    max_body: Option<usize>,
    user_agent: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    randomness: Option<Arc<dyn Randomness>>,
    observer: Option<Arc<dyn Observer>>,
    allow_plain_http: Option<bool>,
}

/// What holds requests back.
#[derive(Clone, Debug)]
enum Rate {
    Unlimited,
    /// A bucket for each client that is made with these options.
    Own(RateLimit),
    Shared(RateLimiter),
}

impl ClientOptions {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take, from connecting to the last byte. Default 30 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long a call may take with all its attempts and waits. Default 120 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How often to try, and how long to wait in between.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = Some(retry);
        self
    }

    /// How fast to send. Each client that is made with these options gets a bucket of its own, which its clones share;
    /// for one bucket under several clients see [`limiter`](Self::limiter). Default: the limit that the vendor documents.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate = Some(Rate::Own(limit));
        self
    }

    /// A bucket shared by every client that gets it: for several clients of one account.
    pub fn limiter(mut self, limiter: RateLimiter) -> Self {
        self.rate = Some(Rate::Shared(limiter));
        self
    }

    /// No rate limit, not even the one that the vendor documents.
    pub fn no_rate_limit(mut self) -> Self {
        self.rate = Some(Rate::Unlimited);
        self
    }

    /// The largest body to read, in bytes. Default 16 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// The `User-Agent` of requests. Default: the name and version of the vendor's crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// What sends the bytes; several clients can share one, and its connections. Default: reqwest, where a feature for
    /// it is on.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What time it is: timestamps and signatures are made from it. Default: the system's clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Where the jitter of waits comes from. Default: seeded by the system.
    pub fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.randomness = Some(randomness);
        self
    }

    /// Who is notified of attempts and waits. Default: nobody.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Whether credentials may be sent over plain `http://` to a host that is not this machine: everybody on the way can
    /// read them. Default `false`; loopback is always allowed.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = Some(allow);
        self
    }

    /// These options, and where they leave something open, `other`'s.
    ///
    /// ```
    /// use std::time::Duration;
    /// use orders_http::ClientOptions;
    ///
    /// let ours = ClientOptions::new().user_agent("our-shop/1.0").deadline(Duration::from_secs(60));
    /// // The first one wins: ten minutes, and still our user agent.
    /// let patient = ClientOptions::new().deadline(Duration::from_secs(600)).or(&ours);
    /// # let _ = patient;
    /// ```
    pub fn or(self, other: &Self) -> Self {
        let other = other.clone();
        Self {
            attempt_timeout: self.attempt_timeout.or(other.attempt_timeout),
            deadline: self.deadline.or(other.deadline),
            retry: self.retry.or(other.retry),
            rate: self.rate.or(other.rate),
            max_body: self.max_body.or(other.max_body),
            user_agent: self.user_agent.or(other.user_agent),
            transport: self.transport.or(other.transport),
            clock: self.clock.or(other.clock),
            randomness: self.randomness.or(other.randomness),
            observer: self.observer.or(other.observer),
            allow_plain_http: self.allow_plain_http.or(other.allow_plain_http),
        }
    }

    /// Refuses what no client can work with.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let zero = |time: Option<Duration>| time.is_some_and(|time| time.is_zero());
        if zero(self.attempt_timeout) || zero(self.deadline) {
            return Err(config(
                "the attempt timeout and the deadline must be longer than zero",
            ));
        }
        if self.retry.is_some_and(|retry| retry.max_attempts == 0) {
            return Err(config("the number of attempts must be at least 1"));
        }
        if self.max_body == Some(0) {
            return Err(config("the cap on bodies must be at least 1 byte"));
        }
        Ok(())
    }

    /// Makes the bucket of a limit of one's own, so that clients made from these options share it.
    pub(crate) fn with_bucket(mut self) -> Self {
        if let Some(Rate::Own(limit)) = self.rate {
            self.rate = Some(Rate::Shared(RateLimiter::new(limit)));
        }
        self
    }

    pub(crate) fn bucket(&self) -> Option<&RateLimiter> {
        match &self.rate {
            Some(Rate::Shared(limiter)) => Some(limiter),
            _ => None,
        }
    }

    pub(crate) fn named_transport(&self) -> Option<&Arc<dyn Transport>> {
        self.transport.as_ref()
    }

    pub(crate) fn named_user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    pub(crate) fn attempt_time(&self) -> Duration {
        self.attempt_timeout.unwrap_or(Duration::from_secs(30))
    }

    pub(crate) fn call_time(&self) -> Duration {
        self.deadline.unwrap_or(Duration::from_secs(120))
    }

    pub(crate) fn retries(&self) -> RetryPolicy {
        self.retry.unwrap_or_default()
    }

    pub(crate) fn body_cap(&self) -> usize {
        self.max_body.unwrap_or(16 * 1024 * 1024)
    }

    pub(crate) fn time(&self) -> &dyn Clock {
        self.clock.as_deref().unwrap_or(&SystemClock)
    }

    pub(crate) fn chance(&self) -> &dyn Randomness {
        self.randomness.as_deref().unwrap_or(&SystemRandomness)
    }

    pub(crate) fn observed_by(&self) -> Option<&dyn Observer> {
        self.observer.as_deref()
    }

    pub(crate) fn allows_plain_http(&self) -> bool {
        self.allow_plain_http.unwrap_or(false)
    }
}
