//! Settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use orders_core::{Account, Error, ErrorKind};
use orders_http::{Clock, Engine, EngineBuilder, Randomness, RateLimit, RetryPolicy, Transport};

use crate::client::Client;
use crate::tokens::AccessTokens;
use crate::{Mapper, VENDOR, address};

/// The API version that is asked unless another is set. Versions are stable for twelve months.
pub const DEFAULT_VERSION: &str = "v20260301";

/// Builds a [`Client`].
pub struct ClientBuilder {
    handle: String,
    tokens: Result<Arc<dyn AccessTokens>, Error>,
    version: String,
    base_url: Option<String>,
    account: Option<String>,
    engine: EngineBuilder,
}

impl ClientBuilder {
    pub(crate) fn new(handle: String, tokens: Result<Arc<dyn AccessTokens>, Error>) -> Self {
        let user_agent = concat!("shopline-api/", env!("CARGO_PKG_VERSION"));
        Self {
            handle,
            tokens,
            version: DEFAULT_VERSION.to_owned(),
            base_url: None,
            account: None,
            engine: Engine::builder(VENDOR)
                .user_agent(user_agent)
                .rate_limit(RateLimit::new(4, 40)),
        }
    }

    /// The API version, `v` and eight digits (default [`DEFAULT_VERSION`]).
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// A base URL of your own instead of `https://{handle}.myshopline.com`; mainly for tests and proxies. The token goes
    /// only to its host; over plain `http` anybody on the way can read it. It has no user, password, query nor fragment.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The label of the account in core orders (default: the handle).
    #[must_use]
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = Some(label.into());
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

    /// When a read is tried again. Only after 429 and 502 to 504, and where no whole answer came; never after 500, which
    /// was seen for wrong parameters.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.engine = self.engine.retry(policy);
        self
    }

    /// The local limit of requests; `None` switches it off (stores on the enterprise plan have no limit). Default: the
    /// documented 4 a second with a burst of 40.
    #[must_use]
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.engine = self.engine.rate_limit(limit);
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

    /// Your own clock.
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
    /// `Config`: a handle that is no part of a host name, a token that cannot be a header, tokens of another store, a
    /// version of another form, a base URL that is none, a transport that cannot be made.
    pub fn build(self) -> Result<Client, Error> {
        let tokens = self.tokens?;
        address::check_version(&self.version)?;
        let store = address::store(&self.handle)?;
        if tokens
            .handle()
            .is_some_and(|handle| !handle.eq_ignore_ascii_case(&self.handle))
        {
            let message = "the access tokens are those of another store";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let root = match &self.base_url {
            Some(url) => address::root(url)?,
            None => store.clone(),
        };
        let engine = self.engine.only_to(root.as_str()).build()?;
        let label = self.account.unwrap_or(self.handle);
        Ok(Client {
            account: Account::new(VENDOR.to_owned(), label.clone()),
            mapper: Mapper::new(label),
            engine,
            own: vec![root.origin(), store.origin()],
            base: address::join(&root, &format!("admin/openapi/{}/", self.version), &[]),
            tokens,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the base URL, which is not checked yet and may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("handle", &address::shown_handle(&self.handle))
            .field("tokens", &self.tokens)
            .field("version", &self.version)
            .field("account", &self.account)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}
