//! A dispute, as the pushes `payments/create` and `payments/update` hold it.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, Object, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::transaction::Exchange;
use super::words::DisputeType;

object! {
    /// A dispute of SHOPLINE Payments. Documented; the end of the page was not read, so it may have more fields (in the raw
    /// record). It is money held back only where its type says [`Chargeback`](DisputeType::Chargeback).
    pub struct Dispute {
        /// Its id.
        pub dispute_id: Option<String>,
        /// The payment channel's id of it.
        pub channel_dispute_id: Option<String>,
        /// What kind of dispute it is.
        #[serde_as(as = "Word")]
        pub dispute_type: Option<DisputeType>,
        /// The disputed amount, in [`currency`](Self::currency), major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency of the amount.
        pub currency: Option<String>,
        /// The same in the currency of the settlement.
        #[serde_as(as = "Option<Object>")]
        pub exchange: Option<Exchange>,
        /// When it began, with offset.
        pub create_time: Option<DateTime<FixedOffset>>,
        /// Until when evidence can be handed in, with offset.
        pub dispute_evidence_update_deadline: Option<DateTime<FixedOffset>>,
    }
}

impl Row for Dispute {
    const IDENTITY: &'static [&'static str] = &["dispute_id"];
    const STRICT: Strict = Strict::new(
        &["dispute_id", "dispute_type", "amount", "currency"],
        &[("exchange", &Exchange::STRICT)],
    );

    fn is_identified(&self) -> bool {
        self.dispute_id.as_deref().is_some_and(|id| !id.is_empty())
    }
}
