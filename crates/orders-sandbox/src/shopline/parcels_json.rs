//! Payments, parcels, shipping lines and pick-up places of a SHOPLINE order.

use rust_decimal::Decimal;

use super::figures::{Figures, Line, SHIPPING_TAX_RATE, is_shipped};
use super::lines_json::{Within, line_item, tax_line};
use super::money::{number, two_places};
use super::order_json::{PARTS_AFTER, Subject, iso, name};
use crate::json::{self, Object};
use crate::random::Random;

/// The place of a parcel. Only recorded differences are played: in `orders/{id}/fulfillments.json` the ids of lines are
/// JSON numbers, and the name has another form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    InOrder,
    Alone,
}

/// The parcels of an order: the one from the seed, and the one shipped later.
pub(super) fn fulfillments(
    random: &mut Random,
    figures: &Figures,
    subject: &Subject<'_>,
    form: Form,
) -> String {
    let mut parcels = Vec::new();
    let (_, born) = figures.born;
    let of_seed = match born {
        "partial" => 1,
        _ if is_shipped(born) => figures.lines.len(),
        _ => 0,
    };
    if of_seed > 0 {
        let lines = &figures.lines[..of_seed];
        let time = subject.head.created + PARTS_AFTER;
        parcels.push(parcel(random, figures, subject, form, lines, time, 1));
    }
    if let Some(time) = subject.state.shipped {
        let rest = &figures.lines[of_seed..];
        let lines = if rest.is_empty() {
            &figures.lines[..]
        } else {
            rest
        };
        let mut later = Random::of(subject.seed, "shopline-parcel", subject.number);
        let place = parcels.len() + 1;
        parcels.push(parcel(
            &mut later, figures, subject, form, lines, time, place,
        ));
    }
    json::list(parcels)
}

fn parcel(
    random: &mut Random,
    figures: &Figures,
    subject: &Subject<'_>,
    form: Form,
    lines: &[Line],
    time: i64,
    place: usize,
) -> String {
    let (within, name) = match form {
        Form::InOrder => (Within::Parcel, format!("{}-F{place}", name(subject.number))),
        Form::Alone => (
            Within::ParcelAlone,
            format!("#{}.{place}", name(subject.number)),
        ),
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
            .map(|line| line_item(random, figures, line, within)),
    );
    let time = iso(time);
    let parcel = Object::new()
        .text("id", &format!("25{}", random.digits(20)))
        .text("order_id", &subject.head.id)
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
        .text("created_at", &time)
        .text("updated_at", &time);
    match figures.recorded || form == Form::Alone {
        true => parcel.text("name", &name).end(),
        false => parcel.end(),
    }
}

/// One entry. Without any shipping its members are null and its telephone number is empty (recorded).
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
    // Recorded: a paid order without any slip.
    if random.chance(20) {
        return "[]".to_owned();
    }
    let status = match figures.born.0 {
        "unpaid" => random.pick(&["unpaid", "paid_overtime", "paid_failed"]),
        "pending" => random.pick(&["pending", "risking"]),
        _ => "paid",
    };
    let status = match figures.financial == figures.born.0 {
        true => status,
        false => "paid",
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
