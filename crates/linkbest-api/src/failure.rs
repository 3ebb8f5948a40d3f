//! From an answer to an error: what Linkbest's business codes mean, and what may be retried.

use orders_core::{Error, ErrorKind};
use orders_wire::{DecodeError, open_enum, parse_decimal};

/// What to do after a refused signature or key.
const AUTH_HINT: &str = "check the app key, the secret and this machine's clock; the last step of Linkbest's signature \
     is not documented, so this client's is inferred: try another joining or place of it (`Md5Signing`; in the program \
     the settings sign_joining and sign_place)";

open_enum! {
    /// A business code of Linkbest, the `Status` of every answer. `0` and `200` are success.
    ///
    /// Documented for publishers: <https://developers.linkbest.com/partner-integration/errors>. The codes of the gateway
    /// (401, 404, 429, 500) are recorded at the sister platform. Advertisers and the sister platform give other meanings
    /// to 4001 to 4003, so the vendor's own message is always shown.
    pub enum Code {
        /// Success, in every example of a response.
        Success = "0",
        /// Success, on the page of errors.
        Normal = "200",
        /// The parameters are not valid.
        InvalidParameters = "4000",
        /// What the call is about does not exist.
        NotFound = "4001",
        /// Not enough resources, a balance say.
        NotEnoughResources = "4002",
        /// No permission for that data.
        NoPermission = "4003",
        /// The network is busy: try again.
        Busy = "5001",
        /// The gateway refuses the key or the signature. Recorded at the sister platform.
        Unauthorized = "401",
        /// The gateway does not know the service. Recorded at the sister platform.
        UnknownService = "404",
        /// Too many requests: try again later. Recorded at the sister platform.
        TooManyRequests = "429",
        /// The gateway failed: try again. Recorded at the sister platform.
        GatewayFailed = "500",
    }
}

impl Code {
    /// The code of a `Status` as number or text: `200`, `"200"` and `2e2` are the same.
    #[must_use]
    pub fn of(status: &str) -> Self {
        match parse_decimal(status.trim()) {
            Ok(number) => Self::from(number.normalize().to_string().as_str()),
            Err(_) => Self::from(status),
        }
    }

    /// Whether the call succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success | Self::Normal)
    }

    /// Whether the same read may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::TooManyRequests | Self::GatewayFailed | Self::Busy
        )
    }

    /// The kind of error that the code stands for; `None` for a code that this version does not know (or a success).
    ///
    /// ```
    /// use linkbest_api::ErrorKind;
    /// use linkbest_api::failure::Code;
    ///
    /// assert_eq!(Code::of("4003").kind(), Some(ErrorKind::Permission));
    /// assert!(Code::of("5001").is_retryable());
    /// // Two codes are success, in any spelling; one that is new has no kind yet.
    /// assert!(Code::of("0").is_success() && Code::of("2e2").is_success());
    /// assert_eq!(Code::of("4999").kind(), None);
    /// ```
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        Some(match self {
            Self::InvalidParameters => ErrorKind::InvalidRequest,
            Self::NotFound | Self::UnknownService => ErrorKind::NotFound,
            Self::NotEnoughResources => ErrorKind::Other,
            Self::NoPermission => ErrorKind::Permission,
            Self::Unauthorized => ErrorKind::Auth,
            Self::TooManyRequests => ErrorKind::RateLimit,
            Self::Busy | Self::GatewayFailed => ErrorKind::Server,
            Self::Success | Self::Normal | Self::Unknown(_) => return None,
        })
    }
}

/// The failure that a body names, read without its HTTP answer.
pub(crate) fn refusal(code: &Code, message: Option<&str>) -> Error {
    let kind = code.kind().unwrap_or(ErrorKind::Other);
    let error = Error::new(kind, text(message));
    let error = if code.is_retryable() {
        error.retryable()
    } else {
        error
    };
    finish(error, code)
}

/// An answer that is neither a success nor a failure.
pub(crate) fn no_status(names: &str) -> Error {
    Error::decode("Status", format!("no Status; the body has {names}"))
}

/// A body that could not be read.
pub(crate) fn undecodable(error: DecodeError) -> Error {
    Error::decode(error.path(), error.message()).with_source(error)
}

fn text(message: Option<&str>) -> &str {
    message
        .filter(|message| !message.is_empty())
        .unwrap_or("the vendor gave no message")
}

fn finish(error: Error, code: &Code) -> Error {
    let error = error.with_code(code.as_str());
    if error.kind() == ErrorKind::Auth {
        error.with_hint(AUTH_HINT)
    } else {
        error
    }
}

#[cfg(feature = "client")]
pub(crate) mod http {
    //! The same with an HTTP answer around it.

    use ::http::StatusCode;
    use orders_core::{Error, ErrorKind};
    use orders_http::{Reply, default_http_fault, is_retryable_status, kind_of_status};
    use orders_wire::DecodeError;

    use super::{AUTH_HINT, Code, finish, text, undecodable};

    /// An answer whose wrapping cannot be read.
    pub(crate) fn no_envelope(reply: &Reply, error: DecodeError) -> Error {
        match reply.is_success() {
            true if reply.looks_like_html() => undecodable(error)
                .with_hint("a proxy or a maintenance page answered: check the base URL"),
            true => undecodable(error),
            false => fault(reply),
        }
    }

    /// A failure that only the HTTP status names.
    pub(crate) fn fault(reply: &Reply) -> Error {
        let error = default_http_fault(reply);
        if error.kind() == ErrorKind::Auth {
            error.with_hint(AUTH_HINT)
        } else {
            error
        }
    }

    /// A failure that the body names. The HTTP status names 401, 403 and 429 more exactly than a general code does.
    pub(crate) fn refused(reply: &Reply, code: &Code, message: Option<&str>) -> Error {
        let status = reply.status();
        let exact = matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
        );
        let kind = match code.kind() {
            Some(kind) if !exact => kind,
            None if reply.is_success() => ErrorKind::Other,
            _ => kind_of_status(status),
        };
        let error = reply.error(kind, text(message));
        let again = match code.kind() {
            Some(_) if status != StatusCode::TOO_MANY_REQUESTS => code.is_retryable(),
            _ => is_retryable_status(status),
        };
        finish(if again { error.retryable() } else { error }, code)
    }
}
