//! Addresses of buyers, and places where goods are picked up.

use std::fmt;

use orders_wire::{Flag, Text, Word};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::status::LocationType;

/// A postal address: of the delivery, of the bill, or of the customer. Personal data.
///
/// A missing address comes as `null` or as an object whose fields are all null (recorded); see
/// [`is_empty`](Self::is_empty).
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Address {
    /// The address's id. Documented for the list of customers.
    #[serde_as(as = "Text")]
    pub id: Option<String>,
    /// The customer's id. Documented for the list of customers.
    #[serde_as(as = "Text")]
    pub customer_id: Option<String>,
    /// Whether it is the one that is offered first. Documented for the list of customers.
    #[serde_as(as = "Flag")]
    pub default: Option<bool>,
    /// First name.
    #[serde_as(as = "Text")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde_as(as = "Text")]
    pub last_name: Option<String>,
    /// Full name; `""` was recorded in an empty address.
    #[serde_as(as = "Text")]
    pub name: Option<String>,
    /// Company.
    #[serde_as(as = "Text")]
    pub company: Option<String>,
    /// First line.
    #[serde_as(as = "Text")]
    pub address1: Option<String>,
    /// Second line.
    #[serde_as(as = "Text")]
    pub address2: Option<String>,
    /// Country, as text.
    #[serde_as(as = "Text")]
    pub country: Option<String>,
    /// Country code (`CN`).
    #[serde_as(as = "Text")]
    pub country_code: Option<String>,
    /// Province.
    #[serde_as(as = "Text")]
    pub province: Option<String>,
    /// Province code of the vendor.
    #[serde_as(as = "Text")]
    pub province_code: Option<String>,
    /// Province code by a standard; which one is not documented. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub standard_province_code: Option<String>,
    /// Province code by ISO 3166-2. Documented for the list of customers.
    #[serde_as(as = "Text")]
    pub province_code_v2: Option<String>,
    /// City.
    #[serde_as(as = "Text")]
    pub city: Option<String>,
    /// City code of the vendor. Documented for a customer's orders only.
    #[serde_as(as = "Text")]
    pub city_code: Option<String>,
    /// District.
    #[serde_as(as = "Text")]
    pub district: Option<String>,
    /// District code of the vendor.
    #[serde_as(as = "Text")]
    pub district_code: Option<String>,
    /// Neighbourhood. Recorded on `orders.json`, in no page.
    #[serde_as(as = "Text")]
    pub neighborhood: Option<String>,
    /// Postal code.
    #[serde_as(as = "Text")]
    pub zip: Option<String>,
    /// Telephone number, in no fixed form (`0086...`, `+1...` and bare digits occur).
    #[serde_as(as = "Text")]
    pub phone: Option<String>,
    /// Latitude, as text. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub latitude: Option<String>,
    /// Longitude, as text. Recorded on `orders.json`.
    #[serde_as(as = "Text")]
    pub longitude: Option<String>,
    /// Code of the convenience store that the parcel goes to.
    #[serde_as(as = "Text")]
    pub delivery_store_code: Option<String>,
    /// Name of the convenience store that the parcel goes to.
    #[serde_as(as = "Text")]
    pub delivery_store_name: Option<String>,
}

impl fmt::Debug for Address {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("id", &self.id)
            .field("customer_id", &self.customer_id)
            .field("country_code", &self.country_code)
            .finish_non_exhaustive()
    }
}

impl Address {
    /// Whether nothing stands in it: all fields absent, null or `""`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = Self {
            name: self.name.clone().filter(|name| !name.is_empty()),
            ..self.clone()
        };
        blank == Self::default()
    }
}

/// A place where the buyer picks the goods up. Several field names changed between API generations; both names are
/// kept, and the methods read whichever came.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Location {
    /// The place's id, by its older name. See [`id`](Self::id).
    #[serde_as(as = "Text")]
    pub location_seq: Option<String>,
    /// The place's id, by its newer name (`orders.json`). See [`id`](Self::id).
    #[serde_as(as = "Text")]
    pub location_id: Option<String>,
    /// What kind of place it is. Recorded on `orders.json`.
    #[serde_as(as = "Word")]
    pub r#type: Option<LocationType>,
    /// Name of the place.
    #[serde_as(as = "Text")]
    pub name: Option<String>,
    /// Telephone number of the place.
    #[serde_as(as = "Text")]
    pub phone: Option<String>,
    /// First line of the address.
    #[serde_as(as = "Text")]
    pub address: Option<String>,
    /// Second line of the address.
    #[serde_as(as = "Text")]
    pub address_add: Option<String>,
    /// Country, as text.
    #[serde_as(as = "Text")]
    pub country: Option<String>,
    /// Country code (`CN`).
    #[serde_as(as = "Text")]
    pub country_code: Option<String>,
    /// Province.
    #[serde_as(as = "Text")]
    pub province: Option<String>,
    /// City.
    #[serde_as(as = "Text")]
    pub city: Option<String>,
    /// District.
    #[serde_as(as = "Text")]
    pub district: Option<String>,
    /// Town.
    #[serde_as(as = "Text")]
    pub town: Option<String>,
    /// Neighbourhood. Recorded on `orders.json`, in no page.
    #[serde_as(as = "Text")]
    pub neighborhood: Option<String>,
    /// Postal code, by its older name. See [`postal_code`](Self::postal_code).
    #[serde_as(as = "Text")]
    pub zip_code: Option<String>,
    /// Postal code, by its newer name (`orders.json`). See [`postal_code`](Self::postal_code).
    #[serde_as(as = "Text")]
    pub zip: Option<String>,
}

impl fmt::Debug for Location {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location")
            .field("location_id", &self.location_id)
            .field("country_code", &self.country_code)
            .finish_non_exhaustive()
    }
}

impl Location {
    /// The place's id under either name, the newer first.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        super::either(&self.location_id, &self.location_seq)
    }

    /// The postal code under either name, the newer first.
    #[must_use]
    pub fn postal_code(&self) -> Option<&str> {
        super::either(&self.zip, &self.zip_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_nulls_is_empty() {
        let address: Address =
            orders_wire::decode_text(r#"{"first_name":null,"city":null,"name":""}"#).unwrap();
        assert!(address.is_empty());
        let address: Address = orders_wire::decode_text(r#"{"city":"Hamburg","name":""}"#).unwrap();
        assert!(!address.is_empty());
    }

    #[test]
    fn either_name_is_read_and_both_are_kept() {
        let old: Location =
            orders_wire::decode_text(r#"{"location_seq":7,"zip_code":"0123"}"#).unwrap();
        assert_eq!((old.id(), old.postal_code()), (Some("7"), Some("0123")));
        let both: Location =
            orders_wire::decode_text(r#"{"location_seq":"7","location_id":"8","zip":""}"#).unwrap();
        assert_eq!(both.id(), Some("8"));
        assert_eq!(both.location_seq.as_deref(), Some("7"));
        assert_eq!(both.postal_code(), None);
    }
}
