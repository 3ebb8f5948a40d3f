//! How a request is authenticated: two headers.
//!
//! Documented: `X-API-KEY` with the secret key and `X-Timestamp` with the time in Unix milliseconds, on every call.
//! The vendor's page calls the timestamp a part of request signing, but no signature header exists. How old it may be is not stated.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderValue, request};
use orders_core::{Error, ErrorKind};
use secrecy::{ExposeSecret, SecretString};

pub(crate) const KEY_HEADER: &str = "X-API-KEY";
pub(crate) const TIMESTAMP_HEADER: &str = "X-Timestamp";

/// The secret key, checked to be a header value.
#[derive(Clone)]
pub(crate) struct ApiKey(SecretString);

impl ApiKey {
    /// Keys are not refused by prefix: more prefixes exist than are documented.
    pub(crate) fn new(key: SecretString) -> Result<Self, Error> {
        let text = key.expose_secret();
        if text.is_empty() || HeaderValue::from_str(text).is_err() {
            let message = "the API key is empty or holds characters that a header cannot carry";
            return Err(Error::new(ErrorKind::Config, message)
                .with_hint("look for a line break at its end"));
        }
        Ok(Self(key))
    }

    /// The key itself.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn secret(&self) -> &SecretString {
        &self.0
    }

    /// Adds both headers, with the time of this attempt.
    pub(crate) fn authenticate(
        &self,
        request: request::Builder,
        now: SystemTime,
    ) -> Result<request::Builder, Error> {
        let mut key = HeaderValue::from_str(self.0.expose_secret())
            .map_err(|_| Error::new(ErrorKind::Config, "the API key is not a header value"))?;
        key.set_sensitive(true);
        let millis = now
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        Ok(request
            .header(KEY_HEADER, key)
            .header(TIMESTAMP_HEADER, millis.to_string()))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}
