//! Times as people write and read them, in their own zone.

use std::fmt::Display;

use chrono::{
    DateTime, Datelike, Local, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc,
};
use orders_core::Window;
use orders_sync::EARLIEST;

use crate::test_hooks;

/// Reads a time of the command line. A time without a zone is in the user's zone.
pub(crate) fn parse_now(text: &str) -> Result<DateTime<Utc>, String> {
    let now = test_hooks::now().map_err(|error| error.message().to_owned())?;
    parse(text, now, &Local)
}

/// Reads the beginning or the end of a window.
pub(crate) fn parse_bound(text: &str) -> Result<DateTime<Utc>, String> {
    parse_now(text).and_then(not_before_all)
}

/// Reads how far back from now something begins.
pub(crate) fn parse_back(text: &str) -> Result<TimeDelta, String> {
    let now = test_hooks::now().map_err(|error| error.message().to_owned())?;
    let length = parse_length(text)?;
    if length.is_zero() {
        return Err("nothing would be read again; write it as 90d, 36h, 5m or 30s".to_owned());
    }
    let begins = now.checked_sub_signed(length).unwrap_or_default();
    not_before_all(begins).map(|_| length)
}

fn not_before_all(time: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    match time.year() < EARLIEST {
        true => Err(format!("before {EARLIEST}, when there was no order yet")),
        false => Ok(time),
    }
}

/// Reads a length of time: `90d`, `36h`, `5m`, `30s`.
pub(crate) fn parse_length(text: &str) -> Result<TimeDelta, String> {
    ago(text.trim())
        .ok_or_else(|| "not a length of time; write it as 90d, 36h, 5m or 30s".to_owned())
}

fn parse<Z: TimeZone>(text: &str, now: DateTime<Utc>, zone: &Z) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Some(ago) = ago(text) {
        return now
            .checked_sub_signed(ago)
            .ok_or_else(|| format!("{text} ago is out of range"));
    }
    let Some(local) = local(text) else {
        let forms = "2026-02-01, 2026-02-01T08:00, 2026-02-01T08:00:00+08:00, 36h or 7d";
        return Err(format!("not a time; write it as {forms}"));
    };
    // When clocks go back, an hour occurs twice: the earlier one counts. When clocks go forward, an hour does not
    // exist.
    zone.from_local_datetime(&local)
        .earliest()
        .map(|time| time.to_utc())
        .ok_or_else(|| "your zone skips this time; write it with a zone (…+01:00)".to_owned())
}

fn ago(text: &str) -> Option<TimeDelta> {
    let number = |suffix| -> Option<i64> {
        let digits: &str = text.strip_suffix(suffix)?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    if let Some(days) = number('d') {
        return TimeDelta::try_days(days);
    }
    if let Some(hours) = number('h') {
        return TimeDelta::try_hours(hours);
    }
    if let Some(minutes) = number('m') {
        return TimeDelta::try_minutes(minutes);
    }
    TimeDelta::try_seconds(number('s')?)
}

fn local(text: &str) -> Option<NaiveDateTime> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return date.and_hms_opt(0, 0, 0);
    }
    let forms = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S",
    ];
    forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// A time for people, in their zone, to the minute.
pub(crate) fn show<Z: TimeZone>(time: &DateTime<Z>) -> String {
    time.with_timezone(&Local)
        .format("%Y-%m-%d %H:%M %:z")
        .to_string()
}

/// A time for people, in their zone, to the second.
pub(crate) fn exact<Z: TimeZone>(time: &DateTime<Z>) -> String {
    time.with_timezone(&Local)
        .format("%Y-%m-%d %H:%M:%S %:z")
        .to_string()
}

/// A window for people, to the minute: `from 2026-02-01 08:00 to 2026-03-01 08:00 +08:00`.
pub(crate) fn span(window: &Window) -> String {
    span_in(window, &Local)
}

fn span_in<Z: TimeZone<Offset: Display>>(window: &Window, zone: &Z) -> String {
    let from = window.from.with_timezone(zone);
    let to = window.to.with_timezone(zone);
    // If the clocks changed in between, each time has its own offset.
    let form = match from.offset().fix() == to.offset().fix() {
        true => "%Y-%m-%d %H:%M",
        false => "%Y-%m-%d %H:%M %:z",
    };
    format!(
        "from {} to {}",
        from.format(form),
        to.format("%Y-%m-%d %H:%M %:z")
    )
}

/// A stored time (RFC 3339) for people. Other text is returned unchanged.
pub(crate) fn shown(text: &str) -> String {
    DateTime::parse_from_rfc3339(text).map_or_else(|_| text.to_owned(), |time| show(&time))
}

/// A length of time for people.
pub(crate) fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let now = DateTime::from_timestamp(1_772_323_200, 0).unwrap_or_default();
        let zone = FixedOffset::east_opt(8 * 3600).ok_or("zone")?;
        parse(text, now, &zone).map(|time| time.to_rfc3339())
    }

    #[test]
    fn times_without_a_zone_are_in_the_users() {
        for (text, expected) in [
            ("2026-02-01", "2026-01-31T16:00:00+00:00"),
            ("2026-02-01T08:30", "2026-02-01T00:30:00+00:00"),
            ("2026-02-01 08:30:15", "2026-02-01T00:30:15+00:00"),
            ("2026-02-01T08:30:15Z", "2026-02-01T08:30:15+00:00"),
            ("2026-02-01T08:30:15-05:00", "2026-02-01T13:30:15+00:00"),
            ("7d", "2026-02-22T00:00:00+00:00"),
            ("36h", "2026-02-27T12:00:00+00:00"),
            ("90m", "2026-02-28T22:30:00+00:00"),
            ("30s", "2026-02-28T23:59:30+00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_span_has_its_zone_once() {
        let [from, to] = ["2026-01-31T16:00:30Z", "2026-03-01T00:05:00Z"];
        let window = Window {
            from: from.parse().unwrap_or_default(),
            to: to.parse().unwrap_or_default(),
        };
        let zone = FixedOffset::east_opt(8 * 3600).map(|zone| span_in(&window, &zone));
        let text = "from 2026-02-01 00:00 to 2026-03-01 08:05 +08:00";
        assert_eq!(zone.as_deref(), Some(text));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "d",
            "-3d",
            "yesterday",
            "2026-13-01",
            "1e3d",
            "99999999999999999999d",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("9999999999d").is_err());
    }

    #[test]
    fn a_window_before_all_orders_is_refused() {
        for text in ["0001-01-01", "1970-01-01", "1999-12-01", "99999d"] {
            let why = parse_bound(text).unwrap_err();
            assert_eq!(why, "before 2000, when there was no order yet", "{text}");
        }
        assert!(parse_bound("2000-02-01").is_ok());
        assert!(parse_back("99999d").is_err() && parse_back("0d").is_err());
        assert_eq!(parse_back("2d"), Ok(TimeDelta::days(2)));
    }

    #[test]
    fn lengths_of_time_have_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (3_600, "1 h 0 min"),
            (90_000, "25 h 0 min"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
