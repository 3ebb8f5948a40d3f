//! The parts of an order: amounts, lines, commission, customer.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Amount, CommissionStatus, FulfillmentStatus, Mapped, Money};

/// What an amount of the whole order means. Open: a vendor may have a kind that is not here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TotalKind {
    /// What the buyer pays for everything.
    Grand,
    /// What was taken from the buyer. Only where the vendor says how much.
    Charged,
    /// The goods, after discounts, before whatever the vendor adds (see the vendor's documentation for tax).
    Subtotal,
    /// The goods at list price, before discounts.
    Lines,
    /// All discounts, as a positive amount.
    Discount,
    /// All taxes.
    Tax,
    /// Shipping.
    Shipping,
    /// Tips.
    Tip,
    /// A manual correction by the seller.
    Adjustment,
    /// What is still to be paid.
    Outstanding,
    /// The order amount as estimated, before the network confirmed it.
    Estimated,
    /// The order amount as confirmed by the network.
    Confirmed,
    /// The amount after later edits, where the vendor keeps both (SHOPLINE's `current_` fields); the text names it.
    Current(String),
    /// Any other kind, named by the vendor's field.
    Other(String),
}

impl fmt::Display for TotalKind {
    /// The word as serde writes it; with the vendor's field after a colon where there is one
    /// (`current:current_total_tax`, `other:fee`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grand => "grand",
            Self::Charged => "charged",
            Self::Subtotal => "subtotal",
            Self::Lines => "lines",
            Self::Discount => "discount",
            Self::Tax => "tax",
            Self::Shipping => "shipping",
            Self::Tip => "tip",
            Self::Adjustment => "adjustment",
            Self::Outstanding => "outstanding",
            Self::Estimated => "estimated",
            Self::Confirmed => "confirmed",
            Self::Current(field) => return write!(f, "current:{field}"),
            Self::Other(field) => return write!(f, "other:{field}"),
        })
    }
}

/// An amount of the whole order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Total {
    /// What the amount means.
    pub kind: TotalKind,
    /// The amount.
    pub amount: Amount,
}

impl Total {
    /// An amount and its meaning.
    #[must_use]
    pub fn new(kind: TotalKind, amount: impl Into<Amount>) -> Self {
        Self {
            kind,
            amount: amount.into(),
        }
    }
}

/// One line of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Line {
    /// The vendor's id of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// The variant of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<String>,
    /// The seller's stock keeping unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The name shown to the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many were ordered, in units.
    #[serde(skip_serializing_if = "Option::is_none", with = "option_text")]
    pub quantity: Option<Decimal>,
    /// How many are left of them after returns and edits, in units; `None` where the vendor's answer does not show it.
    #[serde(skip_serializing_if = "Option::is_none", with = "option_text")]
    pub current_quantity: Option<Decimal>,
    /// The price of one unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// What was taken off this line as it was ordered, as a positive amount, where the vendor sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// The taxes on this line as it was ordered, where the vendor sends them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Money>,
    /// The amount of the line, where the vendor sends one; never computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// The commission of this line, of an affiliate order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<Money>,
    /// Where the goods of this line are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fulfillment: Option<Mapped<FulfillmentStatus>>,
    /// The vendor's own status word of the line, where it has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_status: Option<String>,
    /// The merchant's own status word of the line, free text in any language, where the vendor is not the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_status: Option<String>,
}

/// The commission of an affiliate order: estimated at the sale and confirmed later, each in its own currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Commission {
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Mapped<CommissionStatus>>,
    /// The commission as estimated when the order was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated: Option<Money>,
    /// The commission as confirmed by the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Money>,
    /// The affiliate program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
    /// The publisher's own label that was passed with the click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_id: Option<String>,
}

/// A reference to the buyer. Addresses and the rest are read from the vendor's type.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Customer {
    /// The vendor's id of the buyer; `None` for a guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The buyer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Customer {
    /// A buyer, with what is known of them.
    #[must_use]
    pub fn new(id: Option<String>, email: Option<String>) -> Self {
        Self { id, email }
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer")
            .field("id", &self.id)
            .field("email", &self.email.as_ref().map(|_| "[personal]"))
            .finish()
    }
}

mod option_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(v: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
        match v {
            Some(quantity) => s.collect_str(quantity),
            None => s.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|text| {
            crate::money::parse_plain(&text)
                .ok_or_else(|| de::Error::custom(format_args!("{text:?} is not an exact decimal")))
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_kind_prints_as_serde_writes_it() {
        for kind in [
            TotalKind::Grand,
            TotalKind::Charged,
            TotalKind::Subtotal,
            TotalKind::Lines,
            TotalKind::Discount,
            TotalKind::Tax,
            TotalKind::Shipping,
            TotalKind::Tip,
            TotalKind::Adjustment,
            TotalKind::Outstanding,
            TotalKind::Estimated,
            TotalKind::Confirmed,
        ] {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
        }
    }

    #[test]
    fn a_kind_of_the_vendor_prints_its_field() {
        let current = TotalKind::Current("current_total_tax".into());
        assert_eq!(current.to_string(), "current:current_total_tax");
        assert_eq!(TotalKind::Other("fee".into()).to_string(), "other:fee");
    }
}
