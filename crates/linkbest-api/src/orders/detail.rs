//! One product of an order.

use orders_wire::{DecimalText, ExactNumber, Strict, Word, object};
use rust_decimal::Decimal;

use super::LbOrderStatus;

object! {
    /// One product of an order (`Details[]`). All fields are documented:
    /// <https://developers.linkbest.com/partner-integration/apis/109>.
    ///
    /// Amounts are in major units. The estimated ones are in the order's [`currency`](crate::Order::currency), the unit
    /// price is always in CNY.
    #[serde(rename_all = "PascalCase")]
    pub struct OrderDetail {
        /// The product's category, in the merchant's own scheme.
        pub item_cate: Option<String>,
        /// The category's name; some merchants send a number.
        pub item_cate_name: Option<String>,
        /// The product.
        pub item_id: Option<String>,
        /// The product's name.
        pub item_name: Option<String>,
        /// The price of one piece, always in CNY (yuan), whatever the currency of the order. Documented as text.
        pub item_price: Option<DecimalText>,
        /// How many pieces. Documented as text.
        pub item_count: Option<DecimalText>,
        /// The estimated amount of this product, in the order's [`currency`](crate::Order::currency).
        #[serde_as(as = "ExactNumber")]
        pub orders_price: Option<Decimal>,
        /// The merchant's own status, free text in any language. It does not correspond to
        /// [`Order::status`](crate::Order::status).
        pub order_status: Option<String>,
        /// The estimated commission of this product, in the order's [`currency`](crate::Order::currency).
        #[serde_as(as = "ExactNumber")]
        pub order_commission: Option<Decimal>,
        /// The order number.
        pub order_sn: Option<String>,
        /// The number of the parent or child order.
        pub parent_order_sn: Option<String>,
        /// The address of the product's picture.
        pub item_img: Option<String>,
        /// The shop's name: the only field that the vendor marks as required.
        pub shop_title: Option<String>,
        /// The merchant's status, translated by Linkbest.
        #[serde_as(as = "Word")]
        pub lb_order_status: Option<LbOrderStatus>,
    }
}

impl OrderDetail {
    pub(super) const STRICT: Strict =
        Strict::new(&["ItemPrice", "OrdersPrice", "OrderCommission"], &[]);
}
