//! Exact money: a decimal and a currency code, as the vendor sent them.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency code as the vendor sent it: usually ISO 4217 (`USD`), but open, since codes such as `CNH` or `RMB`
/// exist in the wild. Compared by its exact text. Empty where the vendor sent an amount without a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(String);

impl Currency {
    /// The code as sent.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code as text; empty where none was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the vendor sent a code at all.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.0.is_empty()
    }

    /// How many decimal places the minor unit has by ISO 4217 (USD 2, JPY 0, KWD 3, CLF 4).
    /// `None` for a code that ISO 4217 does not list, or lists without a minor unit (XAU).
    #[cfg(feature = "iso-4217")]
    #[must_use]
    pub fn exponent(&self) -> Option<u32> {
        let currency = iso_currency::Currency::from_code(&self.0)?;
        currency.exponent().map(u32::from)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Currency {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl From<String> for Currency {
    fn from(code: String) -> Self {
        Self(code)
    }
}

/// An exact amount in major units (dollars, not cents) with its currency.
///
/// The scale is kept as sent: `10.00` prints as `10.00`. Equality is of value and currency, so `10.0 USD` equals
/// `10.00 USD`. Written as `{"amount":"10.00","currency":"USD"}`: the amount is text, so that no reader rounds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in major units.
    #[serde(with = "exact_text")]
    pub amount: Decimal,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Why two amounts could not be added, or a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Amounts in different (or unknown) currencies have no sum.
    #[error("cannot add {left:?} and {right:?}: different or unknown currencies")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: String,
        /// The currency of the second amount.
        right: String,
    },
    /// The sum needs more than 28 digits.
    #[error("the sum does not fit an exact decimal")]
    Overflow,
    /// The text is not a plain decimal, or cannot be held exactly.
    #[error("{text:?} is not a decimal that can be held exactly")]
    NotExact {
        /// The text.
        text: String,
    },
}

impl Money {
    /// An amount in major units.
    #[must_use]
    pub fn new(amount: Decimal, currency: impl Into<Currency>) -> Self {
        Self {
            amount,
            currency: currency.into(),
        }
    }

    /// Reads a plain decimal (`-12.30`), keeping its scale.
    ///
    /// # Errors
    /// [`MoneyError::NotExact`] for anything else (`1e3`, `+1`, `.5`, `1_000`) and for more digits than can be held.
    pub fn parse(amount: &str, currency: impl Into<Currency>) -> Result<Self, MoneyError> {
        let exact = parse_plain(amount).ok_or_else(|| MoneyError::NotExact {
            text: amount.to_owned(),
        })?;
        Ok(Self::new(exact, currency))
    }

    /// The sum of two amounts in one known currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for different or unknown currencies, [`MoneyError::Overflow`] if the sum
    /// cannot be held exactly.
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency || !self.currency.is_known() {
            return Err(MoneyError::CurrencyMismatch {
                left: self.currency.to_string(),
                right: other.currency.to_string(),
            });
        }
        let scale = self.amount.scale().max(other.amount.scale());
        let mut sum = self
            .amount
            .checked_add(other.amount)
            .ok_or(MoneyError::Overflow)?;
        // A sum that does not fit is rounded by giving up places; adding zero may give up places that fit.
        sum.rescale(scale);
        if sum.scale() != scale || sum.checked_sub(other.amount) != Some(self.amount) {
            return Err(MoneyError::Overflow);
        }
        Ok(Self::new(sum, self.currency.clone()))
    }

    /// The amount in the currency's minor unit (cents), if ISO 4217 knows the currency and nothing is cut off.
    #[cfg(feature = "iso-4217")]
    #[must_use]
    pub fn minor_units(&self) -> Option<i128> {
        let amount = self.amount.normalize();
        let missing = self.currency.exponent()?.checked_sub(amount.scale())?;
        amount.mantissa().checked_mul(10i128.checked_pow(missing)?)
    }
}

impl fmt::Display for Money {
    /// `10.00 USD`; the bare amount where the currency is unknown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.currency.is_known() {
            write!(f, "{} {}", self.amount, self.currency)
        } else {
            self.amount.fmt(f)
        }
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// `-?digits[.digits]`: the decimals that this crate writes. Vendor JSON is read by `orders-wire`.
pub(crate) fn parse_plain(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if !plain(whole) || !plain(fraction) || leading_zero {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

mod exact_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(amount: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(amount)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(d)?;
        super::parse_plain(&text)
            .ok_or_else(|| de::Error::custom(format_args!("{text:?} is not an exact decimal")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_scale_is_kept_and_equality_is_of_value() {
        let money = Money::parse("10.00", "USD").unwrap();
        assert_eq!(money.to_string(), "10.00 USD");
        assert_eq!(money, Money::parse("10", "USD").unwrap());
        assert_ne!(money, Money::parse("10.00", "EUR").unwrap());
    }

    #[test]
    fn two_currencies_have_no_sum() {
        let one = Money::parse("1", "USD").unwrap();
        assert!(one.checked_add(&Money::parse("1", "EUR").unwrap()).is_err());
        let unknown = Money::parse("1", "").unwrap();
        assert!(unknown.checked_add(&unknown).is_err());
        let max = Money::new(Decimal::MAX, "USD");
        assert_eq!(max.checked_add(&one), Err(MoneyError::Overflow));
        let cent = Money::parse("0.01", "USD").unwrap();
        assert_eq!(max.checked_add(&cent), Err(MoneyError::Overflow));
    }

    #[test]
    fn adding_zero_of_any_scale_is_exact() {
        for (left, right, sum) in [
            ("5", "0.00", "5.00"),
            ("0.00", "500", "500.00"),
            ("5.0", "0.00", "5.00"),
            ("-0.00", "0", "0.00"),
            ("0", "0", "0"),
            ("-5.5", "5.50", "0.00"),
        ] {
            let add = |a, b| {
                Money::parse(a, "USD")
                    .unwrap()
                    .checked_add(&Money::parse(b, "USD").unwrap())
            };
            let total = add(left, right).unwrap().amount;
            assert_eq!(total.abs().to_string(), sum, "{left} + {right}");
        }
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for text in [
            "", "-", "+1", ".5", "1.", "01", "1_000", "1e3", " 1", "1,0", "１",
        ] {
            assert!(Money::parse(text, "USD").is_err(), "{text}");
        }
        assert!(Money::parse(&"9".repeat(40), "USD").is_err());
        assert!(Money::parse("0.12345678901234567890123456789", "USD").is_err());
    }

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
    }

    #[cfg(feature = "iso-4217")]
    #[test]
    fn minor_units_follow_iso_4217() {
        let minor = |amount, code: &str| Money::parse(amount, code).unwrap().minor_units();
        assert_eq!(minor("19.90", "USD"), Some(1990));
        assert_eq!(minor("500", "JPY"), Some(500));
        assert_eq!(minor("500.00", "JPY"), Some(500));
        assert_eq!(minor("1.5", "KWD"), Some(1500));
        assert_eq!(minor("-0.0001", "CLF"), Some(-1));
        assert_eq!(minor("1.005", "USD"), None);
        assert_eq!(minor("1", "RMB"), None);
        assert_eq!(minor("1", "HUF"), Some(100));
    }

    proptest! {
        #[test]
        fn any_amount_survives_writing_and_reading(mantissa in any::<i64>(), scale in 0u32..=28) {
            let money = Money::new(Decimal::new(mantissa, scale), "USD");
            let json = serde_json::to_string(&money).unwrap();
            let back: Money = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back.amount.to_string(), money.amount.to_string());
        }
    }
}
