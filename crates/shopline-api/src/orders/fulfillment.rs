//! Parcels and shipping.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, List, Object, Row, Strict, Text, Word, object};
use rust_decimal::Decimal;

use super::status::{ParcelStatus, ShipmentStatus, ShippingSource};
use super::{DiscountAllocation, LineItem, MoneySet, TaxLine};

object! {
    /// A parcel.
    pub struct Fulfillment {
        /// The parcel's id.
        pub id: Option<String>,
        /// The order's id.
        pub order_id: Option<String>,
        /// The parcel's number; `1012-F1` and `#1012.1` were recorded. In no page.
        pub name: Option<String>,
        /// Whether the parcel was sent.
        #[serde_as(as = "Word")]
        pub status: Option<ParcelStatus>,
        /// Where the parcel is.
        #[serde_as(as = "Word")]
        pub shipment_status: Option<ShipmentStatus>,
        /// The goods in the parcel.
        #[serde_as(as = "List")]
        pub line_items: Vec<LineItem>,
        /// The carrier; `""` where there is none.
        pub tracking_company: Option<String>,
        /// The carrier's number of the parcel; `""` where there is none.
        pub tracking_number: Option<String>,
        /// The carrier's page; `""` where there is none.
        pub tracking_url: Option<String>,
        /// The carriers' numbers. Deprecated by the vendor; documented for parcels alone.
        #[serde_as(as = "List<Text>")]
        pub tracking_numbers: Vec<String>,
        /// The carriers' pages. Deprecated by the vendor; documented for parcels alone.
        #[serde_as(as = "List<Text>")]
        pub tracking_urls: Vec<String>,
        /// All carriers and numbers. Documented for `orders.json`.
        #[serde_as(as = "List")]
        pub tracking_info_list: Vec<TrackingInfo>,
        /// When the parcel was made, with offset.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When the parcel was last changed, with offset.
        pub updated_at: Option<DateTime<FixedOffset>>,
    }
}

impl Row for Fulfillment {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &["id", "order_id", "status", "shipment_status"],
        &[("line_items", &LineItem::STRICT)],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

object! {
    /// A carrier and its number of a parcel. Documented for `orders.json`.
    pub struct TrackingInfo {
        /// The carrier.
        pub tracking_company: Option<String>,
        /// The carrier's number of the parcel.
        pub tracking_number: Option<String>,
        /// The carrier's page.
        pub tracking_url: Option<String>,
    }
}

object! {
    /// A way of shipping and its price. One entry with all fields null was recorded for orders without shipping.
    pub struct ShippingLine {
        /// Name of the way of shipping.
        pub title: Option<String>,
        /// Its code.
        pub code: Option<String>,
        /// Name of the plan it belongs to. Recorded on `orders.json`.
        pub shipping_strategy_name: Option<String>,
        /// Where it comes from. Recorded on `orders.json`.
        #[serde_as(as = "Word")]
        pub source: Option<ShippingSource>,
        /// Telephone number; `""` was recorded.
        pub phone: Option<String>,
        /// Code of the carrier's service.
        pub requested_fulfillment_service_id: Option<String>,
        /// The shipping charge, in shop currency, major units. Whether discounts are taken off is not documented;
        /// compare [`shipping_price`](Self::shipping_price).
        #[serde_as(as = "Exact")]
        pub price: Option<Decimal>,
        /// The shipping charge, in both currencies.
        #[serde_as(as = "Option<Object>")]
        pub price_set: Option<MoneySet>,
        /// The discount on shipping, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub discounted_price: Option<Decimal>,
        /// The discount on shipping, in both currencies. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub discounted_price_set: Option<MoneySet>,
        /// The shipping charge before discounts, in shop currency, major units. Recorded on `orders.json`.
        #[serde_as(as = "Exact")]
        pub shipping_price: Option<Decimal>,
        /// The shipping charge before discounts, in both currencies. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub shipping_price_set: Option<MoneySet>,
        /// The taxes on shipping; recorded with one entry even without shipping.
        #[serde_as(as = "List")]
        pub tax_lines: Vec<TaxLine>,
        /// The parts of the order's discounts that fall on shipping. Recorded on `orders.json`.
        #[serde_as(as = "List")]
        pub discount_allocations: Vec<DiscountAllocation>,
    }
    debug(title, code, price, discounted_price, shipping_price)
}

impl ShippingLine {
    pub(super) const STRICT: Strict = Strict::new(
        &[
            "price",
            "price_set",
            "discounted_price",
            "discounted_price_set",
            "shipping_price",
            "shipping_price_set",
        ],
        &[
            ("tax_lines", &TaxLine::STRICT),
            ("discount_allocations", &DiscountAllocation::STRICT),
        ],
    );
}
