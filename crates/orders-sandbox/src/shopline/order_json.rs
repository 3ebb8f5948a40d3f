//! The JSON of a SHOPLINE order: every member of its page, and in every second order the members that were recorded
//! only on the sister endpoint.

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;

use super::HANDLE;
use super::changes::State;
use super::data::Head;
use super::figures::{Figures, SHIPPING_TAX_RATE};
use super::lines_json::{Within, line_item, tax_line};
use super::money::two_places;
use super::parcels_json::Form;
use super::{amounts_json, parcels_json, people_json, recorded_json, refunds_json, small_json};
use crate::bodies::Written;
use crate::json::{self, Object};
use crate::names::Person;
use crate::random::Random;

/// Times are in the store's zone (documented for newer apps): seconds ahead of UTC.
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

/// The input for the text of an order.
pub(super) struct Subject<'a> {
    pub(super) seed: u64,
    pub(super) small: bool,
    pub(super) number: usize,
    pub(super) head: &'a Head,
    pub(super) customer: &'a str,
    /// The changes since the start.
    pub(super) state: &'a State,
}

/// The dice depend only on the order as its seed made it, so a change affects only the members that it concerns.
pub(super) fn write(subject: &Subject<'_>) -> Written {
    write_as(subject, Form::InOrder)
}

/// As [`write`], with the parcels in one of their forms.
pub(super) fn write_as(subject: &Subject<'_>, form: Form) -> Written {
    if subject.small {
        return small_json::write(subject);
    }
    let Subject {
        number,
        head,
        customer,
        ..
    } = *subject;
    let mut random = Random::of(subject.seed, "shopline-order", number);
    let mut figures = Figures::invent(&mut random, number);
    figures.become_now(subject.state);
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
    let order = amounts_json::amounts(order, &figures);
    let order = states(order, &mut random, &figures, head);
    let order = parts(order, &mut random, &figures, subject, form);
    let order = origin(order, &mut random, &figures);
    let order = if figures.recorded {
        recorded_json::recorded(order, &mut random, &figures, head)
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

/// Parcels, payments and refunds from the seed follow the order by an hour, in milliseconds.
pub(super) const PARTS_AFTER: i64 = 3_600_000;

/// The order number shown to people.
pub(super) fn name(number: usize) -> String {
    (1001 + number).to_string()
}

/// A guest's order that the customer took over later: listed under the customer, without the customer's id (recorded
/// shape).
pub(super) fn is_guest(number: usize) -> bool {
    number % 10 == 9
}

/// The `email` of an order.
pub(super) fn mail(seed: u64, number: usize) -> Option<String> {
    let mut random = Random::of(seed, "shopline-order", number);
    Figures::invent(&mut random, number);
    (!is_guest(number)).then(|| Person::invent(&mut random).mail)
}

fn identity(order: Object, random: &mut Random, number: usize, head: &Head) -> Object {
    let cancelled = head.cancelled.map(iso);
    order
        .text("id", &head.id)
        .text("name", &name(number))
        .text("created_at", &iso(head.created))
        .text("updated_at", &iso(head.updated))
        .text_or_null("cancelled_at", cancelled.as_deref())
        .text_or_null(
            "cancel_reason",
            head.cancelled
                .map(|_| "客户取消 / customer changed their mind"),
        )
        // The URL holds a key, which readers must treat as a secret.
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
    let id = (!is_guest(number)).then_some(customer);
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

fn states(order: Object, random: &mut Random, figures: &Figures, head: &Head) -> Object {
    // `canceled` stands on the page in the other language.
    let cancelled = random.pick(&["cancelled", "cancelled", "canceled"]);
    order
        .text(
            "status",
            if head.cancelled.is_some() {
                cancelled
            } else {
                "open"
            },
        )
        .text("financial_status", figures.financial)
        .text("fulfillment_status", figures.fulfillment)
        .raw("hidden_order", head.archived)
        // A list as JSON inside a string (recorded).
        .text_or_null(
            "tags",
            random.pick(&[None, Some("[\"vip\",\"été\"]"), Some("return")]),
        )
}

fn parts(
    order: Object,
    random: &mut Random,
    figures: &Figures,
    subject: &Subject<'_>,
    form: Form,
) -> Object {
    let time = iso(subject.head.created + PARTS_AFTER);
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
            figures.lines[0].tax_rate,
            figures.tax - figures.shipping_tax,
        ),
        tax_line(
            figures,
            "express_tax",
            SHIPPING_TAX_RATE,
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
            parcels_json::fulfillments(random, figures, subject, form),
        )
        .raw("refunds", refunds_json::refunds(random, figures, subject))
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

/// ISO 8601 with the store's offset.
pub(super) fn iso(milliseconds: i64) -> String {
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
