//! `POST /shopline/admin/oauth/token/create` and `.../refresh`: signed calls, outside of the versions and the rate limit.
//!
//! Documented: paths, headers, body, signature, tolerance. From the vendor's own SDK: the answer. A failure is HTTP 200
//! with another `code` (reported by users); the numbers are ours.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use super::JSON;
use super::tokens::Token;
use crate::answer::answer;
use crate::hmac;
use crate::json::Object;
use crate::world::World;

/// The largest age of a signature, in milliseconds: ten minutes.
const WINDOW: u64 = 10 * 60 * 1000;

pub(super) async fn create(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refusal) = refusal(&world, &headers, &body) {
        return refusal;
    }
    let value: Option<Value> = serde_json::from_slice(&body).ok();
    let code = value.as_ref().and_then(|value| value["code"].as_str());
    match code.and_then(|code| world.tokens.create(code, world.token_now())) {
        Some(token) => success(&world, &token),
        None => failure(
            400,
            "OAUTH_CODE_INVALID",
            "the code is unknown, used or expired",
        ),
    }
}

pub(super) async fn refresh(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refusal) = refusal(&world, &headers, &body) {
        return refusal;
    }
    success(&world, &world.tokens.refresh(world.token_now()))
}

/// The three headers: app key, timestamp in milliseconds, and the signature over body and timestamp.
fn refusal(world: &World, headers: &HeaderMap, body: &[u8]) -> Option<Response> {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    if header("appkey") != world.keys.shopline_app_key {
        return Some(failure(
            401,
            "APP_KEY_INVALID",
            "appkey is missing or unknown",
        ));
    }
    let timestamp = header("timestamp");
    let now = world.now().timestamp_millis();
    let near = |time: i64| time.abs_diff(now) <= WINDOW;
    if !timestamp.parse().is_ok_and(near) {
        return Some(failure(
            401,
            "TIMESTAMP_INVALID",
            "timestamp must be milliseconds, within ten minutes",
        ));
    }
    let text = [body, timestamp.as_bytes()].concat();
    if header("sign") != hmac::hex(&world.keys.shopline_app_secret, &text) {
        return Some(failure(401, "SIGN_INVALID", "sign is missing or wrong"));
    }
    None
}

fn success(world: &World, token: &Token) -> Response {
    // By the real clock: the caller does not know the virtual now.
    let left = token.expires.map(|expires| expires - world.token_now());
    let expires = world.now() + left.unwrap_or_default();
    let data = Object::new()
        .text("accessToken", &token.text)
        .text(
            "expireTime",
            &expires.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string(),
        )
        .text("scope", &world.tokens.scope())
        .end();
    let body = Object::new()
        .raw("code", 200)
        .text("i18nCode", "SUCCESS")
        .null("message")
        .raw("data", data)
        .end();
    answer(StatusCode::OK, JSON, body)
}

/// The name is reported by users; the number is ours.
pub(crate) fn too_many_token_calls() -> Response {
    failure(429, "REQUEST_FREQUENTLY", "too many calls")
}

fn failure(code: u16, name: &str, message: &str) -> Response {
    let body = Object::new()
        .raw("code", code)
        .text("i18nCode", name)
        .text("message", message)
        .null("data")
        .end();
    answer(StatusCode::OK, JSON, body)
}
