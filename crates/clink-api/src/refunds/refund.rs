//! The refund: one schema for the endpoint and the webhook.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_wire::{AnyJson, EpochMillis, ExactNumber, Record, Row, Strict, Text, Word};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

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
    }
}

/// A refund.
///
/// Every field is optional, as in the vendor's specification.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Refund {
    /// The id, `rfd_...`.
    #[serde_as(as = "Text")]
    pub refund_id: Option<String>,
    /// The seller's own id of the refund; a second request with the same one gives the existing refund.
    #[serde_as(as = "Text")]
    pub refund_merchant_order_id: Option<String>,
    /// The order whose money is paid back.
    #[serde_as(as = "Text")]
    pub order_id: Option<String>,
    /// The buyer's id.
    #[serde_as(as = "Text")]
    pub customer_id: Option<String>,
    /// When it was requested (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub create_time: Option<DateTime<Utc>>,
    /// What is paid back, positive, in major units of [`refund_currency`](Refund::refund_currency).
    #[serde_as(as = "ExactNumber")]
    pub refund_amount: Option<Decimal>,
    /// The currency of the amount.
    #[serde_as(as = "Text")]
    pub refund_currency: Option<String>,
    /// Where it stands.
    #[serde_as(as = "Word")]
    pub status: Option<RefundStatus>,
    /// Why, as a sentence.
    #[serde_as(as = "Text")]
    pub refund_reason: Option<String>,
    /// The payment instrument that gets the money.
    #[serde_as(as = "Text")]
    pub payment_instrument_id: Option<String>,
    /// Why it failed, as Clink's word (`already_refunded`, ...).
    #[serde_as(as = "Text")]
    pub failure_code: Option<String>,
    /// Why it failed, for people.
    #[serde_as(as = "Text")]
    pub failure_message: Option<String>,
    /// The seller's own key-value pairs: an object now, a JSON text on an older page. See [`AnyJson::members`].
    pub metadata: Option<AnyJson>,
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

impl fmt::Debug for Refund {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refund")
            .field("refund_id", &self.refund_id)
            .field("order_id", &self.order_id)
            .field("create_time", &self.create_time)
            .field("refund_amount", &self.refund_amount)
            .field("refund_currency", &self.refund_currency)
            .field("status", &self.status)
            .field("failure_code", &self.failure_code)
            .finish_non_exhaustive()
    }
}

/// Decodes one bare refund, as it stands in a stored record or a webhook.
///
/// # Errors
/// `Decode`, with the JSON path.
pub fn decode_refund(text: &Bytes) -> Result<Record<Refund>, Error> {
    crate::envelope::bare(text)
}
