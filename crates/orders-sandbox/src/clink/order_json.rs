//! The JSON of a Clink order.

use rust_decimal::Decimal;

use super::changes::State;
use super::data::{Head, PAYING};
use super::figures::Figures;
use crate::bodies::Written;
use crate::json::{self, Object};
use crate::names::{Person, goods};
use crate::random::Random;

/// The documented statuses, and `created`, which is recorded outside of the documented list.
const STATUSES: &[&str] = &[
    "success",
    "success",
    "failed",
    "success",
    "partial_refunded",
    "success",
    "refunded",
    "pending",
    "requires_action",
    "success",
    "created",
];
const FAILURES: &[(&str, &str)] = &[
    ("card_declined", "The card was declined by its issuer."),
    (
        "processor_communication_error",
        "The processor could not be reached.",
    ),
    ("insufficient_funds", "余额不足 / insufficient funds"),
];
const METHODS: &[&str] = &[
    "CARD",
    "CARD",
    "CARD",
    "CASHAPP",
    "WECHAT",
    "KAKAO",
    "PIX",
    "ALIPAY",
    "UPI",
    "PAYPAL",
    "GOOGLEPAY",
    "APPLEPAY",
    "QRIS",
    "GCASH",
    "paypal",
];

/// The status that an order has from its seed, before any change.
pub(super) fn born(number: usize) -> &'static str {
    STATUSES[number % STATUSES.len()]
}

/// The dice depend only on the order as its seed made it, so a change affects only the members that it concerns.
pub(super) fn write(seed: u64, number: usize, head: &Head, state: Option<&State>) -> Written {
    let mut random = Random::of(seed, "clink-order", number);
    let figures = Figures::invent(&mut random, number);
    let born = born(number);
    let status = state.map_or(born, |state| state.status);
    let recurring = head.subscription.is_some();
    let person = Person::invent(&mut random);
    let paid = head.created + random.between(800, PAYING);
    // A list can be null (recorded). Then the order has no lines.
    let lines = if number % 13 == 12 {
        &[][..]
    } else {
        &figures.lines[..]
    };

    let mut order = Object::new()
        .text("orderId", &head.id)
        .text("type", if recurring { "recurring" } else { "onetime" })
        .text_or_null("merchantReferenceId", head.reference.as_deref());
    order = match recurring {
        true => order.text("invoiceId", &format!("inv_{}", random.letters(20))),
        false => order.null("invoiceId"),
    };
    order = order
        .text("customerId", &head.customer)
        .text("customerEmail", &person.mail)
        .raw("createTime", head.created)
        .text("productId", &format!("prd_{}", random.letters(16)))
        .text("priceId", &format!("price_{}", random.letters(16)));
    order = if lines.is_empty() {
        order.null("priceDataList")
    } else {
        order.raw(
            "priceDataList",
            price_list(&mut random, lines, figures.original_currency),
        )
    };
    order = order
        .raw("paymentMethod", payment_method(&mut random, number))
        .raw(
            "paymentExecutionDetails",
            execution(&mut random, number, status),
        )
        .raw("amountSubtotal", figures.subtotal)
        .raw("amountTotal", figures.total)
        .text("paymentCurrency", figures.payment_currency)
        .text("originalCurrency", figures.original_currency)
        .text("status", status);
    let failure = (born == "failed").then(|| random.pick(FAILURES));
    if status == "failed" {
        let (code, message) = failure.unwrap_or(FAILURES[0]);
        order = order
            .text("failureCode", code)
            .text("failureMessage", message);
    }
    // Final orders have a payment time, also failed ones (recorded).
    order = match status {
        "pending" | "requires_action" | "created" => order.null("paymentTime"),
        _ => order.raw(
            "paymentTime",
            state.and_then(|state| state.paid).unwrap_or(paid),
        ),
    };
    let json = order
        .text("sessionId", &format!("sess_{}", random.letters(20)))
        .raw("metadata", metadata(&mut random))
        .text_or_null(
            "riskLevel",
            random.pick(&[Some("LOW"), Some("LOW"), Some("MEDIUM"), Some("HIGH"), None]),
        )
        .end();
    Written {
        json,
        lines: lines.len(),
        totals: vec![(figures.payment_currency.to_owned(), figures.total)],
    }
}

fn price_list(random: &mut Random, lines: &[(Decimal, i64)], currency: &str) -> String {
    json::list(lines.iter().map(|(unit, quantity)| {
        let line = Object::new()
            .text("name", goods(random))
            .raw("unitAmount", unit)
            .raw("quantity", quantity)
            .text("currency", currency);
        match random.chance(70) {
            true => line
                .text(
                    "imageUrl",
                    &format!("https://img.example.com/{}.png", random.hex(8)),
                )
                .end(),
            false => line.null("imageUrl").end(),
        }
    }))
}

/// Short, as the page shows it, or with the longer list of members; words in the spellings that occur.
fn payment_method(random: &mut Random, number: usize) -> String {
    let kind = METHODS[number % METHODS.len()];
    let method = Object::new()
        .text("paymentMethodType", kind)
        .text("paymentInstrumentId", &format!("pi_{}", random.letters(18)));
    if random.chance(30) {
        return method.end();
    }
    if kind != "CARD" {
        let wallet = Object::new()
            .text("accountTag", &format!("$tag{}", random.digits(4)))
            .end();
        return method
            .null("cardScheme")
            .null("cardLastFour")
            .raw("wallet", wallet)
            .end();
    }
    method
        .text(
            "cardScheme",
            random.pick(&["VISA", "Visa", "Mastercard", "AMEX"]),
        )
        .text(
            "cardLastFour",
            random.pick(&["4242", "1003", "0000", "0005"]),
        )
        .text("issuerRegion", random.pick(&["US", "USA", "DE", "JP"]))
        .text(
            "issuerBank",
            random.pick(&["Example Bank, N.A.", "例子银行"]),
        )
        .null("wallet")
        .end()
}

fn execution(random: &mut Random, number: usize, status: &str) -> String {
    if number % 5 == 4 {
        return "null".to_owned();
    }
    let attempts = 1 + usize::from(random.chance(20));
    json::list((1..=attempts).map(|attempt| {
        let failed = status == "failed" || attempt < attempts;
        let detail = Object::new()
            .text("channelCode", random.pick(&["ch_alpha", "ch_beta"]))
            .text("channelTransactionId", &random.digits(20));
        match failed {
            true => detail
                .text("originalFailureCode", "05")
                .text("originalFailureMessage", "Do not honor")
                .end(),
            false => detail
                .null("originalFailureCode")
                .null("originalFailureMessage")
                .end(),
        }
    }))
}

fn metadata(random: &mut Random) -> String {
    match random.below(3) {
        0 => Object::new().end(),
        1 => Object::new().text("campaign", "spring/2026").end(),
        _ => Object::new()
            .text("note", "ギフト 🎁 \"wrapped\"")
            .text("seat", &random.digits(2))
            .end(),
    }
}
