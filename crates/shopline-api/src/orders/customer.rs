//! Who bought, and with what.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use orders_wire::{IsoTime, OneOrMany, Text};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::{Address, SecretText};

/// The buyer. Personal data. For a guest all fields but the currency are null (recorded).
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Customer {
    /// The customer's id; null for a guest.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// E-mail address.
    #[serde_as(as = "Text")]
    pub email: Option<String>,
    /// Telephone number, in no fixed form.
    #[serde_as(as = "Text")]
    pub phone: Option<String>,
    /// Dialling code of the telephone number (`0086`, `852` and `+1` occur).
    #[serde_as(as = "Text")]
    pub area_code: Option<String>,
    /// First name.
    #[serde_as(as = "Text")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde_as(as = "Text")]
    pub last_name: Option<String>,
    /// The customer's currency.
    #[serde_as(as = "Text")]
    pub currency: Option<String>,
    /// The address: documented and recorded as one object although the name is plural, a list on other endpoints.
    /// Both are read.
    #[serde_as(as = "OneOrMany")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// When the customer was created, with offset.
    #[serde_as(as = "IsoTime")]
    pub created_at: Option<DateTime<FixedOffset>>,
    /// When the customer was last changed, with offset.
    #[serde_as(as = "IsoTime")]
    pub updated_at: Option<DateTime<FixedOffset>>,
}

impl fmt::Debug for Customer {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer")
            .field("id", &self.id)
            .field("currency", &self.currency)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .finish_non_exhaustive()
    }
}

/// The buyer's browser. Personal data.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ClientDetails {
    /// IP address.
    #[serde_as(as = "Text")]
    pub browser_ip: Option<String>,
    /// Id of the browser's session; kept out of `Debug`.
    pub session_hash: Option<SecretText>,
    /// The browser's name for itself.
    #[serde_as(as = "Text")]
    pub user_agent: Option<String>,
}

impl fmt::Debug for ClientDetails {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientDetails").finish_non_exhaustive()
    }
}

/// The tokens of the cart and of the checkout that the order came from; kept out of `Debug`. `orders.json` has them at
/// the top of the order instead.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TokenInfo {
    /// Token of the cart.
    pub cart_token: Option<SecretText>,
    /// Token of the checkout.
    pub checkout_token: Option<SecretText>,
}

/// The company that bought (business customers). Documented for `orders.json`.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Company {
    /// The company's id.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// The id of the company's place.
    #[serde_as(as = "Text")]
    pub location_id: Option<String>,
    /// The company's tax registration.
    #[serde_as(as = "Text")]
    pub tax_registration_id: Option<String>,
}

impl fmt::Debug for Company {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Company")
            .field("id", &self.id)
            .field("location_id", &self.location_id)
            .finish_non_exhaustive()
    }
}
