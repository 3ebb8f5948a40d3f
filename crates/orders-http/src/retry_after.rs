//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

/// The wait that a `Retry-After` value requests, seen at `now`.
///
/// Reads seconds (`120`), seconds with a fraction (`1.5`, outside the RFC but in use) and the three HTTP date forms. A date that has
/// passed means no wait. A count of seconds beyond any clock becomes [`Duration::MAX`]. Anything else is `None`.
#[must_use]
pub fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    seconds(value).or_else(|| date(value, now))
}

fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let Ok(whole) = whole.parse() else {
        return Some(Duration::MAX);
    };
    let nanos: String = fraction.chars().chain("00000000".chars()).take(9).collect();
    Some(Duration::new(whole, nanos.parse().ok()?))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn date(value: &str, now: SystemTime) -> Option<Duration> {
    let then = httpdate::parse_http_date(value).ok()?;
    Some(then.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of the RFC's examples.
    const NOW: u64 = 784_111_777;

    fn parse(value: &str) -> Option<Duration> {
        parse_retry_after(value, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn seconds_with_and_without_a_fraction() {
        assert_eq!(parse("120"), Some(Duration::from_secs(120)));
        assert_eq!(parse(" 0 "), Some(Duration::ZERO));
        assert_eq!(parse("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(parse("2.0"), Some(Duration::from_secs(2)));
        assert_eq!(parse("0.0000000019"), Some(Duration::from_nanos(1)));
        assert_eq!(parse("99999999999999999999999"), Some(Duration::MAX));
    }

    #[test]
    fn dates_in_all_three_forms() {
        let ten_seconds = Some(Duration::from_secs(10));
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:47 GMT"), ten_seconds);
        assert_eq!(parse("Sunday, 06-Nov-94 08:49:47 GMT"), ten_seconds);
        assert_eq!(parse("Sun Nov  6 08:49:47 1994"), ten_seconds);
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn anything_else_is_ignored() {
        for value in [
            "",
            "-1",
            "+1",
            "1.",
            ".5",
            "1e3",
            "soon",
            "1,5",
            "NaN",
            "inf",
            "6 Nov 1994",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
