//! The JSON of a Clink refund. Documented: the statuses; `metadata` as JSON text on an older page and as an object now.
//! The names of most members are inferred from the call that makes a refund.

use super::changes::Refunded;
use super::data::Store;
use crate::json::Object;
use crate::random::Random;
use crate::truth::TruthRefund;

/// All refunds of an order, the oldest first.
pub(super) fn all(store: &Store, number: usize) -> Vec<TruthRefund> {
    let refunds = store.refunds(number);
    let written = refunds.iter().enumerate();
    written
        .map(|(place, refund)| write(store, number, place, refund))
        .collect()
}

/// The refund of an id, which holds the order's id and the refund's place in it.
pub(super) fn one(store: &Store, id: &str) -> Option<TruthRefund> {
    let (order, place) = id.strip_prefix("rfd_")?.rsplit_once('_')?;
    let number = store.number(&format!("order_{order}"))?;
    let place: usize = place.parse().ok()?;
    let refunds = store.refunds(number);
    let refund = write(store, number, place, refunds.get(place)?);
    (refund.id == id).then_some(refund)
}

fn write(store: &Store, number: usize, place: usize, refund: &Refunded) -> TruthRefund {
    let mut random = Random::of(store.seed, "clink-refund", number * 8 + place);
    let order = &store.heads[number].id;
    let id = format!("rfd_{}_{place}", order.trim_start_matches("order_"));
    let done = match refund.status {
        "success" | "failed" | "closed" => Some(refund.created + random.between(1000, 60_000)),
        _ => None,
    };
    let metadata = Object::new()
        .text("ticket", &random.digits(6))
        .text("note", "zurück / 退款")
        .end();
    let mut json = Object::new()
        .text("refundId", &id)
        .text("orderId", order)
        .text("refundMerchantOrderId", &format!("mr-{}", random.hex(12)))
        .raw("refundAmount", refund.amount)
        .text("refundCurrency", refund.currency)
        .text("status", refund.status)
        .raw("refundReasonType", random.below(4))
        .text_or_null("remark", random.pick(&[None, Some(""), Some("wrong size")]));
    if refund.status == "failed" {
        json = json
            .text("failureCode", "already_refunded")
            .text("failureMessage", "The order was paid back before.");
    }
    json = json.raw("createTime", refund.created);
    json = match done {
        Some(time) => json.raw("refundTime", time),
        None => json.null("refundTime"),
    };
    let json = match number % 3 {
        0 => json.text("metadata", &metadata),
        1 => json.raw("metadata", metadata),
        _ => json.null("metadata"),
    };
    TruthRefund {
        id,
        order_id: order.clone(),
        json: json.end(),
    }
}
