//! The three status axes, each with the vendor's own word beside ours.

use serde::{Deserialize, Serialize};

/// A vendor's own word and what we read it as. The word is never lost; a word we do not know maps to `Unknown`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mapped<T> {
    /// The vendor's own word, as sent.
    pub native: String,
    /// Our word for it.
    pub normal: T,
}

impl<T> Mapped<T> {
    /// The vendor's word and ours.
    pub fn new(native: impl Into<String>, normal: T) -> Self {
        Self {
            native: native.into(),
            normal,
        }
    }
}

/// Where the buyer's payment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaymentStatus {
    /// Nothing was paid yet.
    Unpaid,
    /// A payment is under way.
    Pending,
    /// The buyer has to do something (a 3-D Secure check, say).
    RequiresAction,
    /// The money is reserved, not yet taken.
    Authorized,
    /// A part was paid.
    PartiallyPaid,
    /// All was paid.
    Paid,
    /// A part was paid back.
    PartiallyRefunded,
    /// All was paid back.
    Refunded,
    /// The payment failed.
    Failed,
    /// A word that we do not know; see [`Mapped::native`].
    #[default]
    #[serde(other)]
    Unknown,
}

/// Where the goods are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FulfillmentStatus {
    /// Nothing was sent yet.
    Unfulfilled,
    /// A part was sent.
    Partial,
    /// All was sent.
    Fulfilled,
    /// A word that we do not know; see [`Mapped::native`].
    #[default]
    #[serde(other)]
    Unknown,
}

/// Where the commission of an affiliate order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommissionStatus {
    /// Not confirmed yet: the amounts are estimates.
    Pending,
    /// Confirmed, not yet settled.
    Confirmed,
    /// Settled: it is or will be paid out.
    Settled,
    /// Rejected: no commission.
    Invalid,
    /// A word that we do not know; see [`Mapped::native`].
    #[default]
    #[serde(other)]
    Unknown,
}

impl CommissionStatus {
    /// Whether the network calls the commission decided for good.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Settled | Self::Invalid)
    }
}
