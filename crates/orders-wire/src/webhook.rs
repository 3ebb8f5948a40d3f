//! What the vendors' pushes have in common: headers from any web framework, why a push is refused, how old it may be.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The largest push that is read, in bytes, unless a verifier says otherwise.
pub const MAX_PUSH: usize = 4 * 1024 * 1024;

/// Why a push was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorKind {
    /// The secret to verify with is empty: every signature would look wrong.
    Config,
    /// A header or parameter that the vendor always sends is missing.
    Missing,
    /// A header or parameter comes twice: which one was signed is unknown.
    Duplicate,
    /// A header or parameter is not of its form (a timestamp that is no number, a signature that is no hex).
    Malformed,
    /// The signature is not of these bytes and this secret.
    Signature,
    /// The push is older, or further in the future, than the tolerance allows.
    Stale,
    /// The body is larger than the cap.
    TooLarge,
    /// The signature is right, but the text is not UTF-8.
    Encoding,
    /// The signature is right, but the body is not what the vendor promises.
    Decode,
}

/// A push that was refused. Its text holds no secret and no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WebhookError {
    kind: WebhookErrorKind,
    message: String,
}

impl WebhookError {
    /// A refusal. `message` must hold neither secret nor signature.
    #[must_use]
    pub fn new(kind: WebhookErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Why it was refused.
    #[must_use]
    pub fn kind(&self) -> WebhookErrorKind {
        self.kind
    }

    /// Whether the push is genuine: only its content could not be read. Store it and look at it; answering with an
    /// error makes the vendor send the same bytes again.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        matches!(
            self.kind,
            WebhookErrorKind::Encoding | WebhookErrorKind::Decode
        )
    }
}

/// The headers of a push, from any web framework.
///
/// ```
/// use orders_wire::webhook::Headers;
/// let headers = Headers::from_pairs([("X-Topic", "orders/create"), ("Host", "example.com")]);
/// assert_eq!(headers.one("x-topic").unwrap(), "orders/create");
/// ```
#[derive(Clone, Default)]
pub struct Headers<'a>(Vec<(&'a str, &'a [u8])>);

impl<'a> Headers<'a> {
    /// From names and values; with `http::HeaderMap`:
    /// `map.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))`.
    ///
    /// ```
    /// use orders_wire::webhook::{Headers, WebhookErrorKind};
    ///
    /// // Give all values of a header, as they came: of two signatures nobody knows which one was meant.
    /// let twice = Headers::from_pairs([("X-Signature", &b"aa"[..]), ("x-signature", &b"bb"[..])]);
    /// let error = twice.one("X-Signature").unwrap_err();
    /// assert_eq!(error.kind(), WebhookErrorKind::Duplicate);
    /// ```
    pub fn from_pairs<V: AsRef<[u8]> + ?Sized + 'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a V)>,
    ) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name, value.as_ref()))
                .collect(),
        )
    }

    /// The one value of a header, in any case of its name.
    ///
    /// # Errors
    /// `Missing`, `Duplicate`, or `Malformed` where it is not text.
    pub fn one(&self, name: &str) -> Result<&'a str, WebhookError> {
        self.optional(name)?.ok_or_else(|| {
            WebhookError::new(
                WebhookErrorKind::Missing,
                format!("the header {name} is missing"),
            )
        })
    }

    /// The one value of a header that may be absent.
    ///
    /// # Errors
    /// `Duplicate`, or `Malformed` where it is not text.
    pub fn optional(&self, name: &str) -> Result<Option<&'a str>, WebhookError> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            let message = format!("the header {name} comes more than once");
            return Err(WebhookError::new(WebhookErrorKind::Duplicate, message));
        }
        std::str::from_utf8(value)
            .map(|text| Some(text.trim()))
            .map_err(|_| {
                WebhookError::new(
                    WebhookErrorKind::Malformed,
                    format!("the header {name} is not text"),
                )
            })
    }
}

impl fmt::Debug for Headers<'_> {
    /// Names only: values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// How far the time of a push may be from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// At most this far, in the past or in the future.
    Within(Duration),
    /// Any time: for replays and tests. A recorded push is then accepted for ever.
    Off,
}

impl Default for Tolerance {
    /// Five minutes, as most receivers use.
    fn default() -> Self {
        Self::Within(Duration::from_secs(300))
    }
}

impl Tolerance {
    /// Checks the time of a push against now.
    ///
    /// # Errors
    /// `Stale`.
    pub fn check(self, sent: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), WebhookError> {
        let Self::Within(limit) = self else {
            return Ok(());
        };
        let limit = TimeDelta::from_std(limit).unwrap_or(TimeDelta::MAX);
        let distance = (now - sent).abs();
        if distance <= limit {
            return Ok(());
        }
        let message = format!(
            "the push is from {}, {} s away from now; at most {} s are allowed",
            sent.format("%Y-%m-%dT%H:%M:%SZ"),
            distance.num_seconds(),
            limit.num_seconds()
        );
        Err(WebhookError::new(WebhookErrorKind::Stale, message))
    }
}

/// Refuses a body that is too large, before anything of it is looked at.
///
/// # Errors
/// `TooLarge` above `max` bytes.
pub fn check_size(body: &[u8], max: usize) -> Result<(), WebhookError> {
    if body.len() <= max {
        return Ok(());
    }
    let message = format!(
        "the body has {} bytes, more than the cap of {max}",
        body.len()
    );
    Err(WebhookError::new(WebhookErrorKind::TooLarge, message))
}

/// The body of a push as text. Check its signature first, which is one of bytes: what is signed and no text is genuine,
/// and has to be kept.
///
/// # Errors
/// `Encoding` where it is not UTF-8.
pub fn body_text(body: &[u8]) -> Result<&str, WebhookError> {
    std::str::from_utf8(body).map_err(|error| {
        let message = format!("the body is not UTF-8 (at byte {})", error.valid_up_to());
        WebhookError::new(WebhookErrorKind::Encoding, message)
    })
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
#[must_use]
pub fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    let differences = left
        .iter()
        .zip(right)
        .fold(0u8, |sum, (a, b)| sum | (a ^ b));
    left.len() == right.len() && std::hint::black_box(differences) == 0
}

/// The bytes of a hexadecimal text, in any case; `None` where it is none.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_once_in_any_case() {
        let headers = Headers::from_pairs([("A", "1"), ("b", "2"), ("B", "3")]);
        assert_eq!(headers.one("a").unwrap(), "1");
        assert_eq!(
            headers.one("b").unwrap_err().kind(),
            WebhookErrorKind::Duplicate
        );
        assert_eq!(
            headers.one("c").unwrap_err().kind(),
            WebhookErrorKind::Missing
        );
        assert_eq!(headers.optional("c").unwrap(), None);
        let bytes: [(&str, &[u8]); 1] = [("a", b"\xff")];
        let headers = Headers::from_pairs(bytes);
        assert_eq!(
            headers.one("a").unwrap_err().kind(),
            WebhookErrorKind::Malformed
        );
        assert_eq!(format!("{headers:?}"), r#"["a"]"#);
    }

    #[test]
    fn the_tolerance_holds_both_ways_and_can_be_off() {
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        let tolerance = Tolerance::default();
        assert!(tolerance.check(at(1000), at(1300)).is_ok());
        assert!(tolerance.check(at(1300), at(1000)).is_ok());
        assert_eq!(
            tolerance.check(at(1000), at(1301)).unwrap_err().kind(),
            WebhookErrorKind::Stale
        );
        assert_eq!(
            tolerance.check(at(1301), at(1000)).unwrap_err().kind(),
            WebhookErrorKind::Stale
        );
        assert!(Tolerance::Off.check(at(0), at(1_000_000)).is_ok());
    }

    #[test]
    fn bodies_and_bytes() {
        assert_eq!(
            check_size(b"12345", 4).unwrap_err().kind(),
            WebhookErrorKind::TooLarge
        );
        assert_eq!(
            body_text(b"\xff").unwrap_err().kind(),
            WebhookErrorKind::Encoding
        );
        assert!(check_size(b"1234", 4).is_ok());
        assert_eq!(body_text(b"{}").unwrap(), "{}");
        assert!(same_bytes(b"ab", b"ab") && !same_bytes(b"ab", b"aB") && !same_bytes(b"a", b"ab"));
        assert_eq!(from_hex("00fFa1"), Some(vec![0, 255, 161]));
        assert_eq!(to_hex(&[0, 255, 161]), "00ffa1");
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("zz"), None);
    }
}
