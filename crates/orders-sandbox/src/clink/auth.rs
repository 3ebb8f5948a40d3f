//! Clink's two headers.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::answer::answer;

/// The largest distance of `X-Timestamp` from now, in milliseconds: five minutes (inferred, Clink states nothing).
const SKEW: i64 = 5 * 60 * 1000;

/// The refusal of a request, if any. Both `X-API-KEY` and `X-Timestamp` are documented as required. Every refusal is
/// HTTP 401 with plain text. The kind of body is documented; the text is ours; a 401 for a stale timestamp is inferred.
pub(super) fn refusal(headers: &HeaderMap, api_key: &str, now: DateTime<Utc>) -> Option<Response> {
    match headers
        .get("x-api-key")
        .and_then(|value| value.to_str().ok())
    {
        Some(key) if key == api_key => {}
        Some(_) => return Some(refused("Invalid API key")),
        None => return Some(refused("X-API-KEY is missing")),
    }
    let Some(timestamp) = headers
        .get("x-timestamp")
        .and_then(|value| value.to_str().ok())
    else {
        return Some(refused("X-Timestamp is missing"));
    };
    let Ok(timestamp) = timestamp.parse::<i64>() else {
        return Some(refused(
            "X-Timestamp must be milliseconds since the Unix epoch",
        ));
    };
    if timestamp.abs_diff(now.timestamp_millis()) > SKEW.unsigned_abs() {
        return Some(refused("X-Timestamp is too far from the current time"));
    }
    None
}

fn refused(why: &str) -> Response {
    answer(
        StatusCode::UNAUTHORIZED,
        "text/plain;charset=UTF-8",
        why.to_owned(),
    )
}
