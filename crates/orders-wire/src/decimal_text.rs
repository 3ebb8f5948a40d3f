//! Text that is documented as text, and usually holds a decimal.

use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_with::DeserializeAs;

use crate::number::parse_decimal;
use crate::text::Text;

/// A text as sent, which also reads as a decimal. A JSON number is read by its characters. Written as a string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DecimalText(String);

impl DecimalText {
    /// A text of your own.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The decimal, digit by digit; `None` where the text is none (`""`, `1,5`, `2 pieces`) or does not fit.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        parse_decimal(&self.0).ok()
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize_as(deserializer).map(Self)
    }
}

impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_kept_and_a_number_keeps_its_digits() {
        for (json, text, decimal) in [
            (r#""12.50""#, "12.50", Some("12.50")),
            ("12.50", "12.50", Some("12.50")),
            (r#""2 pieces""#, "2 pieces", None),
            (r#""""#, "", None),
        ] {
            let read: DecimalText = crate::decode_text(json).unwrap();
            assert_eq!(read.as_str(), text);
            assert_eq!(read.decimal().map(|d| d.to_string()).as_deref(), decimal);
        }
        assert!(crate::decode_text::<DecimalText>("{}").is_err());
    }
}
