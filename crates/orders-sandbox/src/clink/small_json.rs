//! A small Clink order, with only the necessary members, for runs of a million.

use super::changes::State;
use super::data::{Head, Store};
use super::order_json::born;
use crate::bodies::Written;
use crate::json::{self, Object};

/// The time from an order to its payment, in milliseconds.
const PAYING: i64 = 60_000;

pub(super) fn write(store: &Store, number: usize, head: &Head, state: Option<&State>) -> Written {
    let figures = store.figures(number);
    let status = state.map_or(born(number), |state| state.status);
    let line = Object::new()
        .text("name", "Tea")
        .raw("unitAmount", figures.total)
        .raw("quantity", 1)
        .text("currency", figures.original_currency)
        .end();
    let order = Object::new()
        .text("orderId", &head.id)
        .text("type", "onetime")
        .text("customerId", &head.customer)
        .raw("createTime", head.created)
        .raw("priceDataList", json::list([line]))
        .raw("amountSubtotal", figures.subtotal)
        .raw("amountTotal", figures.total)
        .text("paymentCurrency", figures.payment_currency)
        .text("originalCurrency", figures.original_currency)
        .text("status", status);
    let paid = state
        .and_then(|state| state.paid)
        .unwrap_or(head.created + PAYING);
    let order = match status {
        "pending" | "requires_action" | "created" => order.null("paymentTime"),
        _ => order.raw("paymentTime", paid),
    };
    Written {
        json: order.end(),
        lines: 1,
        totals: vec![(figures.payment_currency.to_owned(), figures.total)],
    }
}
