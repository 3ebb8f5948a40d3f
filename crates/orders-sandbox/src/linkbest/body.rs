//! The body of any service, read strictly.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

/// The largest distance of `Timestamp` from now, in seconds: ten minutes (inferred, nothing is stated).
const SKEW: u64 = 10 * 60;
/// The largest page (documented).
const LARGEST_PAGE: i64 = 200;
/// The longest window, in seconds: one day (documented).
const LONGEST: i64 = 86_400;
/// The common parameters of the body. `Sign` is not one of them, since the signature covers the body.
const COMMON: &[&str] = &["AppKey", "Service", "Timestamp"];

/// Why a body is refused.
#[derive(Debug)]
pub(super) enum Fault {
    /// HTTP 401: the timestamp is too far away (inferred).
    Stale(String),
    /// HTTP 400 with code 4000.
    Invalid(String),
    /// HTTP 400 with code 4001: the requested thing does not exist (documented code).
    Missing(String),
}

/// Members whose values are strings (documented) or numbers (sent by callers of the twin platform).
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// Reads a JSON object with a recent timestamp and no parameter beyond those of the service.
    pub(super) fn read(body: &[u8], now: DateTime<Utc>, known: &[&str]) -> Result<Self, Fault> {
        let members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return Err(Fault::Invalid("the body must be a JSON object".to_owned())),
            Err(error) => return Err(Fault::Invalid(format!("the body is not JSON: {error}"))),
        };
        let unknown =
            |name: &&String| !known.contains(&name.as_str()) && !COMMON.contains(&name.as_str());
        if let Some(unknown) = members.keys().find(unknown) {
            return Err(Fault::Invalid(format!("unknown parameter {unknown}")));
        }
        let body = Self(members);
        if body.required("Timestamp")?.abs_diff(now.timestamp()) > SKEW {
            return Err(Fault::Stale(
                "Timestamp is too far from the current time".to_owned(),
            ));
        }
        Ok(body)
    }

    /// How many rows to skip, and how many to return.
    pub(super) fn paging(&self) -> Result<(usize, usize), Fault> {
        let page = self.number_in("Page", 1, 1..=i64::from(i32::MAX))?;
        let size = self.number_in("PageSize", 20, 1..=LARGEST_PAGE)?;
        let skip = usize::try_from((page - 1) * size).unwrap_or(usize::MAX);
        Ok((skip, usize::try_from(size).unwrap_or(0)))
    }

    /// `Stime` and `Etime` in seconds, at most a day apart (documented).
    pub(super) fn window(&self) -> Result<(i64, i64), Fault> {
        let (from, to) = (self.required("Stime")?, self.required("Etime")?);
        if from > to {
            return Err(Fault::Invalid("Stime is after Etime".to_owned()));
        }
        if to.saturating_sub(from) > LONGEST {
            return Err(Fault::Invalid(
                "the time span cannot exceed 1 day".to_owned(),
            ));
        }
        Ok((from, to))
    }

    /// A day as `yyyy-MM-dd`.
    pub(super) fn day(&self, name: &str) -> Result<NaiveDate, Fault> {
        let text = self.required_text(name)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        day.filter(|_| text.len() == 10)
            .ok_or_else(|| Fault::Invalid(format!("{name} must be a date as yyyy-MM-dd")))
    }

    pub(super) fn required_text(&self, name: &str) -> Result<String, Fault> {
        self.text(name)?
            .ok_or_else(|| Fault::Invalid(format!("{name} is required")))
    }

    /// An empty string counts as absent (inferred).
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Fault::Invalid(format!(
                "{name} must be a string or a number"
            ))),
        }
    }

    fn number(&self, name: &str) -> Result<Option<i64>, Fault> {
        let whole = |text: String| {
            text.parse()
                .map_err(|_| Fault::Invalid(format!("{name} must be a whole number")))
        };
        self.text(name)?.map(whole).transpose()
    }

    fn required(&self, name: &str) -> Result<i64, Fault> {
        self.number(name)?
            .ok_or_else(|| Fault::Invalid(format!("{name} is required")))
    }

    fn number_in(
        &self,
        name: &str,
        default: i64,
        range: RangeInclusive<i64>,
    ) -> Result<i64, Fault> {
        let number = self.number(name)?.unwrap_or(default);
        let (low, high) = (range.start(), range.end());
        if range.contains(&number) {
            return Ok(number);
        }
        Err(Fault::Invalid(format!(
            "{name} must be between {low} and {high}"
        )))
    }
}
