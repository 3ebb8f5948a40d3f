//! Currency codes.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A currency code as the vendor sent it: usually ISO 4217 (`USD`), but open, since codes such as `CNH` or `RMB`
/// exist in the wild. Kept and printed as sent, compared without case: `usd` equals `USD`. Empty where the vendor
/// sent an amount without a code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
        let currency = iso_currency::Currency::from_code(&self.0.to_ascii_uppercase())?;
        currency.exponent().map(u32::from)
    }

    /// The bytes that are compared: two codes that differ only in case are one currency.
    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_uppercase())
    }
}

impl PartialEq for Currency {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Currency {}

impl Hash for Currency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|byte| state.write_u8(byte));
        // What is hashed next must not read as the end of the code.
        state.write_u8(0xff);
    }
}

impl Ord for Currency {
    /// By the code in upper case.
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;
    use std::collections::BTreeMap;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_is_kept_as_sent_and_compared_without_case() {
        let (small, large) = (Currency::new("usd"), Currency::new("USD"));
        assert_eq!(small, large);
        assert_eq!(small.as_str(), "usd");
        assert_eq!(small.cmp(&large), Ordering::Equal);
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
