//! How a SHOPLINE order is paid and how it travels: payments, parcels, shipping lines, places to pick up.

use rust_decimal::Decimal;

use super::data::Head;
use super::figures::{Figures, SHIPPING_TAX_RATE};
use super::lines_json::{Within, line_item, tax_line};
use super::money::{number, two_places};
use crate::json::{self, Object};
use crate::random::Random;

pub(super) fn fulfillments(
    random: &mut Random,
    figures: &Figures,
    head: &Head,
    name: &str,
    time: &str,
) -> String {
    if !figures.is_shipped() {
        return "[]".to_owned();
    }
    let lines = if figures.fulfillment == "partial" {
        &figures.lines[..1]
    } else {
        &figures.lines[..]
    };
    let tracked = random.chance(70);
    let tracking = |text: &str| {
        if tracked {
            text.to_owned()
        } else {
            String::new()
        }
    };
    let number = random.digits(14);
    let items = json::list(
        lines
            .iter()
            .map(|line| line_item(random, figures, line, Within::Parcel)),
    );
    let parcel = Object::new()
        .text("id", &format!("25{}", random.digits(20)))
        .text("order_id", &head.id)
        .text(
            "status",
            random.pick(&["success", "success", "success", "cancelled"]),
        )
        .text_or_null(
            "shipment_status",
            random.pick(&[
                None,
                Some("sended"),
                Some("out_for_delivery"),
                Some("delivered"),
            ]),
        )
        .text("tracking_company", &tracking("Example Express"))
        .text("tracking_number", &tracking(&number))
        .text(
            "tracking_url",
            &tracking(&format!("https://track.example.com/{number}")),
        )
        .raw("line_items", items)
        .text("created_at", time)
        .text("updated_at", time);
    let parcel = match figures.recorded {
        true => parcel.text("name", &format!("{name}-F1")).end(),
        false => parcel.end(),
    };
    json::list([parcel])
}

/// One entry, also without any shipping: then all null with an empty telephone number (recorded).
pub(super) fn shipping_lines(random: &mut Random, figures: &Figures) -> String {
    let rate = if figures.shipping_tax.is_zero() {
        Decimal::ZERO
    } else {
        SHIPPING_TAX_RATE
    };
    let tax = json::list([tax_line(figures, "express_tax", rate, figures.shipping_tax)]);
    let line = if figures.shipping.is_zero() {
        Object::new()
            .null("title")
            .null("code")
            .null("discounted_price")
            .text("phone", "")
            .null("price")
            .null("price_set")
            .null("requested_fulfillment_service_id")
    } else {
        let price = two_places(figures.shipping).to_string();
        Object::new()
            .text(
                "title",
                random.pick(&["Standard", "快递", "Expédition rapide"]),
            )
            .text("code", &random.digits(12))
            .text("discounted_price", &price)
            .text("phone", "")
            .text("price", &price)
            .raw("price_set", figures.currencies.set(figures.shipping))
            .text_or_null("requested_fulfillment_service_id", None)
    };
    json::list([line.raw("tax_lines", tax).end()])
}

/// The payment slips, with the names of this page or those of its sister (recorded renames).
pub(super) fn payment_details(random: &mut Random, figures: &Figures, time: &str) -> String {
    // Recorded: a paid order without any.
    if random.chance(20) {
        return "[]".to_owned();
    }
    let status = match figures.financial {
        "unpaid" => random.pick(&["unpaid", "paid_overtime", "paid_failed"]),
        "pending" => random.pick(&["pending", "risking"]),
        _ => "paid",
    };
    let (channel, merchant, merchant_order) = match figures.recorded {
        true => ("pay_channel", "pay_merchant_id", "pay_merchant_order_id"),
        false => (
            "payment_channel",
            "payment_merchant_id",
            "payment_merchant_order_id",
        ),
    };
    let slip = Object::new()
        .text("pay_seq", &random.digits(18))
        .text("pay_status", status)
        .raw("pay_amount", number(figures.total))
        .text(channel, random.pick(&["Paypal", "SLpayments", "COD"]))
        .text(merchant, &random.digits(10))
        .text(merchant_order, &random.digits(16))
        .text("pay_channel_deal_id", &random.digits(19))
        .text("create_time", time);
    json::list([slip.end()])
}

/// Where the goods are picked up, for orders with that service.
pub(super) fn locations(random: &mut Random, figures: &Figures, pick_up: bool) -> String {
    if !pick_up {
        return random.pick(&["[]", "null"]).to_owned();
    }
    let place = Object::new()
        .text("name", "Sample Store")
        .text("country", "China")
        .text("country_code", "CN")
        .text("province", "广东")
        .text("city", "示例市")
        .text("district", "测试区")
        .text("town", "")
        .text("address", "1 Example Street")
        .text("address_add", "")
        .text("phone", "+1 555 0100");
    let place = match figures.recorded {
        true => place
            .text("location_id", &random.digits(22))
            .text("zip", "000001")
            .text("type", "1")
            .null("neighborhood"),
        false => place
            .text("location_seq", &random.digits(22))
            .text("zip_code", "000001"),
    };
    json::list([place.end()])
}
