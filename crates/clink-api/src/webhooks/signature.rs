//! The signature of a push: checking it, and making one.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hmac_sha256::HMAC;
use orders_wire::webhook::{
    Headers, MAX_PUSH, Tolerance, WebhookError, WebhookErrorKind, body_text, check_size, from_hex,
    to_hex,
};

use super::Event;

const TIMESTAMP: &str = "X-Clink-Timestamp";
const SIGNATURE: &str = "X-Clink-Signature";
const SIGN_TYPE: &str = "X-Clink-SignType";

/// Verifies a push with the default tolerance of five minutes and reads its event. `body` must be the bytes as they
/// were received: parsing and writing them again changes the signature.
///
/// # Errors
/// [`WebhookError`]; its kind is the reason. Nothing of an unverified body is read.
pub fn verify(
    headers: &Headers<'_>,
    body: &Bytes,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Event, WebhookError> {
    Verifier::new(secret).verify(headers, body, now)
}

/// Verifies pushes with settings of your own.
///
/// ```
/// use std::time::Duration;
/// use clink_api::chrono::{DateTime, TimeDelta};
/// use clink_api::webhooks::{Headers, Push, Tolerance, Verifier, WebhookErrorKind};
///
/// let sent = DateTime::from_timestamp(1_754_819_711, 0).unwrap();
/// let push = Push::sign("whsec_test", sent, &br#"{"id":"event_1","type":"order.succeeded","data":{}}"#[..]);
/// let headers = Headers::from_pairs(push.headers.iter().map(|(name, value)| (*name, value.as_str())));
///
/// // The clock of a receiver that runs behind, or a push from a queue: allow what you know.
/// let late = sent + TimeDelta::minutes(7);
/// let verifier = Verifier::new("whsec_test").max_body(64 * 1024);
/// assert_eq!(verifier.verify(&headers, &push.body, late).unwrap_err().kind(), WebhookErrorKind::Stale);
/// let patient = verifier.tolerance(Tolerance::Within(Duration::from_secs(600)));
/// assert!(patient.verify(&headers, &push.body, late).is_ok());
/// ```
#[derive(Clone)]
pub struct Verifier {
    secret: String,
    tolerance: Tolerance,
    max_body: usize,
}

impl Verifier {
    /// A verifier with the endpoint's signing secret (`whsec_...`, prefix included).
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            tolerance: Tolerance::default(),
            max_body: MAX_PUSH,
        }
    }

    /// How far the push's time may be from now (default five minutes; [`Tolerance::Off`] for replays).
    #[must_use]
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The largest body that is read, in bytes (default 4 MiB).
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies a push and reads its event.
    ///
    /// # Errors
    /// `Config` (empty secret), `Missing`, `Duplicate` or `Malformed` (headers), `TooLarge`, `Signature`, `Stale`;
    /// `Encoding` and `Decode` where the push is genuine and its content is not what is promised.
    pub fn verify(
        &self,
        headers: &Headers<'_>,
        body: &Bytes,
        now: DateTime<Utc>,
    ) -> Result<Event, WebhookError> {
        if self.secret.is_empty() {
            return Err(WebhookError::new(
                WebhookErrorKind::Config,
                "the signing secret is empty",
            ));
        }
        let timestamp = headers.one(TIMESTAMP)?;
        let sent_at = read_time(timestamp)?;
        if let Some(sign_type) = headers.optional(SIGN_TYPE)?
            && !sign_type.eq_ignore_ascii_case("SHA256")
        {
            let message = format!("{SIGN_TYPE} is {sign_type:?}, only SHA256 is known");
            return Err(WebhookError::new(WebhookErrorKind::Malformed, message));
        }
        let expected = self.expected(headers)?;
        check_size(body, self.max_body)?;
        if !mac(&self.secret, timestamp, body).finalize_verify(&expected) {
            let message = "the signature is not of this body, timestamp and secret";
            return Err(WebhookError::new(WebhookErrorKind::Signature, message));
        }
        self.tolerance.check(sent_at, now)?;
        body_text(body)?;
        Event::read(body, sent_at)
            .map_err(|error| WebhookError::new(WebhookErrorKind::Decode, error.to_string()))
    }

    fn expected(&self, headers: &Headers<'_>) -> Result<[u8; 32], WebhookError> {
        from_hex(headers.one(SIGNATURE)?)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| {
                let message = format!("{SIGNATURE} is not 64 hexadecimal digits");
                WebhookError::new(WebhookErrorKind::Malformed, message)
            })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}

/// The signature of a body at a timestamp: lower-case hexadecimal HMAC-SHA256 of `timestamp.body`.
#[must_use]
pub fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    to_hex(&mac(secret, timestamp, body).finalize())
}

fn mac(secret: &str, timestamp: &str, body: &[u8]) -> HMAC {
    let mut mac = HMAC::new(secret);
    mac.update(timestamp);
    mac.update(".");
    mac.update(body);
    mac
}

/// Seconds or milliseconds since 1970: more than eleven digits are milliseconds.
fn read_time(text: &str) -> Result<DateTime<Utc>, WebhookError> {
    let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
    let time = number.and_then(|number| match text.len() {
        12.. => DateTime::from_timestamp_millis(number),
        _ => DateTime::from_timestamp(number, 0),
    });
    time.ok_or_else(|| {
        let message = format!("{TIMESTAMP} is no Unix time in seconds or milliseconds");
        WebhookError::new(WebhookErrorKind::Malformed, message)
    })
}

/// A push as the vendor would send it: for tests of your own handler. `Debug` does not show its body.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Push {
    /// The headers that carry the signature.
    pub headers: Vec<(&'static str, String)>,
    /// The signed body.
    pub body: Bytes,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

impl Push {
    /// Signs a body as sent at `now` (in milliseconds).
    #[must_use]
    pub fn sign(secret: &str, now: DateTime<Utc>, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let timestamp = now.timestamp_millis().to_string();
        let signature = signature(secret, &timestamp, &body);
        let headers = vec![
            (TIMESTAMP, timestamp),
            (SIGNATURE, signature),
            (SIGN_TYPE, "SHA256".to_owned()),
            ("Content-Type", "application/json".to_owned()),
        ];
        Self { headers, body }
    }
}
