//! When a token is renewed, and what is given meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use secrecy::SecretString;
use tokio::time::Instant;

use super::oauth::TokenCalls;
use super::{AccessToken, TokenStore};

/// For so long the failure of a token call is given to every caller, unless the vendor requests a longer wait.
const PAUSE: Duration = Duration::from_secs(5);

/// The longest pause, whatever the vendor requests.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A token younger than this is not renewed, whatever is said of its age: that would be a call for every request.
const YOUNG: Duration = Duration::from_secs(60);

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
pub(super) enum Standing {
    /// To be used.
    Fresh(AccessToken),
    /// To be used, and to be renewed.
    Ageing(AccessToken),
    /// There is none, or it ended.
    Gone,
}

impl Inner {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn standing(&self) -> Standing {
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
    pub(super) async fn renew(&self) -> Result<AccessToken, Error> {
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
    pub(super) fn is_young(&self) -> bool {
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
        self.failed = Some((until, error.clone()));
    }

    fn shared_failure(&self) -> Option<Error> {
        let (until, error) = self.failed.as_ref()?;
        (Instant::now() < *until).then(|| error.clone())
    }
}

/// Whether the vendor cannot have taken the code: nothing was sent, no connection was made, or it was too busy.
fn is_unseen(error: &Error) -> bool {
    let unconnected = error.kind() == ErrorKind::Transport && error.is_retryable();
    error.attempts() == 0 || unconnected || error.kind() == ErrorKind::RateLimit
}
