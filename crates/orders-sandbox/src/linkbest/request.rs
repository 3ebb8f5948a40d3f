//! The body of an order query, read strictly.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::data::{Axis, Filter};

/// How far `Timestamp` may be from now, in seconds: ten minutes (inferred, nothing is stated).
const SKEW: u64 = 10 * 60;
/// The longest window, in seconds: one day (documented).
const LONGEST: i64 = 86_400;
/// The largest page (documented).
const LARGEST_PAGE: i64 = 200;

/// The parameters of this service, and those common ones that may stand in the body. `Sign` is none of them: the body is
/// what is signed.
const KNOWN: &[&str] = &[
    "AppKey",
    "Etime",
    "OrderField",
    "Page",
    "PageSize",
    "ProgramId",
    "Service",
    "Status",
    "Stime",
    "SubId",
    "Timestamp",
    "WebsiteId",
];

/// A query that can be answered.
#[derive(Debug)]
pub(super) struct OrderQuery {
    pub(super) axis: Axis,
    /// First and last second of the window, both in it (inferred).
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) filter: Filter,
    pub(super) skip: usize,
    pub(super) take: usize,
}

/// Why a body is not taken.
#[derive(Debug)]
pub(super) enum Fault {
    /// HTTP 401: the timestamp is too far away (inferred).
    Stale(String),
    /// HTTP 400 with code 4000.
    Invalid(String),
}

pub(super) fn read(body: &[u8], now: DateTime<Utc>) -> Result<OrderQuery, Fault> {
    let members = match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => members,
        Ok(_) => return Err(Fault::Invalid("the body must be a JSON object".to_owned())),
        Err(error) => return Err(Fault::Invalid(format!("the body is not JSON: {error}"))),
    };
    if let Some(unknown) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(Fault::Invalid(format!("unknown parameter {unknown}")));
    }
    let params = Body(members);
    let timestamp = params.required("Timestamp")?;
    if timestamp.abs_diff(now.timestamp()) > SKEW {
        return Err(Fault::Stale(
            "Timestamp is too far from the current time".to_owned(),
        ));
    }
    let (from, to) = (params.required("Stime")?, params.required("Etime")?);
    if from > to {
        return Err(Fault::Invalid("Stime is after Etime".to_owned()));
    }
    if to.saturating_sub(from) > LONGEST {
        return Err(Fault::Invalid(
            "the time span cannot exceed 1 day".to_owned(),
        ));
    }
    let page = params.number_in("Page", 1, 1, i64::from(i32::MAX))?;
    let size = params.number_in("PageSize", 20, 1, LARGEST_PAGE)?;
    Ok(OrderQuery {
        axis: params.axis()?,
        from,
        to,
        filter: Filter {
            status: params.status()?,
            website: params.text("WebsiteId")?,
            program: params.text("ProgramId")?,
            sub: params.text("SubId")?,
        },
        skip: usize::try_from((page - 1) * size).unwrap_or(usize::MAX),
        take: usize::try_from(size).unwrap_or(0),
    })
}

/// Members whose values are strings (as documented) or numbers (as callers of the twin platform send them).
struct Body(Map<String, Value>);

impl Body {
    /// An empty string counts as absent (inferred).
    fn text(&self, name: &str) -> Result<Option<String>, Fault> {
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

    fn number_in(&self, name: &str, default: i64, low: i64, high: i64) -> Result<i64, Fault> {
        let number = self.number(name)?.unwrap_or(default);
        if (low..=high).contains(&number) {
            return Ok(number);
        }
        Err(Fault::Invalid(format!(
            "{name} must be between {low} and {high}"
        )))
    }

    /// The three words, `OrderDatatime` as the vendor spells it. That another word is refused is inferred.
    fn axis(&self) -> Result<Axis, Fault> {
        match self.text("OrderField")?.as_deref() {
            None | Some("UpdateTime") => Ok(Axis::Update),
            Some("ChargeTime") => Ok(Axis::Charge),
            Some("OrderDatatime") => Ok(Axis::Creation),
            Some(other) => Err(Fault::Invalid(format!("OrderField cannot be {other}"))),
        }
    }

    fn status(&self) -> Result<Option<i8>, Fault> {
        match self.text("Status")?.as_deref() {
            None => Ok(None),
            Some("-1") => Ok(Some(-1)),
            Some("0") => Ok(Some(0)),
            Some("1") => Ok(Some(1)),
            Some("2") => Ok(Some(2)),
            Some(other) => Err(Fault::Invalid(format!("Status cannot be {other}"))),
        }
    }
}
