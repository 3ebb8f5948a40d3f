//! The signature of a push: checking it, and making one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use hmac_sha256::HMAC;
use orders_wire::webhook::{
    Headers, MAX_PUSH, WebhookError, WebhookErrorKind, body_text, check_size, from_hex, to_hex,
};

use super::{Event, Resource, Topic};

const SIGNATURE: &str = "X-Shopline-Hmac-Sha256";
const TOPIC: &str = "X-Shopline-Topic";
const WEBHOOK_ID: &str = "X-Shopline-Webhook-Id";
const SHOP_DOMAIN: &str = "X-Shopline-Shop-Domain";
const SHOP_ID: &str = "X-Shopline-Shop-Id";
const MERCHANT_ID: &str = "X-Shopline-Merchant-Id";
const API_VERSION: &str = "X-Shopline-API-Version";

/// Verifies a push and reads its event. `body` must be the bytes as they were received; `now` is noted as the time of
/// receipt.
///
/// # Errors
/// [`WebhookError`]; its kind says why. Nothing of an unverified body is read.
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
/// use shopline_api::chrono::DateTime;
/// use shopline_api::webhooks::{Headers, Push, Topic, Verifier};
///
/// let verifier = Verifier::new("app secret").max_body(64 * 1024);
/// let push = Push::sign("app secret", Topic::OrdersPaid, "hook-1", &br#"["no order"]"#[..]);
/// let headers = Headers::from_pairs(push.headers.iter().map(|(name, value)| (*name, value.as_str())));
/// let error = verifier.verify(&headers, &push.body, DateTime::UNIX_EPOCH).unwrap_err();
/// // Genuine, and not what is promised: keep its bytes, and answer it with success.
/// assert!(error.is_genuine());
/// // Of another app, or changed on the way: refuse it.
/// let error = verifier.verify(&headers, &push.body.slice(1..), DateTime::UNIX_EPOCH).unwrap_err();
/// assert!(!error.is_genuine());
/// ```
#[derive(Clone)]
pub struct Verifier {
    secret: String,
    max_body: usize,
}

impl Verifier {
    /// A verifier with the app secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            max_body: MAX_PUSH,
        }
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
    /// `Config` (empty secret), `Missing`, `Duplicate` or `Malformed` (headers), `TooLarge`, `Signature`; `Encoding` and
    /// `Decode` where the push is genuine and its content is not what is promised.
    pub fn verify(
        &self,
        headers: &Headers<'_>,
        body: &Bytes,
        now: DateTime<Utc>,
    ) -> Result<Event, WebhookError> {
        if self.secret.is_empty() {
            return Err(WebhookError::new(
                WebhookErrorKind::Config,
                "the app secret is empty",
            ));
        }
        let expected = expected(headers.one(SIGNATURE)?)?;
        let topic = Topic::from(headers.one(TOPIC)?);
        let webhook_id = headers.one(WEBHOOK_ID)?.to_owned();
        check_size(body, self.max_body)?;
        if !HMAC::verify(body, &self.secret, &expected) {
            let message = "the signature is not of this body and app secret";
            return Err(WebhookError::new(WebhookErrorKind::Signature, message));
        }
        body_text(body)?;
        let optional = |name| headers.optional(name).map(|value| value.map(str::to_owned));
        let (resource, raw) = Resource::read(body, &topic)
            .map_err(|error| WebhookError::new(WebhookErrorKind::Decode, error.to_string()))?;
        Ok(Event {
            webhook_id,
            topic,
            shop_domain: optional(SHOP_DOMAIN)?,
            shop_id: optional(SHOP_ID)?,
            merchant_id: optional(MERCHANT_ID)?,
            api_version: optional(API_VERSION)?,
            resource,
            received_at: now,
            raw,
        })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}

/// Hexadecimal or base64: 32 bytes are 64 digits in the one and 44 characters in the other.
fn expected(text: &str) -> Result<[u8; 32], WebhookError> {
    let bytes = match text.len() {
        64 => from_hex(text),
        _ => BASE64.decode(text).ok(),
    };
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| {
            let message =
                format!("{SIGNATURE} is neither 64 hexadecimal digits nor the base64 of 32 bytes");
            WebhookError::new(WebhookErrorKind::Malformed, message)
        })
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatureEncoding {
    /// Lower-case hexadecimal, as the vendor's SDK compares.
    #[default]
    Hex,
    /// Base64, as the sample in the vendor's documentation looks.
    Base64,
}

/// The signature of a body: its HMAC-SHA256 with the app secret.
#[must_use]
pub fn signature(secret: &str, body: &[u8], encoding: SignatureEncoding) -> String {
    let mac = HMAC::mac(body, secret);
    match encoding {
        SignatureEncoding::Hex => to_hex(&mac),
        SignatureEncoding::Base64 => BASE64.encode(mac),
    }
}

/// A push as the vendor would send it: for tests of your own handler. `Debug` does not show its body.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Push {
    /// The headers, the signature among them.
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
    /// Signs a body, in hexadecimal.
    #[must_use]
    pub fn sign(secret: &str, topic: Topic, webhook_id: &str, body: impl Into<Bytes>) -> Self {
        Self::sign_as(SignatureEncoding::Hex, secret, topic, webhook_id, body)
    }

    /// Signs a body, in an encoding of your choice.
    #[must_use]
    pub fn sign_as(
        encoding: SignatureEncoding,
        secret: &str,
        topic: Topic,
        webhook_id: &str,
        body: impl Into<Bytes>,
    ) -> Self {
        let body = body.into();
        let headers = vec![
            (TOPIC, topic.to_string()),
            (SIGNATURE, signature(secret, &body, encoding)),
            (WEBHOOK_ID, webhook_id.to_owned()),
            (SHOP_DOMAIN, "example.myshopline.com".to_owned()),
            (SHOP_ID, "1".to_owned()),
            (MERCHANT_ID, "2".to_owned()),
            (API_VERSION, "v20260301".to_owned()),
            ("Content-Type", "application/json".to_owned()),
        ];
        Self { headers, body }
    }
}
