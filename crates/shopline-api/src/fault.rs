//! What an answer becomes that is no success: the HTTP status, and what hides under HTTP 200.

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_http::Reply;
use orders_wire::Members;
use serde::de::IgnoredAny;

use crate::endpoint::Endpoint;
use crate::error::{Failure, status_meaning, undecodable};

/// The status of a missing scope.
const FORBIDDEN: u16 = 403;

/// What `decode` makes of a successful answer, and the error of any other.
pub(crate) fn decoded<T>(
    reply: &Reply,
    endpoint: Endpoint,
    decode: impl Fn(&Bytes) -> Result<T, Error>,
) -> Result<T, Error> {
    refuse_fault(reply, endpoint)?;
    decode(reply.body()).or_else(|why| {
        // The vendor's message again, with secrets and personal data masked.
        refuse_failure(reply, why.kind() == ErrorKind::Other).and(Err(why))
    })
}

/// Reads `errors`, `code` and `message` out of a body; `None` where it is no JSON object.
fn failure(body: &[u8], with_code: bool) -> Option<Failure> {
    let body = Members::read(body).ok()?;
    let field = |name: &str| body.get(name);
    let (code, message) = match with_code {
        true => (field("code"), field("message")),
        false => (None, None),
    };
    Failure::of(field("errors"), code, message)
}

/// Refuses an HTTP failure, and a web page under HTTP 200.
pub(crate) fn refuse_fault(reply: &Reply, endpoint: Endpoint) -> Result<(), Error> {
    if !reply.is_success() {
        return Err(fault(reply, endpoint));
    }
    if reply.looks_like_html() {
        let message = "a web page came instead of data";
        return Err(reply
            .error(ErrorKind::Decode, message)
            .with_hint("check the path and the base URL; it may also be a block page"));
    }
    Ok(())
}

/// Refuses a body that tells of a failure under HTTP 200, and one that is no JSON. `code` and `message` alone count only
/// `with_code`: elsewhere they may say that all is well.
pub(crate) fn refuse_failure(reply: &Reply, with_code: bool) -> Result<(), Error> {
    if let Some(failure) = failure(reply.body(), with_code) {
        return Err(add_code(
            reply.error(ErrorKind::Other, &failure.message),
            failure.code,
        ));
    }
    let any: Result<IgnoredAny, _> = orders_wire::decode(reply.body());
    any.map(|_| ()).map_err(undecodable)
}

/// The error of an HTTP failure: what its status means, and the vendor's message where the body has one.
fn fault(reply: &Reply, endpoint: Endpoint) -> Error {
    let failure = failure(reply.body(), true);
    let (message, code) = failure.map_or((None, None), |f| (Some(f.message), f.code));
    let Some(row) = status_meaning(reply.status().as_u16()) else {
        let error = match &message {
            Some(message) => orders_http::http_fault(reply, message),
            None => orders_http::default_http_fault(reply),
        };
        return add_code(error, code);
    };
    let hint = match endpoint.scope {
        Some(scope) if row.status == FORBIDDEN => format!("{}; it is `{scope}`", row.hint),
        _ => row.hint.to_owned(),
    };
    let error = match &message {
        Some(message) => reply
            .error(row.kind, message)
            .with_hint(format!("{}: {hint}", row.meaning)),
        None => reply.error(row.kind, row.meaning).with_hint(hint),
    };
    let error = add_code(error, code);
    match row.retryable {
        true => error.retryable(),
        false => error,
    }
}

fn add_code(error: Error, code: Option<String>) -> Error {
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}
