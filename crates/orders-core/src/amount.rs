//! One amount, or the same amount in two currencies.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::currency::Currency;
use crate::money::{Money, exact_text};

/// The same amount in shop currency and in presentment currency (SHOPLINE's `_set` objects).
/// Never converted: a side that the vendor did not send is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MoneyPair {
    /// In the currency the shop keeps its books in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<Money>,
    /// In the currency the buyer saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentment: Option<Money>,
}

/// An amount of an order: one amount, or the same amount in two currencies.
///
/// ```
/// use orders_core::{Amount, Money, MoneyError, MoneyPair};
///
/// let mut pair = MoneyPair::default();
/// pair.presentment = Some("9.90 EUR".parse()?);
/// let amount = Amount::from(pair);
/// // A side that was not sent is none: the other one does not stand in for it.
/// assert_eq!(amount.shop(), None);
/// assert_eq!(amount.presentment(), Some(&"9.90 EUR".parse()?));
///
/// let single = Amount::from(Money::parse("9.90", "EUR")?);
/// assert_eq!(single.shop(), single.presentment());
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Amount {
    /// One amount in one currency.
    Single(Money),
    /// One amount in shop and presentment currency.
    Pair(MoneyPair),
}

impl Amount {
    /// The amount in the currency that the seller keeps books in: the single amount, or the pair's shop side.
    #[must_use]
    pub fn shop(&self) -> Option<&Money> {
        match self {
            Self::Single(money) => Some(money),
            Self::Pair(pair) => pair.shop.as_ref(),
        }
    }

    /// The amount that the buyer saw: the single amount, or the pair's presentment side.
    #[must_use]
    pub fn presentment(&self) -> Option<&Money> {
        match self {
            Self::Single(money) => Some(money),
            Self::Pair(pair) => pair.presentment.as_ref(),
        }
    }

    /// Each amount that there is, with the word for its side: `single`, or `shop` and `presentment`.
    pub fn sides(&self) -> impl Iterator<Item = (&'static str, &Money)> {
        let sides = match self {
            Self::Single(money) => [Some(("single", money)), None],
            Self::Pair(pair) => [
                pair.shop.as_ref().map(|money| ("shop", money)),
                pair.presentment
                    .as_ref()
                    .map(|money| ("presentment", money)),
            ],
        };
        sides.into_iter().flatten()
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self::Single(money)
    }
}

impl From<MoneyPair> for Amount {
    fn from(pair: MoneyPair) -> Self {
        Self::Pair(pair)
    }
}

impl Serialize for Amount {
    /// A single amount as `{"amount":..,"currency":..}`, a pair as `{"shop":{..},"presentment":{..}}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Single(money) => money.serialize(serializer),
            Self::Pair(pair) => pair.serialize(serializer),
        }
    }
}

#[derive(Deserialize)]
struct AmountParts {
    amount: Option<AmountText>,
    currency: Option<Currency>,
    shop: Option<Money>,
    presentment: Option<Money>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct AmountText(#[serde(with = "exact_text")] Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = AmountParts::deserialize(deserializer)?;
        Ok(match parts.amount {
            Some(amount) => Money::new(amount.0, parts.currency.unwrap_or_default()).into(),
            None => MoneyPair {
                shop: parts.shop,
                presentment: parts.presentment,
            }
            .into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_text_and_read_back() {
        let single = Amount::from(Money::parse("9.90", "EUR").unwrap());
        let json = serde_json::to_string(&single).unwrap();
        assert_eq!(json, r#"{"amount":"9.90","currency":"EUR"}"#);
        assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), single);

        let pair = Amount::from(MoneyPair {
            shop: None,
            presentment: Some(Money::parse("-1.500", "KWD").unwrap()),
        });
        let json = serde_json::to_string(&pair).unwrap();
        assert_eq!(
            json,
            r#"{"presentment":{"amount":"-1.500","currency":"KWD"}}"#
        );
        assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), pair);
        assert!(serde_json::from_str::<Amount>(r#"{"amount":9.9,"currency":"EUR"}"#).is_err());

        let words = |amount: &Amount| amount.sides().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words(&single), ["single"]);
        assert_eq!(words(&pair), ["presentment"]);
    }
}
