//! A push that requests to erase personal data: `customers/redact` and `merchants/redact`.
//!
//! Every public app has to take both, answer 200, and erase within thirty days.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use orders_wire::{IsoTime, List, Object, Row, Strict, Text};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

/// Whose data is to be erased: a customer's, or a whole store's.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Redaction {
    /// The customer (`customers/redact`).
    #[serde_as(as = "Option<Object>")]
    pub customer: Option<RedactedCustomer>,
    /// The numbers of the customer's orders, as `#72348` (`customers/redact`).
    #[serde_as(as = "List<Text>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders_to_redact: Vec<String>,
    /// The store's domain (`customers/redact`).
    #[serde_as(as = "Text")]
    pub shop_domain: Option<String>,
    /// The store's id (`customers/redact`).
    #[serde_as(as = "Text")]
    pub shop_id: Option<String>,
    /// The store's domain (`merchants/redact`).
    #[serde_as(as = "Text")]
    pub store_domain: Option<String>,
    /// The store's id (`merchants/redact`).
    #[serde_as(as = "Text")]
    pub store_id: Option<String>,
    /// When it was requested, with offset.
    #[serde_as(as = "IsoTime")]
    pub update_time: Option<DateTime<FixedOffset>>,
}

impl Row for Redaction {
    const IDENTITY: &'static [&'static str] = &[];
    const STRICT: Strict = Strict::new(
        &["customer", "orders_to_redact", "shop_id", "store_id"],
        &[],
    );

    fn is_identified(&self) -> bool {
        true
    }
}

/// The customer whose data is to be erased.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RedactedCustomer {
    /// The customer's id.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// The e-mail address.
    #[serde_as(as = "Text")]
    pub email: Option<String>,
    /// The telephone number.
    #[serde_as(as = "Text")]
    pub phone: Option<String>,
}

impl fmt::Debug for RedactedCustomer {
    /// The id alone: the rest is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactedCustomer")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
