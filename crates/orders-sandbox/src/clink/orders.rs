//! `GET /clink/api/order`: the list of orders, by page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::data::Filter;
use super::{JSON, auth, failure};
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::{FirstPage, Params, whole_number};
use crate::vendor::Vendor;
use crate::world::World;

/// The largest page. A larger size is capped, not refused (documented).
const LARGEST_PAGE: i64 = 50;
/// `pageNum` and `pageSize` are int32 (documented).
const INT32: i64 = i32::MAX as i64;

pub(super) async fn list(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    first: Option<Extension<FirstPage>>,
    Query(mut query): Query<Vec<(String, String)>>,
) -> Response {
    if let Some(refusal) = auth::refusal(&headers, &world.keys.clink_api_key, world.now()) {
        return refusal;
    }
    if first.is_some() {
        query.retain(|(name, _)| name != "pageNum");
    }
    match page(&world, &Params(query)) {
        Ok(body) => answer(StatusCode::OK, JSON, body),
        // Inferred: a bad parameter is reported in the envelope, under HTTP 200.
        Err(why) => failure(StatusCode::OK, 400, &why),
    }
}

fn page(world: &World, query: &Params) -> Result<String, String> {
    let number = whole_number("pageNum", query.filled("pageNum"), 1, 1..=INT32)?;
    let size = whole_number("pageSize", query.filled("pageSize"), 20, 1..=INT32)?.min(LARGEST_PAGE);
    let size = world.habits.of(Vendor::Clink).rows(size);
    let filter = Filter {
        customer: query.filled("customerId"),
        subscription: query.filled("subscriptionId"),
        reference: query.filled("merchantReferenceId"),
    };
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(0);
    let store = world.clink();
    let (total, numbers) = store.page(&filter, skip, take);
    let orders: Vec<_> = numbers
        .into_iter()
        .map(|number| store.written(number))
        .collect();
    Ok(Object::new()
        .raw("total", total)
        .raw("rows", json::list(orders.iter().map(|order| &order.json)))
        .raw("code", 200)
        .text("msg", "success")
        .end())
}
