//! Currency codes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A currency code: usually ISO 4217 (`USD`), but open, since codes such as `CNH` or `RMB` exist in the wild. In upper
/// case, whatever case the vendor wrote it in: `usd` is `USD`. Empty where the vendor sent an amount without a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Currency(String);

impl Currency {
    /// The code, in upper case.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        let mut code = code.into();
        code.make_ascii_uppercase();
        Self(code)
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
        Self::new(code)
    }
}

impl From<String> for Currency {
    fn from(code: String) -> Self {
        Self::new(code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;
    use std::collections::BTreeMap;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_is_in_upper_case_whatever_was_sent() {
        let (small, large) = (Currency::new("usd"), Currency::new("USD"));
        assert_eq!(small, large);
        assert_eq!(small.as_str(), "USD");
        assert_eq!(Currency::from("CNy").as_str(), "CNY");
        let read: Currency = serde_json::from_str(r#""jpy""#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#""JPY""#);
        assert!(Currency::new("eur") < large && Currency::new("EUR") < small);
        assert_eq!(
            BTreeMap::from([(small.clone(), 1), (large.clone(), 2)])[&small],
            2
        );
        assert!(std::collections::HashSet::from([small]).contains(&large));
        assert_eq!(
            money("1 usd").checked_add(&money("2 USD")).unwrap(),
            money("3 USD")
        );
    }
}
