//! Access tokens: where a client gets them, how an app creates and refreshes them, and the signed addresses of the
//! authorisation.
//!
//! A token copied from the store's admin (a private app's, valid 3 years) needs nothing: `Client::builder` takes it. An
//! app that merchants authorise gets tokens of 10 hours: `RefreshingToken` creates and refreshes them, and
//! `Client::builder_with` takes it, or any other `AccessTokens`.
//!
//! Documented: <https://developer.shopline.com/docs/apps/api-instructions-for-use/app-authorization> and
//! `generate-and-verify-signatures` beside it. There is no refresh token: a refresh is authorised by the app's signature
//! alone, and the old token lives five more minutes.
//!
//! The way of an app into a store:
//! 1. SHOPLINE opens the app's address with a signed query: [`QueryVerifier::install`].
//! 2. The app sends the merchant to `authorize_url`.
//! 3. SHOPLINE comes back to the app's redirect address with a signed query and a code, good for ten minutes and once:
//!    [`QueryVerifier::callback`].
//! 4. The app gives the code to `RefreshingToken::builder(..).code(..)`, which creates the token at its first use and
//!    refreshes it from then on.
//!
//! ```
//! use chrono::DateTime;
//! use shopline_api::tokens::{QueryVerifier, sign_query};
//!
//! let query = [("appkey", "k-1"), ("code", "c0de"), ("handle", "tea-house"), ("timestamp", "1760000000123")];
//! let query = sign_query("app secret", &query);
//!
//! let now = DateTime::from_timestamp(1_760_000_100, 0).unwrap_or_default();
//! let callback = QueryVerifier::new("k-1", "app secret").callback(&query, now)?;
//! assert_eq!(callback.handle, "tea-house");
//! assert_eq!(callback.code.as_ref().map(|code| code.expose()), Some("c0de"));
//! # Ok::<(), shopline_api::webhooks::WebhookError>(())
//! ```

mod answer;
mod code;
#[cfg(feature = "client")]
mod oauth;
#[cfg(feature = "client")]
mod provider;
mod query;
#[cfg(feature = "client")]
mod refreshing;
#[cfg(feature = "client")]
mod renewal;
mod signature;
#[cfg(feature = "client")]
mod token;

pub use answer::{TokenAnswer, TokenData, decode_answer};
pub use code::{TokenCode, TokenCodeMeaning};
#[cfg(feature = "client")]
pub use oauth::authorize_url;
#[cfg(feature = "client")]
pub use provider::{AccessTokens, StaticToken, TokenStore};
pub use query::{QueryVerifier, SignedQuery};
#[cfg(feature = "client")]
pub use refreshing::{RefreshingToken, RefreshingTokenBuilder};
pub use signature::{ValueForm, canonical_query, sign_body, sign_query};
#[cfg(feature = "client")]
pub use token::AccessToken;
