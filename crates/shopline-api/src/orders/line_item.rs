//! What was bought.

use std::fmt;

use orders_wire::{AnyJson, Exact, ExactNumber, Flag, List, Object, Strict, Text, Word};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::status::{FulfillmentStatus, PropertyType, RoleVisibility};
use super::{DiscountAllocation, MoneySet, TaxLine};

/// One line of an order, of a refund or of a parcel: the goods as they were when the order was placed.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LineItem {
    /// The line's id, unique together with the order's id. A JSON string here, a number on other endpoints.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// The product's id.
    #[serde_as(as = "Text")]
    pub product_id: Option<String>,
    /// The variant's id.
    #[serde_as(as = "Text")]
    pub variant_id: Option<String>,
    /// Stock keeping unit or bar code.
    #[serde_as(as = "Text")]
    pub sku: Option<String>,
    /// Title of the product.
    #[serde_as(as = "Text")]
    pub title: Option<String>,
    /// Title of the variant; documented as the same as `title`.
    #[serde_as(as = "Text")]
    pub name: Option<String>,
    /// Values of the variant's attributes, joined by ` / `.
    #[serde_as(as = "Text")]
    pub variant_title: Option<String>,
    /// Names and values of the variant's attributes (`Colour - Red`), joined by `, `.
    #[serde_as(as = "Text")]
    pub attribute: Option<String>,
    /// Supplier.
    #[serde_as(as = "Text")]
    pub vendor: Option<String>,
    /// Tags of the product, joined by commas. Recorded as `""` and null.
    #[serde_as(as = "Text")]
    pub tags: Option<String>,
    /// Picture of the product.
    #[serde_as(as = "Text")]
    pub image_url: Option<String>,
    /// How many were ordered, in units.
    #[serde_as(as = "ExactNumber")]
    pub quantity: Option<Decimal>,
    /// How many can still be sent, in units.
    #[serde_as(as = "ExactNumber")]
    pub fulfillable_quantity: Option<Decimal>,
    /// How many are in this parcel, in units. Recorded in parcels of `orders.json`.
    #[serde_as(as = "ExactNumber")]
    pub fulfillment_quantity: Option<Decimal>,
    /// Selling price of one unit, before the order's discounts, in shop currency, major units. Whether it contains
    /// tax is said by [`Order::taxes_included`](super::Order::taxes_included).
    #[serde_as(as = "Exact")]
    pub price: Option<Decimal>,
    /// Selling price of one unit, before the order's discounts, in both currencies. Recorded on `orders.json`.
    #[serde_as(as = "Option<Object>")]
    pub price_set: Option<MoneySet>,
    /// Weight of one unit in grams. Documented as a JSON number.
    #[serde_as(as = "ExactNumber")]
    pub grams: Option<Decimal>,
    /// Whether the goods are taxed. Recorded with different values for one line on two endpoints.
    #[serde_as(as = "Flag")]
    pub taxable: Option<bool>,
    /// Whether the goods have to be sent.
    #[serde_as(as = "Flag")]
    pub requires_shipping: Option<bool>,
    /// Whether the goods are a gift card.
    #[serde_as(as = "Flag")]
    pub gift_card: Option<bool>,
    /// Whether the goods are a gift card, as a pushed new order spells the name (`giftCard`). See
    /// [`is_gift_card`](Self::is_gift_card).
    #[serde(rename = "giftCard")]
    #[serde_as(as = "Flag")]
    pub gift_card_pushed: Option<bool>,
    /// The discount on this line, in shop currency, major units. Documented for parcels alone.
    #[serde_as(as = "Exact")]
    pub total_discount: Option<Decimal>,
    /// The discount on this line, in both currencies. Documented for parcels alone.
    #[serde_as(as = "Option<Object>")]
    pub total_discount_set: Option<MoneySet>,
    /// Documented for parcels alone, without a meaning; `"0"` was recorded.
    #[serde_as(as = "Text")]
    pub version: Option<String>,
    /// Where the goods of this line are; the text `"null"` while nothing was sent.
    #[serde_as(as = "Word")]
    pub fulfillment_status: Option<FulfillmentStatus>,
    /// Name of the carrier; recorded as null, `""` and a name.
    #[serde_as(as = "Text")]
    pub fulfillment_service: Option<String>,
    /// What the buyer had put on the goods (engraving, pictures).
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The taxes on this line.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_lines: Vec<TaxLine>,
    /// The parts of the order's discounts that fall on this line. Recorded on `orders.json`.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discount_allocations: Vec<DiscountAllocation>,
    /// The customs duties on this line. Recorded on `orders.json`.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Duty>,
    /// Further attributes. Recorded on `orders.json`.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customized_attributes: Vec<CustomizedAttribute>,
    /// Country of origin, as a code. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub country_code_of_origin: Option<String>,
    /// Customs tariff number. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub harmonized_system_code: Option<String>,
    /// The place that the goods are taken from. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub location_id: Option<String>,
    /// Whether the line is a bundle. Recorded on `orders.json`.
    #[serde_as(as = "Flag")]
    pub is_bundle: Option<bool>,
    /// Whether the line is a part of a bundle. Recorded on `orders.json`.
    #[serde_as(as = "Flag")]
    pub is_bundle_component: Option<bool>,
    /// The variant of the bundle that this line is a part of. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub bundle_parent_variant_id: Option<String>,
    /// The bundle that this line is a part of. Recorded as null only: its shape is not known.
    pub bundle_parent_item: Option<AnyJson>,
}

impl LineItem {
    pub(super) const STRICT: Strict = Strict::new(
        &[
            "price",
            "price_set",
            "total_discount",
            "total_discount_set",
            "fulfillment_status",
        ],
        &[
            ("tax_lines", &TaxLine::STRICT),
            ("discount_allocations", &DiscountAllocation::STRICT),
            ("duties", &Duty::STRICT),
        ],
    );
}

impl fmt::Debug for LineItem {
    /// Without what the buyer wrote: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineItem")
            .field("id", &self.id)
            .field("product_id", &self.product_id)
            .field("variant_id", &self.variant_id)
            .field("sku", &self.sku)
            .field("title", &self.title)
            .field("quantity", &self.quantity)
            .field("price", &self.price)
            .field("fulfillment_status", &self.fulfillment_status)
            .finish_non_exhaustive()
    }
}

impl LineItem {
    /// Whether the goods are a gift card, under either name.
    #[must_use]
    pub fn is_gift_card(&self) -> Option<bool> {
        self.gift_card.or(self.gift_card_pushed)
    }
}

/// What the buyer had put on the goods.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Property {
    /// Name of the property.
    #[serde_as(as = "Text")]
    pub name: Option<String>,
    /// Value of the property.
    #[serde_as(as = "Text")]
    pub value: Option<String>,
    /// How the property is shown.
    #[serde_as(as = "Word")]
    pub r#type: Option<PropertyType>,
    /// The pictures, or the address behind a link (the first).
    #[serde_as(as = "List<Text>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Additional text. Documented for `orders.json`.
    #[serde_as(as = "Text")]
    pub additional: Option<String>,
    /// Who sees the property. Documented for `orders.json`.
    #[serde_as(as = "Word")]
    pub role_visibility: Option<RoleVisibility>,
    /// Whether the property is shown. Documented for `orders.json`.
    #[serde_as(as = "Flag")]
    pub show: Option<bool>,
}

impl fmt::Debug for Property {
    /// Without what the buyer wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A further attribute of a line. Documented for `orders.json`.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CustomizedAttribute {
    /// Name of the attribute.
    #[serde_as(as = "Text")]
    pub key: Option<String>,
    /// Value of the attribute.
    #[serde_as(as = "Text")]
    pub value: Option<String>,
}

impl fmt::Debug for CustomizedAttribute {
    /// Without what the buyer wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomizedAttribute")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A customs duty on a line. Documented for `orders.json`.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Duty {
    /// The duty's id.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// Country of origin, as a code.
    #[serde_as(as = "Text")]
    pub country_code_of_origin: Option<String>,
    /// Customs tariff number.
    #[serde_as(as = "Text")]
    pub harmonized_system_code: Option<String>,
    /// The duty, without its own taxes, in both currencies.
    #[serde_as(as = "Option<Object>")]
    pub price: Option<MoneySet>,
    /// The taxes on the duty.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_lines: Vec<TaxLine>,
}

impl Duty {
    pub(super) const STRICT: Strict = Strict::new(&["price"], &[("tax_lines", &TaxLine::STRICT)]);
}
