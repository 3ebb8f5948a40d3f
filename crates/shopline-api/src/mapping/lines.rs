//! The lines of an order: as ordered, and how many are left.

use orders_core::{Line, Money};
use rust_decimal::Decimal;

use super::money::{Books, sum};
use super::words::{filled, fulfillment};
use crate::orders::{LineItem, Order, RefundLineItem};

pub(super) fn lines(order: &Order) -> Vec<Line> {
    let books = Books::of(order);
    let mut lines: Vec<Line> = order.line_items.iter().map(|l| line(l, books)).collect();
    for line in &mut lines {
        line.current_quantity = current_quantity(line, order);
    }
    if !adds_up(&lines, order) {
        lines
            .iter_mut()
            .for_each(|line| line.current_quantity = None);
    }
    lines
}

fn line(item: &LineItem, books: Books<'_>) -> Line {
    let mut line = Line::default();
    line.id = filled(&item.id);
    line.product_id = filled(&item.product_id);
    line.variant_id = filled(&item.variant_id);
    line.sku = filled(&item.sku);
    line.title = filled(&item.title).or_else(|| filled(&item.name));
    line.quantity = item.quantity;
    line.unit_price = books.shop(item.price_set.as_ref(), item.price);
    line.discount = discount(item, books);
    let taxes = item.tax_lines.iter();
    line.tax = sum(taxes.map(|tax| books.shop(tax.price_set.as_ref(), tax.price)));
    line.fulfillment = item.fulfillment_status.as_ref().map(fulfillment);
    line
}

/// The parts of the order's discounts that fall on the line, else the line's own field (parcels).
fn discount(item: &LineItem, books: Books<'_>) -> Option<Money> {
    let parts = item.discount_allocations.iter();
    let parts = sum(parts.map(|part| books.shop(part.amount_set.as_ref(), part.amount)));
    parts.or_else(|| books.shop(item.total_discount_set.as_ref(), item.total_discount))
}

/// What was ordered less what the refunds of the order name; `None` where one of them names no line or no quantity.
fn current_quantity(line: &Line, order: &Order) -> Option<Decimal> {
    let returned = order
        .refunds
        .iter()
        .flat_map(|refund| &refund.refund_line_items);
    let mut left = line.quantity?;
    for goods in returned {
        let id = line_of(goods)?;
        if line.id.as_deref()? == id {
            left = left.checked_sub(goods.quantity?)?;
        }
    }
    (!left.is_sign_negative() || left.is_zero()).then_some(left)
}

fn line_of(goods: &RefundLineItem) -> Option<&str> {
    let inside = || goods.line_item.as_ref()?.id.as_deref();
    let id = goods.line_item_id.as_deref();
    id.filter(|id| !id.is_empty()).or_else(inside)
}

/// Whether the prices of what is left come to the vendor's own sum of the goods, where that was sent.
fn adds_up(lines: &[Line], order: &Order) -> bool {
    let books = Books::of(order);
    let set = order.current_subtotal_price_set.as_ref();
    let Some(subtotal) = books.shop(set, order.current_subtotal_price) else {
        return true;
    };
    let price = |line: &Line| {
        let price = line.unit_price.as_ref()?;
        let amount = price.amount.checked_mul(line.current_quantity?)?;
        Some(Money::new(amount, price.currency.clone()))
    };
    sum(lines.iter().map(price)) == Some(subtotal)
}
