//! The payments of an order.
//!
//! Two endpoints show the same payments with different members and words; a refund holds them in a third form. One type
//! reads all three.

use chrono::{DateTime, FixedOffset};
use orders_wire::{AnyJson, Exact, Object, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::status::{TransactionKind, TransactionStatus};

object! {
    /// A payment: by the buyer, or back to the buyer.
    ///
    /// Which fields come depends on where it stands: in a refund (*refund*), in an order's list (*list*), or in the
    /// answer to a query (*query*). Without a note a field comes in all three, or in a refund.
    pub struct Transaction {
        /// The id of the payment.
        pub id: Option<String>,
        /// The order's id.
        pub order_id: Option<String>,
        /// The reservation that this takes or gives up (query).
        pub parent_transaction_id: Option<String>,
        /// The id of the user.
        pub user_id: Option<String>,
        /// What kind of payment it is.
        #[serde_as(as = "Word")]
        pub kind: Option<TransactionKind>,
        /// Where it stands. Each of the three places has words of its own.
        #[serde_as(as = "Word")]
        pub status: Option<TransactionStatus>,
        /// The channel's code for the state, as `RISK_PENDING` (list).
        pub status_code: Option<String>,
        /// The channel's message for the state (list).
        pub status_msg: Option<String>,
        /// Why it failed, as the channel's code; `success` is also an example (list, query).
        pub error_code: Option<String>,
        /// Why it failed, as the channel's message (list, query).
        pub error_msg: Option<String>,
        /// What was paid, or paid back, everything included, in [`currency`](Self::currency), major units. `"0.0"` was
        /// recorded.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency of `amount`.
        pub currency: Option<String>,
        /// What was settled, in [`settle_currency`](Self::settle_currency), major units. Documented for `orders.json`.
        #[serde_as(as = "Exact")]
        pub settle_amount: Option<Decimal>,
        /// The currency of `settle_amount`. Documented for `orders.json`.
        pub settle_currency: Option<String>,
        /// The payment channel. In a refund documented for `orders.json`.
        pub gateway: Option<String>,
        /// The method of payment (query).
        pub payment_method: Option<String>,
        /// The payment channel's id of it. Documented for `orders.json`.
        pub channel_refund_id: Option<String>,
        /// What it was paid with (list, query).
        #[serde_as(as = "Option<Object>")]
        pub payment_details: Option<Box<TransactionDetails>>,
        /// What the channel answered: names and texts in its own words (list).
        pub receipt: Option<AnyJson>,
        /// When it was made, with offset.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When it was last changed, with offset.
        pub processed_at: Option<DateTime<FixedOffset>>,
        /// When its status last changed, with offset. Documented for `orders.json`.
        pub status_update_at: Option<DateTime<FixedOffset>>,
        /// When it was made, with offset (query).
        pub create_at: Option<DateTime<FixedOffset>>,
        /// When it was last changed, with offset (query).
        pub update_at: Option<DateTime<FixedOffset>>,
    }
}

impl Row for Transaction {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &[
            "id",
            "order_id",
            "parent_transaction_id",
            "kind",
            "status",
            "amount",
            "currency",
            "settle_amount",
            "settle_currency",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

object! {
    /// What a payment was made with. The card stands here (list), or in [`credit_card`](Self::credit_card) (query).
    pub struct TransactionDetails {
        /// The channel's own number of the payment (query).
        pub pay_channel_deal_id: Option<String>,
        /// The channel's receipt, of gift cards only (query). The example holds members of a JSON object without its
        /// braces.
        pub receipt_json: Option<String>,
        /// The card (query).
        #[serde_as(as = "Option<Object>")]
        pub credit_card: Option<CreditCard>,
        /// The first digits of the card's number (list).
        pub credit_card_bin: Option<String>,
        /// The card's brand (list).
        pub credit_card_brand: Option<String>,
        /// The month in which the card expires (list).
        pub credit_card_expire_month: Option<String>,
        /// The year in which the card expires (list).
        pub credit_card_expire_year: Option<String>,
        /// The card's number, masked by the vendor (list).
        pub credit_card_number: Option<String>,
    }
    debug(pay_channel_deal_id)
}

impl TransactionDetails {
    /// The card, wherever it stands; `None` where nothing of it was sent.
    #[must_use]
    pub fn card(&self) -> Option<CreditCard> {
        let flat = CreditCard {
            credit_card_bin: self.credit_card_bin.clone(),
            credit_card_brand: self.credit_card_brand.clone(),
            credit_card_expire_month: self.credit_card_expire_month.clone(),
            credit_card_expire_year: self.credit_card_expire_year.clone(),
            credit_card_number: self.credit_card_number.clone(),
        };
        let flat = Some(flat).filter(|card| *card != CreditCard::default());
        self.credit_card.clone().or(flat)
    }
}

object! {
    /// A payment card. Personal data.
    pub struct CreditCard {
        /// The first digits of its number.
        pub credit_card_bin: Option<String>,
        /// Its brand.
        pub credit_card_brand: Option<String>,
        /// The month in which it expires.
        pub credit_card_expire_month: Option<String>,
        /// The year in which it expires.
        pub credit_card_expire_year: Option<String>,
        /// Its number, masked by the vendor.
        pub credit_card_number: Option<String>,
    }
    debug(credit_card_brand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_found_in_both_places() {
        let card = |json: &str| {
            let details: TransactionDetails = orders_wire::decode_text(json).unwrap();
            details.card().and_then(|card| card.credit_card_number)
        };
        let flat = r#"{"credit_card_number":"411111******1111"}"#;
        assert_eq!(card(flat).as_deref(), Some("411111******1111"));
        assert_eq!(card(&format!(r#"{{"credit_card":{flat}}}"#)), card(flat));
        assert_eq!(card(r#"{"credit_card_bin":null}"#), None);
    }
}
