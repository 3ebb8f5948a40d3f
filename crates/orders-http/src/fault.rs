//! What an HTTP error status means where the vendor says nothing better.

use http::StatusCode;
use orders_core::{Error, ErrorKind};

use crate::reply::Reply;

/// The error for an answer whose HTTP status tells the whole story.
///
/// Kind and retryability come from the status ([`kind_of_status`], [`is_retryable_status`]); status, trace id,
/// `Retry-After` and a redacted excerpt are added.
#[must_use]
pub fn default_http_fault(reply: &Reply) -> Error {
    let status = reply.status();
    let message = match status.canonical_reason() {
        Some(reason) => format!("the vendor answered HTTP {} {reason}", status.as_u16()),
        None => format!("the vendor answered HTTP {}", status.as_u16()),
    };
    http_fault(reply, &message)
}

/// Like [`default_http_fault`], with the vendor's own message (redacted and bounded).
#[must_use]
pub fn http_fault(reply: &Reply, message: &str) -> Error {
    let error = reply.error(kind_of_status(reply.status()), message);
    if is_retryable_status(reply.status()) {
        error.retryable()
    } else {
        error
    }
}

/// The kind of error that a status stands for. A status that is no error (1xx to 3xx) is an unexpected answer:
/// [`ErrorKind::Decode`].
#[must_use]
pub fn kind_of_status(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Auth,
        402 | 403 | 451 => ErrorKind::Permission,
        404 | 410 => ErrorKind::NotFound,
        407 => ErrorKind::Config,
        408 => ErrorKind::Timeout,
        429 => ErrorKind::RateLimit,
        501 => ErrorKind::Unsupported,
        400..=499 => ErrorKind::InvalidRequest,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Decode,
    }
}

/// Whether a status alone says that trying again makes sense: 429 and 502 to 504. Not 500, which some vendors send
/// for wrong parameters: the vendor crate decides about it.
#[must_use]
pub fn is_retryable_status(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502..=504)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::time::{Duration, SystemTime};

    fn fault(status: u16) -> Error {
        let response = http::Response::builder()
            .status(status)
            .header("retry-after", "3")
            .body(Bytes::from_static(b"slow down"))
            .unwrap();
        default_http_fault(&Reply::new(response, SystemTime::UNIX_EPOCH))
    }

    #[test]
    fn a_status_says_kind_and_whether_to_try_again() {
        let table = [
            (401, ErrorKind::Auth, false),
            (403, ErrorKind::Permission, false),
            (404, ErrorKind::NotFound, false),
            (422, ErrorKind::InvalidRequest, false),
            (429, ErrorKind::RateLimit, true),
            (500, ErrorKind::Server, false),
            (502, ErrorKind::Server, true),
            (503, ErrorKind::Server, true),
            (504, ErrorKind::Server, true),
            (599, ErrorKind::Server, false),
            (204, ErrorKind::Decode, false),
        ];
        for (status, kind, retryable) in table {
            let error = fault(status);
            assert_eq!(error.kind(), kind, "{status}");
            assert_eq!(error.is_retryable(), retryable, "{status}");
            assert_eq!(error.status(), Some(status));
        }
    }

    #[test]
    fn what_came_stands_in_the_error() {
        let error = fault(429);
        assert_eq!(
            error.message(),
            "the vendor answered HTTP 429 Too Many Requests"
        );
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(error.excerpt(), Some("slow down"));
    }
}
