//! SHOPLINE: `GET customers/:id/orders.json`.
//!
//! Documented: the path, both headers, the parameters with their limits, the `list` envelope, paging by the `link`
//! header, the status codes, the leaky bucket and its answer, `traceid` on every answer. Inferred: the order of the
//! checks, the words of errors, oldest orders first (recorded on the sister endpoint), and what a bad token of paging gets.

mod amounts_json;
mod auth;
mod data;
mod figures;
mod lines_json;
mod money;
mod order_json;
mod orders;
mod paging;
mod parcels_json;
mod people_json;
mod recorded_json;
mod refunds_json;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::answer::answer;
use crate::json::Object;
use crate::world::World;

pub(crate) use data::Store;

const JSON: &str = "application/json;charset=UTF-8";
pub(crate) const HANDLE: &str = "sandbox-store";

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().route(
        "/shopline/admin/openapi/{version}/customers/{id}/orders.json",
        get(orders::list).fallback(async || wrong_method()),
    )
}

/// SHOPLINE's documented shape of an error: one string under `errors`.
fn failure(status: StatusCode, message: &str) -> Response {
    answer(status, JSON, Object::new().text("errors", message).end())
}

/// HTTP 404 (documented); the words are ours.
pub(crate) fn unknown_path() -> Response {
    failure(StatusCode::NOT_FOUND, "Not Found")
}

fn wrong_method() -> Response {
    failure(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}
