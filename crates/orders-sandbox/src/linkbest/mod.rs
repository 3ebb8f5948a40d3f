//! Linkbest: the services `linkbest.open-service.` `orders.query.get`, `orders.detail.get`, `orders.settlement.get` and
//! `report.program.get`, and its pushes.
//!
//! Documented: the URL form, POST with a JSON body, the parameters with their defaults and limits, the envelope, the
//! business codes. Indicated by the twin platform: a failure is HTTP 400 with a JSON body. Inferred: the way the secret
//! is joined, the place of `Sign`, the tolerance of ten minutes, the inclusive edges of a window, `[]` for an empty
//! page, and UTC+8.

mod body;
mod changes;
mod data;
mod detail;
mod figures;
mod order_json;
mod push;
mod report;
mod request;
mod services;
mod settlement;
mod sign;
mod small_json;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;

use crate::answer::answer;
use crate::json::Object;
use crate::world::World;

pub(crate) use data::Store;
pub(crate) use push::message;

const JSON: &str = "application/json;charset=UTF-8";

pub(crate) fn routes() -> Router<Arc<World>> {
    services::routes().route(
        "/linkbest/{app_key}/{service}",
        post(async || unknown_path()).fallback(async || wrong_method()),
    )
}

/// A failure: an HTTP status, and in the body the business code with its text.
pub(crate) fn failure(status: StatusCode, code: u16, message: &str) -> Response {
    answer(
        status,
        JSON,
        Object::new()
            .raw("Status", code)
            .text("Message", message)
            .end(),
    )
}

/// Business code 4000: validation failed (documented; that it comes under HTTP 400 is indicated by the twin platform).
fn invalid(message: &str) -> Response {
    failure(StatusCode::BAD_REQUEST, 4000, message)
}

/// HTTP 401 (documented: key missing or invalid); the JSON body is inferred.
fn refused(message: &str) -> Response {
    failure(StatusCode::UNAUTHORIZED, 401, message)
}

/// HTTP 404 (documented); the JSON body is inferred.
pub(crate) fn unknown_path() -> Response {
    failure(StatusCode::NOT_FOUND, 404, "service not found")
}

fn wrong_method() -> Response {
    failure(StatusCode::METHOD_NOT_ALLOWED, 405, "only POST is allowed")
}
