//! The builder of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::FixedOffset;
use orders_core::{Account, Error, ErrorKind};
use orders_http::{
    Clock, Engine, EngineBuilder, Randomness, RateLimit, RateLimiter, RetryPolicy, Transport,
};
use secrecy::SecretString;
use url::Url;

use super::{Client, DEFAULT_BASE_URL};
use crate::auth::{Credentials, Md5Signing, SigningStrategy};
use crate::{Mapper, VENDOR};

/// Builds a [`Client`].
pub struct ClientBuilder {
    app_key: String,
    app_secret: SecretString,
    signing: Arc<dyn SigningStrategy>,
    base_url: String,
    account: String,
    zone: Option<FixedOffset>,
    engine: EngineBuilder,
}

/// Neither key nor secret nor URL is shown.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .field("signing", &self.signing)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(super) fn new(app_key: String, app_secret: SecretString) -> Self {
        Self {
            app_key,
            app_secret,
            signing: Arc::new(Md5Signing::default()),
            base_url: DEFAULT_BASE_URL.to_owned(),
            account: "default".to_owned(),
            zone: None,
            engine: Engine::builder(VENDOR),
        }
    }

    /// A base URL of your own, its path included, with or without a slash at its end; mainly for tests and proxies.
    /// Requests go to `{base}/{APP_KEY}/{SERVICE}` and to no other host. Default [`DEFAULT_BASE_URL`].
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The label of the account in core orders (default: `default`).
    #[must_use]
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = label.into();
        self
    }

    /// Another last step of the signature, which the vendor does not document. Default [`Md5Signing`], with the secret
    /// on both sides and `Sign` in the query.
    #[must_use]
    pub fn signing(mut self, strategy: impl SigningStrategy + 'static) -> Self {
        self.signing = Arc::new(strategy);
        self
    }

    /// The zone of the vendor's local times in core orders. Default UTC+8, which is inferred.
    #[must_use]
    pub fn zone(mut self, zone: FixedOffset) -> Self {
        self.zone = Some(zone);
        self
    }

    /// How long one attempt may take (default 30 seconds).
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.engine = self.engine.attempt_timeout(timeout);
        self
    }

    /// How long a call may take in all, waits included (default 120 seconds).
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.engine = self.engine.deadline(deadline);
        self
    }

    /// When a read is tried again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.engine = self.engine.retry(policy);
        self
    }

    /// A local limit of requests. None by default: the vendor documents that there is one, and no number.
    #[must_use]
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.engine = self.engine.rate_limit(limit);
        self
    }

    /// A local limit shared with other clients of the same account.
    #[must_use]
    pub fn limiter(mut self, limiter: RateLimiter) -> Self {
        self.engine = self.engine.limiter(limiter);
        self
    }

    /// The largest body that is read, in bytes (default 16 MiB).
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.engine = self.engine.max_body(bytes);
        self
    }

    /// Your own transport instead of reqwest.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.engine = self.engine.transport(transport);
        self
    }

    /// Your own clock; timestamps are made from it.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.engine = self.engine.clock(clock);
        self
    }

    /// Your own randomness for the waits between attempts.
    #[must_use]
    pub fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.engine = self.engine.randomness(randomness);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// `Config`: a key or secret that cannot be one, a base URL that is none, a transport that cannot be made.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = Credentials::new(self.app_key, self.app_secret, self.signing)?;
        let base = base_url(&self.base_url)?;
        let engine = self.engine.only_to(base.as_str()).build()?;
        let mapper = Mapper::new(&self.account);
        Ok(Client {
            account: Account::new(VENDOR.to_owned(), self.account),
            mapper: match self.zone {
                Some(zone) => mapper.zone(zone),
                None => mapper,
            },
            engine,
            base,
            credentials,
        })
    }
}

fn base_url(text: &str) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let url =
        Url::parse(text).map_err(|error| config(format!("the base URL is no URL: {error}")))?;
    let plain = url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && plain && anonymous {
        return Ok(url);
    }
    Err(config(
        "the base URL must be http or https, without query, fragment and user".to_owned(),
    ))
}
