//! Linkbest bodies of the order list: full, pages, quirks and errors. The other shapes have files of their own.

pub(crate) mod push;
pub(crate) mod services;

use super::{Body, Dice, common, full, two_places};
use crate::contract::Contract;
use crate::json::Json;
use crate::workspace::Result;

pub(crate) const ORDERS: &str = "Data[]";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let mut bodies = common(contract, "linkbest", ORDERS);
    bodies.push(Body::json("drift", &drift(contract)));
    bodies.extend(pages()?);
    bodies.extend(envelopes()?);
    bodies.extend(quirks()?);
    bodies.extend(errors());
    Ok(bodies)
}

/// A confirmed order with one line.
fn order(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("linkbest order {number}"));
    let price = dice.between(1_000, 90_000);
    let commission = two_places(price / 20);
    let (price, number_text) = (two_places(price), format!("LB{}", dice.digits(14)));
    let base = Json::parse(
        r#"{"Id": "", "ProgramId": "1026", "ProgramName": "Tea House", "WebsiteId": "88", "LinkId": "", "SubId": "spring",
            "OrderSn": "", "ParentOrderSn": "", "OrderTime": "", "OrdersPrice": 0, "SiterCommission": 0,
            "Currency": "USD", "Status": "1", "ConfirmPrice": 0, "ConfirmSiterCommission": 0, "ChargeCurrency": "CNY",
            "ChargeTime": "2026-04-15 12:00:00",
            "Details": [{"ItemCate": "7", "ItemCateName": "Tea", "ItemId": "", "ItemName": "Green tea",
                         "ItemPrice": "", "ItemCount": "1", "OrdersPrice": 0, "OrderStatus": "已完成",
                         "OrderCommission": 0, "OrderSn": "", "ParentOrderSn": "", "ItemImg": "https://www.example.com/tea.png",
                         "ShopTitle": "Tea House", "LbOrderStatus": "7"}]}"#,
    )?;
    let sn = Json::text(number_text);
    Ok(base
        .with("Id", Json::text(dice.digits(9)))
        .with("LinkId", Json::text(dice.digits(6)))
        .with("OrderSn", sn.clone())
        .with(
            "OrderTime",
            Json::text(format!("2026-03-01 {:02}:30:00", number % 24)),
        )
        .with("OrdersPrice", Json::number(&price))
        .with("SiterCommission", Json::number(&commission))
        .with(
            "ConfirmPrice",
            Json::number(two_places(dice.between(8_000, 600_000))),
        )
        .with(
            "ConfirmSiterCommission",
            Json::number(two_places(dice.between(400, 30_000))),
        )
        .with("Details[].ItemId", Json::text(dice.digits(8)))
        .with(
            "Details[].ItemPrice",
            Json::text(two_places(dice.between(8_000, 600_000))),
        )
        .with("Details[].OrdersPrice", Json::number(&price))
        .with("Details[].OrderCommission", Json::number(&commission))
        .with("Details[].OrderSn", sn))
}

fn page(orders: Vec<Json>) -> Json {
    Json::object([
        ("Status", Json::number(0)),
        ("Message", Json::text("success")),
        ("Data", Json::List(orders)),
    ])
}

/// Two full pages of two orders would be followed by an empty one; here the second is short.
fn pages() -> Result<Vec<Body>> {
    Ok(vec![
        Body::json("page-1", &page(vec![order(1)?, order(2)?])),
        Body::json("page-2", &page(vec![order(3)?])),
        Body::json("empty", &page(Vec::new())),
    ])
}

/// `Data` in every form an empty or short page may take.
fn envelopes() -> Result<Vec<Body>> {
    let data = |value| page(Vec::new()).with("Data", value);
    let keyed = Json::object([("0", order(10)?), ("1", order(11)?)]);
    Ok(vec![
        Body::json("data-null", &data(Json::Null)),
        Body::json("data-missing", &page(Vec::new()).without("Data")),
        Body::json("data-empty-object", &data(Json::Object(Vec::new()))),
        Body::json("data-single", &data(order(12)?)),
        Body::json("data-keyed", &data(keyed)),
        Body::json(
            "status-200",
            &page(vec![order(13)?]).with("Status", Json::number(200)),
        ),
        Body::json(
            "status-as-text",
            &page(vec![order(14)?]).with("Status", Json::text("0")),
        ),
        Body::json("single", &order(15)?),
    ])
}

fn one<const N: usize>(number: u64, changes: [(&str, Json); N]) -> Result<Json> {
    Ok(page(vec![order(number)?.with_all(changes)]))
}

fn quirks() -> Result<Vec<Body>> {
    let minimal =
        Json::parse(r#"{"Id": "1", "OrderSn": "LB1", "Details": [{"ShopTitle": "Tea House"}]}"#)?;
    let unsettled = || {
        [
            ("Status", Json::text("0")),
            ("ConfirmPrice", Json::Null),
            ("ConfirmSiterCommission", Json::Null),
            ("ChargeCurrency", Json::text("")),
        ]
    };
    let empty = || Json::text("");
    Ok(vec![
        Body::json("minimal", &page(vec![minimal])),
        Body::json(
            "zero-date",
            &one(20, unsettled())?.with("Data[].ChargeTime", Json::text("0000-00-00 00:00:00")),
        ),
        Body::json(
            "empty-decimals",
            &one(
                21,
                [
                    ("OrdersPrice", empty()),
                    ("SiterCommission", empty()),
                    ("ConfirmPrice", empty()),
                    ("ConfirmSiterCommission", empty()),
                    ("ChargeTime", empty()),
                    ("Details[].ItemPrice", empty()),
                    ("Details[].OrdersPrice", empty()),
                ],
            )?,
        ),
        Body::json(
            "four-places",
            &one(
                22,
                [
                    ("ConfirmPrice", Json::text("12.3400")),
                    ("ConfirmSiterCommission", Json::number("0.1235")),
                    ("SiterCommission", Json::number("-0.5000")),
                ],
            )?,
        ),
        Body::json(
            "beyond-decimal",
            &one(
                23,
                [("OrdersPrice", Json::number("79228162514264337593543950336"))],
            )?,
        ),
        Body::json(
            "invalid",
            &one(
                24,
                [
                    ("Status", Json::text("-1")),
                    ("Details[].LbOrderStatus", Json::text("6")),
                ],
            )?,
        ),
        Body::json("details-null", &one(25, [("Details", Json::Null)])?),
        Body::json("review-push", &review()?),
    ])
}

/// The sister platform's test order: zeros where values should be.
fn review() -> Result<Json> {
    one(
        26,
        [
            ("Id", Json::number(0)),
            ("ProgramId", Json::number(0)),
            ("OrderSn", Json::text("0")),
            ("OrderTime", Json::text("0000-00-00 00:00:00")),
            ("OrdersPrice", Json::number("0.00")),
            ("SiterCommission", Json::number("0.00")),
        ],
    )
}

fn drift(contract: &Contract) -> Json {
    super::drift(full(contract, "linkbest"), ORDERS)
        .with("Data[].Status", Json::text("3"))
        .with("Data[].Currency", Json::text("RMB"))
        .with("Data[].Details[].LbOrderStatus", Json::text("12"))
        .with("Data[].Details[].Coupon", Json::text("SPRING"))
}

/// A failure of any service.
fn failure(status: u32, message: &str) -> Json {
    Json::object([
        ("Status", Json::number(status)),
        ("Message", Json::text(message)),
    ])
}

fn errors() -> Vec<Body> {
    vec![
        // These three come with HTTP status 400, the next two with 401 and 429.
        Body::json("error-4000", &failure(4000, "Stime is required")),
        Body::json(
            "error-4001",
            &failure(4001, "The program does not exist").with("Data", Json::Null),
        ),
        Body::json(
            "error-4003",
            &failure(4003, "No permission for this data").with("Data", Json::List(Vec::new())),
        ),
        Body::json("error-401", &failure(401, "Sign is not valid")),
        Body::json("error-429", &failure(429, "Too many requests")),
        // With HTTP status 200.
        Body::json("error-5001", &failure(5001, "Network busy")),
        Body::json(
            "error-4000-as-text",
            &failure(4000, "Etime is required").with("Status", Json::text("4000")),
        ),
        Body::json(
            "error-lower-case",
            &Json::object([
                ("status", Json::number(401)),
                ("message", Json::text("Sign is not valid")),
            ]),
        ),
        Body::raw(
            "error-html.txt",
            "<html><body><h1>502 Bad Gateway</h1></body></html>\n",
        ),
        Body::raw(
            "cut.txt",
            "{\"Status\": 0, \"Message\": \"success\", \"Data\": [{\"Id\": \"1\", \"OrdersPrice\": 1",
        ),
    ]
}
