//! SHOPLINE's access tokens: that of a private app, and those made by signed calls.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::random::Random;

/// The lifetime of an authorised app's token (documented).
const LIFE: TimeDelta = TimeDelta::hours(10);
/// The remaining lifetime of the old token after a refresh (documented).
const GRACE: TimeDelta = TimeDelta::minutes(5);
/// The lifetime of a code, which is valid once (documented).
const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// All tokens and codes.
pub(crate) struct Tokens(Mutex<State>);

struct State {
    random: Random,
    scopes: Vec<String>,
    tokens: Vec<Token>,
    codes: Vec<(String, DateTime<Utc>)>,
}

/// One access token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    /// None: it does not expire. (A private app's token is valid for three years.)
    pub(super) expires: Option<DateTime<Utc>>,
}

impl Tokens {
    pub(crate) fn new(seed: u64, private: &str, scopes: &[String]) -> Self {
        Self(Mutex::new(State::new(seed, private, scopes)))
    }

    /// Resets all tokens.
    pub(crate) fn reset(&self, seed: u64, private: &str, scopes: &[String]) {
        *self.state() = State::new(seed, private, scopes);
    }

    /// The scopes of a token. None for an unknown or expired one.
    pub(super) fn scopes(&self, token: &str, now: DateTime<Utc>) -> Option<Vec<String>> {
        let state = self.state();
        let alive = |known: &&Token| {
            known.text == token && known.expires.is_none_or(|expires| now < expires)
        };
        state.tokens.iter().find(alive)?;
        Some(state.scopes.clone())
    }

    /// All scopes, as the answer of a token call names them.
    pub(super) fn scope(&self) -> String {
        self.state().scopes.join(",")
    }

    /// Makes a code, as if a merchant had just authorised the app.
    pub(crate) fn authorise(&self, now: DateTime<Utc>) -> String {
        let mut state = self.state();
        let code = state.random.hex(40);
        state.codes.push((code.clone(), now + CODE_LIFE));
        code
    }

    /// Exchanges a code for a token. None for a code that is unknown, used or expired.
    pub(super) fn create(&self, code: &str, now: DateTime<Utc>) -> Option<Token> {
        let mut state = self.state();
        let place = state.codes.iter().position(|(known, _)| known == code)?;
        let (_, until) = state.codes.remove(place);
        (now < until).then(|| state.make(now))
    }

    /// Makes a token. Earlier ones stay valid for a short time.
    pub(super) fn refresh(&self, now: DateTime<Utc>) -> Token {
        let mut state = self.state();
        for token in &mut state.tokens {
            token.expires = token.expires.map(|expires| expires.min(now + GRACE));
        }
        state.make(now)
    }

    /// Expires every token, the private one too.
    pub(crate) fn expire_all(&self) {
        for token in &mut self.state().tokens {
            token.expires = Some(DateTime::<Utc>::MIN_UTC);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(seed: u64, private: &str, scopes: &[String]) -> Self {
        let private = Token {
            text: private.to_owned(),
            expires: None,
        };
        Self {
            random: Random::of(seed, "tokens", 0),
            scopes: scopes.to_vec(),
            tokens: vec![private],
            codes: Vec::new(),
        }
    }

    fn make(&mut self, now: DateTime<Utc>) -> Token {
        let token = Token {
            text: format!("sandbox.{}", self.random.letters(40)),
            expires: Some(now + LIFE),
        };
        self.tokens.push(token.clone());
        token
    }
}
