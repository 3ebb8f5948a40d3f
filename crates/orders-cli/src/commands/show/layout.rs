//! A stored order for people: the common words, the vendor's words beside them, and the vendor's text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use orders_core::{
    Adjustment, Amount, Currency, Decimal, Line, Mapped, Money, Order, Sums, TotalKind,
};
use serde::Serialize;

use orders_sync::StoredOrder;

use super::kept::Kept;
use crate::output::plain;
use crate::times;

/// The heading of an order.
pub(crate) fn title(order: &StoredOrder) -> String {
    let mut text = format!("{}  order {}", order.account, order.id);
    for (word, name) in [
        ("number", &order.number),
        ("reference", &order.merchant_reference),
    ] {
        if let Some(name) = name.as_ref().filter(|name| **name != order.id) {
            text.push_str(&format!("  {word} {name}"));
        }
    }
    plain(&text).into_owned()
}

pub(super) fn text(kept: &Kept) -> String {
    let Kept {
        order,
        stored: kept,
    } = kept;
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        facts.extend(value.map(|value| (name.to_owned(), value)));
    };
    fact("kind", Some(word(&order.kind)));
    fact("belongs to", order.parent_id.clone());
    for (name, at) in times_of(order) {
        fact(name, at.as_ref().map(times::show));
    }
    for (name, status) in statuses(order) {
        fact(name, status);
    }
    fact(
        "final",
        Some(if order.is_terminal() { "yes" } else { "no" }.to_owned()),
    );
    fact("customer", customer(order));
    for (name, sum) in sums(order) {
        fact(name, Some(sum));
    }
    for total in order.totals.iter().filter(|t| t.kind != TotalKind::Charged) {
        fact(&total_word(&total.kind), Some(amount(&total.amount)));
    }
    if let Some(taxes) = order.taxes_included {
        let words = if taxes { "in the prices" } else { "on top" };
        fact("taxes", Some(words.to_owned()));
    }
    for line in &order.lines {
        fact("line", Some(line_words(line)));
    }
    for adjustment in &order.adjustments {
        fact("adjusted", Some(adjustment_words(adjustment)));
    }
    fact("first seen", Some(times::shown(&kept.first_seen_at)));
    fact("changed", Some(times::shown(&kept.changed_at)));
    fact("last seen", kept.seen_at.as_deref().map(times::shown));
    fact("pushed", kept.pushed_at.as_deref().map(times::shown));
    let doubted = kept.doubted_at.as_deref().map(times::shown);
    fact("doubted since", doubted);
    fact("gone since", kept.gone_at.as_deref().map(times::shown));
    fact("content", Some(format!("sha256 {}", kept.content_hash)));
    let mut text = title(kept);
    let width = facts.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default();
    for (name, value) in facts {
        let _ = write!(text, "\n  {:<width$}  {}", plain(&name), plain(&value));
    }
    let raw = String::from_utf8_lossy(&kept.raw);
    let lines: Vec<_> = raw.lines().map(plain).collect();
    format!(
        "{text}\n\nThe vendor's text ({} bytes):\n{}",
        kept.raw.len(),
        lines.join("\n")
    )
}

/// The word that serde writes for a plain enum value.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => "unknown".to_owned(),
    }
}

fn times_of(order: &Order) -> [(&'static str, Option<DateTime<FixedOffset>>); 5] {
    [
        ("created", order.created_at),
        ("updated", order.updated_at),
        ("paid", order.paid_at),
        ("cancelled", order.cancelled_at),
        ("settled", order.settled_at),
    ]
}

fn statuses(order: &Order) -> Vec<(&'static str, Option<String>)> {
    let commission = order.commission.as_ref();
    let sub = commission.and_then(|commission| commission.sub_id.clone());
    vec![
        ("payment", order.payment.as_ref().map(status)),
        ("fulfillment", order.fulfillment.as_ref().map(status)),
        (
            "commission",
            commission.and_then(|commission| commission.status.as_ref().map(status)),
        ),
        (
            "program",
            commission.and_then(|commission| commission.program_id.clone()),
        ),
        ("sub id", sub),
        (
            "closed",
            order
                .closed
                .map(|closed| if closed { "yes" } else { "no" }.to_owned()),
        ),
    ]
}

/// What the order comes to, what was taken for it and what went back: the same questions for every vendor.
fn sums(order: &Order) -> Vec<(&'static str, String)> {
    let shown = |money: Option<&Money>| money.map_or("unknown".to_owned(), ToString::to_string);
    let each = |sums: BTreeMap<Currency, Decimal>| {
        let each = sums.into_iter();
        let each = each.map(|(code, sum)| Money::new(sum, code).to_string());
        each.collect::<Vec<_>>().join(", ")
    };
    let back = match order.money_back() {
        Sums::Known(sums) if sums.is_empty() => "nothing".to_owned(),
        Sums::Known(sums) => each(sums),
        Sums::AtLeast(sums) => format!("at least {}", each(sums)),
        _ => "unknown".to_owned(),
    };
    let mut shown = vec![
        ("comes to", shown(order.total())),
        ("charged", shown(order.charged())),
    ];
    shown.push(("money back", back));
    if let Some(net) = order.net() {
        shown.push(("net", net.to_string()));
    }
    shown
}

/// Our word, and the vendor's own.
fn status<T: Serialize>(status: &Mapped<T>) -> String {
    format!("{:<18} vendor: {:?}", word(&status.normal), status.native)
}

fn customer(order: &Order) -> Option<String> {
    let customer = order.customer.as_ref()?;
    let facts: Vec<_> = [&customer.id, &customer.email]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!facts.is_empty()).then(|| facts.join(", "))
}

fn total_word(kind: &TotalKind) -> String {
    match kind {
        TotalKind::Grand => "total".to_owned(),
        TotalKind::Current(field) | TotalKind::Other(field) => field.clone(),
        known => word(known),
    }
}

/// Both sides of a pair, never converted.
fn amount(amount: &Amount) -> String {
    let sides = amount.sides().map(|(side, money)| match side {
        "single" => money.to_string(),
        "presentment" => format!("{money} (buyer)"),
        side => format!("{money} ({side})"),
    });
    sides.collect::<Vec<_>>().join(", ")
}

fn line_words(line: &Line) -> String {
    let mut facts = Vec::new();
    facts.extend(line.quantity.map(|quantity| format!("{quantity} x")));
    let left = line
        .current_quantity
        .filter(|left| Some(*left) != line.quantity);
    facts.extend(left.map(|left| format!("({left} left)")));
    facts.push(
        line.title
            .clone()
            .unwrap_or_else(|| "(no title)".to_owned()),
    );
    facts.extend(line.sku.as_ref().map(|sku| format!("[{sku}]")));
    facts.extend(line.unit_price.as_ref().map(|price| format!("at {price}")));
    facts.extend(line.discount.as_ref().map(|off| format!("less {off}")));
    facts.extend(line.tax.as_ref().map(|tax| format!("tax {tax}")));
    facts.extend(line.total.as_ref().map(|total| format!("= {total}")));
    facts.extend(
        line.commission
            .as_ref()
            .map(|earned| format!("commission {earned}")),
    );
    let native = line.fulfillment.as_ref().map(|status| &status.native);
    let native = native.or(line.native_status.as_ref());
    let words = native.into_iter().chain(&line.merchant_status);
    facts.extend(words.map(|word| format!("{word:?}")));
    facts.join(" ")
}

fn adjustment_words(adjustment: &Adjustment) -> String {
    let mut facts = vec![adjustment.kind.to_string().replace('_', " ")];
    facts.extend(adjustment.amount.as_ref().map(amount));
    facts.extend(
        adjustment
            .tax
            .as_ref()
            .map(|tax| format!("tax {}", amount(tax))),
    );
    let status = adjustment.status.as_ref();
    facts.extend(status.map(|status| format!("{} {:?}", status.normal, status.native)));
    facts.extend(adjustment.at.as_ref().map(times::show));
    facts.extend(adjustment.reason.as_ref().map(|why| format!("{why:?}")));
    facts.join(", ")
}
