//! Addresses of buyers, and places where goods are picked up.

use orders_wire::{Word, object};

use super::status::LocationType;

object! {
    /// A postal address: of the delivery, of the bill, or of the customer. Personal data.
    ///
    /// A missing address comes as `null` or as an object whose fields are all null (recorded); see
    /// [`is_empty`](Self::is_empty).
    pub struct Address {
        /// The address's id. Documented for the list of customers.
        pub id: Option<String>,
        /// The customer's id. Documented for the list of customers.
        pub customer_id: Option<String>,
        /// Whether it is the one that is offered first. Documented for the list of customers.
        pub default: Option<bool>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// Full name; `""` was recorded in an empty address.
        pub name: Option<String>,
        /// Company.
        pub company: Option<String>,
        /// First line.
        pub address1: Option<String>,
        /// Second line.
        pub address2: Option<String>,
        /// Country, as text.
        pub country: Option<String>,
        /// Country code (`CN`).
        pub country_code: Option<String>,
        /// Province.
        pub province: Option<String>,
        /// Province code of the vendor.
        pub province_code: Option<String>,
        /// Province code by a standard; which one is not documented. Recorded on `orders.json`.
        pub standard_province_code: Option<String>,
        /// Province code by ISO 3166-2. Documented for the list of customers.
        pub province_code_v2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// City code of the vendor. Documented for a customer's orders only.
        pub city_code: Option<String>,
        /// District.
        pub district: Option<String>,
        /// District code of the vendor.
        pub district_code: Option<String>,
        /// Neighbourhood. Recorded on `orders.json`, in no page.
        pub neighborhood: Option<String>,
        /// Postal code.
        pub zip: Option<String>,
        /// Telephone number, in no fixed form (`0086...`, `+1...` and bare digits occur).
        pub phone: Option<String>,
        /// Latitude, as text. Recorded on `orders.json`.
        pub latitude: Option<String>,
        /// Longitude, as text. Recorded on `orders.json`.
        pub longitude: Option<String>,
        /// Code of the convenience store that the parcel goes to.
        pub delivery_store_code: Option<String>,
        /// Name of the convenience store that the parcel goes to.
        pub delivery_store_name: Option<String>,
    }
    debug(id, customer_id, country_code)
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

object! {
    /// A place where the buyer picks the goods up. Several field names changed between API generations; both names are
    /// kept, and the methods read whichever came.
    pub struct Location {
        /// The place's id, by its older name. See [`id`](Self::id).
        pub location_seq: Option<String>,
        /// The place's id, by its newer name (`orders.json`). See [`id`](Self::id).
        pub location_id: Option<String>,
        /// What kind of place it is. Recorded on `orders.json`.
        #[serde_as(as = "Word")]
        pub r#type: Option<LocationType>,
        /// Name of the place.
        pub name: Option<String>,
        /// Telephone number of the place.
        pub phone: Option<String>,
        /// First line of the address.
        pub address: Option<String>,
        /// Second line of the address.
        pub address_add: Option<String>,
        /// Country, as text.
        pub country: Option<String>,
        /// Country code (`CN`).
        pub country_code: Option<String>,
        /// Province.
        pub province: Option<String>,
        /// City.
        pub city: Option<String>,
        /// District.
        pub district: Option<String>,
        /// Town.
        pub town: Option<String>,
        /// Neighbourhood. Recorded on `orders.json`, in no page.
        pub neighborhood: Option<String>,
        /// Postal code, by its older name. See [`postal_code`](Self::postal_code).
        pub zip_code: Option<String>,
        /// Postal code, by its newer name (`orders.json`). See [`postal_code`](Self::postal_code).
        pub zip: Option<String>,
    }
    debug(location_id, country_code)
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
