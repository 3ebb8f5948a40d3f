//! Clink's orders: invented, newest first.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::figures::Figures;
use crate::json::{self, Object};
use crate::names::{Person, goods};
use crate::random::Random;
use crate::texts::{Texts, Written};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;

/// Orders reach back so far: 90 days, in milliseconds.
const REACH: i64 = 90 * 86_400_000;
/// A payment is final within 15 minutes, and the newest order is at least so old: in milliseconds.
const PAYING: i64 = 900_000;

/// All orders of the account. The number of an order is its place, 0 the newest.
pub(crate) struct Store {
    seed: u64,
    heads: Vec<Head>,
    by_customer: Index,
    by_subscription: Index,
    by_reference: Index,
    texts: Texts,
}

type Index = HashMap<String, Vec<usize>>;

/// What orders are found by.
struct Head {
    id: String,
    /// Milliseconds since the epoch.
    created: i64,
    customer: String,
    subscription: Option<String>,
    /// Neither unique nor always useful: the text `null` is recorded.
    reference: Option<String>,
}

/// The filters of a request; all given ones must fit.
pub(super) struct Filter<'a> {
    pub(super) customer: Option<&'a str>,
    pub(super) subscription: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
}

impl Store {
    pub(crate) fn new(seed: u64, orders: usize, now: DateTime<Utc>) -> Self {
        let step = REACH / i64::try_from(orders.max(1)).unwrap_or(i64::MAX);
        let mut oldest_of_step = now.timestamp() * 1000 - PAYING;
        let heads: Vec<Head> = (0..orders)
            .map(|number| {
                oldest_of_step -= step;
                Head::invent(seed, number, orders, oldest_of_step, step)
            })
            .collect();
        Self {
            seed,
            by_customer: index(&heads, |head| Some(&head.customer)),
            by_subscription: index(&heads, |head| head.subscription.as_ref()),
            by_reference: index(&heads, |head| head.reference.as_ref()),
            texts: Texts::new(orders),
            heads,
        }
    }

    /// How many orders fit, and the numbers of those on one page.
    pub(super) fn page(
        &self,
        filter: &Filter<'_>,
        skip: usize,
        take: usize,
    ) -> (usize, Vec<usize>) {
        let keyed = [
            filter.subscription.map(|key| self.by_subscription.get(key)),
            filter.reference.map(|key| self.by_reference.get(key)),
            filter.customer.map(|key| self.by_customer.get(key)),
        ];
        let Some(found) = keyed.into_iter().flatten().next() else {
            let total = self.heads.len();
            return (total, (0..total).skip(skip).take(take).collect());
        };
        let fitting: Vec<usize> = found
            .into_iter()
            .flatten()
            .copied()
            .filter(|number| self.fits(*number, filter))
            .collect();
        (
            fitting.len(),
            fitting.into_iter().skip(skip).take(take).collect(),
        )
    }

    fn fits(&self, number: usize, filter: &Filter<'_>) -> bool {
        let head = &self.heads[number];
        filter.customer.is_none_or(|id| head.customer == id)
            && filter
                .subscription
                .is_none_or(|id| head.subscription.as_deref() == Some(id))
            && filter
                .reference
                .is_none_or(|id| head.reference.as_deref() == Some(id))
    }

    pub(super) fn written(&self, number: usize) -> Arc<Written> {
        self.texts
            .get(number, || write(self.seed, number, &self.heads[number]))
    }

    pub(crate) fn truth(&self) -> Vec<TruthOrder> {
        let truth = |(number, head): (usize, &Head)| {
            let written = self.written(number);
            TruthOrder {
                vendor: Vendor::Clink,
                id: head.id.clone(),
                json: written.json.clone(),
                lines: written.lines,
                totals: written.totals.clone(),
            }
        };
        self.heads.iter().enumerate().map(truth).collect()
    }
}

fn index<'a>(heads: &'a [Head], key: impl Fn(&'a Head) -> Option<&'a String>) -> Index {
    let mut index = Index::new();
    for (number, head) in heads.iter().enumerate() {
        if let Some(key) = key(head) {
            index.entry(key.clone()).or_default().push(number);
        }
    }
    index
}

impl Head {
    fn invent(seed: u64, number: usize, orders: usize, oldest: i64, step: i64) -> Self {
        let mut random = Random::of(seed, "clink", number);
        let recurring = number.is_multiple_of(3);
        let crowd = (orders as u64 / 6).max(1);
        Self {
            // The number in it keeps it unique whatever the dice say.
            id: format!("order_{}{number:x}", random.letters(18)),
            created: oldest + random.between(0, step - 1),
            customer: format!("cus_sandbox{:05}", random.below(crowd)),
            subscription: recurring.then(|| format!("sub_sandbox{:05}", random.below(crowd))),
            reference: match number % 7 {
                0 => None,
                1 => Some("null".to_owned()),
                2 => Some(format!("ref-{:03}", random.below(crowd))),
                _ => Some(format!("ref-{}", random.hex(12))),
            },
        }
    }
}

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

fn write(seed: u64, number: usize, head: &Head) -> Written {
    let mut random = Random::of(seed, "clink-order", number);
    let figures = Figures::invent(&mut random, number);
    let status = STATUSES[number % STATUSES.len()];
    let recurring = head.subscription.is_some();
    let person = Person::invent(&mut random);
    let paid = head.created + random.between(800, PAYING);
    // A list can be null (recorded); then there are no lines.
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
    if status == "failed" {
        let (code, message) = random.pick(FAILURES);
        order = order
            .text("failureCode", code)
            .text("failureMessage", message);
    }
    // Final orders have a payment time, failed ones too (recorded).
    order = match status {
        "pending" | "requires_action" | "created" => order.null("paymentTime"),
        _ => order.raw("paymentTime", paid),
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
