//! What every SHOPLINE request must show before its parameters are looked at.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{failure, unknown_path};
use crate::world::World;

/// The versions known to exist, deprecated ones among them: those are still answered (documented).
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

/// Version, token, rate limit and content type, in this order (inferred: a request without a token costs nothing).
pub(super) fn check(world: &World, version: &str, headers: &HeaderMap) -> Result<(), Response> {
    if !VERSIONS.contains(&version) {
        return Err(unknown_path());
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer "));
    if token != Some(world.keys.shopline_access_token.as_str()) {
        return Err(failure(
            StatusCode::UNAUTHORIZED,
            "The access token is missing, wrong or expired",
        ));
    }
    if !world.shopline_admits() {
        // Documented, in the singular.
        return Err(failure(StatusCode::TOO_MANY_REQUESTS, "Too many request"));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.replace(' ', "").to_ascii_lowercase() != "application/json;charset=utf-8" {
        // Documented as required also where there is no body, with 400 for a wrong one.
        return Err(failure(
            StatusCode::BAD_REQUEST,
            "Content-Type must be application/json; charset=utf-8",
        ));
    }
    Ok(())
}
