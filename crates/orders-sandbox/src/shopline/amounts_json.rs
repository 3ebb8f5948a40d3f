//! The amounts at the top of a SHOPLINE order: each a string, most of them a pair as well.

use rust_decimal::Decimal;

use super::figures::Figures;
use super::money::{one_place, two_places};
use crate::json::Object;

pub(super) fn amounts(order: Object, figures: &Figures) -> Object {
    let set = |amount| figures.currencies.set(amount);
    let text = |amount: Decimal| two_places(amount).to_string();
    let short = |amount: Decimal| match figures.recorded {
        true => text(amount),
        false => one_place(amount).to_string(),
    };
    let subtotal = figures.goods - figures.discount;
    let (price, tax) = figures.taken_out();
    let (current, current_tax) = (subtotal - price, figures.tax - tax);
    let current_total = figures.total - price - tax;
    order
        .text("currency", figures.currencies.shop)
        .text("presentment_currency", figures.currencies.presentment)
        .raw("taxes_included", false)
        .text("total_line_items_price", &text(figures.goods))
        .raw("total_line_items_price_set", set(figures.goods))
        .text("subtotal_price", &text(subtotal))
        .raw("subtotal_price_set", set(subtotal))
        .text("current_subtotal_price", &short(current))
        .raw("current_subtotal_price_set", set(current))
        .text("total_discounts", &text(figures.discount))
        .raw("total_discounts_set", set(figures.discount))
        .text("current_total_discounts", &short(figures.discount))
        .raw("current_total_discounts_set", set(figures.discount))
        .raw("total_shipping_price_set", set(figures.shipping))
        .text("total_tax", &text(figures.tax))
        .raw("total_tax_set", set(figures.tax))
        .text("current_total_tax", &short(current_tax))
        .raw("current_total_tax_set", set(current_tax))
        .text("current_total_price", &text(current_total))
        .raw("current_total_price_set", set(current_total))
        .text("total_outstanding", &text(figures.outstanding))
        .text("total_tip_received", &text(figures.tip))
        .text("adjust_price", &text(figures.adjusted))
        .raw("adjust_price_set", set(figures.adjusted))
}
