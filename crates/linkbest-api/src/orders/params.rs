//! The parameters of a request, and what the requests of several services have in common: a span of time, pages, and
//! filters that must not be empty.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::Error;
#[cfg(feature = "client")]
use orders_core::Window;
use serde::Serialize;

/// The longest window of one request: one day (documented; whether both edges count is not).
pub const LONGEST_WINDOW: TimeDelta = TimeDelta::seconds(86_400);

/// The largest page (documented).
pub const MAX_PAGE_SIZE: u32 = 200;

/// The parameters of one call: names with text values, or with further parameters inside.
///
/// They are kept sorted by the bytes of their names, as the signature requires (documented for the outer ones; inside
/// nested ones inferred). Every value goes out as a JSON string, numbers too, as the vendor's worked example shows.
///
/// ```
/// use linkbest_api::orders::Params;
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

    /// Refuses an empty filter: the vendor might take it for none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let empty =
            |(_, value): &(_, &Param)| matches!(value, Param::Text(text) if text.is_empty());
        match self.0.iter().find(empty) {
            Some((name, _)) => Err(broken(&format!("{name} must not be empty: leave it out"))),
            None => Ok(()),
        }
    }

    /// The parameters as compact JSON, sorted, with slashes and non-ASCII characters as they are.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text keys and text values: writing them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// `Stime` and `Etime`: whole seconds, the beginning rounded down and the end up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Span {
    /// Checks that it runs forwards and is at most a day long; `stream` takes longer ones.
    pub(crate) fn check(self, stream: &str) -> Result<(), Error> {
        let (stime, etime) = self.seconds();
        if stime >= etime {
            return Err(broken("Stime must be before Etime"));
        }
        if etime - stime > LONGEST_WINDOW.num_seconds() {
            let rule = "Etime may be at most one day (86400 seconds) after Stime";
            return Err(broken(rule).with_hint(format!("{stream} takes a range of any length")));
        }
        Ok(())
    }

    pub(crate) fn add_to(self, params: Params) -> Params {
        let (stime, etime) = self.seconds();
        params.with("Stime", stime).with("Etime", etime)
    }

    /// The same as a window; `None` where it does not run forwards.
    #[cfg(feature = "client")]
    pub(crate) fn window(self) -> Option<Window> {
        Window::new(self.from, self.to)
    }

    /// What is requested for a window: its beginning a second earlier, and its end.
    ///
    /// The seconds looked for are the window's beginning and those before its end. Whichever edges the vendor counts in,
    /// no row is lost; the rows around come with two windows and are given once.
    #[cfg(feature = "client")]
    pub(crate) fn around(window: Window) -> Self {
        let from = window.widened(TimeDelta::seconds(1)).from;
        Self {
            from,
            to: window.to,
        }
    }

    fn seconds(self) -> (i64, i64) {
        let fraction = self.to.timestamp_subsec_nanos() > 0;
        let to = self.to.timestamp() + i64::from(fraction);
        (self.from.timestamp(), to)
    }
}

/// `Page` and `PageSize`. What is not set is left to the vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Paging {
    pub(crate) page: Option<u32>,
    pub(crate) page_size: Option<u32>,
}

impl Paging {
    /// A page of the largest size.
    #[cfg(feature = "client")]
    pub(crate) fn largest(page: u32) -> Self {
        Self {
            page: Some(page),
            page_size: Some(MAX_PAGE_SIZE),
        }
    }

    pub(crate) fn check(self) -> Result<(), Error> {
        if self.page == Some(0) {
            return Err(broken("Page counts from 1"));
        }
        match self.page_size {
            Some(rows) if !(1..=MAX_PAGE_SIZE).contains(&rows) => Err(broken(&format!(
                "PageSize must be 1 to {MAX_PAGE_SIZE}, got {rows}"
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) fn add_to(self, params: Params) -> Params {
        params
            .with_some("Page", self.page)
            .with_some("PageSize", self.page_size)
    }
}

pub(crate) fn broken(rule: &str) -> Error {
    Error::invalid_request(rule)
}
