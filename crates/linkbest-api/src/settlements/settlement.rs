//! One change of an order's confirmed amounts.

use chrono::NaiveDateTime;
use orders_wire::{ExactNumber, Row, Strict, object};
use rust_decimal::Decimal;

use crate::envelope::Listed;

object! {
    /// One change of an order's confirmed amount and commission, under the vendor's own names.
    ///
    /// Amounts are in major units with four decimal places (documented; the places sent are kept, where an order has
    /// two). No field says their currency, nor when the change was made, and a row has no id. The currency is that of
    /// the order's confirmed amounts, [`charge_currency`](crate::Order::charge_currency), by inference.
    ///
    /// The end of the vendor's page could not be read: the names of the three commission fields are inferred from the
    /// amounts beside them. A field under another name is not lost, it stands in the record's raw text.
    #[serde(rename_all = "PascalCase")]
    pub struct Settlement {
        /// The order number at the merchant.
        pub order_sn: Option<String>,
        /// When the order was placed, `yyyy-MM-dd HH:mm:ss` without a zone: UTC+8 by inference.
        pub order_time: Option<NaiveDateTime>,
        /// The publisher's own label, given with the link.
        pub sub_id: Option<String>,
        /// The confirmed amount before the change.
        #[serde_as(as = "ExactNumber")]
        pub confirm_price_old: Option<Decimal>,
        /// The change of the confirmed amount, signed.
        #[serde_as(as = "ExactNumber")]
        pub modify_price: Option<Decimal>,
        /// The confirmed amount after the change.
        #[serde_as(as = "ExactNumber")]
        pub confirm_price: Option<Decimal>,
        /// The confirmed commission before the change. The name is inferred.
        #[serde_as(as = "ExactNumber")]
        pub confirm_siter_commission_old: Option<Decimal>,
        /// The change of the confirmed commission, signed. The name is inferred.
        #[serde_as(as = "ExactNumber")]
        pub modify_siter_commission: Option<Decimal>,
        /// The confirmed commission after the change. The name is inferred.
        #[serde_as(as = "ExactNumber")]
        pub confirm_siter_commission: Option<Decimal>,
    }
}

impl Row for Settlement {
    const IDENTITY: &'static [&'static str] = &[];
    const STRICT: Strict = Strict::new(
        &[
            "OrderSn",
            "OrderTime",
            "ConfirmPriceOld",
            "ModifyPrice",
            "ConfirmPrice",
            "ConfirmSiterCommissionOld",
            "ModifySiterCommission",
            "ConfirmSiterCommission",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        true
    }
}

impl Listed for Settlement {
    const MANY: &'static str = "settlement changes";
    const KNOWN_BY: &'static [&'static str] = &["OrderSn", "ConfirmPrice"];
}
