//! `GET /clink/api/order/{id}` and `GET /clink/api/refund/{id}`: one order or refund by its id.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{JSON, auth, failure, refund_json};
use crate::answer::answer;
use crate::json::Object;
use crate::world::World;

pub(super) async fn order(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&headers, &world.keys.clink_api_key, world.now()) {
        return refusal;
    }
    let store = world.clink();
    match store.number(&id) {
        Some(number) => found(&store.written(number).json),
        None => unknown("Order not found"),
    }
}

pub(super) async fn refund(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&headers, &world.keys.clink_api_key, world.now()) {
        return refusal;
    }
    match refund_json::one(&world.clink(), &id) {
        Some(refund) => found(&refund.json),
        None => unknown("Refund not found"),
    }
}

fn found(json: &str) -> Response {
    let body = Object::new()
        .raw("code", 200)
        .text("msg", "success")
        .raw("data", json)
        .end();
    answer(StatusCode::OK, JSON, body)
}

/// Inferred: reported in the envelope, under HTTP 200, as a bad parameter is.
fn unknown(message: &str) -> Response {
    failure(StatusCode::OK, 404, message)
}
