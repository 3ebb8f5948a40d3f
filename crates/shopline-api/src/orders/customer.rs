//! Who bought, and with what.

use chrono::{DateTime, FixedOffset};
use orders_wire::{OneOrMany, object};

use super::{Address, SecretText};

object! {
    /// The buyer. Personal data. For a guest all fields but the currency are null (recorded).
    pub struct Customer {
        /// The customer's id; null for a guest.
        pub id: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// Telephone number, in no fixed form.
        pub phone: Option<String>,
        /// Dialling code of the telephone number (`0086`, `852` and `+1` occur).
        pub area_code: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// The customer's currency.
        pub currency: Option<String>,
        /// The address: documented and recorded as one object although the name is plural, a list on other endpoints.
        /// Both are read.
        #[serde_as(as = "OneOrMany")]
        pub addresses: Vec<Address>,
        /// When the customer was created, with offset.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When the customer was last changed, with offset.
        pub updated_at: Option<DateTime<FixedOffset>>,
    }
    debug(id, currency, created_at, updated_at)
}

object! {
    /// The buyer's browser. Personal data.
    pub struct ClientDetails {
        /// IP address.
        pub browser_ip: Option<String>,
        /// Id of the browser's session; kept out of `Debug`.
        pub session_hash: Option<SecretText>,
        /// The browser's name for itself.
        pub user_agent: Option<String>,
    }
    debug()
}

object! {
    /// The tokens of the cart and of the checkout that the order came from; kept out of `Debug`. `orders.json` has them
    /// at the top of the order instead.
    pub struct TokenInfo {
        /// Token of the cart.
        pub cart_token: Option<SecretText>,
        /// Token of the checkout.
        pub checkout_token: Option<SecretText>,
    }
}

object! {
    /// The company that bought (business customers). Documented for `orders.json`.
    pub struct Company {
        /// The company's id.
        pub id: Option<String>,
        /// The id of the company's place.
        pub location_id: Option<String>,
        /// The company's tax registration.
        pub tax_registration_id: Option<String>,
    }
    debug(id, location_id)
}
