//! Exact money: a decimal and a currency code, as the vendor sent them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::currency::Currency;

/// An exact amount in major units (dollars, not cents) with its currency.
///
/// The scale is kept as sent: `10.00` prints as `10.00`. Equality is of value and currency, so `10.0 USD` equals
/// `10.00 USD`. Amounts are ordered within one known currency; across currencies `partial_cmp` is `None`. Nothing is
/// rounded but by [`Money::rounded`] and `Money::rounded_to_minor` (feature `iso-4217`). Reads from and prints as
/// `10.00 USD`.
///
/// ```
/// use orders_core::{Currency, Money, RoundingStrategy};
///
/// let price: Money = "19.90 EUR".parse()?;
/// let shipping: Money = "4.105 EUR".parse()?;
/// assert!(price > shipping);
/// assert_eq!(shipping.rounded(2, RoundingStrategy::MidpointNearestEven).to_string(), "4.10 EUR");
///
/// let tip: Money = "2 USD".parse()?;
/// assert_eq!(price.partial_cmp(&tip), None);
/// let sums = Money::sum_by_currency([&price, &shipping, &tip])?;
/// assert_eq!(sums[&Currency::new("EUR")].to_string(), "24.005");
/// # Ok::<(), orders_core::MoneyError>(())
/// ```
///
/// With serde, written as `{"amount":"10.00","currency":"USD"}`: the amount is text, so that no reader rounds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in major units.
    #[serde(with = "exact_text")]
    pub amount: Decimal,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Why two amounts could not be added or subtracted, or a text is no amount.
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
    /// The text is not an amount, a space and a currency code.
    #[error("{text:?} is not an amount and a currency code such as \"19.90 EUR\"")]
    NotMoney {
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
    /// ```
    /// use orders_core::{Money, MoneyError};
    ///
    /// let price = Money::parse("19.90", "EUR")?;
    /// assert_eq!(price.checked_add(&Money::parse("0.1", "eur")?)?.to_string(), "20.00 EUR");
    /// // Nothing is converted, and an amount without a currency has no sum.
    /// assert!(price.checked_add(&Money::parse("1", "USD")?).is_err());
    /// assert!(Money::parse("1", "")?.checked_add(&Money::parse("1", "")?).is_err());
    /// # Ok::<(), MoneyError>(())
    /// ```
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
        let sum = add_exact(self.amount, other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(sum, self.currency.clone()))
    }

    /// The difference of two amounts in one known currency.
    ///
    /// # Errors
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_sub(&self, other: &Self) -> Result<Self, MoneyError> {
        self.checked_add(&Self::new(-other.amount, other.currency.clone()))
    }

    /// The sum of the amounts of each currency, without a currency that has no amount.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] for two amounts without a currency: nothing says that it is the same one.
    /// [`MoneyError::Overflow`] if a sum cannot be held exactly.
    pub fn sum_by_currency<'a>(
        amounts: impl IntoIterator<Item = &'a Self>,
    ) -> Result<BTreeMap<Currency, Decimal>, MoneyError> {
        let mut sums: BTreeMap<Currency, Self> = BTreeMap::new();
        for money in amounts {
            let sum = match sums.get(&money.currency) {
                Some(sum) => sum.checked_add(money)?,
                None => money.clone(),
            };
            sums.insert(money.currency.clone(), sum);
        }
        Ok(sums
            .into_iter()
            .map(|(currency, sum)| (currency, sum.amount))
            .collect())
    }

    /// The amount with at most so many decimal places, rounded as the strategy says.
    #[must_use]
    pub fn rounded(&self, decimal_places: u32, strategy: RoundingStrategy) -> Self {
        let amount = self.amount.round_dp_with_strategy(decimal_places, strategy);
        Self::new(amount, self.currency.clone())
    }

    /// The amount rounded to the currency's minor unit (USD to cents, JPY to yen), as the strategy says.
    /// `None` where ISO 4217 does not know the currency's minor unit.
    #[cfg(feature = "iso-4217")]
    #[must_use]
    pub fn rounded_to_minor(&self, strategy: RoundingStrategy) -> Option<Self> {
        Some(self.rounded(self.currency.exponent()?, strategy))
    }

    /// The amount in the currency's minor unit (cents), if ISO 4217 knows the currency and nothing is cut off.
    ///
    /// ```
    /// use orders_core::{Money, MoneyError};
    ///
    /// assert_eq!(Money::parse("19.90", "EUR")?.minor_units(), Some(1990));
    /// assert_eq!(Money::parse("19", "JPY")?.minor_units(), Some(19));
    /// // Half a cent is not cut off: round first.
    /// assert_eq!(Money::parse("19.905", "EUR")?.minor_units(), None);
    /// # Ok::<(), MoneyError>(())
    /// ```
    #[cfg(feature = "iso-4217")]
    #[must_use]
    pub fn minor_units(&self) -> Option<i128> {
        let amount = self.amount.normalize();
        let missing = self.currency.exponent()?.checked_sub(amount.scale())?;
        amount.mantissa().checked_mul(10i128.checked_pow(missing)?)
    }
}

impl PartialOrd for Money {
    /// By amount, in one known currency. Amounts without a currency are equal or not to be compared.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.currency != other.currency {
            return None;
        }
        let by_amount = self.amount.cmp(&other.amount);
        (self.currency.is_known() || by_amount.is_eq()).then_some(by_amount)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads what [`Display`](fmt::Display) writes: `19.90 EUR`, or the bare amount where the currency is unknown.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let Some((amount, code)) = text.split_once(' ') else {
            return Self::parse(text, "");
        };
        if code.is_empty() || code.contains(char::is_whitespace) {
            return Err(MoneyError::NotMoney {
                text: text.to_owned(),
            });
        }
        Self::parse(amount, code)
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

/// The sum with the longer scale of the two, or `None` where it does not fit.
fn add_exact(left: Decimal, right: Decimal) -> Option<Decimal> {
    let scale = left.scale().max(right.scale());
    // A sum that does not fit is rounded by giving up places; adding zero may give up places that fit.
    let mut sum = left.checked_add(right)?;
    sum.rescale(scale);
    (sum.scale() == scale && sum.checked_sub(right) == Some(left)).then_some(sum)
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

pub(crate) mod exact_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(amount: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(amount)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
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

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_difference_is_of_one_known_currency() {
        assert_eq!(
            money("1.50 usd").checked_sub(&money("2 USD")).unwrap(),
            money("-0.50 USD")
        );
        assert!(money("1").checked_sub(&money("1")).is_err());
    }

    #[test]
    fn what_is_printed_is_read_back() {
        for text in ["19.90 EUR", "-0.500 KWD", "7", "1 RMB"] {
            assert_eq!(money(text).to_string(), text);
        }
        for text in [
            "", " ", "1 ", " EUR", "EUR 1", "1  EUR", "1 E UR", "1,0 EUR", "1\tEUR",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_ordered_within_a_known_currency() {
        assert!(money("9.99 EUR") < money("10 EUR"));
        assert_eq!(
            money("10.0 EUR").partial_cmp(&money("10 EUR")),
            Some(Ordering::Equal)
        );
        assert_eq!(money("1 EUR").partial_cmp(&money("2 USD")), None);
        assert_eq!(money("1").partial_cmp(&money("2")), None);
        assert_eq!(money("1").partial_cmp(&money("1.0")), Some(Ordering::Equal));
    }

    #[test]
    fn sums_are_of_one_currency_each_and_exact() {
        let amounts = ["0.10 USD", "9 JPY", "0.2 usd", "3"].map(money);
        let sums = Money::sum_by_currency(&amounts).unwrap();
        let shown: Vec<_> = sums
            .iter()
            .map(|(currency, sum)| format!("{sum} {currency}"))
            .collect();
        assert_eq!(shown, ["3 ", "9 JPY", "0.30 USD"]);
        assert!(Money::sum_by_currency(&[money("1"), money("1")]).is_err());
        let max = Money::new(Decimal::MAX, "USD");
        assert_eq!(
            Money::sum_by_currency([&max, &max]),
            Err(MoneyError::Overflow)
        );
        assert!(Money::sum_by_currency([]).unwrap().is_empty());
    }

    #[test]
    fn rounding_follows_the_strategy() {
        let rounded = |text, strategy| money(text).rounded(2, strategy).to_string();
        assert_eq!(
            rounded("1.005 USD", RoundingStrategy::MidpointNearestEven),
            "1.00 USD"
        );
        assert_eq!(
            rounded("1.005 USD", RoundingStrategy::MidpointAwayFromZero),
            "1.01 USD"
        );
        assert_eq!(rounded("-1.019 USD", RoundingStrategy::ToZero), "-1.01 USD");
        assert_eq!(rounded("1 USD", RoundingStrategy::ToZero), "1 USD");
    }

    #[cfg(feature = "iso-4217")]
    #[test]
    fn rounding_to_the_minor_unit_needs_a_known_one() {
        let rounded = |text| {
            let strategy = RoundingStrategy::MidpointNearestEven;
            money(text)
                .rounded_to_minor(strategy)
                .map(|money| money.to_string())
        };
        assert_eq!(rounded("10.5 JPY").as_deref(), Some("10 JPY"));
        assert_eq!(rounded("1.2345 kwd").as_deref(), Some("1.234 KWD"));
        assert_eq!(rounded("1.239 USD").as_deref(), Some("1.24 USD"));
        assert_eq!(rounded("1.5 RMB"), None);
        assert_eq!(rounded("1.5"), None);
        assert_eq!(money("1.50 usd").minor_units(), Some(150));
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
