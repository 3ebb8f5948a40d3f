//! Disputes, as webhooks send them.

use chrono::{DateTime, FixedOffset};
use orders_wire::{AnyTime, ExactNumber, Integer, Row, Strict, object};
use rust_decimal::Decimal;

object! {
    /// A dispute: the buyer's bank claims money back (a chargeback). Documented, not recorded. No endpoint lists disputes.
    ///
    /// One dispute gives several events, and one that is won or lost is also closed: key them by
    /// [`charge_back_id`](Self::charge_back_id) and never add them up. Whether the money of a won dispute came back, and what
    /// the bank charged, is not in it.
    #[serde(rename_all = "camelCase")]
    pub struct Dispute {
        /// The id of the dispute.
        pub charge_back_id: Option<String>,
        /// The order whose money is claimed.
        pub order_id: Option<String>,
        /// The buyer's id.
        pub customer_id: Option<String>,
        /// The seller's id.
        pub merchant_id: Option<String>,
        /// The payment channel.
        pub channel_code: Option<String>,
        /// What is claimed, positive, in major units of [`dispute_currency`](Self::dispute_currency).
        #[serde_as(as = "ExactNumber")]
        pub dispute_amount: Option<Decimal>,
        /// The currency of the claim; may differ from that of the order.
        pub dispute_currency: Option<String>,
        /// What was paid, in major units of [`original_currency`](Self::original_currency) (inferred from its name).
        #[serde_as(as = "ExactNumber")]
        pub original_amount: Option<Decimal>,
        /// The currency of the original amount.
        pub original_currency: Option<String>,
        /// Why, as Clink's code.
        pub reason_code: Option<String>,
        /// Why, for people.
        pub reason_description: Option<String>,
        /// Why, as the card network's code.
        pub network_reason_code: Option<String>,
        /// Where it stands, as a number without a documented meaning (the page's sample is 1): take the state from the
        /// [name of the event](super::EventName).
        #[serde_as(as = "Integer")]
        pub status: Option<i64>,
        /// The last time to hand in evidence. ISO 8601 in the specification, Unix milliseconds in the vendor's tool: both are
        /// read.
        #[serde_with(skip_apply)]
        #[serde_as(as = "AnyTime")]
        pub evidence_deadline: Option<DateTime<FixedOffset>>,
        /// When the channel opened the dispute. In either form, like the deadline.
        #[serde_with(skip_apply)]
        #[serde_as(as = "AnyTime")]
        pub channel_dispute_time: Option<DateTime<FixedOffset>>,
    }
    debug(charge_back_id, order_id, dispute_amount, dispute_currency, reason_code, status, evidence_deadline)
}

impl Row for Dispute {
    const IDENTITY: &'static [&'static str] = &["chargeBackId"];
    const STRICT: Strict = Strict::new(
        &[
            "chargeBackId",
            "orderId",
            "disputeAmount",
            "disputeCurrency",
            "originalAmount",
            "originalCurrency",
            "status",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        let id = self.charge_back_id.as_deref();
        id.is_some_and(|id| !id.is_empty())
    }
}
