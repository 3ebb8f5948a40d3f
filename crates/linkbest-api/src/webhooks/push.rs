//! Making a valid push: for tests of your own handler.

use std::fmt;

use bytes::Bytes;

use super::Fields;
use super::fields::SIGN;
use super::signature::{Checksum, JoinedValues};

/// A push as the vendor would send it (by the inferred rule). `Debug` shows the names of its fields alone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Push {
    pairs: Vec<(String, String)>,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.pairs.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

impl Push {
    /// Signs fields by the inferred rule; a `Sign` among them is replaced.
    #[must_use]
    pub fn sign<'a>(secret: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::sign_by(&JoinedValues, secret, fields)
    }

    /// Signs fields by a rule of your own.
    #[must_use]
    pub fn sign_by<'a>(
        rule: &dyn Checksum,
        secret: &str,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut pairs: Vec<(String, String)> = fields
            .into_iter()
            .filter(|(name, _)| *name != SIGN)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let sign = rule.sign(&Fields::from_pairs(&pairs), secret);
        pairs.push((SIGN.to_owned(), sign));
        Self { pairs }
    }

    /// The query of a v1 push, without the question mark.
    #[must_use]
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.pairs)
            .finish()
    }

    /// The body of a v2 push: a JSON object of strings.
    #[must_use]
    pub fn body(&self) -> Bytes {
        let object: std::collections::BTreeMap<_, _> = self
            .pairs
            .iter()
            .map(|(name, value)| (name, value))
            .collect();
        // A map of strings always serialises.
        serde_json::to_vec(&object).unwrap_or_default().into()
    }
}
