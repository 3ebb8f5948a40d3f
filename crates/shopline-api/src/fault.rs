//! What an answer becomes that is no success: the HTTP status, and what hides under HTTP 200.

use std::collections::BTreeMap;

use orders_core::{Error, ErrorKind};
use orders_http::Reply;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::error::{Failure, decode_error, status_meaning};

/// Reads `errors`, `code` and `message` out of a body; `None` where it is no JSON object.
fn failure(body: &[u8], with_code: bool) -> Option<Failure> {
    let body: BTreeMap<String, &RawValue> = orders_wire::decode(body).ok()?;
    let field = |name: &str| body.get(name).copied();
    let (code, message) = match with_code {
        true => (field("code"), field("message")),
        false => (None, None),
    };
    Failure::of(field("errors"), code, message)
}

/// Refuses an HTTP failure, and a web page under HTTP 200.
pub(crate) fn refuse_fault(reply: &Reply) -> Result<(), Error> {
    if !reply.is_success() {
        return Err(fault(reply));
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
    any.map(|_| ()).map_err(decode_error)
}

/// The error of an HTTP failure: what its status means, and the vendor's message where the body has one.
fn fault(reply: &Reply) -> Error {
    let failure = failure(reply.body(), true);
    let (message, code) = failure.map_or((None, None), |f| (Some(f.message), f.code));
    let Some(row) = status_meaning(reply.status().as_u16()) else {
        let error = match &message {
            Some(message) => orders_http::http_fault(reply, message),
            None => orders_http::default_http_fault(reply),
        };
        return add_code(error, code);
    };
    let error = match &message {
        Some(message) => reply
            .error(row.kind, message)
            .with_hint(format!("{}: {}", row.meaning, row.hint)),
        None => reply.error(row.kind, row.meaning).with_hint(row.hint),
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
