//! The parameters of a request.

use std::collections::BTreeMap;

use serde::Serialize;

/// The parameters of one call: names with text values, or with further parameters inside.
///
/// They are kept sorted by the bytes of their names, as the signature asks for (documented for the outer ones; inside
/// nested ones inferred). Every value goes out as a JSON string, numbers too, as the vendor's worked example shows.
///
/// ```
/// use linkbest_api::Params;
/// let params = Params::new()
///     .with("WebsiteId", 1026)
///     .with("Url", "https://www.example.com")
///     .with_inside("Ext", Params::new().with("Js", 0));
/// assert_eq!(
///     params.to_json(),
///     r#"{"Ext":{"Js":"0"},"Url":"https://www.example.com","WebsiteId":"1026"}"#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<String, Param>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
enum Param {
    Text(String),
    Inside(Params),
}

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value, or replaces the one of this name.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "reads well with text and numbers"
    )]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0
            .insert(name.to_owned(), Param::Text(value.to_string()));
        self
    }

    /// Adds a value where there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds parameters inside a parameter (`Ext` of `linkbest.service.links.post`).
    #[must_use]
    pub fn with_inside(mut self, name: &str, inside: Self) -> Self {
        self.0.insert(name.to_owned(), Param::Inside(inside));
        self
    }

    /// Whether there is a parameter of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The parameters as compact JSON, sorted, with slashes and non-ASCII characters as they are.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text keys and text values: writing them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
