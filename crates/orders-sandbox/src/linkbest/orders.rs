//! `POST /linkbest/{app_key}/linkbest.open-service.orders.query.get`: the orders of a window, by page.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use super::request::{self, Fault};
use super::{JSON, ORDERS, invalid, refused, sign};
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::Params;
use crate::world::World;

pub(super) async fn query(
    State(world): State<Arc<World>>,
    Path(app_key): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refusal) = refusal(&world, &app_key, &Params(query), &headers, &body) {
        return refusal;
    }
    let query = match request::read(&body, world.now()) {
        Ok(query) => query,
        Err(Fault::Stale(why)) => return refused(&why),
        Err(Fault::Invalid(why)) => return invalid(&why),
    };
    let orders: Vec<_> = world
        .linkbest
        .page(&query)
        .into_iter()
        .map(|number| world.linkbest.written(number))
        .collect();
    let body = Object::new()
        .raw("Status", 0)
        .text("Message", "success")
        .raw("Data", json::list(orders.iter().map(|order| &order.json)))
        .end();
    answer(StatusCode::OK, JSON, body)
}

/// What refuses a request before its body is read: the key in the path, the content type, and the signature as query
/// parameter or header `Sign`.
fn refusal(
    world: &World,
    app_key: &str,
    query: &Params,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Response> {
    if app_key != world.keys.linkbest_app_key {
        return Some(refused("the app key is not valid"));
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json")) {
        return Some(invalid("Content-Type must be application/json"));
    }
    let in_header = headers.get("sign").and_then(|value| value.to_str().ok());
    let Some(given) = query.filled("Sign").or(in_header) else {
        return Some(refused("Sign is missing"));
    };
    if given != sign::expected(app_key, &world.keys.linkbest_app_secret, ORDERS, body) {
        return Some(refused("Sign is not valid"));
    }
    None
}
