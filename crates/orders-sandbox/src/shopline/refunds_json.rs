//! The refunds of a SHOPLINE order: the one place where amounts are also JSON numbers.

use rust_decimal::Decimal;

use super::data::Head;
use super::figures::{Figures, Line};
use super::lines_json::{Within, line_item};
use super::money::{number, two_places};
use crate::json::{self, Object};
use crate::random::Random;

/// All refunds: none, one for a refunded order, two for one refunded in parts.
pub(super) fn refunds(random: &mut Random, figures: &Figures, head: &Head, time: &str) -> String {
    let count = match figures.financial {
        "partially_refunded" => 2,
        "refunded" => 1,
        _ => 0,
    };
    json::list((0..count).map(|place| refund(random, figures, head, time, place)))
}

fn refund(random: &mut Random, figures: &Figures, head: &Head, time: &str, place: usize) -> String {
    let id = format!("26{}", random.digits(20));
    let lines = if figures.financial == "refunded" {
        &figures.lines[..]
    } else {
        &figures.lines[..1]
    };
    let amount = match figures.financial {
        "refunded" => figures.total,
        _ => two_places(figures.total / Decimal::from(4 + place as u64)),
    };
    let items = json::list(
        lines
            .iter()
            .map(|line| refund_line_item(random, figures, line)),
    );
    // A refund without goods has null for a list (recorded when an order is cancelled).
    let items = if place == 1 { "null".to_owned() } else { items };
    let refund = Object::new()
        .text("id", &id)
        .text("order_id", &head.id)
        .text_or_null("user_id", random.pick(&[Some("2002697754"), None]))
        .text("note", random.pick(&["", "wrong size", "买家退款"]))
        .text("created_at", time)
        .text_or_null("processed_at", random.pick(&[Some(time), None]))
        .raw("refund_line_items", items)
        .raw(
            "order_adjustments",
            json::list((place == 0).then(|| adjustment(random, figures, head))),
        )
        .raw(
            "transactions",
            json::list([transaction(random, figures, head, time, amount)]),
        );
    match figures.recorded {
        true => refund
            .null("total_duties_set")
            .raw("transactions_v2", "[]")
            .end(),
        false => refund.end(),
    }
}

fn refund_line_item(random: &mut Random, figures: &Figures, line: &Line) -> String {
    let subtotal = line.price * Decimal::from(line.quantity);
    Object::new()
        // Not numeric: recorded.
        .text("id", &format!("RDP{}", random.digits(19)))
        .text("line_item_id", &line.id)
        .raw(
            "line_item",
            line_item(random, figures, line, Within::Refund),
        )
        .raw("quantity", line.quantity)
        .text(
            "restock_type",
            random.pick(&["no_restock", "no_restock", "cancel", "return"]),
        )
        .raw("subtotal", number(subtotal))
        .raw("subtotal_set", figures.currencies.set(subtotal))
        .raw("total_tax", number(line.tax))
        .raw("total_tax_set", figures.currencies.set(line.tax))
        .end()
}

/// The amounts as strings, in the pairs as numbers (documented and recorded).
fn adjustment(random: &mut Random, figures: &Figures, head: &Head) -> String {
    let amount = Decimal::new(random.between(-500, 500), 2);
    let tax = Decimal::new(0, 2);
    Object::new()
        .text("id", &format!("RAP{}", random.digits(19)))
        .text("order_id", &head.id)
        // Recorded: not the id of the refund it stands in.
        .text("refund_id", &format!("27{}", random.digits(20)))
        .text(
            "kind",
            random.pick(&["refund_discrepancy", "shipping_refund"]),
        )
        .text("reason", random.pick(&["", "Refund discrepancy", "补差"]))
        .text("amount", &amount.to_string())
        .raw("amount_set", figures.currencies.set_of_numbers(amount))
        .text("tax_amount", &tax.to_string())
        .raw("tax_amount_set", figures.currencies.set_of_numbers(tax))
        .end()
}

fn transaction(
    random: &mut Random,
    figures: &Figures,
    head: &Head,
    time: &str,
    amount: Decimal,
) -> String {
    Object::new()
        .text("id", &random.digits(22))
        .text("order_id", &head.id)
        .text_or_null("user_id", random.pick(&[Some("2002697754"), None]))
        .text("kind", "refund")
        .text(
            "status",
            random.pick(&["success", "success", "pending", "failure", "error"]),
        )
        .text("amount", &two_places(amount).to_string())
        .text("currency", figures.currencies.shop)
        .text("created_at", time)
        .text_or_null("processed_at", random.pick(&[Some(time), None]))
        .end()
}
