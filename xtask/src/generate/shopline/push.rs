//! Pushed bodies: bare things, without an envelope.

use crate::contract::Contract;
use crate::generate::{Body, Dice, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::order::{money_pair, order, refund};

/// The thing is the body.
pub(crate) const PLACE: &str = "";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let least = Json::object([("id", Json::text("21050224312121887324667162"))]);
    let mut bodies = simple(contract, "shopline", PLACE, least);
    let created = order(60)?.without("service").with_all([
        ("serivce", Json::text("Pickup")),
        (
            "draft_order_seq",
            Json::text(format!("2506{}", Dice::new("draft").digits(18))),
        ),
        ("exist_subscription", Json::Bool(true)),
        ("total_outstanding_set", money_pair("0.00", "0.00")),
        ("line_items[].giftCard", Json::Bool(false)),
    ]);
    let updated = order(61)?.with_all([
        ("refunds", Json::List(vec![refund(61)?])),
        ("refunds[].refund_line_items[].quantity", Json::text("1")),
        (
            "refunds[].refund_line_items[].subtotal",
            Json::text("1000000.00"),
        ),
    ]);
    let payment = Json::parse(
        r#"{"pay_seq": "23057287797738260472676128", "pay_amount": 0, "pay_status": "paid", "status_code": "SUCCESS",
            "status_msg": null, "pay_channel_deal_id": "4201057379", "create_time": "2024-08-31T02:20:26+08:00"}"#,
    )?;
    bodies.extend([
        Body::json("orders-create", &created),
        Body::json("orders-updated", &updated),
        Body::json(
            "orders-delete",
            &Json::object([("id", Json::text("21050224312121887324667162"))]),
        ),
        Body::json("refunds-create", &refund(62)?),
        // It names neither the order nor an address.
        Body::json("order-transactions-create", &payment),
        Body::raw(
            "cut.txt",
            "{\"id\": \"21050224312121887324667162\", \"serivce\": \"Pick",
        ),
    ]);
    Ok(bodies)
}

/// `payments/create` and `payments/update`.
pub(crate) fn disputes(contract: &Contract) -> Result<Vec<Body>> {
    let id = Json::object([("dispute_id", Json::text("10010012345678903"))]);
    let least = Json::object([("detail", id)]);
    let mut bodies = simple(contract, "shopline", "detail", least);
    bodies.push(Body::json(
        "no-detail",
        &Json::object([("dispute_id", Json::text("1"))]),
    ));
    Ok(bodies)
}

/// `customers/redact` and `merchants/redact`.
pub(crate) fn redactions(contract: &Contract) -> Result<Vec<Body>> {
    let store = Json::parse(
        r#"{"store_domain": "example.myshopline.com", "store_id": "1610418123456", "update_time": "2026-03-01T08:00:00+08:00"}"#,
    )?;
    let customer = Json::parse(
        r##"{"customer": {"id": "2002697754", "email": "buyer@example.com", "phone": "+15550000000"},
            "orders_to_redact": ["#1012"], "shop_domain": "example.myshopline.com", "shop_id": "1610418123456",
            "update_time": "2026-03-01T08:00:00+08:00"}"##,
    )?;
    let mut bodies = simple(
        contract,
        "shopline",
        PLACE,
        Json::object([("store_id", Json::text("1"))]),
    );
    bodies.extend([
        Body::json("merchants-redact", &store),
        Body::json("customers-redact", &customer),
    ]);
    Ok(bodies)
}

/// `order_attribution/create`.
pub(crate) fn attributions(contract: &Contract) -> Result<Vec<Body>> {
    let least = Json::object([("orderSeq", Json::text("21050224312121887324667162"))]);
    Ok(simple(contract, "shopline", PLACE, least))
}
