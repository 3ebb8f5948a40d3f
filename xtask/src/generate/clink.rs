//! Clink bodies of the order list: full, pages, quirks and errors. The other shapes have files of their own.

pub(crate) mod billing;
pub(crate) mod event;
pub(crate) mod single;

use super::{Body, Dice, common, full, two_places};
use crate::contract::Contract;
use crate::json::Json;
use crate::workspace::Result;

pub(crate) const ORDERS: &str = "rows[]";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let mut bodies = common(contract, "clink", ORDERS);
    bodies.push(Body::json("drift", &drift(contract)));
    bodies.extend(pages()?);
    bodies.extend(quirks()?);
    bodies.extend(errors());
    Ok(bodies)
}

/// An ordinary paid order.
fn order(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("clink order {number}"));
    let (unit, quantity) = (dice.between(199, 99_999), dice.between(1, 3));
    let total = two_places(unit * quantity);
    let created = 1_754_819_711_382 + 3_600_000 * number;
    let base = Json::parse(
        r#"{"orderId": "", "type": "onetime", "merchantReferenceId": "", "invoiceId": null, "customerId": "",
            "customerEmail": "", "createTime": 0, "productId": "", "priceId": null,
            "priceDataList": [{"name": "Tea set", "unitAmount": 0, "quantity": 1, "currency": "USD", "imageUrl": null}],
            "paymentMethod": {"paymentMethodType": "CARD", "paymentInstrumentId": "", "cardScheme": "VISA",
                              "cardLastFour": "4242", "issuerRegion": "US", "wallet": null},
            "paymentExecutionDetails": null, "amountSubtotal": 0, "amountTotal": 0, "paymentCurrency": "USD",
            "originalCurrency": "USD", "status": "success", "paymentTime": 0, "sessionId": "", "metadata": {},
            "riskLevel": "LOW"}"#,
    )?;
    Ok(base
        .with("orderId", Json::text(format!("order_{}", dice.hex(20))))
        .with(
            "merchantReferenceId",
            Json::text(format!("shop-{number:05}")),
        )
        .with("customerId", Json::text(format!("cus_{}", dice.hex(20))))
        .with(
            "customerEmail",
            Json::text(format!("buyer{number}@example.com")),
        )
        .with("createTime", Json::number(created))
        .with("productId", Json::text(format!("prod_{}", dice.hex(20))))
        .with("priceDataList[].unitAmount", Json::number(two_places(unit)))
        .with("priceDataList[].quantity", Json::number(quantity))
        .with(
            "paymentMethod.paymentInstrumentId",
            Json::text(format!("pi_{}", dice.hex(20))),
        )
        .with("amountSubtotal", Json::number(&total))
        .with("amountTotal", Json::number(&total))
        .with("paymentTime", Json::number(created + 5_000))
        .with("sessionId", Json::text(format!("sess_{}", dice.hex(20)))))
}

fn page(total: usize, rows: Vec<Json>) -> Json {
    Json::object([
        ("total", Json::number(total)),
        ("rows", Json::List(rows)),
        ("code", Json::number(200)),
        ("msg", Json::text("success")),
    ])
}

/// Three orders on the first page, two on the second.
fn pages() -> Result<Vec<Body>> {
    let orders = (1..=5).map(order).collect::<Result<Vec<_>>>()?;
    Ok(vec![
        Body::json("page-1", &page(5, orders[..3].to_vec())),
        Body::json("page-2", &page(5, orders[3..].to_vec())),
        Body::json("empty", &page(0, Vec::new())),
    ])
}

/// One order on a page, changed in some members.
fn one<const N: usize>(number: u64, changes: [(&str, Json); N]) -> Result<Json> {
    Ok(page(1, vec![order(number)?.with_all(changes)]))
}

fn quirks() -> Result<Vec<Body>> {
    let minimal = Json::object([("orderId", Json::text("order_0001"))]);
    let metadata = Json::parse(
        r#"{"": "empty key", "note": "say \"hi\"", "颜色": "红色", "json": "{\"a\":1}", "empty": ""}"#,
    )?;
    let first = order(20)?;
    let keyed = Json::object([("0", first.clone()), ("1", order(21)?)]);
    Ok(vec![
        Body::json("minimal", &page(1, vec![minimal])),
        Body::json(
            "code-as-text",
            &one(10, [])?.with("code", Json::text("200")),
        ),
        Body::json("metadata", &one(11, [("metadata", metadata)])?),
        Body::json(
            "reference-null-text",
            &one(12, [("merchantReferenceId", Json::text("null"))])?,
        ),
        Body::json(
            "integer-amounts",
            &one(
                13,
                [
                    ("priceDataList[].unitAmount", Json::number(500)),
                    ("priceDataList[].quantity", Json::number(1)),
                    ("priceDataList[].currency", Json::text("JPY")),
                    ("amountSubtotal", Json::number(500)),
                    ("amountTotal", Json::number(500)),
                    ("paymentCurrency", Json::text("JPY")),
                    ("originalCurrency", Json::text("JPY")),
                ],
            )?,
        ),
        Body::json(
            "exponents",
            &one(
                14,
                [
                    ("priceDataList[].unitAmount", Json::number("5E-1")),
                    ("amountSubtotal", Json::number("1.999e1")),
                    ("amountTotal", Json::number("2E+2")),
                ],
            )?,
        ),
        Body::json(
            "beyond-decimal",
            &one(
                15,
                [(
                    "amountTotal",
                    Json::number("0.12345678901234567890123456789012345"),
                )],
            )?,
        ),
        Body::json("failed", &failed()?),
        Body::json(
            "converted",
            &one(17, [("originalCurrency", Json::text("EUR"))])?,
        ),
        Body::json("rows-keyed", &page(2, Vec::new()).with("rows", keyed)),
        Body::json("rows-null", &page(0, Vec::new()).with("rows", Json::Null)),
        Body::json("rows-missing", &page(3, Vec::new()).without("rows")),
        Body::json("single", &first),
    ])
}

/// A failed order as webhooks were recorded: nulls, no creation time, the reference as the word null.
fn failed() -> Result<Json> {
    let order = order(16)?
        .without("createTime")
        .with("merchantReferenceId", Json::text("null"))
        .with("priceDataList", Json::Null)
        .with("paymentMethod.cardScheme", Json::text("Mastercard"))
        .with("paymentMethod.cardLastFour", Json::text("1003"))
        .with("paymentMethod.issuerRegion", Json::text("USA"))
        .with("amountSubtotal", Json::number(2))
        .with("amountTotal", Json::number(2))
        .with("status", Json::text("failed"))
        .with("failureCode", Json::text("processor_communication_error"))
        .with(
            "failureMessage",
            Json::text("The processor did not answer."),
        );
    Ok(page(1, vec![order]))
}

fn drift(contract: &Contract) -> Json {
    super::drift(full(contract, "clink"), ORDERS)
        .with("rows[].status", Json::text("chargeback"))
        .with("rows[].type", Json::text("installment"))
        .with(
            "rows[].paymentMethod.paymentMethodType",
            Json::text("CRYPTO"),
        )
        .with("rows[].paymentMethod.network", Json::text("testnet"))
        .with("rows[].riskLevel", Json::text("EXTREME"))
}

/// A failure of any endpoint.
fn failure(code: u32, msg: &str) -> Json {
    Json::object([
        ("code", Json::number(code)),
        ("msg", Json::text(msg)),
        ("data", Json::Null),
    ])
}

fn errors() -> Vec<Body> {
    vec![
        Body::raw("error-401.txt", "Unauthorized\n"),
        Body::json("error-401", &failure(401, "The API key is not valid")),
        Body::json("error-404", &failure(404, "CUSTOMER_NOT_FOUND")),
        // These come with HTTP status 200.
        Body::json("error-code-500", &failure(500, "System busy")),
        Body::json(
            "error-code-500-with-rows",
            &page(0, Vec::new())
                .with("code", Json::number(500))
                .with("msg", Json::text("System busy")),
        ),
        Body::raw(
            "error-html.txt",
            "<!doctype html><title>Just a moment</title><p>Checking your browser.</p>\n",
        ),
        Body::raw(
            "cut.txt",
            "{\"total\": 2, \"rows\": [{\"orderId\": \"order_1\", \"amountTotal\": 9.9",
        ),
    ]
}
