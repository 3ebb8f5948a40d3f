//! Clink: `GET order`, `GET order/{id}`, `GET refund/{id}`, and its pushes.
//!
//! Documented: the path, both headers, the parameters with their defaults, the silent cap at 50, the envelope, and a
//! 401 that may be plain text. Inferred: the order of the checks, the tolerance of five minutes, newest orders first,
//! and HTTP 200 with a `code` of 400 for a bad parameter.

mod auth;
mod changes;
mod data;
mod figures;
mod order_json;
mod orders;
mod push;
mod refund_json;
mod single;
mod small_json;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::answer::answer;
use crate::json::Object;
use crate::world::World;

pub(crate) use data::Store;
pub(crate) use push::{message, push_headers};

const JSON: &str = "application/json";

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route(
            "/clink/api/order",
            get(orders::list).fallback(async || wrong_method()),
        )
        .route(
            "/clink/api/order/{id}",
            get(single::order).fallback(async || wrong_method()),
        )
        .route(
            "/clink/api/refund/{id}",
            get(single::refund).fallback(async || wrong_method()),
        )
}

/// Clink's error envelope: `{code, msg, data}`.
pub(crate) fn failure(status: StatusCode, code: u16, message: &str) -> Response {
    let body = Object::new()
        .raw("code", code)
        .text("msg", message)
        .null("data")
        .end();
    answer(status, JSON, body)
}

/// Inferred: HTTP 404 with the error envelope.
pub(crate) fn unknown_path() -> Response {
    failure(StatusCode::NOT_FOUND, 404, "No such endpoint")
}

/// Inferred: HTTP 405 with the error envelope.
fn wrong_method() -> Response {
    failure(
        StatusCode::METHOD_NOT_ALLOWED,
        405,
        "Request method is not supported",
    )
}
