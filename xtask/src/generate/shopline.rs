//! SHOPLINE bodies of the order list: full, pages with their headers, quirks and errors. The other shapes have files
//! of their own.

pub(crate) mod account;
pub(crate) mod money;
mod order;
pub(crate) mod parcel;
pub(crate) mod payments;
pub(crate) mod push;

use order::{money_pair, order};

use super::{Body, Dice, common, full};
use crate::contract::Contract;
use crate::json::Json;
use crate::workspace::Result;

pub(crate) const ORDERS: &str = "list[]";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let mut bodies = common(contract, "shopline", ORDERS);
    bodies.push(Body::json("drift", &drift(contract)));
    bodies.extend(pages()?);
    bodies.extend(empty_things()?);
    bodies.extend(quirks()?);
    bodies.extend(errors());
    Ok(bodies)
}

fn page(orders: Vec<Json>) -> Json {
    Json::object([("list", Json::List(orders))])
}

/// Two orders and the way on; one order and only the way back.
fn pages() -> Result<Vec<Body>> {
    let link = |rel: &str| {
        let token = Dice::new(rel).hex(48).to_uppercase();
        format!(
            "<https://tea-house.myshopline.com/admin/openapi/v20260301/customers/2002697754/orders.json?limit=2&page_info={token}>; rel=\"{rel}\""
        )
    };
    let headers = |links: &str, trace: &str| {
        format!("link: {links}\ntraceid: {}\n", Dice::new(trace).hex(32))
    };
    Ok(vec![
        Body::json("page-1", &page(vec![order(1)?, order(2)?])),
        Body::raw("page-1.headers", &headers(&link("next"), "one")),
        Body::json("page-2", &page(vec![order(3)?])),
        Body::raw("page-2.headers", &headers(&link("previous"), "two")),
        Body::raw(
            "page-between.headers",
            &headers(
                &format!("{}, {}", link("next"), link("previous")),
                "between",
            ),
        ),
    ])
}

fn one<const N: usize>(number: u64, changes: [(&str, Json); N]) -> Result<Json> {
    Ok(page(vec![order(number)?.with_all(changes)]))
}

/// What an endpoint may say when it has nothing to say.
fn empty_things() -> Result<Vec<Body>> {
    let none = Json::parse(
        r#"{"first_name": null, "last_name": null, "name": "", "phone": null, "company": null, "address1": null,
            "address2": null, "city": null, "province": null, "province_code": null, "country": null, "country_code": null,
            "zip": null, "district": null, "district_code": null, "delivery_store_code": null, "delivery_store_name": null}"#,
    )?;
    let guest = Json::parse(
        r#"{"id": null, "email": null, "phone": null, "area_code": null, "currency": "USD"}"#,
    )?
    .with("addresses", none.clone());
    let null_lists = [
        "refunds",
        "payment_details",
        "locations",
        "shipping_lines",
        "discount_codes",
        "tax_lines",
        "payment_gateway_names",
        "fulfillments",
        "note_attributes",
        "line_items[].tax_lines",
        "line_items[].properties",
    ]
    .into_iter()
    .fold(order(10)?, |order, path| order.with(path, Json::Null));
    Ok(vec![
        Body::json("empty", &page(Vec::new())),
        Body::json(
            "minimal",
            &page(vec![Json::object([(
                "id",
                Json::text("21050224312121887324667162"),
            )])]),
        ),
        Body::json("list-null", &page(Vec::new()).with("list", Json::Null)),
        Body::json("list-missing", &Json::object([("count", Json::number(7))])),
        Body::json("lists-null", &page(vec![null_lists])),
        Body::json(
            "addresses-null",
            &one(
                11,
                [
                    ("billing_address", Json::Null),
                    ("shipping_address", none),
                    ("customer", guest),
                    ("user_id", Json::Null),
                    ("email", Json::Null),
                ],
            )?,
        ),
    ])
}

fn quirks() -> Result<Vec<Body>> {
    let addresses = Json::List(vec![
        Json::object([
            ("name", Json::text("Bob James")),
            ("city", Json::text("Panyu")),
        ]),
        Json::object([
            ("name", Json::text("Ann James")),
            ("city", Json::text("Tianhe")),
        ]),
    ]);
    let unshipped = Json::text("null");
    let sister = order(20)?;
    Ok(vec![
        Body::json(
            "orders-envelope",
            &Json::object([("orders", Json::List(vec![sister.clone(), order(21)?]))]),
        ),
        Body::json(
            "orders-empty",
            &Json::object([("orders", Json::List(Vec::new()))]),
        ),
        Body::json(
            "list-keyed",
            &page(Vec::new()).with("list", Json::object([("0", order(22)?), ("1", order(23)?)])),
        ),
        Body::json("single", &sister),
        Body::json(
            "customer-addresses-list",
            &one(24, [("customer.addresses", addresses)])?,
        ),
        Body::json(
            "fulfillment-null-text",
            &one(
                25,
                [
                    ("fulfillment_status", unshipped.clone()),
                    ("line_items[].fulfillment_status", unshipped),
                    ("fulfillment_status_v2", Json::text("unshipped")),
                ],
            )?,
        ),
        Body::json(
            "refund-money-as-numbers",
            &one(26, [("refunds", Json::List(vec![order::refund(26)?]))])?,
        ),
        Body::json(
            "tags-json-in-text",
            &one(
                27,
                [
                    ("tags", Json::text(r#"["vip","茶"]"#)),
                    ("line_items[].tags", Json::text("")),
                ],
            )?,
        ),
        Body::json("renamed-both", &renamed()?),
        Body::json(
            "one-decimal",
            &one(
                29,
                [
                    ("current_total_price", Json::text("1000000.0")),
                    ("current_total_tax", Json::text("0.0")),
                    ("total_shipping_price_set", money_pair("8.0", "8.0")),
                ],
            )?,
        ),
        Body::json(
            "line-id-as-number",
            &one(30, [("line_items[].id", Json::number(459_465))])?,
        ),
        Body::json(
            "cancelled",
            &one(
                31,
                [
                    ("status", Json::text("cancelled")),
                    ("cancelled_at", Json::text("2026-03-02T08:00:00+08:00")),
                    ("cancel_reason", Json::text("customer")),
                ],
            )?,
        ),
        Body::json(
            "two-currencies",
            &one(
                32,
                [
                    ("presentment_currency", Json::text("HKD")),
                    (
                        "current_total_price_set",
                        money_pair("100.00", "782.50")
                            .with("presentment_money.currency_code", Json::text("HKD")),
                    ),
                ],
            )?,
        ),
        Body::json(
            "beyond-decimal",
            &one(
                33,
                [(
                    "total_weight",
                    Json::number("123456789012345678901234567890.5"),
                )],
            )?,
        ),
    ])
}

/// Both names of each renamed field at once: older and newer generation.
fn renamed() -> Result<Json> {
    let location = Json::parse(
        r#"{"name": "Wanda", "location_seq": "7683107397838218873", "location_id": "7683107397838218873",
            "zip_code": "430302", "zip": "430302", "type": "pickupLocation"}"#,
    )?;
    let payment = Json::parse(
        r#"{"pay_seq": "23057287797738260472676128", "pay_amount": 45.00, "pay_status": "paid",
            "payment_channel": "Paypal", "pay_channel": "Paypal",
            "payment_merchant_id": "4201057379", "pay_merchant_id": "4201057379",
            "payment_merchant_order_id": "233445354566", "pay_merchant_order_id": "233445354566"}"#,
    )?;
    one(
        28,
        [
            ("locations", Json::List(vec![location])),
            ("payment_details", Json::List(vec![payment])),
        ],
    )
}

fn drift(contract: &Contract) -> Json {
    super::drift(full(contract, "shopline"), ORDERS)
        .with("list[].financial_status", Json::text("charged_back"))
        .with("list[].fulfillment_status", Json::text("lost"))
        .with(
            "list[].line_items[].line_news",
            Json::text("a field of a line that no page names"),
        )
        .with(
            "list[].refunds[].refund_line_items[].restock_type",
            Json::text("donate"),
        )
        .with("list[].shipping_address.planet", Json::text("Earth"))
}

fn errors() -> Vec<Body> {
    let errors = |value| Json::object([("errors", value)]);
    let list = Json::List(vec![
        Json::text("status is required"),
        Json::text("limit is too large"),
    ]);
    let map = Json::object([
        ("status", Json::List(vec![Json::text("is required")])),
        ("limit", Json::text("is too large")),
    ]);
    vec![
        Body::json(
            "error-text",
            &errors(Json::text("The customer does not exist.")),
        ),
        Body::json("error-list", &errors(list)),
        Body::json("error-map", &errors(map)),
        Body::json(
            "error-code",
            &Json::object([
                ("code", Json::text("INVALID_TOKEN")),
                ("message", Json::text("The token has expired")),
            ]),
        ),
        Body::json("error-429", &errors(Json::text("Too many request"))),
        Body::json(
            "error-500-validation",
            &errors(Json::text("location is invalid")),
        ),
        Body::json(
            "error-with-list",
            &errors(Json::text("internal")).with("list", Json::List(Vec::new())),
        ),
        Body::raw(
            "error-html.txt",
            "<!doctype html><title>Attention required</title><p>Blocked.</p>\n",
        ),
        Body::raw(
            "cut.txt",
            "{\"list\": [{\"id\": \"21050224312121887324667162\", \"subtotal_price\": \"4",
        ),
    ]
}
