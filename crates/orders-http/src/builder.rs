//! Settings of an engine.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Uri};
use orders_core::{Error, ErrorKind};

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::engine::{Engine, Settings};
use crate::limiter::{RateLimit, RateLimiter};
use crate::origin::Origin;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// Builds an [`Engine`]. Every setting has a default.
#[derive(Debug)]
#[must_use]
pub struct EngineBuilder {
    vendor: &'static str,
    transport: Option<Arc<dyn Transport>>,
    attempt_timeout: Duration,
    deadline: Duration,
    retry: RetryPolicy,
    limiter: Option<RateLimiter>,
    max_body: usize,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    user_agent: String,
    only_to: Option<String>,
}

impl EngineBuilder {
    pub(crate) fn new(vendor: &'static str) -> Self {
        Self {
            vendor,
            transport: None,
            attempt_timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
            retry: RetryPolicy::default(),
            limiter: None,
            max_body: 16 * 1024 * 1024,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            user_agent: concat!("orders-http/", env!("CARGO_PKG_VERSION")).to_owned(),
            only_to: None,
        }
    }

    /// What sends the bytes. Default: `ReqwestTransport`, where the feature `reqwest` is on.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How long one attempt may take, from connecting to the last byte. Default 30 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take with all its attempts and waits. Default 120 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How often to try, and how long to wait in between.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How fast to send; `None` (the default) does not hold anything back. The bucket belongs to this engine and its
    /// clones.
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.limiter = limit.map(RateLimiter::new);
        self
    }

    /// A bucket shared with other engines of the same account.
    pub fn limiter(mut self, limiter: RateLimiter) -> Self {
        self.limiter = Some(limiter);
        self
    }

    /// The largest body to read, in bytes. Default 16 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// What time it is. Default: the system's clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where the jitter of waits comes from.
    pub fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.randomness = randomness;
        self
    }

    /// The `User-Agent` of requests that have none. Default `orders-http/` and its version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sends only to the scheme, host and port of this base URL: a request to any other is refused unsent. Every
    /// client that sends a secret sets it.
    pub fn only_to(mut self, base_url: impl Into<String>) -> Self {
        self.only_to = Some(base_url.into());
        self
    }

    /// The engine.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] for a zero timeout, cap or number of attempts, a user agent that is no header value, a
    /// base URL without scheme and host, or a transport that cannot be made (or none, without the feature `reqwest`).
    pub fn build(self) -> Result<Engine, Error> {
        self.check()?;
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| config("the user agent holds characters that a header cannot"))?;
        let only_to = self.only_to.as_deref().map(origin).transpose()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        Ok(Engine::new(Settings {
            vendor: self.vendor,
            transport,
            attempt_timeout: self.attempt_timeout,
            deadline: self.deadline,
            retry: self.retry,
            limiter: self.limiter,
            max_body: self.max_body,
            clock: self.clock,
            randomness: self.randomness,
            user_agent,
            only_to,
        }))
    }

    fn check(&self) -> Result<(), Error> {
        if self.attempt_timeout.is_zero() || self.deadline.is_zero() {
            return Err(config(
                "the attempt timeout and the deadline must be longer than zero",
            ));
        }
        if self.retry.max_attempts == 0 {
            return Err(config("the number of attempts must be at least 1"));
        }
        if self.max_body == 0 {
            return Err(config("the cap on bodies must be at least 1 byte"));
        }
        Ok(())
    }
}

fn config(message: &str) -> Error {
    Error::new(ErrorKind::Config, message)
}

fn origin(base_url: &str) -> Result<Origin, Error> {
    base_url
        .parse::<Uri>()
        .ok()
        .and_then(|uri| Origin::of(&uri))
        .ok_or_else(|| config("the base URL is not an absolute http or https address"))
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::reqwest::ReqwestTransport::new()?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Err(config(
        "no transport: give one, or switch on the feature `reqwest`",
    ))
}
