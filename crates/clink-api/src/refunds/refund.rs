//! The refund: one schema for the endpoint and the webhook.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_wire::{AnyJson, ExactNumber, Record, Row, Strict, Word, object};
use rust_decimal::Decimal;

use crate::Error;

orders_wire::open_enum! {
    /// Where a refund stands. Documented in the vendor's specification.
    pub enum RefundStatus {
        /// The refund was requested.
        Created = "created",
        /// The channel has received it.
        Received = "received",
        /// The money is on its way.
        Refunding = "refunding",
        /// The money was paid back.
        Success = "success",
        /// It failed; see [`Refund::failure_code`](crate::refunds::Refund::failure_code).
        Failed = "failed",
        /// It was closed without being paid.
        Closed = "closed",
        /// The vendor looks at it: not final. From the vendor's notes for paying agents; whether the merchant API sends it
        /// is not known, and so below.
        PendingReview = "pending_review",
        /// The vendor refused it: final, and no money went back.
        ReviewRejected = "review_rejected",
    }
}

object! {
    /// A refund.
    ///
    /// Every field is optional, as in the vendor's specification.
    #[serde(rename_all = "camelCase")]
    pub struct Refund {
        /// The id, `rfd_...`.
        pub refund_id: Option<String>,
        /// The seller's own id of the refund; a second request with the same one gives the existing refund.
        pub refund_merchant_order_id: Option<String>,
        /// The order whose money is paid back.
        pub order_id: Option<String>,
        /// The buyer's id.
        pub customer_id: Option<String>,
        /// When it was requested (Unix milliseconds).
        pub create_time: Option<DateTime<Utc>>,
        /// What is paid back, positive, in major units of [`refund_currency`](Refund::refund_currency).
        #[serde_as(as = "ExactNumber")]
        pub refund_amount: Option<Decimal>,
        /// The currency of the amount.
        pub refund_currency: Option<String>,
        /// Where it stands.
        #[serde_as(as = "Word")]
        pub status: Option<RefundStatus>,
        /// Why, as a sentence.
        pub refund_reason: Option<String>,
        /// The payment instrument that gets the money.
        pub payment_instrument_id: Option<String>,
        /// Why it failed, as Clink's word (`already_refunded`, ...).
        pub failure_code: Option<String>,
        /// Why it failed, for people.
        pub failure_message: Option<String>,
        /// The seller's own key-value pairs: an object now, a JSON text on an older page. See [`AnyJson::members`].
        pub metadata: Option<AnyJson>,
    }
    debug(refund_id, order_id, create_time, refund_amount, refund_currency, status, failure_code)
}

impl Row for Refund {
    const IDENTITY: &'static [&'static str] = &["refundId"];
    const STRICT: Strict = Strict::new(
        &[
            "refundId",
            "orderId",
            "refundAmount",
            "refundCurrency",
            "status",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        self.refund_id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

/// Decodes one bare refund, as it stands in a stored record or a webhook.
///
/// # Errors
/// `Decode`, with the JSON path.
pub fn decode_refund(text: &Bytes) -> Result<Record<Refund>, Error> {
    crate::envelope::bare(text)
}
