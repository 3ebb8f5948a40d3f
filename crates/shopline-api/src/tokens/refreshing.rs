//! A token that renews itself.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use secrecy::SecretString;
use tokio::time::Instant;

use super::oauth::TokenCalls;
use super::{AccessToken, AccessTokens, RefreshingTokenBuilder, TokenStore};

/// For so long the failure of a token call is the answer to all who ask, unless the vendor asks for more.
const PAUSE: Duration = Duration::from_secs(5);

/// The longest pause, whatever the vendor asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A token younger than this is not renewed, whatever is said of its age: that would be a call for every request.
const YOUNG: Duration = Duration::from_secs(60);

/// The token of an app that merchants authorise: created from the code of the authorisation or refreshed by the app's
/// signature, and refreshed again before it ends.
///
/// - It is refreshed when its end is nearer than the margin (10 minutes, `margin`). Meanwhile, and where that fails, the
///   old token is used until it ends; a failure is not tried again for five seconds.
/// - However many requests wait for a token, one call is made, and all share what came of it.
/// - After a 401 it is refreshed and the request is sent once more, except where the token is not a minute old: then its
///   age is not the reason, and the error stands.
/// - The end of a token is the `expireTime` of the answer, else the `exp` of the token itself, else 10 hours from now.
/// - A code is sent once. If the outcome of that is not known, or the code is refused, the next call refreshes.
///
/// Cheap to clone; clones share the token. A caller that stops waiting stops the call it made for all; the next one makes
/// another.
#[derive(Clone)]
pub struct RefreshingToken(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) handle: String,
    pub(super) calls: TokenCalls,
    pub(super) margin: TimeDelta,
    pub(super) store: Option<Arc<dyn TokenStore>>,
    /// Never held while something is waited for.
    pub(super) state: Mutex<State>,
    /// Held by the one who renews.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) token: Option<AccessToken>,
    /// When a call of ours gave the token.
    pub(super) made: Option<Instant>,
    pub(super) code: Option<SecretString>,
    /// The last call's failure, and until when it is the answer to all.
    pub(super) failed: Option<(Instant, Error)>,
}

/// What the token at hand is good for.
enum Standing {
    /// To be used.
    Fresh(AccessToken),
    /// To be used, and to be renewed.
    Ageing(AccessToken),
    /// There is none, or it ended.
    Gone,
}

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

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self) -> Standing {
        let state = self.state();
        match &state.token {
            None => Standing::Gone,
            Some(token) if state.is_young() => Standing::Fresh(token.clone()),
            Some(token) => self.standing_of(token),
        }
    }

    fn standing_of(&self, token: &AccessToken) -> Standing {
        let left = token.expires().map(|end| end.to_utc() - self.calls.now());
        match left {
            Some(left) if left <= TimeDelta::zero() => Standing::Gone,
            Some(left) if left <= self.margin => Standing::Ageing(token.clone()),
            _ => Standing::Fresh(token.clone()),
        }
    }

    /// Another token than the one at hand: the one that another process saved, else by a call. The caller has the turn.
    async fn renew(&self) -> Result<AccessToken, Error> {
        if let Some(error) = self.state().shared_failure() {
            return Err(error);
        }
        let code = self.state().code.take();
        if code.is_none()
            && let Some(token) = self.saved_by_another().await
        {
            return Ok(token);
        }
        let made = match &code {
            Some(code) => self.calls.create(code).await,
            None => self.calls.refresh().await,
        };
        match made {
            Ok(token) => {
                self.state().succeed(&token);
                if let Some(store) = &self.store {
                    store.save(&token).await;
                }
                Ok(token)
            }
            Err(error) => {
                self.state().fail(&error, code);
                Err(error)
            }
        }
    }

    /// The token in the store, where it is another one than ours and needs no renewal. One that needs it is kept until
    /// the renewal is done.
    async fn saved_by_another(&self) -> Option<AccessToken> {
        let saved = self.store.as_ref()?.load().await?;
        let mut state = self.state();
        if !is_newer(&saved, state.token.as_ref()) {
            return None;
        }
        match self.standing_of(&saved) {
            Standing::Gone => None,
            Standing::Ageing(token) => {
                state.keep(token);
                None
            }
            Standing::Fresh(token) => {
                state.keep(token.clone());
                Some(token)
            }
        }
    }
}

/// Whether the saved token is another one than ours, and ends later as far as is known.
fn is_newer(saved: &AccessToken, ours: Option<&AccessToken>) -> bool {
    let Some(ours) = ours else {
        return true;
    };
    let later = match (ours.expires(), saved.expires()) {
        (Some(ours), Some(saved)) => saved > ours,
        _ => true,
    };
    later && !saved.is(ours)
}

impl State {
    fn is_young(&self) -> bool {
        self.made.is_some_and(|made| made.elapsed() < YOUNG)
    }

    fn keep(&mut self, token: AccessToken) {
        self.token = Some(token);
        self.made = None;
    }

    fn succeed(&mut self, token: &AccessToken) {
        self.token = Some(token.clone());
        self.made = Some(Instant::now());
        self.failed = None;
    }

    fn fail(&mut self, error: &Error, code: Option<SecretString>) {
        if is_unseen(error) {
            self.code = code;
        }
        let pause = error.retry_after().unwrap_or_default();
        let until = Instant::now() + pause.clamp(PAUSE, LONGEST_PAUSE);
        self.failed = Some((until, again(error)));
    }

    fn shared_failure(&self) -> Option<Error> {
        let (until, error) = self.failed.as_ref()?;
        (Instant::now() < *until).then(|| again(error))
    }
}

/// Whether the vendor cannot have taken the code: nothing was sent, no connection was made, or it was too busy.
fn is_unseen(error: &Error) -> bool {
    let unconnected = error.kind() == ErrorKind::Transport && error.is_retryable();
    error.attempts() == 0 || unconnected || error.kind() == ErrorKind::RateLimit
}

/// The same error for another caller, without its cause.
fn again(error: &Error) -> Error {
    let mut copy = Error::new(error.kind(), error.message())
        .with_attempts(error.attempts(), error.elapsed())
        .with_retry_after(error.retry_after());
    if let (Some(vendor), Some(endpoint)) = (error.vendor(), error.endpoint()) {
        copy = copy.at(vendor, endpoint);
    }
    if let Some(status) = error.status() {
        copy = copy.with_status(status);
    }
    if let Some(code) = error.code() {
        copy = copy.with_code(code);
    }
    if let Some(trace_id) = error.trace_id() {
        copy = copy.with_trace_id(trace_id);
    }
    if let Some(excerpt) = error.excerpt() {
        copy = copy.with_excerpt(excerpt);
    }
    if let Some(hint) = error.hint() {
        copy = copy.with_hint(hint);
    }
    if error.is_retryable() {
        copy = copy.retryable();
    }
    copy
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
