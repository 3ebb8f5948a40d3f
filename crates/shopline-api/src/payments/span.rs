//! Spans of time, which the vendor limits to so many months.

use chrono::Months;
use orders_core::Error;

use crate::orders::filters::{Span, broken};

/// Both ends or none, forwards, and at most so many months apart.
pub(super) fn check(
    span: &Span,
    names: [&str; 2],
    months: u32,
    endpoint: &'static str,
) -> Result<(), Error> {
    let (min, max) = match (span.min, span.max) {
        (None, None) => return Ok(()),
        (Some(min), Some(max)) => (min, max),
        _ => {
            let rule = format!("{} and {} belong together", names[0], names[1]);
            return Err(broken(&rule, endpoint));
        }
    };
    if span.is_backwards() {
        let rule = format!("{} is later than {}", names[0], names[1]);
        return Err(broken(&rule, endpoint));
    }
    match min.checked_add_months(Months::new(months)) {
        Some(last) if max > last => Err(broken(
            &format!(
                "{} and {} are more than {months} months apart",
                names[0], names[1]
            ),
            endpoint,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_span_has_two_ends_and_a_length() {
        let at = |text| Some(DateTime::parse_from_rfc3339(text).unwrap());
        let begin = at("2026-01-31T00:00:00+08:00");
        for (min, max, rule) in [
            (None, None, None),
            (begin, at("2026-04-30T00:00:00+08:00"), None),
            (begin, None, Some("belong together")),
            (None, begin, Some("belong together")),
            (begin, at("2026-04-30T00:00:01+08:00"), Some("3 months")),
            (begin, at("2026-01-30T00:00:00+08:00"), Some("later")),
        ] {
            let span = Span { min, max };
            let checked = check(&span, ["start_time", "end_time"], 3, "GET x");
            match (rule, checked) {
                (None, checked) => assert!(checked.is_ok(), "{min:?} {max:?}"),
                (Some(rule), checked) => {
                    let error = checked.unwrap_err();
                    assert!(error.message().contains(rule), "{error}");
                }
            }
        }
    }
}
