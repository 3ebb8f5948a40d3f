//! `GET /shopline/admin/openapi/{version}/customers/{id}/orders.json`: one customer's orders, by cursor.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use super::listing::absolute;
use super::paging::{Direction, PageInfo, StatusFilter, by_number, link};
use super::{JSON, auth, failure};
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::{FirstPage, Params, whole_number};
use crate::vendor::Vendor;
use crate::world::World;

/// Documented for this endpoint: 50 by default, 100 at most.
const DEFAULT_PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 100;

pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path((version, customer)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_customers") {
        return refusal;
    }
    let mut ask = match read(&customer, &Params(query)) {
        Ok(ask) if first.is_some() => ask.first(),
        Ok(ask) => ask,
        Err(why) => return failure(StatusCode::UNPROCESSABLE_ENTITY, &why),
    };
    ask.limit = world.habits.of(Vendor::Shopline).rows(ask.limit);
    let store = world.shopline();
    let page = store.page(&ask);
    let orders: Vec<_> = page
        .numbers
        .iter()
        .map(|number| store.written(*number))
        .collect();
    let body = Object::new()
        .raw("list", json::list(orders.iter().map(|order| &order.json)))
        .end();
    let mut response = answer(StatusCode::OK, JSON, body);
    let url = absolute(&uri, &headers);
    if let Some(value) = link(&url, &ask, &page).and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

/// The parameters. With `page_info` only `limit` counts (documented: all else is ignored).
fn read(customer: &str, query: &Params) -> Result<PageInfo, String> {
    if let Some(token) = query.filled("page_info") {
        let mut ask = PageInfo::read(token)
            .filter(|ask| ask.customer == customer && (1..=LARGEST_PAGE).contains(&ask.limit))
            .ok_or("page_info is not valid")?;
        ask.limit = limit(query, ask.limit)?;
        return Ok(ask);
    }
    let status = match query.filled("status") {
        Some("open") => StatusFilter::Open,
        Some("cancelled") => StatusFilter::Cancelled,
        Some("any") => StatusFilter::Any,
        Some(_) => return Err("status value is illegal".to_owned()),
        None => return Err("status is required".to_owned()),
    };
    let since = query.filled("since_id").unwrap_or("0");
    if by_number(since).is_none() {
        return Err("since_id is not valid".to_owned());
    }
    Ok(PageInfo {
        customer: customer.to_owned(),
        status,
        floor: since.to_owned(),
        since: since.to_owned(),
        direction: Direction::Next,
        limit: limit(query, DEFAULT_PAGE)?,
    })
}

fn limit(query: &Params, default: i64) -> Result<i64, String> {
    whole_number("limit", query.filled("limit"), default, 1..=LARGEST_PAGE)
}
