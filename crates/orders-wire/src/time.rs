//! Times as the vendors write them: epoch numbers, local times without a zone, ISO 8601 with its offset.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;

use crate::adapter::adapter;
use crate::integer;
use crate::scalar::{Scalar, unexpected};

/// A time from Unix milliseconds, as number or text, for `Option<DateTime<Utc>>`. Written as a number.
#[derive(Debug)]
pub struct EpochMillis(());

/// A local time without a zone, `yyyy-MM-dd HH:mm:ss`, for `Option<NaiveDateTime>`. The zero date
/// (`0000-00-00 00:00:00`), `""` and `null` are `None`.
#[derive(Debug)]
pub struct LocalTime(());

/// A time in ISO 8601 with an offset, which is kept, for `Option<DateTime<FixedOffset>>`. `""` and `null` are `None`.
#[derive(Debug)]
pub struct IsoTime(());

fn read_millis<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(millis) = integer::read(d)? else {
        return Ok(None);
    };
    let time = DateTime::from_timestamp_millis(millis);
    time.map(Some)
        .ok_or_else(|| D::Error::custom(format_args!("{millis} ms is no time")))
}

fn write_millis<S: Serializer>(time: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_i64(time.timestamp_millis())
}

adapter!(EpochMillis, DateTime<Utc>, read_millis, write_millis);

const LOCAL: &str = "%Y-%m-%d %H:%M:%S%.f";
const ZERO_DATE: &str = "0000-00-00";

/// The text of a time; `None` where there is none.
fn time_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Option<String>, D::Error> {
    match Scalar::read(deserializer, expected)? {
        Scalar::Null => Ok(None),
        Scalar::Text(text) if text.is_empty() || text.starts_with(ZERO_DATE) => Ok(None),
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
    let time = DateTime::parse_from_rfc3339(&text)
        .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    time.map(Some).map_err(|_| unexpected(expected, &text))
}

fn write_iso<S: Serializer>(time: &DateTime<FixedOffset>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, false))
}

adapter!(IsoTime, DateTime<FixedOffset>, read_iso, write_iso);
