//! The store's customers, counts, and tokens.

use crate::contract::Contract;
use crate::generate::{Body, Dice, full, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::money::lists;

const CUSTOMER: &str = r#"{
    "id": "", "email": "", "first_name": "Bob", "last_name": "James", "nick_name": "Bob James", "phone": null,
    "created_at": "2026-09-02T21:59:21+08:00", "updated_at": "2026-09-02T21:59:21+08:00", "state": 1, "orders_count": 1,
    "total_spent": "0.00", "currency": "USD", "addresses": [], "default_address": null, "gender": "others",
    "birthday": null, "language": null, "note": null, "tags": null, "verified_email": false, "asid": null,
    "multipass_identifier": null, "social_customer": null, "accepts_marketing": false,
    "accepts_marketing_updated_at": null, "accepts_mobile_marketing": false,
    "accepts_mobile_marketing_updated_at": null, "email_subscribe_flag": 2, "mobile_subscribe_flag": 2,
    "email_marketing_consent": null, "sms_marketing_consent": null, "last_order_id": "", "last_order_name": "1028"
}"#;

/// `v2/customers.json`.
pub(crate) fn customers(contract: &Contract) -> Result<Vec<Body>> {
    let page = |customers| Json::object([("customers", Json::List(customers))]);
    let id = Json::object([("id", Json::text("2791748177"))]);
    let mut bodies = simple(contract, "shopline", "customers[]", page(vec![id]));
    let link = |rel: &str| {
        let token = Dice::new(&format!("customers {rel}")).hex(48);
        format!(
            "<https://tea-house.myshopline.com/admin/openapi/v20260301/v2/customers.json?limit=2&page_info={token}>; rel=\"{rel}\""
        )
    };
    let none = [
        ("last_order_id", Json::text("N/A")),
        ("last_order_name", Json::text("N/A")),
        ("orders_count", Json::number(0)),
    ];
    let address = Json::parse(
        r#"{"id": "SL201UA592875161232815849", "customer_id": "2791748177", "default": true, "first_name": "Bob",
            "last_name": "James", "address1": "1 Harbour Road", "address2": null, "city": null, "company": null,
            "country": "United States", "country_code": "US", "phone": null, "province": null, "province_code": null,
            "province_code_v2": "KY", "zip": "00001"}"#,
    )?;
    bodies.extend([
        Body::json("page-1", &page(vec![customer(1)?, customer(2)?])),
        Body::raw("page-1.headers", &format!("link: {}\n", link("next"))),
        Body::json("page-2", &page(vec![customer(3)?])),
        Body::raw("page-2.headers", &format!("link: {}\n", link("previous"))),
        Body::json("not-available", &page(vec![customer(4)?.with_all(none)])),
        Body::json(
            "addresses",
            &page(vec![customer(5)?.with_all([
                (
                    "addresses",
                    Json::List(vec![address.clone(), address.clone()]),
                ),
                ("default_address", address.clone()),
            ])]),
        ),
        // As the order has it.
        Body::json(
            "addresses-one",
            &page(vec![customer(6)?.with("addresses", address)]),
        ),
        Body::json(
            "addresses-null",
            &page(vec![customer(7)?.with("addresses", Json::Null)]),
        ),
        Body::json(
            "id-as-number",
            &page(vec![
                customer(8)?.with("id", Json::number(2_791_748_177_u64)),
            ]),
        ),
    ]);
    bodies.extend(lists("customers"));
    Ok(bodies)
}

fn customer(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("shopline customer {number}"));
    Ok(Json::parse(CUSTOMER)?
        .with("id", Json::text(format!("27{}", dice.digits(8))))
        .with("email", Json::text(format!("buyer{number}@example.com")))
        .with(
            "last_order_id",
            Json::text(format!("2107{}", dice.digits(22))),
        ))
}

/// `orders/count.json`.
pub(crate) fn counts(contract: &Contract) -> Result<Vec<Body>> {
    let count = |value| Json::object([("count", value)]);
    Ok(vec![
        Body::json("full", &full(contract, "shopline")),
        Body::json("recorded", &count(Json::number(7))),
        Body::json("zero", &count(Json::number(0))),
        Body::json("number-as-text", &count(Json::text("7"))),
        Body::json("null", &count(Json::Null)),
        Body::json("missing", &Json::Object(Vec::new())),
        Body::json("negative", &count(Json::number(-1))),
        Body::json("no-number", &count(Json::text("many"))),
        Body::json("decimal", &count(Json::number("7.5"))),
        Body::json(
            "error",
            &Json::object([("errors", Json::text("fulfillment status value is illegal"))]),
        ),
    ])
}

/// `/admin/oauth/token/create` and `/admin/oauth/token/refresh`.
pub(crate) fn tokens(contract: &Contract) -> Result<Vec<Body>> {
    let token = Json::parse(
        r#"{"code": 200, "i18nCode": "SUCCESS", "message": null,
            "data": {"accessToken": "eyJhbGciOiJIUzUxMiJ9.example.token",
                     "expireTime": "2025-10-20T19:18:08.465+00:00", "scope": "read_orders,read_customers"}}"#,
    )?;
    let refused = |code: u32, name: &str| {
        Json::object([
            ("code", Json::number(code)),
            ("i18nCode", Json::text(name)),
            ("message", Json::text(name.to_lowercase().replace('_', " "))),
            ("data", Json::Null),
        ])
    };
    let with = |path: &str, value| token.clone().with(path, value);
    Ok(vec![
        Body::json("full", &full(contract, "shopline")),
        Body::json("recorded", &token),
        Body::json("code-as-text", &with("code", Json::text("200"))),
        Body::json("no-token", &token.clone().without("data.accessToken")),
        Body::json("empty-token", &with("data.accessToken", Json::text(""))),
        Body::json("no-expiry", &token.clone().without("data.expireTime")),
        Body::json(
            "expiry-no-time",
            &with("data.expireTime", Json::text("soon")),
        ),
        Body::json(
            "expiry-seconds",
            &with("data.expireTime", Json::text("2025-10-20T19:18:08+08:00")),
        ),
        Body::json("no-scope", &with("data.scope", Json::Null)),
        Body::json("data-null", &with("data", Json::Null)),
        // With HTTP status 200.
        Body::json("refused-code", &refused(400, "OAUTH_CODE_INVALID")),
        Body::json("refused-often", &refused(429, "REQUEST_FREQUENTLY")),
        Body::json("refused-store", &refused(403, "STORE_NOT_INSTALL_APP")),
        Body::raw("html.txt", "<!doctype html><title>Blocked</title>\n"),
    ])
}

/// `orders/order_attribution_info.json`.
pub(crate) fn attributions(contract: &Contract) -> Result<Vec<Body>> {
    let id = Json::object([("order_seq", Json::text("21050224312121887324667162"))]);
    let least = Json::object([("data", Json::List(vec![id]))]);
    let mut bodies = simple(contract, "shopline", "data[]", least);
    bodies.extend(lists("data"));
    Ok(bodies)
}
