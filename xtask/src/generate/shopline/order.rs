//! An ordinary SHOPLINE order whose sums hold.

use super::Dice;
use crate::generate::two_places;
use crate::json::Json;
use crate::workspace::Result;

const SHELL: &str = r#"{
    "id": "", "name": "", "status": "open", "financial_status": "paid", "fulfillment_status": "unshipped",
    "created_at": "", "updated_at": "", "cancelled_at": null, "cancel_reason": null, "currency": "USD",
    "presentment_currency": "USD", "email": "", "phone": null, "user_id": "2002697754", "buyer_note": null, "note": null,
    "tags": null, "hidden_order": false, "taxes_included": false, "order_from": "web", "customer_locale": "enUS",
    "tax_type": null, "tax_number": null, "service": null, "browser_ip": "192.0.2.7",
    "order_status_url": "https://tea-house.myshopline.com/orders/status?key=example", "payment_gateway_names": ["SLpayments"],
    "refunds": [], "discount_codes": [], "fulfillments": [], "note_attributes": [], "locations": [], "tax_lines": [],
    "client_details": null, "total_weight": 0,
    "customer": {"id": "2002697754", "email": "", "phone": null, "area_code": "001", "currency": "USD",
                 "first_name": "Bob", "last_name": "James", "created_at": "2025-08-16T08:27:57+08:00",
                 "updated_at": "2026-02-16T08:27:57+08:00",
                 "addresses": {"name": "Bob James", "address1": "1 Harbour Road", "city": "Springfield", "country": "United States",
                               "country_code": "US", "zip": "00001"}},
    "shipping_address": {"name": "Bob James", "address1": "1 Harbour Road", "address2": "", "city": "Springfield",
                         "country": "United States", "country_code": "US", "zip": "00001", "phone": "+15550100001"},
    "billing_address": {"name": "Bob James", "address1": "1 Harbour Road", "city": "Springfield", "country_code": "US"}
}"#;

const LINE: &str = r#"{
    "id": "", "product_id": "", "variant_id": "", "sku": "TEA-1", "title": "Green tea", "name": "Green tea",
    "variant_title": "Large / Red", "attribute": "Size - Large, Color - Red", "quantity": 1, "fulfillable_quantity": 1,
    "price": "", "grams": 250, "taxable": true, "requires_shipping": true, "gift_card": false, "vendor": "Tea House",
    "fulfillment_status": "null", "fulfillment_service": null, "image_url": null, "tags": "tea,green", "properties": [],
    "tax_lines": []
}"#;

/// Goods less discount, plus shipping, plus tax; all in dollars.
pub(super) fn order(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("shopline order {number}"));
    let (unit, quantity) = (dice.between(500, 50_000), dice.between(1, 4));
    let goods = unit * quantity;
    let (discount, shipping, tax) = (goods / 10, 800, goods / 12);
    let total = goods - discount + shipping + tax;
    let time = format!(
        "2026-03-{:02}T10:{:02}:00+08:00",
        1 + number % 28,
        number % 60
    );
    let email = format!("buyer{number}@example.com");
    let amounts = [
        ("total_line_items_price", goods),
        ("current_subtotal_price", goods),
        ("subtotal_price", goods - discount),
        ("total_discounts", discount),
        ("current_total_discounts", discount),
        ("total_tax", tax),
        ("current_total_tax", tax),
        ("current_total_price", total),
        ("adjust_price", 0),
    ];
    let order = amounts
        .into_iter()
        .fold(Json::parse(SHELL)?, |order, (key, cents)| {
            let amount = two_places(cents);
            order
                .with(key, Json::text(&amount))
                .with(&format!("{key}_set"), money_pair(&amount, &amount))
        });
    let shipping = two_places(shipping);
    Ok(order
        .with("id", Json::text(format!("2107{}", dice.digits(22))))
        .with("name", Json::text((1000 + number).to_string()))
        .with("created_at", Json::text(&time))
        .with("updated_at", Json::text(&time))
        .with("email", Json::text(&email))
        .with("customer.email", Json::text(&email))
        .with("total_outstanding", Json::text("0.00"))
        .with("total_tip_received", Json::text("0.00"))
        .with("total_shipping_price_set", money_pair(&shipping, &shipping))
        .with("shipping_lines", Json::List(vec![shipping_line(&shipping)]))
        .with(
            "payment_details[].pay_seq",
            Json::text(format!("2305{}", dice.digits(22))),
        )
        .with(
            "payment_details[].pay_amount",
            Json::number(two_places(total)),
        )
        .with("payment_details[].pay_status", Json::text("paid"))
        .with("payment_details[].payment_channel", Json::text("Paypal"))
        .with(
            "line_items",
            Json::List(vec![line(&mut dice, unit, quantity)?]),
        ))
}

fn line(dice: &mut Dice, unit: u64, quantity: u64) -> Result<Json> {
    Ok(Json::parse(LINE)?
        .with("id", Json::text(dice.digits(6)))
        .with("product_id", Json::text(format!("1607{}", dice.digits(22))))
        .with("variant_id", Json::text(format!("1807{}", dice.digits(22))))
        .with("quantity", Json::number(quantity))
        .with("fulfillable_quantity", Json::number(quantity))
        .with("price", Json::text(two_places(unit))))
}

fn shipping_line(amount: &str) -> Json {
    let tax = Json::object([
        ("title", Json::text("express_tax")),
        ("price", Json::text("0.00")),
        ("rate", Json::number(0)),
        ("price_set", money_pair("0.00", "0.00")),
    ]);
    Json::object([
        ("title", Json::text("EMS")),
        ("code", Json::Null),
        ("phone", Json::text("")),
        ("price", Json::text(amount)),
        ("price_set", money_pair(amount, amount)),
        ("discounted_price", Json::Null),
        ("tax_lines", Json::List(vec![tax])),
    ])
}

/// A refund as recorded: some amounts numbers, some text, ids that are not numbers.
pub(super) fn refund(number: u64) -> Result<Json> {
    let mut dice = Dice::new(&format!("shopline refund {number}"));
    let id = format!("26{}", dice.digits(20));
    let number_pair = |digits: &str| {
        money_pair("", "")
            .with("shop_money.amount", Json::number(digits))
            .with("presentment_money.amount", Json::number(digits))
    };
    let adjustment = Json::object([
        ("id", Json::text(format!("RAP{}", dice.digits(19)))),
        // Another number than the refund's own, as recorded.
        ("refund_id", Json::text(format!("27{}", dice.digits(20)))),
        ("kind", Json::text("refund_discrepancy")),
        ("amount", Json::text("1000000.00")),
        ("amount_set", number_pair("1000000")),
        ("tax_amount", Json::text("0.00")),
        ("tax_amount_set", number_pair("0")),
    ]);
    let line = Json::object([
        ("id", Json::text(format!("RDP{}", dice.digits(19)))),
        ("line_item_id", Json::text("456298")),
        ("quantity", Json::number(1)),
        ("restock_type", Json::text("no_restock")),
        ("subtotal", Json::number("1000000")),
        ("subtotal_set", money_pair("1000000.00", "1000000.00")),
        ("total_tax", Json::number("0")),
        ("total_tax_set", money_pair("0.00", "0.00")),
        ("line_item", line(&mut dice, 100_000_000, 1)?),
    ]);
    Ok(Json::object([
        ("id", Json::text(id)),
        ("note", Json::text("Seller cancels order")),
        ("created_at", Json::text("2026-09-02T21:54:18+08:00")),
        ("processed_at", Json::Null),
        ("order_adjustments", Json::List(vec![adjustment])),
        ("refund_line_items", Json::List(vec![line])),
        ("transactions", Json::List(Vec::new())),
    ]))
}

/// The same amount in both currencies, dollars both.
pub(super) fn money_pair(shop: &str, presentment: &str) -> Json {
    let side = |amount: &str| {
        Json::object([
            ("amount", Json::text(amount)),
            ("currency_code", Json::text("USD")),
        ])
    };
    Json::object([
        ("shop_money", side(shop)),
        ("presentment_money", side(presentment)),
    ])
}
