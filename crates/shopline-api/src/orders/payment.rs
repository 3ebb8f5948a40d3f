//! How the order is paid.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, ExactNumber, Integer, List, Object, Strict, Word, object};
use rust_decimal::Decimal;

use super::MoneyAmount;
use super::status::{PayStatus, PaymentTermsType};

object! {
    /// One payment. A paid order without any was recorded: do not derive the order's status from them.
    ///
    /// Three names changed between API generations; both are kept, and the methods read whichever came.
    pub struct PaymentDetail {
        /// The payment's id.
        pub pay_seq: Option<String>,
        /// Where it stands.
        #[serde_as(as = "Word")]
        pub pay_status: Option<PayStatus>,
        /// What is paid, everything included, in shop currency, major units. A JSON number, unlike other amounts.
        #[serde_as(as = "ExactNumber")]
        pub pay_amount: Option<Decimal>,
        /// What is settled, in [`settle_currency`](Self::settle_currency), the buyer's currency; major units. A JSON number.
        /// Documented for `orders.json`.
        #[serde_as(as = "ExactNumber")]
        pub settle_pay_amount: Option<Decimal>,
        /// The currency of `settle_pay_amount`. Documented for `orders.json`.
        pub settle_currency: Option<String>,
        /// What was paid by gift card, in the buyer's currency. Documented for `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub giftcard_presentment_money: Option<MoneyAmount>,
        /// The payment channel, by its older name. See [`channel`](Self::channel).
        pub payment_channel: Option<String>,
        /// The payment channel, by its newer name (`orders.json`). See [`channel`](Self::channel).
        pub pay_channel: Option<String>,
        /// The merchant's id at the channel, by its older name. See [`merchant_id`](Self::merchant_id).
        pub payment_merchant_id: Option<String>,
        /// The merchant's id at the channel, by its newer name (`orders.json`). See [`merchant_id`](Self::merchant_id).
        pub pay_merchant_id: Option<String>,
        /// The merchant's order number, by its older name. See [`merchant_order_id`](Self::merchant_order_id).
        pub payment_merchant_order_id: Option<String>,
        /// The merchant's order number, by its newer name (`orders.json`). See
        /// [`merchant_order_id`](Self::merchant_order_id).
        pub pay_merchant_order_id: Option<String>,
        /// The merchant's e-mail address at the channel. Documented for `orders.json`.
        pub pay_merchant_email: Option<String>,
        /// The channel's own number of the payment.
        pub pay_channel_deal_id: Option<String>,
        /// The gateway. Documented for `orders.json`.
        pub gateway: Option<String>,
        /// The method of payment. Documented for `orders.json`.
        pub payment_method: Option<String>,
        /// The channel's code for the state. Documented for `orders.json`.
        pub status_code: Option<String>,
        /// The channel's message for the state. Documented for `orders.json`.
        pub status_msg: Option<String>,
        /// When the payment was made, with offset.
        pub create_time: Option<DateTime<FixedOffset>>,
        /// When it was really paid, with offset. Documented for `orders.json`; never recorded.
        pub processed_at: Option<DateTime<FixedOffset>>,
    }
    debug(pay_seq, pay_status, pay_amount, gateway, payment_method, status_code, create_time)
}

impl PaymentDetail {
    pub(super) const STRICT: Strict = Strict::new(
        &[
            "pay_status",
            "pay_amount",
            "settle_pay_amount",
            "settle_currency",
            "giftcard_presentment_money",
        ],
        &[],
    );
}

impl PaymentDetail {
    /// The payment channel under either name, the newer first.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        super::either(&self.pay_channel, &self.payment_channel)
    }

    /// The merchant's id at the channel under either name, the newer first.
    #[must_use]
    pub fn merchant_id(&self) -> Option<&str> {
        super::either(&self.pay_merchant_id, &self.payment_merchant_id)
    }

    /// The merchant's order number under either name, the newer first.
    #[must_use]
    pub fn merchant_order_id(&self) -> Option<&str> {
        super::either(&self.pay_merchant_order_id, &self.payment_merchant_order_id)
    }
}

object! {
    /// When a business customer has to pay. Documented for `orders.json`.
    pub struct PaymentTerms {
        /// The id of the terms.
        pub id: Option<String>,
        /// Their name.
        pub payment_terms_name: Option<String>,
        /// What the due date counts from.
        #[serde_as(as = "Word")]
        pub payment_terms_type: Option<PaymentTermsType>,
        /// Days until the payment is due.
        #[serde_as(as = "Integer")]
        pub due_in_days: Option<i64>,
        /// Whether the payment is late.
        pub overdue: Option<bool>,
        /// When which payment is due.
        #[serde_as(as = "List")]
        pub payment_schedules: Vec<PaymentSchedule>,
        /// When the terms were made, `yyyy-MM-dd HH:mm:ss`; the zone is not documented, so it stays text.
        pub created_at: Option<String>,
        /// When the terms were last changed, `yyyy-MM-dd HH:mm:ss`; the zone is not documented, so it stays text.
        pub updated_at: Option<String>,
    }
}

object! {
    /// One payment of the terms. Times are `yyyy-MM-dd HH:mm:ss` without a documented zone, so they stay text.
    pub struct PaymentSchedule {
        /// When it was issued.
        pub issued_at: Option<String>,
        /// When it is due.
        pub due_at: Option<String>,
        /// When it was done.
        pub completed_at: Option<String>,
    }
}

object! {
    /// The credit of a business customer. Documented for `orders.json`.
    pub struct CreditLimit {
        /// Whether the order uses the credit.
        pub is_credit_limit: Option<bool>,
        /// The currency of both amounts.
        pub credit_limit_currency: Option<String>,
        /// The whole credit, in `credit_limit_currency`, major units.
        #[serde_as(as = "Exact")]
        pub total_credit_limit: Option<Decimal>,
        /// The credit that is used and not paid back, in `credit_limit_currency`, major units.
        #[serde_as(as = "Exact")]
        pub outstanding_credit_limit: Option<Decimal>,
    }
}

impl CreditLimit {
    pub(super) const STRICT: Strict = Strict::new(
        &[
            "credit_limit_currency",
            "total_credit_limit",
            "outstanding_credit_limit",
        ],
        &[],
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_name_is_read() {
        let old: PaymentDetail = orders_wire::decode_text(
            r#"{"payment_channel":"online","payment_merchant_id":1,"payment_merchant_order_id":"o"}"#,
        )
        .unwrap();
        assert_eq!(old.channel(), Some("online"));
        assert_eq!(old.merchant_id(), Some("1"));
        assert_eq!(old.merchant_order_id(), Some("o"));
        let both: PaymentDetail =
            orders_wire::decode_text(r#"{"payment_channel":"a","pay_channel":"b"}"#).unwrap();
        assert_eq!(both.channel(), Some("b"));
    }
}
