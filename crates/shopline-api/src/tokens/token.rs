//! One access token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;
use orders_wire::Integer;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_with::serde_as;

use crate::auth;

/// An access token, checked to be a header value. Its `Debug` does not show it.
#[derive(Clone)]
pub struct AccessToken {
    text: SecretString,
    expires: Option<DateTime<FixedOffset>>,
    scopes: Vec<String>,
}

impl AccessToken {
    /// A token, without the word `Bearer`. Where it is a JWT that says when it ends, that is taken (the signature is not
    /// checked: only SHOPLINE can).
    ///
    /// # Errors
    /// `Config`, where the text is empty or no header can carry it.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        let text = token.into();
        auth::check(&text)?;
        let expires = end_of_jwt(text.expose_secret());
        Ok(Self {
            text,
            expires,
            scopes: Vec::new(),
        })
    }

    /// Sets when it ends.
    #[must_use]
    pub fn with_expiry(mut self, expires: DateTime<FixedOffset>) -> Self {
        self.expires = Some(expires);
        self
    }

    /// Sets what it may do.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The token itself, to store it. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// When it ends, where that is known.
    #[must_use]
    pub fn expires(&self) -> Option<DateTime<FixedOffset>> {
        self.expires
    }

    /// What it may do (`read_orders`, ...), where that is known.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    pub(crate) fn secret(&self) -> &SecretString {
        &self.text
    }

    /// Whether both are the same text.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires", &self.expires)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

#[serde_as]
#[derive(Default, Deserialize)]
#[serde(default)]
struct Claims {
    /// In seconds.
    #[serde_as(as = "Integer")]
    exp: Option<i64>,
}

fn end_of_jwt(token: &str) -> Option<DateTime<FixedOffset>> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = orders_wire::decode(&claims).ok()?;
    DateTime::from_timestamp(claims.exp?, 0).map(|time| time.fixed_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> String {
        format!(
            "eyJhbGciOiJIUzUxMiJ9.{}.c2ln",
            URL_SAFE_NO_PAD.encode(claims)
        )
    }

    #[test]
    fn a_jwt_says_when_it_ends() {
        let end = |claims: &str| AccessToken::new(jwt(claims)).unwrap().expires();
        let expected = DateTime::from_timestamp(1_760_000_000, 0).unwrap();
        assert_eq!(
            end(r#"{"appKey":"k","exp":1760000000}"#),
            Some(expected.fixed_offset())
        );
        for claims in ["{}", r#"{"exp":null}"#, r#"{"exp":"soon"}"#, "no json"] {
            assert_eq!(end(claims), None, "{claims}");
        }
        for token in ["plain", "a.b", "a.b.c", "a.%.c", "a.b.c.d"] {
            assert_eq!(AccessToken::new(token.to_owned()).unwrap().expires(), None);
        }
    }

    #[test]
    fn what_is_said_of_a_token_wins() {
        let said = DateTime::parse_from_rfc3339("2025-10-20T19:18:08.465+08:00").unwrap();
        let token = AccessToken::new(jwt(r#"{"exp":1760000000}"#)).unwrap();
        let token = token.with_expiry(said).with_scopes(["read_orders"]);
        assert_eq!(token.expires(), Some(said));
        assert_eq!(
            format!("{token:?}"),
            r#"AccessToken { expires: Some(2025-10-20T19:18:08.465+08:00), scopes: ["read_orders"], .. }"#
        );
    }
}
