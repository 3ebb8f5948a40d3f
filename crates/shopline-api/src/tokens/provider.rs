//! Where a client gets its token.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use orders_core::Error;

use super::AccessToken;

/// Gives the access token of one store. A client calls it before every request.
///
/// Its `Debug` must show no token, since that of a client shows it.
#[async_trait]
pub trait AccessTokens: Send + Sync + fmt::Debug {
    /// The token to use now.
    ///
    /// # Errors
    /// Where there is none; the client's call fails with it.
    async fn token(&self) -> Result<AccessToken, Error>;

    /// Called when SHOPLINE refused this token (HTTP 401): the token to send the request with once more; `None` lets the
    /// refusal stand, as it does by default.
    ///
    /// # Errors
    /// Where getting another token failed; the client's call fails with it.
    async fn refused(&self, token: &AccessToken) -> Result<Option<AccessToken>, Error> {
        let _ = token;
        Ok(None)
    }

    /// The handle of the store whose tokens these are, where it is known: a client of another store is then not built.
    fn handle(&self) -> Option<&str> {
        None
    }

    /// The token, where it is always the same: an account is recognised by it. By default none.
    fn lasting(&self) -> Option<&AccessToken> {
        None
    }
}

#[async_trait]
impl<T: AccessTokens + ?Sized> AccessTokens for Arc<T> {
    async fn token(&self) -> Result<AccessToken, Error> {
        (**self).token().await
    }

    async fn refused(&self, token: &AccessToken) -> Result<Option<AccessToken>, Error> {
        (**self).refused(token).await
    }

    fn handle(&self) -> Option<&str> {
        (**self).handle()
    }

    fn lasting(&self) -> Option<&AccessToken> {
        (**self).lasting()
    }
}

/// One token that does not change: a private app's, which lives 3 years.
#[derive(Clone, Debug)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// Always this token.
    #[must_use]
    pub fn new(token: AccessToken) -> Self {
        Self(token)
    }
}

#[async_trait]
impl AccessTokens for StaticToken {
    async fn token(&self) -> Result<AccessToken, Error> {
        Ok(self.0.clone())
    }

    fn lasting(&self) -> Option<&AccessToken> {
        Some(&self.0)
    }
}

/// Keeps the token of one store between processes, and shares it among those that run at once.
///
/// Every refresh ends the token before it five minutes later, so processes that refresh by themselves end each other's
/// tokens all the time. With a store each looks there before it refreshes.
///
/// An implementation that fails says so in its own logs: nothing is lost by it, since a refresh needs the app's signature
/// alone.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use shopline_api::tokens::{AccessToken, RefreshingToken, TokenStore};
///
/// /// Shares the token between the clients of one process; a table or a file shares it between processes.
/// #[derive(Debug, Default)]
/// struct Shared(Mutex<Option<AccessToken>>);
///
/// #[async_trait::async_trait]
/// impl TokenStore for Shared {
///     async fn load(&self) -> Option<AccessToken> {
///         self.0.lock().ok()?.clone()
///     }
///
///     async fn save(&self, token: &AccessToken) {
///         if let Ok(mut place) = self.0.lock() {
///             *place = Some(token.clone()); // `expose` and `expires` are what a table keeps
///         }
///     }
/// }
///
/// # fn main() -> Result<(), shopline_api::Error> {
/// let store = Arc::new(Shared::default());
/// let tokens = RefreshingToken::builder("open001", "app key", "app secret".to_owned()).store(store).build()?;
/// # let _ = tokens; Ok(())
/// # }
/// ```
#[async_trait]
pub trait TokenStore: Send + Sync + fmt::Debug {
    /// The token that was saved last, with its end.
    async fn load(&self) -> Option<AccessToken>;

    /// Saves a new token.
    async fn save(&self, token: &AccessToken);
}
