//! From an answer to an error: what the vendor's failures mean, and what may be retried.
//!
//! Documented: a failure is `{ code, msg, data }`, also under HTTP 200, so `code` decides and not the HTTP status; a
//! 401 may be plain text. No list of codes is published. Inferred: `code` follows the meaning of HTTP statuses.

#[cfg(feature = "client")]
use bytes::Bytes;
use orders_core::{Error, ErrorKind};
#[cfg(feature = "client")]
use orders_http::Reply;
use orders_wire::{DecodeError, Members, Text, parse_decimal};
use rust_decimal::Decimal;

/// The code of success. Documented.
const SUCCESS: Decimal = Decimal::from_parts(200, 0, 0, false, 0);

/// A failure as the vendor reports it.
///
/// ```
/// use clink_api::ErrorKind;
/// use clink_api::failure::Payload;
///
/// // A failure may come under HTTP 200: the code decides.
/// let payload = Payload::read(br#"{"code":"429","msg":"slow down","data":null}"#).unwrap();
/// assert!(payload.is_failure() && payload.is_retryable());
/// assert_eq!(payload.kind(), ErrorKind::RateLimit);
/// assert!(!Payload::read(br#"{"code":200,"rows":[]}"#).unwrap().is_failure());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Payload {
    /// The vendor's code, as text. 200 is success.
    pub code: Option<String>,
    /// What went wrong; named failures such as `CUSTOMER_NOT_FOUND` presumably stand here (inferred).
    pub msg: Option<String>,
}

impl Payload {
    pub(crate) fn of(members: &Members<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            code: members.value::<Text, String>("code")?,
            msg: members.value::<Text, String>("msg")?,
        })
    }

    /// Whether the code says failure. 200 is success in any spelling (`"200"`, `2e2`); no code at all shows nothing.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        let code = self.code.as_deref().filter(|code| !code.is_empty());
        code.is_some_and(|code| parse_decimal(code).ok() != Some(SUCCESS))
    }

    /// Reads a body that may be a failure; `None` where it is no JSON object with `code` or `msg`.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let payload = Self::of(&Members::read(body).ok()?).ok()?;
        (payload.code.is_some() || payload.msg.is_some()).then_some(payload)
    }

    /// The kind of failure that a code stands for (inferred from the meaning of HTTP statuses).
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.code.as_deref().and_then(|code| code.parse().ok()) {
            Some(401) => ErrorKind::Auth,
            Some(403) => ErrorKind::Permission,
            Some(404) => ErrorKind::NotFound,
            Some(429) => ErrorKind::RateLimit,
            Some(400..=499) => ErrorKind::InvalidRequest,
            Some(500..=599) => ErrorKind::Server,
            _ => ErrorKind::Other,
        }
    }

    /// Whether the same read may succeed later: a rate limit, or 502 to 504. A 500 may be about the request.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.code.as_deref(), Some("429" | "502" | "503" | "504"))
    }

    /// The vendor's message, where there is one.
    fn message(&self) -> Option<&str> {
        self.msg.as_deref().filter(|msg| !msg.is_empty())
    }

    /// The failure as an error, with the vendor's message as it is: it may hold what should not be logged.
    #[must_use]
    pub fn into_error(self) -> Error {
        let message = self.message().unwrap_or(NO_MESSAGE).to_owned();
        let error = Error::new(self.kind(), message);
        self.complete(error)
    }

    /// The failure of a reply as an error, its message bounded and redacted.
    #[cfg(feature = "client")]
    fn into_error_of(self, reply: &Reply) -> Error {
        let error = reply.error(self.kind(), self.message().unwrap_or(NO_MESSAGE));
        self.complete(error)
    }

    fn complete(self, mut error: Error) -> Error {
        if let Some(hint) = hint(self.kind()) {
            error = error.with_hint(hint);
        }
        if self.is_retryable() {
            error = error.retryable();
        }
        match self.code {
            Some(code) => error.with_code(code),
            None => error,
        }
    }
}

const NO_MESSAGE: &str = "the vendor reports a failure without a message";

/// What an operator does about a kind of failure.
fn hint(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Auth => Some(
            "check the secret key, that it belongs to this environment, and this machine's clock",
        ),
        ErrorKind::Permission => {
            Some("the key may not do this: check its restrictions in the dashboard")
        }
        _ => None,
    }
}

pub(crate) fn undecodable(error: DecodeError) -> Error {
    Error::decode(error.path(), error.message()).with_source(error)
}

/// What `decode` makes of a successful answer, and the error of any other. The body is read again only where it is no
/// success: the vendor's message then comes masked, and a web page is named as one.
#[cfg(feature = "client")]
pub(crate) fn decoded<T>(
    reply: &Reply,
    decode: impl Fn(&Bytes) -> Result<T, Error>,
) -> Result<T, Error> {
    if !reply.is_success() {
        return Err(http_failure(reply, Payload::read(reply.body())));
    }
    decode(reply.body()).or_else(|why| succeeded(reply).and(Err(why)))
}

/// Refuses a failure that hides under HTTP 200, and a web page.
#[cfg(feature = "client")]
pub(crate) fn succeeded(reply: &Reply) -> Result<(), Error> {
    if let Some(payload) = Payload::read(reply.body()).filter(Payload::is_failure) {
        return Err(payload.into_error_of(reply));
    }
    if reply.looks_like_html() {
        let error = reply.error(ErrorKind::Decode, "a web page came instead of data");
        return Err(error.with_hint("check the base URL"));
    }
    Ok(())
}

/// The HTTP status says what kind of failure it is; the payload, where there is one, has the vendor's words for it.
#[cfg(feature = "client")]
fn http_failure(reply: &Reply, payload: Option<Payload>) -> Error {
    let message = payload.as_ref().and_then(Payload::message);
    let error = match message {
        Some(message) => orders_http::http_fault(reply, message),
        None => orders_http::default_http_fault(reply),
    };
    let error = match payload.and_then(|payload| payload.code) {
        Some(code) => error.with_code(code),
        None => error,
    };
    match hint(error.kind()) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}
