//! What happened to the amounts of an order after the sale: money back, goods back, disputes.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::{AdjustmentStatus, Amount, Mapped};

/// What an adjustment is. Only a [`Refund`](Self::Refund) moves money to the buyer; see
/// [`Order::money_back`](crate::Order::money_back).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdjustmentKind {
    /// One payment back to the buyer. It is money where its status is
    /// [`Succeeded`](crate::AdjustmentStatus::Succeeded), and only there. One without an amount and of unknown status is
    /// a refund of which the vendor sent no payments.
    Refund,
    /// Goods that came back, or were called off: the value of the goods, with their tax apart. Never money.
    Return,
    /// The difference between what a refund was computed to be and what was paid back. Positive: less was paid back.
    /// Already contained in the payments back, so it is never added to anything.
    Discrepancy,
    /// A dispute: the buyer's bank claims the money back. Its status is that of the claim: succeeded where the seller
    /// lost it.
    Chargeback,
    /// Any other kind, by the vendor's word. Never money by itself.
    Other(String),
}

impl fmt::Display for AdjustmentKind {
    /// The word as serde writes it, or the vendor's own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refund => "refund",
            Self::Return => "return",
            Self::Discrepancy => "discrepancy",
            Self::Chargeback => "chargeback",
            Self::Other(word) => word,
        })
    }
}

/// Something that happened to the amounts after the sale.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Adjustment {
    /// The vendor's id of it: of the payment, of the returned goods, of the dispute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is.
    pub kind: AdjustmentKind,
    /// The refund that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// Where it stands. Every refund and chargeback has one; the vendor's word is empty where none was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Mapped<AdjustmentStatus>>,
    /// The amount as the vendor signs it (money back and returned goods are positive there); `None` where none was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Its tax, where the vendor sends one apart. Whether `amount` contains it is the vendor's matter: see its mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Amount>,
    /// When it was made, or last changed its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<FixedOffset>>,
    /// Why, in the vendor's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Adjustment {
    /// An adjustment of which only the kind is known.
    #[must_use]
    pub fn new(kind: AdjustmentKind) -> Self {
        Self {
            id: None,
            kind,
            refund_id: None,
            status: None,
            amount: None,
            tax: None,
            at: None,
            reason: None,
        }
    }

    /// The same with a status.
    #[must_use]
    pub fn with_status(mut self, native: impl Into<String>, normal: AdjustmentStatus) -> Self {
        self.status = Some(Mapped::new(native, normal));
        self
    }

    /// The status; [`Unknown`](AdjustmentStatus::Unknown) where there is none.
    #[must_use]
    pub fn normal_status(&self) -> AdjustmentStatus {
        self.status
            .as_ref()
            .map_or(AdjustmentStatus::Unknown, |status| status.normal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_kind_prints_as_serde_writes_it() {
        for kind in [
            AdjustmentKind::Refund,
            AdjustmentKind::Return,
            AdjustmentKind::Discrepancy,
            AdjustmentKind::Chargeback,
        ] {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
        }
        assert_eq!(AdjustmentKind::Other("void".into()).to_string(), "void");
    }

    #[test]
    fn an_adjustment_without_a_status_is_of_unknown_status() {
        let bare = Adjustment::new(AdjustmentKind::Refund);
        assert_eq!(bare.normal_status(), AdjustmentStatus::Unknown);
        let made = bare.with_status("SUCCESS", AdjustmentStatus::Succeeded);
        assert_eq!(made.normal_status(), AdjustmentStatus::Succeeded);
        assert_eq!(made.status.unwrap().native, "SUCCESS");
    }
}
