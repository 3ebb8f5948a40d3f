//! The reply that the vendor describes for `order.succeeded`.

use std::fmt;

use orders_wire::ExactNumber;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_with::{serde_as, skip_serializing_none};

/// The JSON body of a 200 answer to `order.succeeded`. Documented in the specification; whether anything depends on it
/// is unknown. Other events may be answered with an empty 200.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct OrderSucceededReply {
    object: &'static str,
    /// What the order did to the buyer's account.
    #[serde(rename = "type")]
    pub event: AccountEvent,
    /// Whose account, and by how much.
    pub data: ReplyData,
}

impl OrderSucceededReply {
    /// A reply.
    #[must_use]
    pub fn new(event: AccountEvent, data: ReplyData) -> Self {
        Self {
            object: "event",
            event,
            data,
        }
    }
}

/// What an order did to the buyer's account at the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum AccountEvent {
    /// The account was made.
    #[serde(rename = "account.created")]
    Created,
    /// The account was topped up.
    #[serde(rename = "account.reloaded")]
    Reloaded,
}

/// Whose account it is, and the amount.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplyData {
    /// The buyer's e-mail address.
    pub customer_email: Option<String>,
    /// The seller's site.
    pub web_site: Option<String>,
    /// The buyer at the seller.
    pub user_id: Option<String>,
    /// The amount, in major units of [`currency`](ReplyData::currency).
    #[serde_as(as = "ExactNumber")]
    pub amount: Option<Decimal>,
    /// The currency of the amount.
    pub currency: Option<String>,
}

impl fmt::Debug for ReplyData {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyData")
            .field("amount", &self.amount)
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}
