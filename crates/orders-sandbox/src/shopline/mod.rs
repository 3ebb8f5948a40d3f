//! SHOPLINE: `GET customers/:id/orders.json`, the store's orders with their count and parts, its customers, tokens, and its
//! pushes.
//!
//! Documented: the path, both headers, the parameters with their limits, the `list` envelope, paging by the `link`
//! header, the status codes, the leaky bucket and its answer, `traceid` on every answer. Inferred: the order of the
//! checks, the text of errors, oldest orders first (recorded on the sister endpoint), and the answer to a bad paging
//! token.

mod amounts_json;
mod auth;
mod changes;
mod customers;
mod data;
mod figures;
mod lines_json;
mod listing;
mod money;
mod oauth;
mod order_filter;
mod order_json;
mod order_parts;
mod orders;
mod paging;
mod parcels_json;
mod payment_json;
mod payments;
mod people_json;
mod push;
mod recorded_json;
mod refunds_json;
mod small_json;
mod store_orders;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::answer::answer;
use crate::json::Object;
use crate::world::World;

pub(crate) use data::Store;
pub(crate) use oauth::too_many_token_calls;
pub use payments::TruthPayments;
pub(crate) use push::{message, push_headers};
pub(crate) use tokens::Tokens;

const JSON: &str = "application/json;charset=UTF-8";
pub(crate) const HANDLE: &str = "sandbox-store";

pub(crate) fn routes() -> Router<Arc<World>> {
    let no = async || wrong_method();
    let api = |path: &str| format!("/shopline/admin/openapi/{{version}}/{path}");
    Router::new()
        .route(
            &api("customers/{id}/orders.json"),
            get(orders::list).fallback(no),
        )
        .route(&api("orders.json"), get(store_orders::list).fallback(no))
        .route(
            &api("orders/count.json"),
            get(store_orders::count).fallback(no),
        )
        .route(
            &api("orders/{id}/refunds.json"),
            get(order_parts::refunds).fallback(no),
        )
        .route(
            &api("orders/{id}/fulfillments.json"),
            get(order_parts::fulfillments).fallback(no),
        )
        .route(
            &api("orders/{id}/transactions.json"),
            get(order_parts::transactions).fallback(no),
        )
        .route(
            &api("transactions/query.json"),
            post(order_parts::query_transactions).fallback(no),
        )
        .route(&api("v2/customers.json"), get(customers::list).fallback(no))
        .route(
            &api("payments/store/transactions.json"),
            get(payments::transactions).fallback(no),
        )
        .route(
            &api("payments/store/payouts.json"),
            get(payments::payouts).fallback(no),
        )
        .route(
            &api("payments/store/balance_transactions.json"),
            get(payments::balance_transactions).fallback(no),
        )
        .route(
            &api("payments/store/balance.json"),
            get(payments::balance).fallback(no),
        )
        .route(
            "/shopline/admin/oauth/token/create",
            post(oauth::create).fallback(no),
        )
        .route(
            "/shopline/admin/oauth/token/refresh",
            post(oauth::refresh).fallback(no),
        )
}

/// SHOPLINE's documented shape of an error: one string under `errors`.
pub(crate) fn failure(status: StatusCode, message: &str) -> Response {
    answer(status, JSON, Object::new().text("errors", message).end())
}

/// HTTP 404 (documented); the words are ours.
pub(crate) fn unknown_path() -> Response {
    failure(StatusCode::NOT_FOUND, "Not Found")
}

fn wrong_method() -> Response {
    failure(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}
