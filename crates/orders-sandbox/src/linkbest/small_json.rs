//! A small Linkbest order, with only the necessary members, for runs of a million.

use super::data::Head;
use super::order_json::{Draft, ZERO_DATE, local, program_id};
use crate::bodies::Written;
use crate::json::{self, Object};

/// The order number, which contains the number of the order.
pub(super) fn order_sn(number: usize) -> String {
    format!("LB{number:014}")
}

/// The number of an order by its order number.
pub(super) fn number(order_sn: &str) -> Option<usize> {
    let number = order_sn.strip_prefix("LB")?.parse().ok()?;
    (self::order_sn(number) == order_sn).then_some(number)
}

pub(super) fn write(draft: Draft, number: usize, head: &Head) -> Written {
    let (figures, form) = (&draft.figures, draft.form);
    let lines = figures.lines.iter().map(|line| {
        Object::new()
            .text("ItemId", &format!("{number:012}"))
            .text("ItemPrice", &line.item_price.to_string())
            .text("ItemCount", &line.count.to_string())
            .raw("OrdersPrice", form.of(line.price))
            .raw("OrderCommission", form.of(line.commission))
            .text("LbOrderStatus", head.merchant.unwrap_or("2"))
            .end()
    });
    let order = Object::new()
        .text("Id", &head.id.to_string())
        .text("ProgramId", &program_id(head.program))
        .text("WebsiteId", head.website)
        .text("OrderSn", &draft.order_sn)
        .text("OrderTime", &local(head.created))
        .raw("OrdersPrice", form.of(figures.price))
        .raw("SiterCommission", form.of(figures.commission))
        .text("Currency", figures.currency)
        .text("Status", &head.status.to_string());
    let order = match &figures.confirmed {
        Some(confirmed) => order
            .raw("ConfirmPrice", form.of(confirmed.price))
            .raw("ConfirmSiterCommission", form.of(confirmed.commission))
            .text("ChargeCurrency", confirmed.currency),
        None => order
            .text("ConfirmPrice", "")
            .text("ConfirmSiterCommission", "")
            .text("ChargeCurrency", ""),
    };
    let charged = head.charged.map_or(ZERO_DATE.to_owned(), local);
    let json = order
        .text("ChargeTime", &charged)
        .raw("Details", json::list(lines))
        .end();
    Written {
        json,
        lines: figures.lines.len(),
        totals: figures.totals(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_tells_the_number() {
        assert_eq!(number(&order_sn(1234)), Some(1234));
        assert_eq!(number("LB1234"), None);
        assert_eq!(number("XX00000000001234"), None);
    }
}
