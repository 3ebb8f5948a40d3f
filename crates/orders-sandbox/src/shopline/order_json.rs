//! How a SHOPLINE order is written: every member of its page, and in every second order the members that were only
//! recorded on the sister endpoint.

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;

use super::HANDLE;
use super::data::Head;
use super::figures::Figures;
use super::lines_json::{Within, line_item, tax_line};
use super::money::{one_place, two_places};
use super::{parcels_json, people_json, refunds_json};
use crate::json::{self, Object};
use crate::names::Person;
use crate::random::Random;
use crate::texts::Written;

/// Times are the store's (documented for newer apps): seconds ahead of UTC.
const STORE_ZONE: i32 = 8 * 3600;

/// The documented kinds of discount: words, or `1` as in the page's sample.
const DISCOUNTS: &[&str] = &[
    "减金额",
    "打折",
    "免运费",
    "固定售价",
    "最低价商品免费",
    "打包价",
    "第N件打折",
    "1",
];

pub(super) fn write(seed: u64, number: usize, head: &Head, customer: &str) -> Written {
    let mut random = Random::of(seed, "shopline-order", number);
    let figures = Figures::invent(&mut random, number, head);
    let person = Person::invent(&mut random);
    let order = Object::new();
    let order = identity(order, &mut random, number, head);
    let order = people(
        order,
        &mut random,
        &figures,
        &person,
        number,
        customer,
        head,
    );
    let order = amounts(order, &figures);
    let order = states(order, &mut random, &figures, head);
    let order = parts(order, &mut random, &figures, head);
    let order = origin(order, &mut random, &figures);
    let order = if figures.recorded {
        recorded(order, &mut random, &figures, head)
    } else {
        order
    };
    Written {
        json: order.end(),
        lines: figures.lines.len(),
        totals: vec![(
            figures.currencies.shop.to_owned(),
            two_places(figures.total),
        )],
    }
}

fn identity(order: Object, random: &mut Random, number: usize, head: &Head) -> Object {
    let cancelled = head.cancelled.then(|| iso(head.updated));
    order
        .text("id", &head.id)
        .text("name", &(1001 + number).to_string())
        .text("created_at", &iso(head.created))
        .text("updated_at", &iso(head.updated))
        .text_or_null("cancelled_at", cancelled.as_deref())
        .text_or_null(
            "cancel_reason",
            head.cancelled
                .then_some("客户取消 / customer changed their mind"),
        )
        // A key in it: read it as a secret.
        .text(
            "order_status_url",
            &format!(
                "https://{HANDLE}.example.com/orders/{}?key={}",
                head.id,
                random.hex(16)
            ),
        )
}

fn people(
    order: Object,
    random: &mut Random,
    figures: &Figures,
    person: &Person,
    number: usize,
    customer: &str,
    head: &Head,
) -> Object {
    // A guest's order that the customer took over later: listed here, without the customer's id in it (recorded shape).
    let id = (number % 10 != 9).then_some(customer);
    let mail = id.map(|_| person.mail.as_str());
    let time = iso(head.created);
    order
        .text_or_null("user_id", id)
        .text_or_null("email", mail)
        .text("phone", if random.chance(50) { &person.phone } else { "" })
        .raw(
            "customer",
            people_json::customer(random, id, person, figures.currencies.shop, &time),
        )
        .raw(
            "shipping_address",
            people_json::shipping(random, person, figures.recorded),
        )
        .raw(
            "billing_address",
            people_json::billing(random, person, figures.recorded),
        )
        .text("customer_locale", random.pick(&["", "enCN", "zh-hans-cn"]))
        .text(
            "buyer_note",
            random.pick(&["", "please gift-wrap 🎁", "\"schnell\" bitte\nDanke"]),
        )
        .text_or_null("note", random.pick(&[None, Some(""), Some("好客户")]))
        .text_or_null(
            "tax_number",
            random.pick(&[None, Some(""), Some("XX-000000")]),
        )
        .text_or_null("tax_type", random.pick(&[None, Some(""), Some("1")]))
}

fn amounts(order: Object, figures: &Figures) -> Object {
    let set = |amount| figures.currencies.set(amount);
    let text = |amount: Decimal| two_places(amount).to_string();
    let short = |amount: Decimal| match figures.recorded {
        true => text(amount),
        false => one_place(amount).to_string(),
    };
    let subtotal = figures.goods - figures.discount;
    order
        .text("currency", figures.currencies.shop)
        .text("presentment_currency", figures.currencies.presentment)
        .raw("taxes_included", false)
        .text("total_line_items_price", &text(figures.goods))
        .raw("total_line_items_price_set", set(figures.goods))
        .text("subtotal_price", &text(subtotal))
        .raw("subtotal_price_set", set(subtotal))
        .text("current_subtotal_price", &short(subtotal))
        .raw("current_subtotal_price_set", set(subtotal))
        .text("total_discounts", &text(figures.discount))
        .raw("total_discounts_set", set(figures.discount))
        .text("current_total_discounts", &short(figures.discount))
        .raw("current_total_discounts_set", set(figures.discount))
        .raw("total_shipping_price_set", set(figures.shipping))
        .text("total_tax", &text(figures.tax))
        .raw("total_tax_set", set(figures.tax))
        .text("current_total_tax", &short(figures.tax))
        .raw("current_total_tax_set", set(figures.tax))
        .text("current_total_price", &text(figures.total))
        .raw("current_total_price_set", set(figures.total))
        .text("total_outstanding", &text(figures.outstanding))
        .text("total_tip_received", &text(figures.tip))
        .text("adjust_price", &text(figures.adjusted))
        .raw("adjust_price_set", set(figures.adjusted))
}

fn states(order: Object, random: &mut Random, figures: &Figures, head: &Head) -> Object {
    // `canceled` stands on the page in the other language.
    let cancelled = random.pick(&["cancelled", "cancelled", "canceled"]);
    order
        .text("status", if head.cancelled { cancelled } else { "open" })
        .text("financial_status", figures.financial)
        .text("fulfillment_status", figures.fulfillment)
        .raw("hidden_order", head.archived)
        // A list as JSON inside of a string: recorded.
        .text_or_null(
            "tags",
            random.pick(&[None, Some("[\"vip\",\"été\"]"), Some("return")]),
        )
}

fn parts(order: Object, random: &mut Random, figures: &Figures, head: &Head) -> Object {
    let time = iso(head.created + 3_600_000);
    let pick_up = random.chance(10);
    let lines = json::list(
        figures
            .lines
            .iter()
            .map(|line| line_item(random, figures, line, Within::Order)),
    );
    let taxes = json::list([
        tax_line(
            figures,
            "VAT",
            Decimal::new(7, 2),
            figures.tax - figures.shipping_tax,
        ),
        tax_line(
            figures,
            "express_tax",
            Decimal::new(7, 2),
            figures.shipping_tax,
        ),
    ]);
    let weight: Decimal = figures
        .lines
        .iter()
        .map(|line| line.grams * Decimal::from(line.quantity))
        .sum();
    order
        .raw("line_items", lines)
        .raw("total_weight", weight.normalize())
        .raw(
            "tax_lines",
            if figures.tax.is_zero() { "[]" } else { &taxes },
        )
        .raw(
            "shipping_lines",
            parcels_json::shipping_lines(random, figures),
        )
        .raw(
            "fulfillments",
            parcels_json::fulfillments(random, figures, head, &time),
        )
        .raw(
            "refunds",
            refunds_json::refunds(random, figures, head, &time),
        )
        .raw(
            "payment_details",
            parcels_json::payment_details(random, figures, &time),
        )
        .raw(
            "payment_gateway_names",
            random.pick(&["[\"Paypal\"]", "[\"SLpayments\",\"COD\"]", "[]", "null"]),
        )
        .raw("discount_codes", discount_codes(random, figures))
        .raw("note_attributes", note_attributes(random, &time))
        .text_or_null("service", pick_up.then_some("pickUp"))
        .raw(
            "locations",
            parcels_json::locations(random, figures, pick_up),
        )
}

fn discount_codes(random: &mut Random, figures: &Figures) -> String {
    if figures.discount.is_zero() {
        return random.pick(&["[]", "null"]).to_owned();
    }
    let code = Object::new()
        .text("code", &format!("SPRING{}", random.digits(2)))
        .text("type", random.pick(DISCOUNTS))
        .text("amount", &two_places(figures.discount).to_string());
    json::list([code.end()])
}

fn note_attributes(random: &mut Random, time: &str) -> String {
    if random.chance(80) {
        return "[]".to_owned();
    }
    let note = Object::new()
        .text("name", "seller")
        .text("value", "hello \\ 你好")
        .text("create_time", time);
    json::list([note.end()])
}

fn origin(order: Object, random: &mut Random, figures: &Figures) -> Object {
    let address = format!("192.0.2.{}", random.below(255));
    let client = Object::new()
        .text("browser_ip", &address)
        .text("session_hash", &random.hex(20))
        .text("user_agent", "Mozilla/5.0 (Example; rv:1.0)")
        .end();
    let order = order
        .text("browser_ip", &address)
        .raw("client_details", client)
        .text("order_from", random.pick(&["web", "admin"]));
    if figures.recorded {
        // There the two tokens stand at the top.
        return order
            .text("cart_token", &random.hex(20))
            .text("checkout_token", &random.hex(20));
    }
    let tokens = Object::new()
        .text("cart_token", &random.hex(20))
        .text("checkout_token", &random.hex(20))
        .end();
    order.raw("token_info", tokens)
}

/// Members that stand on no page of this endpoint, but in the recorded orders of its sister.
fn recorded(order: Object, random: &mut Random, figures: &Figures, head: &Head) -> Object {
    let time = iso(head.created);
    let zero = Decimal::new(0, 2);
    let utm = Object::new().text("utm_source", "newsletter").end();
    order
        .text(
            "fulfillment_status_v2",
            if figures.is_shipped() {
                "shipped"
            } else {
                "unshipped"
            },
        )
        .raw(
            "return_info",
            Object::new().text("return_status", "NO_RETURN").end(),
        )
        .text("checkout_id", &random.digits(20))
        .text("checkout_language", "en")
        .null("company")
        .text("contract_seq", "")
        .null("credit_limit")
        .null("current_total_duties_set")
        .text("deduct_member_point_amount", "0.00")
        .raw(
            "deduct_member_point_amount_set",
            figures.currencies.set(zero),
        )
        .raw("discount_applications", "[]")
        .text("landing_site", "/")
        .text("order_at", &time)
        .text("order_source", "web")
        .null("payment_terms")
        .text_or_null("po_number", random.pick(&[Some(""), None]))
        .null("pos_location_id")
        .text("processed_at", &time)
        .null("processed_user_id")
        .text("referring_site", "")
        .null("source_identifier")
        .text("source_name", "web")
        .null("source_url")
        .text("store_id", "1672369729000")
        .null("tax_description")
        .raw(
            "total_tip_received_set",
            figures.currencies.set(figures.tip),
        )
        .raw(
            "total_outstanding_set",
            figures.currencies.set(figures.outstanding),
        )
        .raw(
            "utm_parameters",
            if random.chance(30) { &utm } else { "null" },
        )
}

/// ISO 8601 with the store's offset.
fn iso(milliseconds: i64) -> String {
    let zone = FixedOffset::east_opt(STORE_ZONE);
    match DateTime::from_timestamp(milliseconds.div_euclid(1000), 0).zip(zone) {
        Some((time, zone)) => time
            .with_timezone(&zone)
            .format("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_offset_of_the_store() {
        assert_eq!(iso(1_788_356_646_999), "2026-09-02T21:44:06+08:00");
    }
}
