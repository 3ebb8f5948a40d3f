//! The services. Each is one route, and all are signed in the same way.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::body::Fault;
use super::data::Store;
use super::{
    JSON, detail, failure, invalid, refused, report, request, settlement, sign, wrong_method,
};
use crate::answer::answer;
use crate::habits::Habits;
use crate::json::{self, Object};
use crate::params::{FirstPage, Params};
use crate::vendor::Vendor;
use crate::world::World;

/// Answers the body of a service with the JSON of `Data`.
type Service = fn(&Store, &[u8], DateTime<Utc>) -> Result<String, Fault>;

const QUERY: &str = "linkbest.open-service.orders.query.get";

/// Every service that is played, with its name.
const ALL: [(&str, Service); 4] = [
    (QUERY, query),
    ("linkbest.open-service.orders.detail.get", detail::answer),
    (
        "linkbest.open-service.orders.settlement.get",
        settlement::answer,
    ),
    ("linkbest.open-service.report.program.get", report::answer),
];

/// One route for each service, so that the log counts by service.
pub(super) fn routes() -> Router<Arc<World>> {
    ALL.into_iter()
        .fold(Router::new(), |router, (name, service)| {
            let call = async move |State(world): State<Arc<World>>,
                                   Path(app_key): Path<String>,
                                   Query(query): Query<Vec<(String, String)>>,
                                   headers: HeaderMap,
                                   first: Option<Extension<FirstPage>>,
                                   body: Bytes| {
                let keys = (app_key.as_str(), name);
                if let Some(refusal) = refusal(&world, keys, &Params(query), &headers, &body) {
                    return refusal;
                }
                let body = match first {
                    Some(_) => first_page(&body),
                    None => body,
                };
                let body = match name == QUERY {
                    true => capped(&body, world.habits.of(Vendor::Linkbest)),
                    false => body,
                };
                answer_of(service(&world.linkbest(), &body, world.now()))
            };
            let path = format!("/linkbest/{{app_key}}/{name}");
            router.route(&path, post(call).fallback(async || wrong_method()))
        })
}

/// The same body without its page. The signature covers the body as it came.
fn first_page(body: &Bytes) -> Bytes {
    match std::str::from_utf8(body) {
        Ok(text) => json::without(text, &["Page"]).into(),
        Err(_) => body.clone(),
    }
}

/// The same body with a page of as many rows as it is the vendor's habit. Pages are numbered by that size.
fn capped(body: &Bytes, habits: Habits) -> Bytes {
    let number = |size: &str| size.trim_matches('"').parse().ok();
    let rows = |size: &str| number(size).map_or(size.to_owned(), |n| habits.rows(n).to_string());
    match std::str::from_utf8(body) {
        Ok(text) if habits != Habits::new() => json::changed(text, "PageSize", rows).into(),
        _ => body.clone(),
    }
}

fn answer_of(data: Result<String, Fault>) -> Response {
    match data {
        Ok(data) => {
            let body = Object::new()
                .raw("Status", 0)
                .text("Message", "success")
                .raw("Data", data)
                .end();
            answer(StatusCode::OK, JSON, body)
        }
        Err(Fault::Stale(why)) => refused(&why),
        Err(Fault::Invalid(why)) => invalid(&why),
        Err(Fault::Missing(why)) => failure(StatusCode::BAD_REQUEST, 4001, &why),
    }
}

/// The orders of a window, by page.
fn query(store: &Store, body: &[u8], now: DateTime<Utc>) -> Result<String, Fault> {
    let query = request::read(body, now)?;
    let orders: Vec<_> = store
        .page(&query)
        .into_iter()
        .map(|number| store.written(number))
        .collect();
    Ok(json::list(orders.iter().map(|order| &order.json)))
}

/// The refusal of a request before its body is read, if any: by the key in the path, the content type, or the signature
/// (query parameter or header `Sign`).
fn refusal(
    world: &World,
    (app_key, service): (&str, &str),
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
    if given != sign::expected(app_key, &world.keys.linkbest_app_secret, service, body) {
        return Some(refused("Sign is not valid"));
    }
    None
}
