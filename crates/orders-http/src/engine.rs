//! The engine: one attempt loop under every client.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderValue;
use orders_core::Error;
use tracing::Instrument;

use crate::builder::EngineBuilder;
use crate::clock::{Clock, Randomness};
use crate::limiter::RateLimiter;
use crate::origin::Origin;
use crate::reply::Reply;
use crate::retry::RetryPolicy;
use crate::run::{Failure, Run};
use crate::transport::Transport;

/// What is asked, as far as the engine must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The endpoint, as method and route (`GET orders/:id`) or as service name. Stands in errors and spans, so it
    /// holds no ids and no secrets.
    pub endpoint: &'static str,
    /// Whether sending the request twice does no harm: true for everything that only reads. Where it is false the
    /// engine sends again only after a connection that was never made; what `read` said about the reply stays in the
    /// error, so the caller of such an endpoint must not take [`Error::is_retryable`] for permission.
    pub retry_safe: bool,
}

/// The attempt that a request is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// The time by the engine's clock: for timestamps and signatures.
    pub now: SystemTime,
}

impl Attempt {
    pub(crate) fn new(number: u32, now: SystemTime) -> Self {
        Self { number, now }
    }
}

/// Sends requests of one account and reads their answers: timeouts, deadline, retries, rate limit, size cap, tracing.
///
/// Cheap to clone; clones share the rate limiter.
#[derive(Clone)]
pub struct Engine {
    settings: Arc<Settings>,
}

pub(crate) struct Settings {
    pub(crate) vendor: &'static str,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) max_body: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) only_to: Option<Origin>,
}

impl Engine {
    /// Starts an engine for `vendor`, the name that stands in its errors and spans.
    pub fn builder(vendor: &'static str) -> EngineBuilder {
        EngineBuilder::new(vendor)
    }

    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }

    /// The clock that timestamps of requests are made from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.settings.clock.as_ref()
    }

    /// The vendor's name.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.settings.vendor
    }

    /// Makes a call: builds a request, sends it, reads the answer, and does so again while that makes sense.
    ///
    /// `build` is called anew for each attempt, so that timestamps and signatures are fresh. `read` decides from the
    /// whole answer, whatever its status (a redirect excepted, which is always an error), and marks its error with
    /// [`Error::retryable`] where the same request may succeed later.
    ///
    /// The engine tries again after such an error, a failed connection, a timeout or a broken connection, if
    /// [`Call::retry_safe`] allows it (a connection that was never made needs no permission), attempts remain, and the
    /// wait fits into the deadline. A wait for the rate limit counts against the deadline too.
    ///
    /// Cancel-safe: dropping the future abandons the attempt under way and leaves nothing behind but the token taken
    /// from the rate limiter. The vendor may have seen the request.
    ///
    /// # Errors
    /// What `build` or `read` gave back, or the engine's own: `Transport`, `Timeout`, `TooLarge`, `RateLimit` (the
    /// deadline passed while waiting for the local rate limit), `Config` (a redirect), `InvalidRequest` (a request to
    /// another host). Each with vendor, endpoint, attempts, time spent and, where an answer came, status, trace
    /// id, the wait asked for and an excerpt.
    pub async fn run<T>(
        &self,
        call: &Call,
        build: impl Fn(Attempt) -> Result<http::Request<Bytes>, Error> + Send,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let span = tracing::info_span!(
            "call",
            vendor = self.settings.vendor,
            endpoint = call.endpoint
        );
        self.attempts(call, build, read).instrument(span).await
    }

    async fn attempts<T>(
        &self,
        call: &Call,
        build: impl Fn(Attempt) -> Result<http::Request<Bytes>, Error> + Send,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let mut run = Run::start(&self.settings, *call);
        loop {
            run.wait_for_rate_limit().await?;
            let request = build(run.next_attempt()).map_err(|error| run.finish(error))?;
            let failure = match run.send(request).await {
                Ok(reply) => match read(&reply) {
                    Ok(value) => {
                        run.log_success(&reply);
                        return Ok(value);
                    }
                    Err(error) => Failure::of_reply(error, &reply),
                },
                Err(failure) => failure,
            };
            let wait = run.wait_before_retry(failure)?;
            tokio::time::sleep(wait).await;
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        f.debug_struct("Engine")
            .field("vendor", &settings.vendor)
            .field("attempt_timeout", &settings.attempt_timeout)
            .field("deadline", &settings.deadline)
            .field("retry", &settings.retry)
            .field(
                "rate_limit",
                &settings.limiter.as_ref().map(RateLimiter::limit),
            )
            .field("max_body", &settings.max_body)
            .finish_non_exhaustive()
    }
}
