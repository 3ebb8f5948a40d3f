//! The signed queries with which SHOPLINE calls an app: at the installation, and after the authorisation.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac_sha256::HMAC;
use orders_wire::webhook::{Tolerance, WebhookError, WebhookErrorKind, check_size, from_hex};
use percent_encoding::percent_decode_str;

use super::{ValueForm, canonical_query};
use crate::orders::SecretText;

/// How old a query may be: ten minutes, as the vendor's JavaScript SDK has it.
const WINDOW: Duration = Duration::from_secs(600);

/// The longest query that is read, in bytes.
const MAX_QUERY: usize = 16 * 1024;

/// A query of SHOPLINE whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SignedQuery {
    /// The store's handle.
    pub handle: String,
    /// When SHOPLINE signed it.
    pub timestamp: DateTime<Utc>,
    /// The code to create a token with, good for ten minutes and once. Only in a callback.
    pub code: Option<SecretText>,
    /// What the app gave to the authorisation (`customField`). Compare it with what you gave: a query that is genuine
    /// may still belong to another visitor.
    pub custom_field: Option<String>,
    /// The language of the merchant.
    pub lang: Option<String>,
}

/// Checks signed queries of SHOPLINE.
#[derive(Clone)]
pub struct QueryVerifier {
    app_key: String,
    secret: String,
    tolerance: Tolerance,
}

impl QueryVerifier {
    /// A verifier for the app with this key and secret.
    #[must_use]
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<String>) -> Self {
        Self {
            app_key: app_key.into(),
            secret: app_secret.into(),
            tolerance: Tolerance::Within(WINDOW),
        }
    }

    /// How far the time of a query may be from now (default ten minutes). With `Off` a recorded query is good for ever.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks the query with which SHOPLINE opens the app (`appkey`, `handle`, `timestamp`, `sign`, perhaps `lang`).
    ///
    /// `query` is the raw query of the address, without the question mark. All its parameters are covered by the
    /// signature, whatever their names; their values may be signed as they stand in the address or decoded. In the
    /// decoded form a value with `&` is refused, since it could pass for other parameters.
    ///
    /// # Errors
    /// `Config` (empty key or secret), `TooLarge`, `Malformed`, `Duplicate`, `Missing`, `Signature` (also for the key of
    /// another app), `Stale`.
    pub fn install(&self, query: &str, now: DateTime<Utc>) -> Result<SignedQuery, WebhookError> {
        if self.secret.is_empty() || self.app_key.is_empty() {
            return Err(refused(
                WebhookErrorKind::Config,
                "the app key or secret is empty",
            ));
        }
        check_size(query.as_bytes(), MAX_QUERY)?;
        let query = Query::read(query)?;
        let app_key = query.required("appkey")?;
        let handle = query.required("handle")?.to_owned();
        let timestamp = time(query.required("timestamp")?)?;
        if app_key != self.app_key || !query.is_signed(&self.secret)? {
            let message = "the signature is not of this query, app key and app secret";
            return Err(refused(WebhookErrorKind::Signature, message));
        }
        self.tolerance.check(timestamp, now)?;
        let optional = |name| query.value(name).map(str::to_owned);
        Ok(SignedQuery {
            handle,
            timestamp,
            code: query.value("code").map(SecretText::new),
            custom_field: optional("customField"),
            lang: optional("lang"),
        })
    }

    /// Checks the query with which SHOPLINE comes back to the redirect address: as [`install`](Self::install), and `code`
    /// must be there.
    ///
    /// # Errors
    /// As [`install`](Self::install); `Missing` without a code.
    pub fn callback(&self, query: &str, now: DateTime<Utc>) -> Result<SignedQuery, WebhookError> {
        let query = self.install(query, now)?;
        match &query.code {
            Some(code) if !code.expose().is_empty() => Ok(query),
            _ => Err(missing("code")),
        }
    }
}

impl fmt::Debug for QueryVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryVerifier")
            .field("app_key", &self.app_key)
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

/// The parameters as received.
struct Query<'a>(Vec<Parameter<'a>>);

struct Parameter<'a> {
    name: String,
    value: String,
    /// `name=value` as it stands in the address.
    received: &'a str,
}

impl<'a> Query<'a> {
    fn read(query: &'a str) -> Result<Self, WebhookError> {
        let pieces = query.split('&').filter(|piece| !piece.is_empty());
        let mut parameters = pieces.map(Parameter::read).collect::<Result<Vec<_>, _>>()?;
        parameters.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in parameters.windows(2) {
            if let [a, b] = pair
                && a.name == b.name
            {
                let message = "a parameter of the query comes more than once";
                return Err(refused(WebhookErrorKind::Duplicate, message));
            }
        }
        Ok(Self(parameters))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut parameters = self.0.iter();
        let found = parameters.find(|parameter| parameter.name == name);
        found.map(|parameter| parameter.value.as_str())
    }

    fn required(&self, name: &str) -> Result<&str, WebhookError> {
        let value = self.value(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| missing(name))
    }

    /// Whether `sign` is of the other parameters, in one of the forms that are in use.
    fn is_signed(&self, secret: &str) -> Result<bool, WebhookError> {
        let expected: [u8; 32] = from_hex(self.required("sign")?)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| {
                let message = "the parameter sign is no 64 hexadecimal digits";
                refused(WebhookErrorKind::Malformed, message)
            })?;
        let signed: Vec<&Parameter> = self.0.iter().filter(|p| p.name != "sign").collect();
        let pairs: Vec<(&str, &str)> = signed
            .iter()
            .map(|p| (p.name.as_str(), p.value.as_str()))
            .collect();
        let received: Vec<&str> = signed.iter().map(|p| p.received).collect();
        let mut texts = vec![
            received.join("&"),
            canonical_query(&pairs, ValueForm::Encoded),
        ];
        // Undecoded, the borders between parameters are safe; decoded, a value could hold one.
        if !pairs.iter().any(|(name, value)| splits(name, value)) {
            texts.push(canonical_query(&pairs, ValueForm::Plain));
        }
        Ok(texts
            .iter()
            .any(|text| HMAC::verify(text, secret, &expected)))
    }
}

fn splits(name: &str, value: &str) -> bool {
    name.contains(['&', '=']) || value.contains('&')
}

impl<'a> Parameter<'a> {
    fn read(received: &'a str) -> Result<Self, WebhookError> {
        let (name, value) = received.split_once('=').unwrap_or((received, ""));
        Ok(Self {
            name: decoded(name)?,
            value: decoded(value)?,
            received,
        })
    }
}

fn decoded(text: &str) -> Result<String, WebhookError> {
    let spaced = text.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8();
    let text = text.map(|text| text.into_owned());
    text.map_err(|_| {
        let message = "a parameter of the query is not UTF-8";
        refused(WebhookErrorKind::Malformed, message)
    })
}

/// Milliseconds since 1970, in digits.
fn time(text: &str) -> Result<DateTime<Utc>, WebhookError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let millis = text.parse().ok().filter(|_| digits);
    let time = millis.and_then(DateTime::from_timestamp_millis);
    time.ok_or_else(|| {
        let message = "the parameter timestamp is no time in milliseconds";
        refused(WebhookErrorKind::Malformed, message)
    })
}

fn missing(name: &str) -> WebhookError {
    refused(
        WebhookErrorKind::Missing,
        &format!("the parameter {name} is missing"),
    )
}

fn refused(kind: WebhookErrorKind, message: &str) -> WebhookError {
    WebhookError::new(kind, message)
}
