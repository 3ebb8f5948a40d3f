//! Amounts in two currencies.

use orders_wire::{Exact, ExactNumber, Object, object};
use rust_decimal::Decimal;
use serde::{Deserializer, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs, serde_as, skip_serializing_none};

object! {
    /// One side of a [`MoneySet`]: an amount in major units with its currency.
    pub struct MoneyAmount {
        /// The amount in major units of `currency_code`, with the scale as sent (usually two places; one was recorded).
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency, usually by ISO 4217. The page's examples misspell one (`CNy`): never compared by us.
        pub currency_code: Option<String>,
    }
}

object! {
    /// The same amount in the currency of the shop's books and in the currency the buyer saw. Documented as equal on
    /// both sides for several fields; never converted, and a side that was not sent is `None`.
    pub struct MoneySet {
        /// The seller's side, in shop currency.
        #[serde_as(as = "Option<Object>")]
        pub shop_money: Option<MoneyAmount>,
        /// The buyer's side, in presentment currency.
        #[serde_as(as = "Option<Object>")]
        pub presentment_money: Option<MoneyAmount>,
    }
}

/// A [`MoneySet`] whose amounts are written as JSON numbers, as the money of refund adjustments is.
#[derive(Debug)]
pub(super) struct NumberSet(());

impl<'de> DeserializeAs<'de, MoneySet> for NumberSet {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<MoneySet, D::Error> {
        Object::deserialize_as(deserializer)
    }
}

impl SerializeAs<MoneySet> for NumberSet {
    fn serialize_as<S: Serializer>(set: &MoneySet, serializer: S) -> Result<S::Ok, S::Error> {
        let numbers = NumberSides {
            shop_money: set.shop_money.as_ref().map(NumberSide::new),
            presentment_money: set.presentment_money.as_ref().map(NumberSide::new),
        };
        numbers.serialize(serializer)
    }
}

#[skip_serializing_none]
#[derive(Serialize)]
struct NumberSides<'a> {
    shop_money: Option<NumberSide<'a>>,
    presentment_money: Option<NumberSide<'a>>,
}

#[serde_as]
#[skip_serializing_none]
#[derive(Serialize)]
struct NumberSide<'a> {
    #[serde_as(as = "ExactNumber")]
    amount: Option<Decimal>,
    currency_code: Option<&'a str>,
}

impl<'a> NumberSide<'a> {
    fn new(side: &'a MoneyAmount) -> Self {
        Self {
            amount: side.amount,
            currency_code: side.currency_code.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[serde_as]
    #[derive(Deserialize, Serialize)]
    struct Holder {
        #[serde_as(as = "Option<NumberSet>")]
        set: Option<MoneySet>,
    }

    #[test]
    fn numbers_stay_numbers_and_keep_their_scale() {
        let text = r#"{"set":{"shop_money":{"amount":1000000.00,"currency_code":"USD"}}}"#;
        let holder: Holder = orders_wire::decode_text(text).unwrap();
        assert_eq!(serde_json::to_string(&holder).unwrap(), text);
        let none: Holder = orders_wire::decode_text(r#"{"set":null}"#).unwrap();
        assert_eq!(none.set, None);
    }
}
