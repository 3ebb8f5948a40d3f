//! Times as the vendors write them: epoch numbers, local times without a zone, ISO 8601 with its offset.
//!
//! A time before the year 2000 is none: that is how servers write a time that they do not have (`0`, `-1`,
//! `1970-01-01 08:00:00`, `0001-01-01`, `0000-00-00`, `-0001-11-30`). No order of these vendors is that old.

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc,
};
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;

use crate::adapter::adapter;
use crate::integer;
use crate::scalar::{Scalar, unexpected};

/// A time from Unix milliseconds, as number or text, for `Option<DateTime<Utc>>`. Written as a number. A time that
/// means nothing (before the year 2000) is `None`.
#[derive(Debug)]
pub struct EpochMillis(());

/// A local time without a zone, `yyyy-MM-dd HH:mm:ss`, for `Option<NaiveDateTime>`. A time that means nothing (before
/// the year 2000, the zero date included), `""` and `null` are `None`.
#[derive(Debug)]
pub struct LocalTime(());

/// A time in ISO 8601 with an offset, which is kept, for `Option<DateTime<FixedOffset>>`. A time that means nothing
/// (before the year 2000), `""` and `null` are `None`.
#[derive(Debug)]
pub struct IsoTime(());

/// A time that is Unix milliseconds in one place and ISO 8601 in another, for `Option<DateTime<FixedOffset>>`: as
/// [`EpochMillis`], else as [`IsoTime`]. Written as ISO 8601.
#[derive(Debug)]
pub struct AnyTime(());

/// 2000-01-01 in UTC, in seconds.
const FIRST: i64 = 946_684_800;

/// The first year of times that mean something.
const FIRST_YEAR: u32 = 2000;

/// Years that are written with four digits: a form that takes fewer or more would read another time than it wrote.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=9999;

/// The time, unless it means nothing because it is before the year 2000 (in UTC).
#[must_use]
pub fn since_2000<Z: TimeZone>(time: DateTime<Z>) -> Option<DateTime<Z>> {
    (time.timestamp() >= FIRST).then_some(time)
}

fn read_millis<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(millis) = integer::read(d)? else {
        return Ok(None);
    };
    let time = DateTime::from_timestamp_millis(millis);
    time.map(since_2000)
        .ok_or_else(|| D::Error::custom(format_args!("{millis} ms is no time")))
}

fn write_millis<S: Serializer>(time: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_i64(time.timestamp_millis())
}

adapter!(EpochMillis, DateTime<Utc>, read_millis, write_millis);

const LOCAL: &str = "%Y-%m-%d %H:%M:%S%.f";

/// Whether the text is a date before the first year that means something, or before the common era.
fn means_nothing(text: &str) -> bool {
    let date = text.strip_prefix('-').unwrap_or(text);
    let numbers = [(0, 4), (5, 7), (8, 10)].map(|(from, to)| {
        let digits = date.get(from..to)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    });
    let dashes = date.get(4..5) == Some("-") && date.get(7..8) == Some("-");
    let [Some(year), Some(_), Some(_)] = numbers else {
        return false;
    };
    dashes && (year < FIRST_YEAR || text.starts_with('-'))
}

/// The text of a time; `None` where there is none.
fn time_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Option<String>, D::Error> {
    match Scalar::read(deserializer, expected)? {
        Scalar::Null => Ok(None),
        Scalar::Text(text) if text.is_empty() || means_nothing(&text) => Ok(None),
        Scalar::Text(text) => Ok(Some(text.into_owned())),
        Scalar::Bool(_) | Scalar::Number(_) => Err(D::Error::custom(format_args!(
            "expected {expected}, got another type"
        ))),
    }
}

fn read_local<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveDateTime>, D::Error> {
    let expected = "a local time (yyyy-MM-dd HH:mm:ss)";
    let Some(text) = time_text(d, expected)? else {
        return Ok(None);
    };
    let time = whole_seconds(&text).or_else(|| NaiveDateTime::parse_from_str(&text, LOCAL).ok());
    let time = time.filter(|time| YEARS.contains(&time.year()));
    time.map(Some).ok_or_else(|| unexpected(expected, &text))
}

fn write_local<S: Serializer>(time: &NaiveDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.format(LOCAL))
}

adapter!(LocalTime, NaiveDateTime, read_local, write_local);

/// `yyyy-MM-dd HH:mm:ss` by its digits, several times faster than by a format.
fn whole_seconds(text: &str) -> Option<NaiveDateTime> {
    let [year, month, day, hour, minute, second] = [
        (0, 4, b'-'),
        (5, 7, b'-'),
        (8, 10, b' '),
        (11, 13, b':'),
        (14, 16, b':'),
        (17, 19, b' '),
    ]
    .map(|(from, to, behind)| {
        let digits = text
            .get(from..to)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        let ends = *text.as_bytes().get(to).unwrap_or(&b' ') == behind;
        ends.then(|| digits.parse::<u32>().ok()).flatten()
    });
    if text.len() != 19 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month?, day?)?;
    date.and_hms_opt(hour?, minute?, second?)
}

fn read_iso<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let expected = "a time with an offset (ISO 8601)";
    let Some(text) = time_text(d, expected)? else {
        return Ok(None);
    };
    iso(&text)
        .map(Some)
        .ok_or_else(|| unexpected(expected, &text))
}

fn iso(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .filter(|time| YEARS.contains(&time.year()))
}

fn write_iso<S: Serializer>(time: &DateTime<FixedOffset>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, false))
}

adapter!(IsoTime, DateTime<FixedOffset>, read_iso, write_iso);

fn read_any<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let expected = "Unix milliseconds or a time with an offset (ISO 8601)";
    let text = match Scalar::read(d, expected)? {
        Scalar::Null => return Ok(None),
        Scalar::Number(text) | Scalar::Text(text) => text,
        Scalar::Bool(_) => return Err(D::Error::custom("expected a time, got a boolean")),
    };
    if text.is_empty() || means_nothing(&text) {
        return Ok(None);
    }
    let millis = text.parse().ok().and_then(DateTime::from_timestamp_millis);
    match millis {
        Some(time) if time.year() > *YEARS.end() => Err(unexpected(expected, &text)),
        Some(time) => Ok(since_2000(time).map(|time| time.fixed_offset())),
        None => iso(&text)
            .map(Some)
            .ok_or_else(|| unexpected(expected, &text)),
    }
}

adapter!(AnyTime, DateTime<FixedOffset>, read_any, write_iso);

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_with::serde_as;

    use super::*;

    #[serde_as]
    #[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
    #[serde(default)]
    struct Times {
        #[serde_as(as = "EpochMillis")]
        millis: Option<DateTime<Utc>>,
        #[serde_as(as = "LocalTime")]
        local: Option<NaiveDateTime>,
        #[serde_as(as = "IsoTime")]
        iso: Option<DateTime<FixedOffset>>,
        #[serde_as(as = "AnyTime")]
        any: Option<DateTime<FixedOffset>>,
    }

    fn read(json: &str) -> Result<Times, crate::DecodeError> {
        crate::decode_text(json)
    }

    #[test]
    fn a_time_that_means_nothing_is_none() {
        for json in [
            r#"{"millis":0}"#,
            r#"{"millis":-1}"#,
            r#"{"millis":"0"}"#,
            r#"{"millis":1767201195}"#,
            r#"{"millis":-62135596800000}"#,
            r#"{"local":"0000-00-00 00:00:00"}"#,
            r#"{"local":"0000-00-00"}"#,
            r#"{"local":"1970-01-01 00:00:00"}"#,
            r#"{"local":"1970-01-01 08:00:00"}"#,
            r#"{"local":"0001-01-01 00:00:00"}"#,
            r#"{"local":"-0001-11-30 00:00:00"}"#,
            r#"{"local":"1999-12-31 23:59:59"}"#,
            r#"{"iso":"1970-01-01T00:00:00Z"}"#,
            r#"{"iso":"1970-01-01T08:00:00+08:00"}"#,
            r#"{"iso":"1969-12-31T16:00:00-08:00"}"#,
            r#"{"iso":"0001-01-01T00:00:00Z"}"#,
            r#"{"iso":"-0001-11-30T00:00:00+08:05:43"}"#,
            r#"{"any":0}"#,
            r#"{"any":"-1"}"#,
            r#"{"any":"1970-01-01T00:00:00Z"}"#,
            r#"{"any":""}"#,
            r#"{"any":null}"#,
        ] {
            assert_eq!(read(json).unwrap(), Times::default(), "{json}");
        }
        for json in [
            r#"{"millis":946684800000}"#,
            r#"{"local":"2000-01-01 00:00:00"}"#,
            r#"{"iso":"2000-01-01T00:00:00+14:00"}"#,
        ] {
            assert_ne!(read(json).unwrap(), Times::default(), "{json}");
        }
        for json in [
            r#"{"local":"1970"}"#,
            r#"{"local":"1970-1-1"}"#,
            r#"{"iso":"-"}"#,
            r#"{"any":"soon"}"#,
            // Years of another length: what is written would be another time.
            r#"{"local":"20-01-01 00:00:00"}"#,
            r#"{"local":"12026-01-01 00:00:00"}"#,
            r#"{"iso":"20-01-01T00:28:01+08:00"}"#,
            r#"{"iso":"+12026-01-01T00:28:01+0800"}"#,
            r#"{"any":"20-01-01T00:28:01+08:00"}"#,
            r#"{"any":999999999999999}"#,
            r#"{"any":true}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_time_in_either_form_is_the_same_time() {
        let any = |json| read(json).unwrap().any.unwrap();
        let millis = any(r#"{"any":1754819711382}"#);
        assert_eq!(millis, any(r#"{"any":"1754819711382"}"#));
        assert_eq!(millis, any(r#"{"any":"2025-08-10T09:55:11.382Z"}"#));
        assert_eq!(millis, any(r#"{"any":"2025-08-10T17:55:11.382+0800"}"#));
    }
}
