//! One order, one refund: `{code, msg, data}`.

use crate::contract::Contract;
use crate::generate::{Body, Dice, full, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::{failure, order};

pub(crate) const PLACE: &str = "data";

/// Something found.
fn found(data: Json) -> Json {
    failure(200, "success").with(PLACE, data)
}

/// `GET order/{id}`.
pub(crate) fn orders(contract: &Contract) -> Result<Vec<Body>> {
    let least = found(Json::object([("orderId", Json::text("order_0001"))]));
    let mut bodies = simple(contract, "clink", PLACE, least);
    bodies.push(Body::json("ordinary", &found(order(40)?)));
    bodies.extend(nothing("ORDER_NOT_FOUND"));
    Ok(bodies)
}

/// `GET refund/{id}`.
pub(crate) fn refunds(contract: &Contract) -> Result<Vec<Body>> {
    let least = found(Json::object([("refundId", Json::text("rfd_0001"))]));
    let mut bodies = simple(contract, "clink", PLACE, least);
    let metadata =
        |text: &str| Ok::<_, String>(found(refund(41)?).with("data.metadata", Json::text(text)));
    let failed = refund(42)?.with_all([
        ("status", Json::text("failed")),
        ("failureCode", Json::text("already_refunded")),
        (
            "failureMessage",
            Json::text("The order has been refunded before."),
        ),
    ]);
    bodies.extend([
        Body::json("ordinary", &found(refund(40)?)),
        Body::json(
            "metadata-as-text",
            &metadata(r#"{"ticket":"4711","note":"say \"hi\"","颜色":"红色"}"#)?,
        ),
        Body::json("metadata-empty-text", &metadata("")?),
        Body::json("metadata-no-json", &metadata("ticket 4711")?),
        Body::json("failed", &found(failed)),
        Body::json(
            "beyond-decimal",
            &found(refund(43)?).with(
                "data.refundAmount",
                Json::number("0.12345678901234567890123456789012345"),
            ),
        ),
        Body::json(
            "drift-words",
            &full(contract, "clink").with("data.status", Json::text("reversed")),
        ),
    ]);
    bodies.extend(nothing("REFUND_NOT_FOUND"));
    Ok(bodies)
}

/// A refund as recorded in webhooks.
pub(super) fn refund(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("clink refund {number}"));
    let base = Json::parse(
        r#"{"createTime": 0, "refundId": "", "refundMerchantOrderId": "", "orderId": "", "customerId": "",
            "refundAmount": 227.91, "refundCurrency": "USD", "status": "success",
            "refundReason": "Customer Initiated Refund", "paymentInstrumentId": "", "metadata": {}}"#,
    )?;
    Ok(base
        .with(
            "createTime",
            Json::number(1_754_819_711_382 + 3_600_000 * number),
        )
        .with("refundId", Json::text(format!("rfd_{}", dice.hex(20))))
        .with(
            "refundMerchantOrderId",
            Json::text(format!("refund-{number:05}")),
        )
        .with("orderId", Json::text(format!("order_{}", dice.hex(20))))
        .with("customerId", Json::text(format!("cus_{}", dice.hex(20))))
        .with(
            "paymentInstrumentId",
            Json::text(format!("pi_{}", dice.hex(20))),
        ))
}

/// All ways to say that there is nothing, or that something failed; all but the first come with HTTP status 200.
fn nothing(name: &str) -> Vec<Body> {
    vec![
        Body::json("error-404", &failure(404, name)),
        Body::json("error-code-404", &failure(404, name)),
        Body::json("error-code-500", &failure(500, "System busy")),
        Body::json("data-null", &found(Json::Null)),
        Body::json("data-missing", &found(Json::Null).without(PLACE)),
        Body::json(
            "code-as-text",
            &failure(0, name).with("code", Json::text("404")),
        ),
        Body::json(
            "no-envelope",
            &Json::object([("message", Json::text("Not Found"))]),
        ),
        Body::raw(
            "cut.txt",
            "{\"code\": 200, \"msg\": \"success\", \"data\": {\"createTime\": 17",
        ),
    ]
}
