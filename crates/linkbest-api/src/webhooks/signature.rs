//! The checksum of a push, and its verification.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use orders_wire::webhook::{MAX_PUSH, WebhookError, WebhookErrorKind, check_size, same_bytes};

use super::fields::{ID, SIGN};
use super::{Event, Fields};

/// The rule by which a push is signed. The vendor's own could not be read; replace it where yours differs.
pub trait Checksum: fmt::Debug + Send + Sync {
    /// The signature of the fields. Keep `secret` out of logs and errors.
    fn sign(&self, fields: &Fields, secret: &str) -> String;
}

/// The rule of the sister platform: values sorted by name, without `Id` and `Sign`, joined, then the secret; MD5 in
/// lower-case hex digits. Inferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct JoinedValues;

impl JoinedValues {
    /// The bytes that are hashed, without the secret.
    #[must_use]
    pub fn bytes(fields: &Fields) -> Vec<u8> {
        fields
            .bytes()
            .filter(|(name, _)| !matches!(*name, ID | SIGN))
            .flat_map(|(_, value)| value.iter().copied())
            .collect()
    }
}

impl Checksum for JoinedValues {
    fn sign(&self, fields: &Fields, secret: &str) -> String {
        let mut bytes = Self::bytes(fields);
        bytes.extend_from_slice(secret.as_bytes());
        format!("{:x}", md5::compute(bytes))
    }
}

/// Verifies a push by its query (v1) or its body (v2), and reads its order.
///
/// A v1 push has its fields in the query and no body; a v2 push has them in the body. So one handler takes both.
///
/// # Errors
/// [`WebhookError`]; its kind says why.
pub fn verify(query: &str, body: &Bytes, secret: &str) -> Result<Event, WebhookError> {
    Verifier::new(secret).verify(query, body)
}

/// Verifies pushes with settings of your own.
///
/// ```
/// use linkbest_api::Bytes;
/// use linkbest_api::webhooks::{Checksum, Fields, Push, Verifier, WebhookErrorKind};
///
/// /// The rule that the vendor gave you, in place of the inferred one.
/// #[derive(Debug)]
/// struct Mine;
///
/// impl Checksum for Mine {
///     fn sign(&self, fields: &Fields, secret: &str) -> String {
///         format!("{}-{}", fields.get("OrderSn").unwrap_or_default(), secret.len())
///     }
/// }
///
/// let push = Push::sign_by(&Mine, "secret", [("ProgramId", "9"), ("OrderSn", "A1")]);
/// let inferred = Verifier::new("secret").verify(&push.query(), &Bytes::new());
/// assert_eq!(inferred.unwrap_err().kind(), WebhookErrorKind::Signature);
/// assert!(Verifier::new("secret").checksum(Mine).verify(&push.query(), &Bytes::new()).is_ok());
/// ```
#[derive(Clone)]
pub struct Verifier {
    secret: String,
    checksum: Arc<dyn Checksum>,
    max_body: usize,
}

impl Verifier {
    /// A verifier with the secret of the website's pushes.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            checksum: Arc::new(JoinedValues),
            max_body: MAX_PUSH,
        }
    }

    /// Another rule for the checksum.
    #[must_use]
    pub fn checksum(mut self, rule: impl Checksum + 'static) -> Self {
        self.checksum = Arc::new(rule);
        self
    }

    /// The largest query or body that is read, in bytes (default 4 MiB).
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies a push by its query (a v1 push, which has no body), or by its body (v2: a JSON object, or a form).
    ///
    /// # Errors
    /// `Config` (empty secret), `Missing` (no `Sign`), `Duplicate`, `TooLarge`, `Signature`; `Malformed` where the body
    /// begins like an object and is none; `Encoding` and `Decode` where the push is genuine and its order cannot be read.
    pub fn verify(&self, query: &str, body: &Bytes) -> Result<Event, WebhookError> {
        let received = match body.is_empty() {
            true => Bytes::copy_from_slice(query.as_bytes()),
            false => body.clone(),
        };
        check_size(&received, self.max_body)?;
        let fields = Fields::of(&received)?;
        self.check(&fields)?;
        Event::of(fields, received)
    }

    fn check(&self, fields: &Fields) -> Result<(), WebhookError> {
        if self.secret.is_empty() {
            return Err(WebhookError::new(
                WebhookErrorKind::Config,
                "the secret is empty",
            ));
        }
        let sign = fields
            .get(SIGN)
            .filter(|sign| !sign.is_empty())
            .ok_or_else(|| {
                WebhookError::new(WebhookErrorKind::Missing, "the field Sign is missing")
            })?;
        let expected = self.checksum.sign(fields, &self.secret);
        if !same_bytes(
            sign.to_ascii_lowercase().as_bytes(),
            expected.to_ascii_lowercase().as_bytes(),
        ) {
            let message = "the checksum is not of these fields and this secret; its rule is inferred and can be replaced";
            return Err(WebhookError::new(WebhookErrorKind::Signature, message));
        }
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("checksum", &self.checksum)
            .finish_non_exhaustive()
    }
}
