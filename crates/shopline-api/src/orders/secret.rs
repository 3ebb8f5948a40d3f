//! Text that must not show in logs.

use std::fmt;

use orders_wire::Text;
use serde::{Deserialize, Deserializer, Serialize};
use serde_with::DeserializeAs;

/// Text that opens something by itself: a link that holds a key, a cart or checkout token.
///
/// Its `Debug` shows no character of it. It is written to JSON as it came, since the typed view loses nothing.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize_as(deserializer).map(Self)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
