//! The checks of every SHOPLINE request, before its parameters are read.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{failure, unknown_path};
use crate::world::World;

/// The known versions. Deprecated ones are still answered (documented).
const VERSIONS: &[&str] = &[
    "v20240301",
    "v20240601",
    "v20241201",
    "v20250301",
    "v20250601",
    "v20251201",
    "v20260301",
    "v20260601",
    "v20260901",
    "v20261201",
    "v20270301",
];

/// The refusal of a request, if any: by version, token, rate limit, content type and scope, in this order (inferred: a
/// request without a token does not use up the rate limit).
pub(super) fn refusal(
    world: &World,
    version: &str,
    headers: &HeaderMap,
    scope: &str,
) -> Option<Response> {
    if !VERSIONS.contains(&version) {
        return Some(unknown_path());
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer "));
    let Some(scopes) = token.and_then(|token| world.tokens.scopes(token, world.token_now())) else {
        return Some(failure(
            StatusCode::UNAUTHORIZED,
            "The access token is missing, wrong or expired",
        ));
    };
    if !world.shopline_admits() {
        // Documented, in the singular.
        return Some(failure(StatusCode::TOO_MANY_REQUESTS, "Too many request"));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !kind
        .replace(' ', "")
        .eq_ignore_ascii_case("application/json;charset=utf-8")
    {
        // Documented as required, also without a body. A wrong one gets 400.
        return Some(failure(
            StatusCode::BAD_REQUEST,
            "Content-Type must be application/json; charset=utf-8",
        ));
    }
    if !scopes.iter().any(|given| given == scope) {
        // 403 is documented. That the answer does not name the scope is inferred.
        return Some(failure(
            StatusCode::FORBIDDEN,
            "The token is not allowed to do this",
        ));
    }
    None
}
