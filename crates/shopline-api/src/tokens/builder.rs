//! Settings of a token that renews itself.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use http::HeaderValue;
use orders_core::{Error, ErrorKind};
use orders_http::{Clock, Engine, EngineBuilder, Randomness, RetryPolicy, Transport};
use secrecy::{ExposeSecret, SecretString};

use super::oauth::TokenCalls;
use super::refreshing::{Inner, RefreshingToken, State};
use super::{AccessToken, TokenStore};
use crate::{VENDOR, address};

/// Builds a [`RefreshingToken`].
#[must_use]
pub struct RefreshingTokenBuilder {
    handle: String,
    app_key: String,
    secret: SecretString,
    code: Option<SecretString>,
    token: Option<AccessToken>,
    store: Option<Arc<dyn TokenStore>>,
    margin: Duration,
    base_url: Option<String>,
    engine: EngineBuilder,
}

impl RefreshingTokenBuilder {
    pub(super) fn new(handle: String, app_key: String, secret: SecretString) -> Self {
        let user_agent = concat!("shopline-api/", env!("CARGO_PKG_VERSION"));
        Self {
            handle,
            app_key,
            secret,
            code: None,
            token: None,
            store: None,
            margin: Duration::from_secs(600),
            base_url: None,
            engine: Engine::builder(VENDOR)
                .user_agent(user_agent)
                .attempt_timeout(Duration::from_secs(10))
                .deadline(Duration::from_secs(30))
                .max_body(1024 * 1024),
        }
    }

    /// The code of the authorisation, good for ten minutes and once. It comes before a saved token: an authorisation that
    /// widened the scopes needs a new one.
    pub fn code(mut self, code: impl Into<SecretString>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// A token that you have, with its end.
    pub fn token(mut self, token: AccessToken) -> Self {
        self.token = Some(token);
        self
    }

    /// Where tokens are kept between processes.
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// How long before its end a token is refreshed (default 10 minutes). Longer than a call may take, or the call could
    /// run into the end.
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// A base URL of your own instead of `https://{handle}.myshopline.com`: the one that the client has, if it has one.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// How long one attempt of a token call may take (default 10 seconds).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.engine = self.engine.attempt_timeout(timeout);
        self
    }

    /// How long a token call may take in all (default 30 seconds).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.engine = self.engine.deadline(deadline);
        self
    }

    /// When a refresh is tried again. A code is never sent twice, unless no connection was made.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.engine = self.engine.retry(policy);
        self
    }

    /// Your own transport instead of reqwest.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.engine = self.engine.transport(transport);
        self
    }

    /// Your own clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.engine = self.engine.clock(clock);
        self
    }

    /// Your own randomness for the waits between attempts.
    pub fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.engine = self.engine.randomness(randomness);
        self
    }

    /// The token. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config`: a handle that is no part of a host name, an empty key, secret or code, a base URL that is none, a
    /// transport that cannot be made.
    pub fn build(self) -> Result<RefreshingToken, Error> {
        let store = address::store(&self.handle)?;
        let root = match &self.base_url {
            Some(url) => address::root(url)?,
            None => store,
        };
        let empty = |text: &SecretString| text.expose_secret().is_empty();
        if empty(&self.secret) || self.code.as_ref().is_some_and(empty) {
            return Err(config("the app secret or the code is empty"));
        }
        let app_key = HeaderValue::from_str(&self.app_key).ok();
        let app_key = app_key.filter(|key| !key.is_empty());
        let app_key = app_key.ok_or_else(|| config("the app key is empty or no header value"))?;
        let calls = TokenCalls {
            engine: self.engine.only_to(root.as_str()).build()?,
            root,
            app_key,
            secret: self.secret,
        };
        // A code is there to be used before any token.
        let token = self.token.filter(|_| self.code.is_none());
        let state = State {
            token,
            code: self.code,
            ..State::default()
        };
        Ok(RefreshingToken(Arc::new(Inner {
            handle: self.handle,
            calls,
            margin: TimeDelta::from_std(self.margin).unwrap_or(TimeDelta::MAX),
            store: self.store,
            state: Mutex::new(state),
            turn: tokio::sync::Mutex::new(()),
        })))
    }
}

fn config(message: &str) -> Error {
    Error::new(ErrorKind::Config, message)
}

impl fmt::Debug for RefreshingTokenBuilder {
    /// Without the base URL, which is not checked yet and may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingTokenBuilder")
            .field("handle", &address::shown_handle(&self.handle))
            .field("margin", &self.margin)
            .finish_non_exhaustive()
    }
}
