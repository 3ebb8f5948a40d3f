//! What the filters of several requests have in common.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use orders_core::Error;

use crate::VENDOR;

/// Which orders are requested. The page of a customer's orders requires it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusFilter {
    /// Orders being worked on. Leaves archived orders out.
    Open,
    /// Cancelled orders.
    Cancelled,
    /// All orders: the only one that is documented to include archived orders.
    Any,
}

impl StatusFilter {
    /// The word in the request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Any => "any",
        }
    }
}

/// Two ends of a time, both in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) min: Option<DateTime<FixedOffset>>,
    pub(crate) max: Option<DateTime<FixedOffset>>,
}

impl Span {
    pub(crate) fn is_backwards(&self) -> bool {
        matches!((self.min, self.max), (Some(min), Some(max)) if min > max)
    }

    pub(crate) fn min_text(&self) -> Option<String> {
        self.min.map(text)
    }

    /// A fraction of a second makes it the next whole one: never less than what was requested.
    pub(crate) fn max_text(&self) -> Option<String> {
        let max = self.max?;
        let up = i64::from(max.timestamp_subsec_nanos() > 0);
        let whole = max.timestamp().checked_add(up);
        let whole = whole.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let whole = whole.map(|whole| whole.with_timezone(max.offset()));
        Some(text(whole.unwrap_or(max)))
    }
}

/// In UTC where the local time would be beyond the ends of time, which chrono cannot write.
fn text(at: DateTime<FixedOffset>) -> String {
    let at = match at.naive_utc().checked_add_offset(*at.offset()) {
        Some(_) => at,
        None => at.to_utc().fixed_offset(),
    };
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

pub(crate) fn broken(rule: &str, endpoint: &'static str) -> Error {
    Error::invalid_request(rule).at(VENDOR, endpoint)
}

/// A list of ids that are sent joined by commas.
pub(crate) fn check_ids(
    name: &str,
    ids: &[String],
    most: usize,
    endpoint: &'static str,
) -> Result<(), Error> {
    if ids.len() > most {
        return Err(broken(&format!("{name} can name at most {most}"), endpoint));
    }
    match ids.iter().any(|id| !is_id(id)) {
        true => Err(broken(
            &format!("{name} holds an empty id, or one with a comma"),
            endpoint,
        )),
        false => Ok(()),
    }
}

pub(crate) fn is_id(id: &str) -> bool {
    !id.trim().is_empty() && !id.contains(',')
}

/// The id of an order whose parts are requested.
#[cfg(feature = "client")]
pub(crate) fn check_order_id(id: &str, endpoint: &'static str) -> Result<(), Error> {
    match is_id(id) && !matches!(id, "." | "..") {
        true => Ok(()),
        false => Err(broken("the order id is required", endpoint)),
    }
}

pub(crate) fn joined(parts: &[impl AsRef<str>]) -> Option<String> {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    (!parts.is_empty()).then(|| parts.join(","))
}

/// The parameters that have a value.
pub(crate) fn present(
    parameters: impl IntoIterator<Item = (&'static str, Option<String>)>,
) -> Vec<(&'static str, String)> {
    let parameters = parameters.into_iter();
    parameters
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;

    #[test]
    fn times_are_whole_seconds_and_never_narrower() {
        let at = |text| DateTime::parse_from_rfc3339(text).ok();
        let span = Span {
            min: at("2026-09-01T00:00:00.7+08:00"),
            max: at("2026-09-01T00:00:00.7+08:00"),
        };
        assert_eq!(span.min_text().unwrap(), "2026-09-01T00:00:00+08:00");
        assert_eq!(span.max_text().unwrap(), "2026-09-01T00:00:01+08:00");
        let whole = Span {
            min: None,
            max: at("2026-08-31T23:59:59Z"),
        };
        assert_eq!(whole.max_text().unwrap(), "2026-08-31T23:59:59+00:00");
        assert_eq!(whole.min_text(), None);
        let far = Span {
            min: None,
            max: at("2800-01-01T00:00:00.7Z"),
        };
        assert_eq!(far.max_text().unwrap(), "2800-01-01T00:00:01+00:00");
    }

    #[test]
    fn the_ends_of_time_are_written_too() {
        for offset in [0, 14 * 3600, -12 * 3600] {
            let offset = FixedOffset::east_opt(offset).unwrap();
            let span = Span {
                min: Some(DateTime::<Utc>::MIN_UTC.with_timezone(&offset)),
                max: Some(DateTime::<Utc>::MAX_UTC.with_timezone(&offset)),
            };
            assert!(!span.is_backwards());
            assert!(span.min_text().unwrap().starts_with("-262"));
            assert!(span.max_text().unwrap().starts_with("+262"));
        }
    }
}
