//! A push that requests to erase personal data: `customers/redact` and `merchants/redact`.
//!
//! Every public app has to take both, answer 200, and erase within thirty days.

use chrono::{DateTime, FixedOffset};
use orders_wire::{List, Object, Row, Strict, Text, object};

object! {
    /// Whose data is to be erased: a customer's, or a whole store's.
    pub struct Redaction {
        /// The customer (`customers/redact`).
        #[serde_as(as = "Option<Object>")]
        pub customer: Option<RedactedCustomer>,
        /// The numbers of the customer's orders, as `#72348` (`customers/redact`).
        #[serde_as(as = "List<Text>")]
        pub orders_to_redact: Vec<String>,
        /// The store's domain (`customers/redact`).
        pub shop_domain: Option<String>,
        /// The store's id (`customers/redact`).
        pub shop_id: Option<String>,
        /// The store's domain (`merchants/redact`).
        pub store_domain: Option<String>,
        /// The store's id (`merchants/redact`).
        pub store_id: Option<String>,
        /// When it was requested, with offset.
        pub update_time: Option<DateTime<FixedOffset>>,
    }
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

object! {
    /// The customer whose data is to be erased.
    pub struct RedactedCustomer {
        /// The customer's id.
        pub id: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// The telephone number.
        pub phone: Option<String>,
    }
    debug(id)
}
