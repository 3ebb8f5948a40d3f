//! A token that renews itself, and its settings.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use http::HeaderValue;
use orders_core::{Error, ErrorKind};
use orders_http::{BaseUrl, ClientOptions, Engine, Transport};
use secrecy::{ExposeSecret, SecretString};

use super::oauth::TokenCalls;
use super::renewal::{Inner, Standing, State};
use super::{AccessToken, AccessTokens, TokenStore};
use crate::{USER_AGENT, VENDOR, auth};

/// The token of an app that merchants authorise: created from the code of the authorisation or refreshed by the app's
/// signature, and refreshed again before it ends.
///
/// - It is refreshed when its end is nearer than the margin (10 minutes, `margin`). Meanwhile, and where that fails, the
///   old token is used until it ends; a failure is not retried for five seconds.
/// - However many requests wait for a token, one call is made, and all share what came of it.
/// - After a 401 it is refreshed and the request is sent once more, except where the token is not a minute old: then its
///   age is not the reason, and the error stands.
/// - The end of a token is the `expireTime` of the answer, else the `exp` of the token itself, else 10 hours from now.
/// - A code is sent once. If the outcome of that is not known, or the code is refused, the next call refreshes.
///
/// Cheap to clone; clones share the token. A caller that stops waiting stops the call it made for all; the next one makes
/// another.
#[derive(Clone)]
pub struct RefreshingToken(Arc<Inner>);

impl RefreshingToken {
    /// A builder for the app with this key and secret in the store with this handle.
    pub fn builder(
        handle: impl Into<String>,
        app_key: impl Into<String>,
        app_secret: impl Into<SecretString>,
    ) -> RefreshingTokenBuilder {
        RefreshingTokenBuilder::new(handle.into(), app_key.into(), app_secret.into())
    }
}

#[async_trait]
impl AccessTokens for RefreshingToken {
    async fn token(&self) -> Result<AccessToken, Error> {
        let inner = &*self.0;
        let turn = match inner.standing() {
            Standing::Fresh(token) => return Ok(token),
            Standing::Ageing(token) => match inner.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(token),
            },
            Standing::Gone => inner.turn.lock().await,
        };
        // Another may have renewed it meanwhile.
        if let Standing::Fresh(token) = inner.standing() {
            return Ok(token);
        }
        let renewed = inner.renew().await;
        drop(turn);
        match (renewed, inner.standing()) {
            (Err(_), Standing::Fresh(old) | Standing::Ageing(old)) => Ok(old),
            (renewed, _) => renewed,
        }
    }

    async fn refused(&self, token: &AccessToken) -> Result<Option<AccessToken>, Error> {
        let inner = &*self.0;
        let _turn = inner.turn.lock().await;
        let (current, young) = {
            let state = inner.state();
            (state.token.clone(), state.is_young())
        };
        match current {
            Some(current) if !current.is(token) => Ok(Some(current)),
            _ if young => Ok(None),
            _ => inner.renew().await.map(Some),
        }
    }

    fn handle(&self) -> Option<&str> {
        Some(&self.0.handle)
    }
}

impl fmt::Debug for RefreshingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingToken")
            .field("handle", &self.0.handle)
            .field("token", &self.0.state().token)
            .field("margin", &self.0.margin)
            .field("store", &self.0.store)
            .finish_non_exhaustive()
    }
}

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
    options: ClientOptions,
}

impl RefreshingTokenBuilder {
    fn new(handle: String, app_key: String, secret: SecretString) -> Self {
        Self {
            handle,
            app_key,
            secret,
            code: None,
            token: None,
            store: None,
            margin: Duration::from_secs(600),
            base_url: None,
            options: ClientOptions::new(),
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

    /// How token calls are sent: what these options leave open stays as it is. By default an attempt may take 10 seconds,
    /// a call 30, and there is no rate limit. A code is never sent twice, unless no connection was made.
    pub fn options(mut self, options: ClientOptions) -> Self {
        self.options = options.or(&self.options);
        self
    }

    /// Your own transport instead of reqwest; short for [`ClientOptions::transport`].
    pub fn transport(self, transport: Arc<dyn Transport>) -> Self {
        self.options(ClientOptions::new().transport(transport))
    }

    /// How long a token call may take in all; short for [`ClientOptions::deadline`].
    pub fn deadline(self, deadline: Duration) -> Self {
        self.options(ClientOptions::new().deadline(deadline))
    }

    /// The token. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config`: a handle that is no part of a host name, an empty key, secret or code, a base URL that is none or
    /// would send the secret in clear, options that no client can work with, no transport.
    pub fn build(self) -> Result<RefreshingToken, Error> {
        let store = auth::store(&self.handle)?;
        let root = match &self.base_url {
            Some(url) => BaseUrl::parse(url)?,
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
            engine: Engine::new(VENDOR, root, &self.options.or(&defaults()))?,
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

/// Token calls are small, and a call of the client waits for them.
fn defaults() -> ClientOptions {
    ClientOptions::new()
        .user_agent(USER_AGENT)
        .attempt_timeout(Duration::from_secs(10))
        .deadline(Duration::from_secs(30))
        .max_body(1024 * 1024)
}

fn config(message: &str) -> Error {
    Error::new(ErrorKind::Config, message)
}

impl fmt::Debug for RefreshingTokenBuilder {
    /// Without the base URL, which is not checked yet and may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshingTokenBuilder")
            .field("handle", &auth::shown_handle(&self.handle))
            .field("margin", &self.margin)
            .finish_non_exhaustive()
    }
}
