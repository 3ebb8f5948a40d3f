//! The engine: one attempt loop under every client.

use std::fmt;
use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use orders_core::Error;
use secrecy::SecretString;
use tracing::Instrument;

use crate::base_url::BaseUrl;
use crate::clock::Clock;
use crate::config;
use crate::endpoint::Endpoint;
use crate::limiter::RateLimiter;
use crate::options::ClientOptions;
use crate::redact::OwnSecrets;
use crate::reply::Reply;
use crate::run::{Failure, Run};
use crate::settings::{Attempt, Settings};
use crate::transport::Transport;

/// Sends requests of one account and reads their answers: timeouts, deadline, retries, rate limit, size cap, tracing.
///
/// Cheap to clone; clones share the rate limiter.
#[derive(Clone)]
pub struct Engine {
    settings: Arc<Settings>,
}

impl Engine {
    /// An engine for `vendor`, the name that stands in its errors and spans. It sends only to the scheme, host and port
    /// of `base`: a request to any other is refused unsent.
    ///
    /// # Errors
    /// `Config`: a zero timeout, cap or number of attempts; a user agent that is no header value; a plain `http` base on
    /// another machine, unless [`ClientOptions::allow_plain_http`] allows it; a transport that cannot be set up; none at
    /// all, where no feature brings one.
    pub fn new(
        vendor: &'static str,
        base: BaseUrl,
        options: &ClientOptions,
    ) -> Result<Self, Error> {
        Self::counting(vendor, base, options, Arc::default())
    }

    fn counting(
        vendor: &'static str,
        base: BaseUrl,
        options: &ClientOptions,
        sent: Arc<AtomicU64>,
    ) -> Result<Self, Error> {
        options.check()?;
        if !base.is_private() && !options.allows_plain_http() {
            let message = format!(
                "the credential would go to {} in clear: the base URL is plain http to another machine",
                base.origin()
            );
            return Err(config(message).with_hint(
                "use https; where you trust every network on the way, allow it with `allow_plain_http`",
            ));
        }
        let user_agent = options.named_user_agent();
        let user_agent = user_agent.unwrap_or(concat!("orders-http/", env!("CARGO_PKG_VERSION")));
        let user_agent = HeaderValue::from_str(user_agent)
            .map_err(|_| config("the user agent holds characters that a header cannot"))?;
        let transport = match options.named_transport() {
            Some(transport) => Arc::clone(transport),
            None => default_transport(&base)?,
        };
        Ok(Self {
            settings: Arc::new(Settings {
                vendor,
                base,
                options: options
                    .clone()
                    .transport(Arc::clone(&transport))
                    .with_bucket(),
                transport,
                user_agent,
                sent,
                own: Arc::default(),
            }),
        })
    }

    /// The same engine with other options; what they leave open stays as it is, the transport, the bucket of the rate
    /// limit and the count of requests shared.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_options(&self, options: ClientOptions) -> Result<Self, Error> {
        let options = options.or(&self.settings.options);
        let settings = &self.settings;
        let sent = Arc::clone(&settings.sent);
        let engine = Self::counting(settings.vendor, settings.base.clone(), &options, sent)?;
        Ok(engine.with_own(Arc::clone(&settings.own)))
    }

    /// The same engine, which masks these secrets by their exact text wherever a vendor echoes one in what becomes an
    /// error or a log line. Bodies are not changed.
    #[must_use]
    pub fn hiding(self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        self.with_own(Arc::new(OwnSecrets::new(secrets)))
    }

    fn with_own(self, own: Arc<OwnSecrets>) -> Self {
        let mut settings = self.settings.as_ref().clone();
        settings.own = own;
        Self {
            settings: Arc::new(settings),
        }
    }

    /// Where it sends.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.settings.base
    }

    /// The clock that timestamps of requests are made from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.settings.options.time()
    }

    /// The vendor's name.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.settings.vendor
    }

    /// How many requests were given to the transport in all, by this engine, its clones and those made from it.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.settings.sent.load(Ordering::Relaxed)
    }

    /// Feeds scheme, host and port, and then a name or a secret, into a hasher: what an account is recognised by.
    pub fn identify(&self, by: &str, into: &mut dyn Hasher) {
        for text in [self.settings.base.origin().to_string().as_str(), by] {
            into.write(text.as_bytes());
            // No text holds it, so that two texts are never taken for two others.
            into.write(&[0xff]);
        }
    }

    /// Makes a call: builds a request, sends it, reads the answer, and does so again while that makes sense.
    ///
    /// `build` is called anew for each attempt, so that timestamps and signatures are fresh. `read` decides from the
    /// whole answer, whatever its status (a redirect excepted, which is always an error), and marks its error with
    /// [`Error::retryable`] where the same request may succeed later.
    ///
    /// The engine tries again after such an error, a failed connection, a timeout or a broken connection, if
    /// [`Endpoint::retry_safe`] allows it (a connection that was never made needs no permission), attempts remain, and the
    /// wait fits into the deadline. A wait for the rate limit counts against the deadline too.
    ///
    /// Cancel-safe: dropping the future abandons the attempt under way and leaves nothing behind but the token taken
    /// from the rate limiter. The vendor may have seen the request.
    ///
    /// # Errors
    /// What `build` or `read` gave back, or the engine's own: `Transport`, `Timeout`, `TooLarge`, `RateLimit` (the
    /// deadline passed while waiting for the local rate limit), `Config` (a redirect; no tokio runtime), `InvalidRequest`
    /// (a request to another host). Each with vendor, endpoint, attempts, time spent and, where an answer came, status, trace
    /// id, the requested wait and an excerpt.
    pub async fn run<T>(
        &self,
        endpoint: &Endpoint,
        build: impl Fn(Attempt) -> Result<http::Request<Bytes>, Error> + Send,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let span = tracing::info_span!(
            "call",
            vendor = self.settings.vendor,
            endpoint = endpoint.name
        );
        self.attempts(endpoint, build, read).instrument(span).await
    }

    async fn attempts<T>(
        &self,
        endpoint: &Endpoint,
        build: impl Fn(Attempt) -> Result<http::Request<Bytes>, Error> + Send,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        check_runtime(self.settings.vendor, endpoint)?;
        let mut run = Run::start(&self.settings, endpoint);
        loop {
            run.wait_for_rate_limit().await?;
            let request = build(run.next_attempt()).map_err(|error| run.finish(error))?;
            let failure = match run.send(request).await {
                Ok(reply) => match read(&reply) {
                    Ok(value) => {
                        run.succeeded(&reply);
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
        let Settings {
            vendor,
            base,
            options,
            ..
        } = self.settings.as_ref();
        f.debug_struct("Engine")
            .field("vendor", vendor)
            .field("base", base)
            .field("attempt_timeout", &options.attempt_time())
            .field("deadline", &options.call_time())
            .field("retry", &options.retries())
            .field("rate_limit", &options.bucket().map(RateLimiter::limit))
            .field("max_body", &options.body_cap())
            .finish_non_exhaustive()
    }
}

/// The error of a request that cannot be built from its parts.
pub fn unbuildable(why: impl Into<http::Error>) -> Error {
    Error::invalid_request("the request cannot be built").with_source(why.into())
}

/// Timeouts and waits panic outside a tokio runtime; this is an error instead. Whether the runtime has its timer cannot
/// be seen from here.
fn check_runtime(vendor: &'static str, endpoint: &Endpoint) -> Result<(), Error> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => Ok(()),
        Err(_) => Err(config("calls need a tokio runtime, and there is none here")
            .with_hint("call from inside a tokio runtime that has its timer (`enable_time` or `enable_all`)")
            .at(vendor, endpoint.name)),
    }
}

#[cfg(feature = "__reqwest")]
fn default_transport(base: &BaseUrl) -> Result<Arc<dyn Transport>, Error> {
    let transport = crate::reqwest::ReqwestTransport::new()?;
    Ok(Arc::new(match base.is_https() {
        true => transport.with_tls()?,
        false => transport,
    }))
}

#[cfg(not(feature = "__reqwest"))]
fn default_transport(_: &BaseUrl) -> Result<Arc<dyn Transport>, Error> {
    Err(config("no transport: nothing here can send a request").with_hint(
        "give one with `ClientOptions::transport`, or switch on the feature `reqwest` of the crate",
    ))
}
