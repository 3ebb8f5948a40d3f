//! The line items of a SHOPLINE order, in each of their places: in the order, in a parcel, in a refund.

use super::figures::{Figures, Line};
use super::money::two_places;
use crate::json::{self, Object};
use crate::random::Random;

/// The place of a line item. The page lists other members for each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Order,
    Parcel,
    /// In a parcel of `orders/{id}/fulfillments.json`: the id is a JSON number (recorded).
    ParcelAlone,
    Refund,
}

impl Within {
    fn is_parcel(self) -> bool {
        matches!(self, Self::Parcel | Self::ParcelAlone)
    }
}

pub(super) fn line_item(
    random: &mut Random,
    figures: &Figures,
    line: &Line,
    within: Within,
) -> String {
    let mut item = match within {
        Within::ParcelAlone => Object::new().raw("id", &line.id),
        _ => Object::new().text("id", &line.id),
    };
    item = item
        .text("product_id", &line.product)
        .text("variant_id", &line.variant)
        .text("sku", &line.sku)
        .text("title", line.title)
        .text("name", line.title)
        .text("variant_title", random.pick(&["", "155 / 红色 / 大", "L"]))
        .text(
            "attribute",
            random.pick(&["", "颜色 - 红色, 尺寸 - X", "Size - L"]),
        )
        .raw("quantity", line.quantity)
        .raw(
            "fulfillable_quantity",
            match line.fulfillment == "fulfilled" {
                true => 0,
                false => line.quantity - figures.edits_of(line),
            },
        )
        .text("price", &two_places(line.price).to_string())
        .raw("grams", line.grams)
        .raw("taxable", !line.tax.is_zero())
        .raw("requires_shipping", true)
        .raw("gift_card", random.pick(&["false", "false", "null"]))
        .text_or_null(
            "fulfillment_service",
            random.pick(&[None, Some(""), Some("Example Express")]),
        )
        .text("fulfillment_status", line.fulfillment)
        .text("vendor", random.pick(&["", "Example Vendor"]))
        .raw("tax_lines", tax_lines(figures, line, within));
    item = match random.chance(80) {
        true => item.text(
            "image_url",
            &format!("https://img.example.com/{}.jpg", random.hex(8)),
        ),
        false => item.null("image_url"),
    };
    if !within.is_parcel() {
        item = item
            .raw("properties", properties(random))
            .text_or_null("tags", random.pick(&[Some(""), Some("big,red"), None]));
    }
    if within == Within::ParcelAlone || within == Within::Parcel && figures.recorded {
        item = item.raw("fulfillment_quantity", line.quantity);
    }
    if within == Within::Order && figures.recorded {
        item = item.null("is_bundle").null("bundle_parent_item");
    }
    item.end()
}

fn tax_lines(figures: &Figures, line: &Line, within: Within) -> String {
    if within == Within::ParcelAlone || within == Within::Parcel && figures.recorded {
        // Recorded in parcels: no rate, and a name that is null.
        let price_set = figures.currencies.set(line.tax);
        let price = two_places(line.tax).to_string();
        let tax = Object::new()
            .text("title", "VAT")
            .null("rate")
            .null("name")
            .text("price", &price)
            .raw("price_set", price_set);
        return json::list([tax.end()]);
    }
    json::list([tax_line(figures, "VAT", line.tax_rate, line.tax)])
}

/// One tax: its rate a JSON number, its price a string and a pair.
pub(super) fn tax_line(
    figures: &Figures,
    title: &str,
    rate: rust_decimal::Decimal,
    price: rust_decimal::Decimal,
) -> String {
    Object::new()
        .text("title", title)
        .raw("rate", rate)
        .text("price", &two_places(price).to_string())
        .raw("price_set", figures.currencies.set(price))
        .end()
}

/// The buyer's text on the product: absent in one of three forms, or of one of the three documented types.
fn properties(random: &mut Random) -> String {
    let property = |kind: &str, value: &str, urls: &[&str]| {
        Object::new()
            .text("name", "Engraving \"front\"")
            .text("value", value)
            .text("type", kind)
            .raw("urls", json::list(urls.iter().map(|url| json::string(url))))
            .end()
    };
    match random.below(6) {
        0 => json::list([property("text", "für Ömer 🎉", &[])]),
        1 => json::list([property("picture", "", &["https://img.example.com/p.png"])]),
        2 => json::list([property(
            "link",
            "see",
            &["https://www.example.com/a?b=c&d=e"],
        )]),
        3 => "null".to_owned(),
        _ => "[]".to_owned(),
    }
}
