//! The four status axes, each with the vendor's own word beside ours.

use std::fmt;

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

impl PaymentStatus {
    /// Whether the order was paid in full, whatever went back since.
    #[must_use]
    pub fn was_paid(self) -> bool {
        matches!(self, Self::Paid | Self::PartiallyRefunded | Self::Refunded)
    }

    /// The word as serde writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Pending => "pending",
            Self::RequiresAction => "requires_action",
            Self::Authorized => "authorized",
            Self::PartiallyPaid => "partially_paid",
            Self::Paid => "paid",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
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

impl FulfillmentStatus {
    /// The word as serde writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unfulfilled => "unfulfilled",
            Self::Partial => "partial",
            Self::Fulfilled => "fulfilled",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for FulfillmentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
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
    /// The word as serde writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Settled => "settled",
            Self::Invalid => "invalid",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the network calls the commission decided for good.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Settled | Self::Invalid)
    }
}

impl fmt::Display for CommissionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a payment back, or the claim of a dispute, stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdjustmentStatus {
    /// The money moved.
    Succeeded,
    /// Under way: no money moved yet.
    Pending,
    /// It failed, was rejected or called off: no money moved, and none will.
    Failed,
    /// A word that we do not know, or none was sent; see [`Mapped::native`].
    #[default]
    #[serde(other)]
    Unknown,
}

impl AdjustmentStatus {
    /// Whether it is decided.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// The word as serde writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for AdjustmentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints_as_written<T: Copy + Serialize + fmt::Display>(all: &[T]) {
        for status in all {
            assert_eq!(
                serde_json::to_string(status).unwrap(),
                format!("\"{status}\"")
            );
        }
    }

    #[test]
    fn a_status_prints_as_serde_writes_it() {
        prints_as_written(&[
            PaymentStatus::Unpaid,
            PaymentStatus::Pending,
            PaymentStatus::RequiresAction,
            PaymentStatus::Authorized,
            PaymentStatus::PartiallyPaid,
            PaymentStatus::Paid,
            PaymentStatus::PartiallyRefunded,
            PaymentStatus::Refunded,
            PaymentStatus::Failed,
            PaymentStatus::Unknown,
        ]);
        prints_as_written(&[
            FulfillmentStatus::Unfulfilled,
            FulfillmentStatus::Partial,
            FulfillmentStatus::Fulfilled,
            FulfillmentStatus::Unknown,
        ]);
        prints_as_written(&[
            CommissionStatus::Pending,
            CommissionStatus::Confirmed,
            CommissionStatus::Settled,
            CommissionStatus::Invalid,
            CommissionStatus::Unknown,
        ]);
        prints_as_written(&[
            AdjustmentStatus::Succeeded,
            AdjustmentStatus::Pending,
            AdjustmentStatus::Failed,
            AdjustmentStatus::Unknown,
        ]);
        assert_eq!(format!("{:>8}|", PaymentStatus::Paid), "    paid|");
    }
}
