//! The payment of a SHOPLINE order, outside of the order itself.

use super::figures::Figures;
use super::money::two_places;
use super::order_json::{PARTS_AFTER, Subject, iso};
use crate::json::Object;
use crate::random::Random;

/// The present amounts of an order.
pub(super) fn figures(subject: &Subject<'_>) -> Figures {
    let mut random = Random::of(subject.seed, "shopline-order", subject.number);
    let mut figures = match subject.small {
        true => Figures::small(&mut random, subject.number),
        false => Figures::invent(&mut random, subject.number),
    };
    figures.become_now(subject.state);
    figures
}

/// The unpaid amount, as a pair.
pub(super) fn outstanding_set(subject: &Subject<'_>) -> String {
    let figures = figures(subject);
    figures.currencies.set(figures.outstanding)
}

/// The transaction of the payment. None for an unpaid order.
pub(super) fn payment(subject: &Subject<'_>) -> Option<String> {
    let figures = figures(subject);
    let (kind, status) = match figures.financial {
        "unpaid" => return None,
        "authorized" => ("authorization", "success"),
        "pending" => ("sale", "pending"),
        _ => ("sale", "success"),
    };
    let mut random = Random::of(subject.seed, "shopline-payment", subject.number);
    let time = iso(subject.head.created + PARTS_AFTER);
    let amount = match figures.financial {
        "partially_paid" => figures.total - figures.outstanding,
        _ => figures.total,
    };
    let json = Object::new()
        .text("id", &random.digits(22))
        .text("order_id", &subject.head.id)
        .null("user_id")
        .text("kind", kind)
        .text("status", status)
        .text("amount", &two_places(amount).to_string())
        .text("currency", figures.currencies.shop)
        .text("gateway", random.pick(&["Paypal", "SLpayments", "COD"]))
        .text("created_at", &time)
        .text("processed_at", &time);
    Some(json.end())
}
