//! The refunds of a SHOPLINE order: the only place where amounts are also JSON numbers.

use rust_decimal::Decimal;

use super::data::Head;
use super::figures::{Figures, Line};
use super::lines_json::{Within, line_item};
use super::money::{number, two_places};
use super::order_json::{PARTS_AFTER, Subject, iso};
use crate::json::{self, Object};
use crate::random::Random;

/// All refunds. From the seed: one for a refunded order, two for a partially refunded one, else none. Then the later
/// ones, and the units that were taken out.
pub(super) fn refunds(random: &mut Random, figures: &Figures, subject: &Subject<'_>) -> String {
    let mut written = Vec::new();
    for refund in all(figures, subject) {
        let refund = match refund.later {
            false => refund.write(random, figures, subject.head),
            true => {
                let mut dice = Random::of(subject.seed, "shopline-refund", subject.number);
                // Each refund has dice of its own, also within one order.
                for _ in 0..written.len() {
                    dice.next();
                }
                refund.write(&mut dice, figures, subject.head)
            }
        };
        written.push(refund);
    }
    let edits = subject.state.edits.iter().enumerate();
    written.extend(edits.map(|(place, time)| {
        let mut dice = Random::of(subject.seed, "shopline-edit", subject.number);
        for _ in 0..place {
            dice.next();
        }
        edit(&mut dice, figures, subject.head, *time)
    }));
    json::list(written)
}

/// One unit of the first product that was taken out. No money moved yet, and the member of the payments is not there.
fn edit(random: &mut Random, figures: &Figures, head: &Head, time: i64) -> String {
    let item = figures.lines.first().map(|line| {
        let (price, tax) = figures.unit();
        Object::new()
            .text("id", &format!("RDP{}", random.digits(19)))
            .text("line_item_id", &line.id)
            .raw("quantity", 1)
            .text("restock_type", "cancel")
            .raw("subtotal", number(price))
            .raw("subtotal_set", figures.currencies.set(price))
            .raw("total_tax", number(tax))
            .raw("total_tax_set", figures.currencies.set(tax))
            .end()
    });
    Object::new()
        .text("id", &format!("26{}", random.digits(20)))
        .text("order_id", &head.id)
        .text("created_at", &iso(time))
        .raw("refund_line_items", json::list(item))
        .end()
}

/// The refunded amounts, oldest first.
pub(super) fn all(figures: &Figures, subject: &Subject<'_>) -> Vec<Refund> {
    let (born, _) = figures.born;
    let count = match born {
        "partially_refunded" => 2,
        "refunded" => 1,
        _ => 0,
    };
    let of_seed = |place: usize| Refund {
        whole: born == "refunded",
        amount: match born {
            "refunded" => figures.total,
            _ => two_places(figures.total / Decimal::from(4 + place as u64)),
        },
        time: subject.head.created + PARTS_AFTER,
        place,
        later: false,
    };
    let mut all: Vec<_> = (0..count).map(of_seed).collect();
    let mut left = figures.total - all.iter().map(|refund| refund.amount).sum::<Decimal>();
    for later in &subject.state.refunds {
        let amount = match later.whole {
            true => left,
            false => two_places(figures.total / Decimal::from(8)),
        };
        left -= amount;
        all.push(Refund {
            whole: later.whole,
            amount,
            time: later.time,
            place: 0,
            later: true,
        });
    }
    all
}

/// One refund to be written.
pub(super) struct Refund {
    /// Whether it covers all goods; otherwise those of the first line.
    whole: bool,
    pub(super) amount: Decimal,
    /// Milliseconds since the epoch.
    pub(super) time: i64,
    place: usize,
    /// Not from the seed.
    later: bool,
}

impl Refund {
    fn write(&self, random: &mut Random, figures: &Figures, head: &Head) -> String {
        let time = &iso(self.time);
        let id = format!("26{}", random.digits(20));
        let lines = if self.whole {
            &figures.lines[..]
        } else {
            &figures.lines[..1]
        };
        let items = json::list(
            lines
                .iter()
                .map(|line| refund_line_item(random, figures, line)),
        );
        // A refund without goods has null instead of a list (recorded for cancelled orders).
        let items = if self.place == 1 {
            "null".to_owned()
        } else {
            items
        };
        let refund = Object::new()
            .text("id", &id)
            .text("order_id", &head.id)
            .text_or_null("user_id", random.pick(&[Some("2002697754"), None]))
            .text("note", random.pick(&["", "wrong size", "买家退款"]))
            .text("created_at", time)
            .text_or_null("processed_at", random.pick(&[Some(time.as_str()), None]))
            .raw("refund_line_items", items)
            .raw(
                "order_adjustments",
                json::list((self.place == 0).then(|| adjustment(random, figures, head))),
            )
            .raw(
                "transactions",
                json::list([transaction(random, figures, head, time, self.amount)]),
            );
        match figures.recorded {
            true => refund
                .null("total_duties_set")
                .raw("transactions_v2", "[]")
                .end(),
            false => refund.end(),
        }
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
        // Recorded: this is not the id of the enclosing refund.
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
