//! The customer, as the store knows one.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, Integer, List, Object, OneOrMany, Row, Strict, Text, object};
use rust_decimal::Decimal;

use crate::orders::Address;

/// What the vendor writes where there is no last order.
const NOT_AVAILABLE: &str = "N/A";

object! {
    /// A customer of the store. Personal data. An order shows less of its buyer:
    /// [`orders::Customer`](crate::orders::Customer).
    pub struct Customer {
        /// The customer's id; ten digits were recorded.
        pub id: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// The name that the customer goes by.
        pub nick_name: Option<String>,
        /// Telephone number, in no fixed form.
        pub phone: Option<String>,
        /// When the customer was created, with offset.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When the customer was last changed, with offset.
        pub updated_at: Option<DateTime<FixedOffset>>,
        /// 0 refused by the store, 1 not invited, 2 invited, 3 registered.
        #[serde_as(as = "Integer")]
        pub state: Option<i64>,
        /// How many orders. 0 was recorded beside existing orders: do not skip customers by it.
        #[serde_as(as = "Integer")]
        pub orders_count: Option<i64>,
        /// What was bought in all, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub total_spent: Option<Decimal>,
        /// The customer's currency.
        pub currency: Option<String>,
        /// Id of the last order; null or the text `N/A` where there is none. See
        /// [`last_order_id`](Self::last_order_id).
        pub last_order_id: Option<String>,
        /// Number of the last order; null or the text `N/A` where there is none. See
        /// [`last_order_name`](Self::last_order_name).
        pub last_order_name: Option<String>,
        /// The addresses: a list here, one object inside an order. Both are read.
        #[serde_as(deserialize_as = "OneOrMany", serialize_as = "List")]
        pub addresses: Vec<Address>,
        /// The address that is offered first; null was recorded.
        #[serde_as(as = "Option<Object>")]
        pub default_address: Option<Box<Address>>,
        /// The page has the numbers 0 to 2, `others` was recorded.
        pub gender: Option<String>,
        /// Birthday as `yyyyMMdd`.
        pub birthday: Option<String>,
        /// Language.
        pub language: Option<String>,
        /// A note of the seller.
        pub note: Option<String>,
        /// Tags, joined by commas.
        pub tags: Option<String>,
        /// Whether the e-mail address was confirmed.
        pub verified_email: Option<bool>,
        /// Id of a login by Facebook.
        pub asid: Option<String>,
        /// Id of a login by the seller's own system.
        pub multipass_identifier: Option<String>,
        /// Logins by social networks. Deprecated by the vendor; null was recorded.
        #[serde_as(as = "List<Text>")]
        pub social_customer: Vec<String>,
        /// Whether e-mail advertising is accepted. Deprecated by the vendor.
        pub accepts_marketing: Option<bool>,
        /// When that was last changed, with offset. Deprecated by the vendor.
        pub accepts_marketing_updated_at: Option<DateTime<FixedOffset>>,
        /// Whether advertising by telephone is accepted. Deprecated by the vendor.
        pub accepts_mobile_marketing: Option<bool>,
        /// When that was last changed, with offset. Deprecated by the vendor.
        pub accepts_mobile_marketing_updated_at: Option<DateTime<FixedOffset>>,
        /// Whether e-mail advertising is subscribed to: a number from 0 to 2.
        #[serde_as(as = "Integer")]
        pub email_subscribe_flag: Option<i64>,
        /// Whether advertising by telephone is subscribed to: a number from 0 to 2.
        #[serde_as(as = "Integer")]
        pub mobile_subscribe_flag: Option<i64>,
        /// What was agreed to about e-mails; null was recorded.
        #[serde_as(as = "Option<Object>")]
        pub email_marketing_consent: Option<MarketingConsent>,
        /// What was agreed to about text messages; null was recorded.
        #[serde_as(as = "Option<Object>")]
        pub sms_marketing_consent: Option<MarketingConsent>,
    }
    debug(id, state, currency, orders_count, created_at, updated_at)
}

impl Row for Customer {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &["id", "created_at", "updated_at", "total_spent", "currency"],
        &[],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

impl Customer {
    /// Id of the last order; `None` also for the text `N/A`.
    #[must_use]
    pub fn last_order_id(&self) -> Option<&str> {
        available(&self.last_order_id)
    }

    /// Number of the last order; `None` also for the text `N/A`.
    #[must_use]
    pub fn last_order_name(&self) -> Option<&str> {
        available(&self.last_order_name)
    }
}

fn available(text: &Option<String>) -> Option<&str> {
    let text = text.as_deref()?;
    (!text.is_empty() && text != NOT_AVAILABLE).then_some(text)
}

object! {
    /// What a customer agreed to.
    pub struct MarketingConsent {
        /// Where it was requested.
        pub consent_collected_from: Option<String>,
        /// When it was last changed, with offset.
        pub consent_updated_at: Option<DateTime<FixedOffset>>,
        /// How it was confirmed: a number from 0 to 2.
        #[serde_as(as = "Integer")]
        pub opt_in_level: Option<i64>,
        /// Where it stands: a number from 0 to 3.
        #[serde_as(as = "Integer")]
        pub state: Option<i64>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_available_is_none() {
        let customer = |json: &str| -> Customer { orders_wire::decode_text(json).unwrap() };
        let none = customer(r#"{"last_order_id":"N/A","last_order_name":"N/A"}"#);
        assert_eq!((none.last_order_id(), none.last_order_name()), (None, None));
        // The field keeps what came.
        assert_eq!(none.last_order_id.as_deref(), Some("N/A"));
        let one = customer(r#"{"last_order_id":21,"last_order_name":"1028"}"#);
        assert_eq!(one.last_order_id(), Some("21"));
        assert_eq!(one.last_order_name(), Some("1028"));
    }

    #[test]
    fn addresses_are_written_as_a_list() {
        let one: Customer = orders_wire::decode_text(r#"{"addresses":{"zip":"1"}}"#).unwrap();
        let written = serde_json::to_string(&one).unwrap();
        assert_eq!(written, r#"{"addresses":[{"zip":"1"}]}"#);
    }
}
