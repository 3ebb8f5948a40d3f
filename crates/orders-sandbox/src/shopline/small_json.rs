//! A small SHOPLINE order, with only the necessary members, for runs of a million.

use super::money::two_places;
use super::order_json::{Subject, is_guest, iso, name};
use super::{payment_json, refunds_json};
use crate::bodies::Written;
use crate::json::{self, Object};

pub(super) fn write(subject: &Subject<'_>) -> Written {
    let Subject {
        number,
        head,
        customer,
        ..
    } = *subject;
    let figures = payment_json::figures(subject);
    let shop = figures.currencies.shop;
    let total = two_places(figures.total).to_string();
    let cancelled = head.cancelled.map(iso);
    let buyer = (!is_guest(number)).then_some(customer);
    let lines = figures.lines.iter().map(|line| {
        Object::new()
            .text("id", &line.id)
            .text("title", line.title)
            .raw("quantity", line.quantity)
            .text("price", &two_places(line.price).to_string())
            .text("fulfillment_status", line.fulfillment)
            .end()
    });
    let refunds = refunds_json::all(&figures, subject);
    let refunds = refunds.iter().enumerate().map(|(place, refund)| {
        let paid_back = Object::new()
            .text("id", &format!("27{number:018}{place:02}"))
            .text("kind", "refund")
            .text("status", "success")
            .text("amount", &two_places(refund.amount).to_string())
            .text("currency", shop)
            .end();
        Object::new()
            .text("id", &format!("26{number:018}{place:02}"))
            .text("created_at", &iso(refund.time))
            .raw("transactions", json::list([paid_back]))
            .end()
    });
    let json = Object::new()
        .text("id", &head.id)
        .text("name", &name(number))
        .text("created_at", &iso(head.created))
        .text("updated_at", &iso(head.updated))
        .text_or_null("cancelled_at", cancelled.as_deref())
        .text_or_null("user_id", buyer)
        .raw("customer", Object::new().text_or_null("id", buyer).end())
        .text("currency", shop)
        .text("presentment_currency", shop)
        .text("current_total_price", &total)
        .text(
            "total_outstanding",
            &two_places(figures.outstanding).to_string(),
        )
        .text(
            "status",
            match head.cancelled {
                Some(_) => "cancelled",
                None => "open",
            },
        )
        .text("financial_status", figures.financial)
        .text("fulfillment_status", figures.fulfillment)
        .raw("hidden_order", head.archived)
        .raw("line_items", json::list(lines))
        .raw("fulfillments", "[]")
        .raw("refunds", json::list(refunds))
        .end();
    Written {
        json,
        lines: figures.lines.len(),
        totals: vec![(shop.to_owned(), two_places(figures.total))],
    }
}
