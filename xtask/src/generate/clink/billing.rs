//! Invoices, subscriptions and disputes, bare: as they stand in `data.object` of an event.

use crate::contract::Contract;
use crate::generate::{Body, full, simple};
use crate::json::Json;
use crate::workspace::Result;

/// The thing is the body.
pub(crate) const PLACE: &str = "";

/// Invoices.
pub(crate) fn invoices(contract: &Contract) -> Result<Vec<Body>> {
    let least = Json::object([("invoiceId", Json::text("inv_0001"))]);
    let mut bodies = simple(contract, "clink", PLACE, least);
    let full = full(contract, "clink");
    bodies.extend([
        Body::json(
            "scales",
            &full
                .clone()
                .with_all([
                    ("originalAmount", Json::text("20")),
                    ("paymentAmount", Json::text("0.00")),
                    ("items[].amount", Json::text("20.000")),
                    ("items[].price.unitAmount", Json::text("20.00")),
                ])
                .without("lineItems"),
        ),
        Body::json("line-items", &full.clone().without("items")),
        Body::json(
            "drift-words",
            &full.with_all([
                ("status", Json::text("uncollectible")),
                (
                    "items[].price.recurring.interval",
                    Json::text("lunar_month"),
                ),
            ]),
        ),
    ]);
    Ok(bodies)
}

/// Subscriptions.
pub(crate) fn subscriptions(contract: &Contract) -> Result<Vec<Body>> {
    let least = Json::object([("subscriptionId", Json::text("sub_0001"))]);
    let mut bodies = simple(contract, "clink", PLACE, least);
    let full = full(contract, "clink");
    bodies.extend([
        Body::json(
            "lower-case-method",
            &full
                .clone()
                .with("paymentMethodType", Json::text("paypal"))
                .with("upcomingInvoiceItem", Json::Null),
        ),
        Body::json("drift-words", &full.with("status", Json::text("paused"))),
    ]);
    Ok(bodies)
}

/// Disputes.
pub(crate) fn disputes(contract: &Contract) -> Result<Vec<Body>> {
    let least = Json::object([("chargeBackId", Json::text("cb_0001"))]);
    let mut bodies = simple(contract, "clink", PLACE, least);
    let full = full(contract, "clink");
    bodies.extend([
        Body::json(
            "times-as-numbers",
            &full.clone().with_all([
                ("evidenceDeadline", Json::number(1_754_819_711_382_u64)),
                ("channelDisputeTime", Json::number(1_754_733_311_000_u64)),
            ]),
        ),
        Body::json(
            "no-deadline",
            &full.with("evidenceDeadline", Json::number(0)),
        ),
    ]);
    Ok(bodies)
}
