//! One order, as Linkbest writes it.

use chrono::NaiveDateTime;
use orders_wire::{ExactNumber, List, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::{OrderDetail, OrderStatus};

object! {
    /// One order with its details, under the vendor's own names. All fields are documented:
    /// <https://developers.linkbest.com/partner-integration/apis/109>.
    ///
    /// There are two pairs of amounts, made at two times: the estimated ones in [`currency`](Self::currency), and the
    /// confirmed ones in [`charge_currency`](Self::charge_currency). All are in major units (yuan, dollars), documented
    /// with two decimal places; the places sent are kept. Whether they contain tax and shipping is not documented. No
    /// field says when the order last changed, although a request can filter by that time.
    #[serde(rename_all = "PascalCase")]
    pub struct Order {
        /// Linkbest's id of the order; in a push the push's own. Whether it is unique over all programs is not documented. `0`
        /// and an empty text are none.
        pub id: Option<String>,
        /// The affiliate program (older pages: the plan).
        pub program_id: Option<String>,
        /// The name of the program.
        pub program_name: Option<String>,
        /// The publisher's website, the promotion position.
        pub website_id: Option<String>,
        /// The promotion link.
        pub link_id: Option<String>,
        /// The publisher's own label, given with the link.
        pub sub_id: Option<String>,
        /// The order number at the merchant.
        pub order_sn: Option<String>,
        /// The number of the order this one belongs to.
        pub parent_order_sn: Option<String>,
        /// When the order was placed, `yyyy-MM-dd HH:mm:ss` without a zone: UTC+8 by inference, see
        /// [`Mapper::zone`](crate::Mapper::zone).
        pub order_time: Option<NaiveDateTime>,
        /// The estimated amount of the order, in [`currency`](Self::currency).
        #[serde_as(as = "ExactNumber")]
        pub orders_price: Option<Decimal>,
        /// The estimated commission of the publisher, in [`currency`](Self::currency).
        #[serde_as(as = "ExactNumber")]
        pub siter_commission: Option<Decimal>,
        /// The currency of the estimated amounts, also of those in the details. Documented: `CNY`, `USD`; others are
        /// kept.
        pub currency: Option<String>,
        /// Where the commission stands.
        #[serde_as(as = "Word")]
        pub status: Option<OrderStatus>,
        /// The confirmed amount of the order, in [`charge_currency`](Self::charge_currency).
        #[serde_as(as = "ExactNumber")]
        pub confirm_price: Option<Decimal>,
        /// The confirmed commission of the publisher, in [`charge_currency`](Self::charge_currency).
        #[serde_as(as = "ExactNumber")]
        pub confirm_siter_commission: Option<Decimal>,
        /// The currency of the confirmed amounts. Documented: `CNY`, `USD`; others are kept.
        pub charge_currency: Option<String>,
        /// When the commission was settled, `yyyy-MM-dd HH:mm:ss` without a zone. The zero date, which the sister
        /// platform sends for unsettled orders, is `None`.
        pub charge_time: Option<NaiveDateTime>,
        /// What was bought.
        #[serde_as(as = "List")]
        pub details: Vec<OrderDetail>,
    }
}

impl Row for Order {
    const IDENTITY: &'static [&'static str] = &["Id", "ProgramId with OrderSn"];
    const STRICT: Strict = Strict::new(
        &[
            "Id",
            "ProgramId",
            "OrderSn",
            "OrderTime",
            "ChargeTime",
            "OrdersPrice",
            "SiterCommission",
            "Currency",
            "Status",
            "ConfirmPrice",
            "ConfirmSiterCommission",
            "ChargeCurrency",
        ],
        &[("Details", &OrderDetail::STRICT)],
    );

    fn is_identified(&self) -> bool {
        let by_number = || named(&self.program_id).and(named(&self.order_sn));
        named(&self.id).or_else(by_number).is_some()
    }
}

/// An id, unless it is one of the two texts that mean none.
pub(crate) fn named(id: &Option<String>) -> Option<&str> {
    id.as_deref().filter(|id| !means_none(id))
}

/// Whether the text of an id means that there is none: zeros stand in the vendor's test push.
pub(crate) fn means_none(id: &str) -> bool {
    matches!(id, "" | "0")
}
