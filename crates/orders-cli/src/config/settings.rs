//! The settings of an account, apart from its credentials.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Timelike, Utc};
use linkbest_api::{Joining, SignPlace};
use orders_core::TimeAxis;
use toml::Value;

use crate::place::Place;
use crate::times;
use crate::vendor::Vendor;

/// The settings of an account. `None` is the program's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Where the first pull begins.
    pub(crate) since: Option<DateTime<Utc>>,
    /// The time axis of the regular pull.
    pub(crate) axis: Option<TimeAxis>,
    /// How far back the last days are read again.
    pub(crate) lookback: Option<TimeDelta>,
    /// How often they are read again.
    pub(crate) lookback_every: Option<TimeDelta>,
    /// Windows end this long before now.
    pub(crate) safety_lag: Option<TimeDelta>,
    /// How often open orders are requested again.
    pub(crate) open_every: Option<TimeDelta>,
    /// Open orders older than this are no longer requested.
    pub(crate) horizon: Option<TimeDelta>,
    /// How often a vendor without windows is read in full.
    pub(crate) full_every: Option<TimeDelta>,
    /// How long a run may wait in total.
    pub(crate) wait_budget: Option<TimeDelta>,
    /// How many slices are read at once.
    pub(crate) at_once: Option<u32>,
    /// The account's share of the vendor's limit.
    pub(crate) requests_per_second: Option<u32>,
    /// The burst of that limit.
    pub(crate) burst: Option<u32>,
    /// The customers whose orders are pulled (SHOPLINE, Clink).
    pub(crate) customers: Option<Vec<String>>,
    /// A file with the ids of these customers.
    pub(crate) customers_file: Option<PathBuf>,
    /// The version of SHOPLINE's API.
    pub(crate) version: Option<String>,
    /// The zone of Linkbest's local times.
    pub(crate) time_zone: Option<FixedOffset>,
    /// Where the secret stands in the text that Linkbest's signature covers.
    pub(crate) sign_joining: Option<Joining>,
    /// Where Linkbest's signature goes.
    pub(crate) sign_place: Option<SignPlace>,
    /// Whether credentials may go over plain `http` to another machine.
    pub(crate) allow_plain_http: Option<bool>,
    /// Where orders are stored.
    pub(crate) output: Option<Place>,
}

impl Settings {
    /// Sets one setting. Returns `false` for an unknown name.
    ///
    /// # Errors
    /// The reason why the value is refused. The value is not quoted: it may be a misplaced secret.
    pub(super) fn set(&mut self, name: &str, value: &Value, folder: &Path) -> Result<bool, String> {
        match name {
            "since" => self.since = Some(time(value)?),
            "axis" => self.axis = Some(axis(value)?),
            "lookback" => self.lookback = Some(length(value)?),
            "lookback_every" => self.lookback_every = Some(length(value)?),
            "safety_lag" => self.safety_lag = Some(length(value)?),
            "open_every" => self.open_every = Some(length(value)?),
            "horizon" => self.horizon = Some(length(value)?),
            "full_every" => self.full_every = Some(length(value)?),
            "wait_budget" => self.wait_budget = Some(length(value)?),
            "at_once" => self.at_once = Some(number(value)?),
            "requests_per_second" => self.requests_per_second = Some(number(value)?),
            "burst" => self.burst = Some(number(value)?),
            "customers" => self.customers = Some(ids(value)?),
            "customers_file" => self.customers_file = Some(folder.join(text(value)?)),
            "version" => self.version = Some(text(value)?.to_owned()),
            "time_zone" => self.time_zone = Some(zone(value)?),
            "sign_joining" => self.sign_joining = Some(joining(value)?),
            "sign_place" => self.sign_place = Some(place(value)?),
            "allow_plain_http" => self.allow_plain_http = Some(yes_or_no(value)?),
            "output" => self.output = Some(Place::from(PathBuf::from(text(value)?)).beside(folder)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// These settings, with the others as defaults.
    pub(super) fn or(self, other: &Self) -> Self {
        let other = other.clone();
        Self {
            since: self.since.or(other.since),
            axis: self.axis.or(other.axis),
            lookback: self.lookback.or(other.lookback),
            lookback_every: self.lookback_every.or(other.lookback_every),
            safety_lag: self.safety_lag.or(other.safety_lag),
            open_every: self.open_every.or(other.open_every),
            horizon: self.horizon.or(other.horizon),
            full_every: self.full_every.or(other.full_every),
            wait_budget: self.wait_budget.or(other.wait_budget),
            at_once: self.at_once.or(other.at_once),
            requests_per_second: self.requests_per_second.or(other.requests_per_second),
            burst: self.burst.or(other.burst),
            customers: self.customers.or(other.customers),
            customers_file: self.customers_file.or(other.customers_file),
            version: self.version.or(other.version),
            time_zone: self.time_zone.or(other.time_zone),
            sign_joining: self.sign_joining.or(other.sign_joining),
            sign_place: self.sign_place.or(other.sign_place),
            allow_plain_http: self.allow_plain_http.or(other.allow_plain_http),
            output: self.output.or(other.output),
        }
    }
}

/// Whether a setting applies to a vendor. A setting that is not listed applies to all.
pub(super) fn is_for(name: &str, vendor: Vendor) -> bool {
    match name {
        "customers" | "customers_file" => vendor != Vendor::Linkbest,
        "version" => vendor == Vendor::Shopline,
        "time_zone" | "sign_joining" | "sign_place" => vendor == Vendor::Linkbest,
        "axis" | "since" | "lookback" | "lookback_every" => vendor != Vendor::Clink,
        _ => true,
    }
}

fn text(value: &Value) -> Result<&str, String> {
    match value.as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err("must be a text".to_owned()),
    }
}

fn yes_or_no(value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| "must be true or false".to_owned())
}

fn number(value: &Value) -> Result<u32, String> {
    let number = value
        .as_integer()
        .and_then(|number| u32::try_from(number).ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| "must be a whole number from 1".to_owned())
}

fn length(value: &Value) -> Result<TimeDelta, String> {
    let read = value
        .as_str()
        .and_then(|text| times::parse_length(text).ok());
    read.ok_or_else(|| "must be a length of time: \"90d\", \"36h\", \"5m\" or \"30s\"".to_owned())
}

/// A date or time of TOML itself, or a text as on the command line.
fn time(value: &Value) -> Result<DateTime<Utc>, String> {
    let read = match value {
        Value::Datetime(time) => times::parse_bound(&time.to_string()).ok(),
        Value::String(text) => times::parse_bound(text).ok(),
        _ => None,
    };
    read.ok_or_else(|| {
        "must be a time from 2000 on: 2026-02-01, 2026-02-01T08:00:00Z or \"90d\"".to_owned()
    })
}

fn axis(value: &Value) -> Result<TimeAxis, String> {
    match value.as_str() {
        Some("created") => Ok(TimeAxis::Created),
        Some("updated") => Ok(TimeAxis::Updated),
        Some("settled") => Ok(TimeAxis::Settled),
        _ => Err("must be \"created\", \"updated\" or \"settled\"".to_owned()),
    }
}

fn ids(value: &Value) -> Result<Vec<String>, String> {
    let wrong = || "must be a list of ids as texts".to_owned();
    let list = value.as_array().filter(|list| !list.is_empty());
    let ids = list.ok_or_else(wrong)?.iter().map(text);
    ids.map(|id| id.map(str::to_owned).map_err(|_| wrong()))
        .collect()
}

/// `+08:00`, `-05:30`.
fn zone(value: &Value) -> Result<FixedOffset, String> {
    let read = value.as_str().and_then(|text| {
        let (east, clock) = match text.strip_prefix('-') {
            Some(clock) => (-1, clock),
            None => (1, text.strip_prefix('+')?),
        };
        let time = NaiveTime::parse_from_str(clock, "%H:%M").ok()?;
        let seconds = i32::try_from(time.num_seconds_from_midnight()).ok()?;
        FixedOffset::east_opt(east * seconds)
    });
    read.ok_or_else(|| "must be an offset from UTC: \"+08:00\"".to_owned())
}

fn joining(value: &Value) -> Result<Joining, String> {
    match value.as_str() {
        Some("both_sides") => Ok(Joining::BothSides),
        Some("suffix") => Ok(Joining::Suffix),
        Some("prefix") => Ok(Joining::Prefix),
        _ => Err("must be \"both_sides\", \"suffix\" or \"prefix\"".to_owned()),
    }
}

fn place(value: &Value) -> Result<SignPlace, String> {
    match value.as_str() {
        Some("query") => Ok(SignPlace::Query),
        Some("header") => Ok(SignPlace::Header),
        Some("body") => Ok(SignPlace::Body),
        _ => Err("must be \"query\", \"header\" or \"body\"".to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        let table: toml::Table = toml::from_str(text).unwrap();
        let mut settings = Settings::default();
        for (name, value) in &table {
            if !settings.set(name, value, Path::new("conf"))? {
                return Err(format!("no {name}"));
            }
        }
        Ok(settings)
    }

    #[test]
    fn settings_are_read() {
        let settings = read(
            "since = 2026-02-01T00:00:00Z\nlookback = \"5d\"\nsafety_lag = \"90s\"\nat_once = 3\n\
             customers_file = \"ids.txt\"\ntime_zone = \"-05:30\"\nallow_plain_http = true\naxis = \"created\"\nsign_place = \"body\"",
        )
        .unwrap();
        assert_eq!(
            settings,
            Settings {
                since: "2026-02-01T00:00:00Z".parse().ok(),
                lookback: Some(TimeDelta::days(5)),
                safety_lag: Some(TimeDelta::seconds(90)),
                at_once: Some(3),
                customers_file: Some("conf/ids.txt".into()),
                time_zone: FixedOffset::west_opt(5 * 3600 + 1800),
                axis: Some(TimeAxis::Created),
                allow_plain_http: Some(true),
                sign_place: Some(SignPlace::Body),
                ..Settings::default()
            }
        );
        let date = read("since = 2026-02-01").unwrap();
        assert!(date.since.is_some());
        assert_eq!(date, read("since = \"2026-02-01\"").unwrap());
    }

    #[test]
    fn wrong_values_are_refused_and_not_quoted() {
        for text in [
            "since = \"hush\"",
            "since = 5",
            "since = 1026-02-01",
            "lookback = 5",
            "lookback = \"hush\"",
            "at_once = 0",
            "allow_plain_http = \"hush\"",
            "at_once = -1",
            "burst = \"hush\"",
            "customers = []",
            "customers = [1]",
            "customers = \"hush\"",
            "time_zone = \"hush\"",
            "time_zone = \"08:00\"",
            "sign_place = \"hush\"",
            "sign_joining = \"hush\"",
            "axis = \"hush\"",
            "output = \"\"",
        ] {
            let why = read(text).unwrap_err();
            assert!(why.starts_with("must be") && !why.contains("hush"), "{why}");
        }
        assert_eq!(read("sinse = 1").unwrap_err(), "no sinse");
    }
}
