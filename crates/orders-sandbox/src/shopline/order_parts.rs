//! The parts of one order by its id: `orders/{id}/refunds.json`, `orders/{id}/fulfillments.json`,
//! `orders/{id}/transactions.json`, and `POST transactions/query.json`.
//!
//! Documented: paths, envelopes, the limit of refunds. Recorded: refunds and parcels. Inferred: the members of a
//! transaction beyond those inside a refund, the names in the body of the query, and HTTP 404 for an unknown order.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use super::data::Store;
use super::parcels_json::Form;
use super::{JSON, auth, failure, order_json, payment_json};
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::{Params, whole_number};
use crate::world::World;

/// Documented: at most 250, without a cursor. The default is inferred.
const REFUNDS: i64 = 50;
const MOST_REFUNDS: i64 = 250;

pub(super) async fn refunds(
    State(world): State<Arc<World>>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    let query = Params(query);
    let limit = whole_number("limit", query.filled("limit"), REFUNDS, 1..=MOST_REFUNDS);
    let limit = match limit {
        Ok(limit) => usize::try_from(limit).unwrap_or(0),
        Err(why) => return failure(StatusCode::UNPROCESSABLE_ENTITY, &why),
    };
    part(&world, &id, "refunds", |store, number| {
        json::list(refunds_of(store, number).into_iter().take(limit))
    })
}

pub(super) async fn fulfillments(
    State(world): State<Arc<World>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    part(&world, &id, "fulfillments", |store, number| {
        json::list(fulfillments_of(store, number))
    })
}

pub(super) async fn transactions(
    State(world): State<Arc<World>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    part(&world, &id, "transactions", |store, number| {
        json::list(transactions_of(store, number))
    })
}

/// Reads a JSON body with `order_id` or `order_ids` (required), and `transaction_id` or `transaction_ids`.
pub(super) async fn query_transactions(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    let Ok(query) = serde_json::from_slice::<Value>(&body) else {
        return failure(StatusCode::BAD_REQUEST, "the body is not JSON");
    };
    let orders = texts(&query, "order_id");
    let wanted = texts(&query, "transaction_id");
    if orders.is_empty() {
        return failure(StatusCode::UNPROCESSABLE_ENTITY, "order_id is required");
    }
    let store = world.shopline();
    let of_orders = orders.iter().filter_map(|id| store.number(id));
    let found = of_orders
        .flat_map(|number| transactions_of(&store, number))
        .filter(|transaction| {
            let id = json::member(transaction, "id").unwrap_or_default();
            wanted.is_empty() || wanted.iter().any(|wanted| json::string(wanted) == id)
        });
    let body = Object::new().raw("transaction_list", json::list(found));
    answer(StatusCode::OK, JSON, body.end())
}

/// A text under a name, or a list of texts under its plural.
fn texts(body: &Value, name: &str) -> Vec<String> {
    let one = body.get(name).into_iter();
    let many = body.get(format!("{name}s")).and_then(Value::as_array);
    one.chain(many.into_iter().flatten())
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn part(
    world: &World,
    id: &str,
    name: &str,
    write: impl FnOnce(&Store, usize) -> String,
) -> Response {
    let store = world.shopline();
    match store.number(id) {
        Some(number) => {
            let body = Object::new().raw(name, write(&store, number)).end();
            answer(StatusCode::OK, JSON, body)
        }
        None => failure(StatusCode::NOT_FOUND, "The order does not exist."),
    }
}

/// Cut out of the order, so that the bytes are the same.
pub(super) fn refunds_of(store: &Store, number: usize) -> Vec<String> {
    let order = &store.written(number).json;
    json::elements(&json::member(order, "refunds").unwrap_or_default())
}

/// In the form of their own endpoint.
pub(super) fn fulfillments_of(store: &Store, number: usize) -> Vec<String> {
    let order = order_json::write_as(&store.subject(number), Form::Alone).json;
    json::elements(&json::member(&order, "fulfillments").unwrap_or_default())
}

/// The payment, and the transactions of all refunds.
pub(super) fn transactions_of(store: &Store, number: usize) -> Vec<String> {
    let mut all: Vec<_> = payment_json::payment(&store.subject(number))
        .into_iter()
        .collect();
    for refund in refunds_of(store, number) {
        let transactions = json::member(&refund, "transactions").unwrap_or_default();
        all.extend(json::elements(&transactions));
    }
    all
}
