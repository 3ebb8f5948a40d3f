//! What was bought.

use orders_wire::{AnyJson, Exact, ExactNumber, List, Object, Strict, Text, Word, object};
use rust_decimal::Decimal;

use super::status::{FulfillmentStatus, PropertyType, RoleVisibility};
use super::{DiscountAllocation, MoneySet, TaxLine};

object! {
    /// One line of an order, of a refund or of a parcel: the goods as they were when the order was placed.
    pub struct LineItem {
        /// The line's id, unique together with the order's id. A JSON string here, a number on other endpoints.
        pub id: Option<String>,
        /// The product's id.
        pub product_id: Option<String>,
        /// The variant's id.
        pub variant_id: Option<String>,
        /// Stock keeping unit or bar code.
        pub sku: Option<String>,
        /// Title of the product.
        pub title: Option<String>,
        /// Title of the variant; documented as the same as `title`.
        pub name: Option<String>,
        /// Values of the variant's attributes, joined by ` / `.
        pub variant_title: Option<String>,
        /// Names and values of the variant's attributes (`Colour - Red`), joined by `, `.
        pub attribute: Option<String>,
        /// Supplier.
        pub vendor: Option<String>,
        /// Tags of the product, joined by commas. Recorded as `""` and null.
        pub tags: Option<String>,
        /// Picture of the product.
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
        pub taxable: Option<bool>,
        /// Whether the goods have to be sent.
        pub requires_shipping: Option<bool>,
        /// Whether the goods are a gift card.
        pub gift_card: Option<bool>,
        /// Whether the goods are a gift card, as a pushed new order spells the name (`giftCard`). See
        /// [`is_gift_card`](Self::is_gift_card).
        #[serde(rename = "giftCard")]
        pub gift_card_pushed: Option<bool>,
        /// The discount on this line, in shop currency, major units. Documented for parcels alone.
        #[serde_as(as = "Exact")]
        pub total_discount: Option<Decimal>,
        /// The discount on this line, in both currencies. Documented for parcels alone.
        #[serde_as(as = "Option<Object>")]
        pub total_discount_set: Option<MoneySet>,
        /// Documented for parcels alone, without a meaning; `"0"` was recorded.
        pub version: Option<String>,
        /// Where the goods of this line are; the text `"null"` while nothing was sent.
        #[serde_as(as = "Word")]
        pub fulfillment_status: Option<FulfillmentStatus>,
        /// Name of the carrier; recorded as null, `""` and a name.
        pub fulfillment_service: Option<String>,
        /// What the buyer had put on the goods (engraving, pictures).
        #[serde_as(as = "List")]
        pub properties: Vec<Property>,
        /// The taxes on this line.
        #[serde_as(as = "List")]
        pub tax_lines: Vec<TaxLine>,
        /// The parts of the order's discounts that fall on this line. Recorded on `orders.json`.
        #[serde_as(as = "List")]
        pub discount_allocations: Vec<DiscountAllocation>,
        /// The customs duties on this line. Recorded on `orders.json`.
        #[serde_as(as = "List")]
        pub duties: Vec<Duty>,
        /// Further attributes. Recorded on `orders.json`.
        #[serde_as(as = "List")]
        pub customized_attributes: Vec<CustomizedAttribute>,
        /// Country of origin, as a code. Recorded on `orders.json`.
        pub country_code_of_origin: Option<String>,
        /// Customs tariff number. Recorded on `orders.json`.
        pub harmonized_system_code: Option<String>,
        /// The place that the goods are taken from. Recorded on `orders.json`.
        pub location_id: Option<String>,
        /// Whether the line is a bundle. Recorded on `orders.json`.
        pub is_bundle: Option<bool>,
        /// Whether the line is a part of a bundle. Recorded on `orders.json`.
        pub is_bundle_component: Option<bool>,
        /// The variant of the bundle that this line is a part of. Recorded on `orders.json`.
        pub bundle_parent_variant_id: Option<String>,
        /// The bundle that this line is a part of. Recorded as null only: its shape is not known.
        pub bundle_parent_item: Option<AnyJson>,
    }
    debug(id, product_id, variant_id, sku, title, quantity, price, fulfillment_status)
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

impl LineItem {
    /// Whether the goods are a gift card, under either name.
    #[must_use]
    pub fn is_gift_card(&self) -> Option<bool> {
        self.gift_card.or(self.gift_card_pushed)
    }
}

object! {
    /// What the buyer had put on the goods.
    pub struct Property {
        /// Name of the property.
        pub name: Option<String>,
        /// Value of the property.
        pub value: Option<String>,
        /// How the property is shown.
        #[serde_as(as = "Word")]
        pub r#type: Option<PropertyType>,
        /// The pictures, or the address behind a link (the first).
        #[serde_as(as = "List<Text>")]
        pub urls: Vec<String>,
        /// Additional text. Documented for `orders.json`.
        pub additional: Option<String>,
        /// Who sees the property. Documented for `orders.json`.
        #[serde_as(as = "Word")]
        pub role_visibility: Option<RoleVisibility>,
        /// Whether the property is shown. Documented for `orders.json`.
        pub show: Option<bool>,
    }
    debug(name)
}

object! {
    /// A further attribute of a line. Documented for `orders.json`.
    pub struct CustomizedAttribute {
        /// Name of the attribute.
        pub key: Option<String>,
        /// Value of the attribute.
        pub value: Option<String>,
    }
    debug(key)
}

object! {
    /// A customs duty on a line. Documented for `orders.json`.
    pub struct Duty {
        /// The duty's id.
        pub id: Option<String>,
        /// Country of origin, as a code.
        pub country_code_of_origin: Option<String>,
        /// Customs tariff number.
        pub harmonized_system_code: Option<String>,
        /// The duty, without its own taxes, in both currencies.
        #[serde_as(as = "Option<Object>")]
        pub price: Option<MoneySet>,
        /// The taxes on the duty.
        #[serde_as(as = "List")]
        pub tax_lines: Vec<TaxLine>,
    }
}

impl Duty {
    pub(super) const STRICT: Strict = Strict::new(&["price"], &[("tax_lines", &TaxLine::STRICT)]);
}
