//! The state of an account: what was asked for, and where an interrupted run goes on. Never a time found in records.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Account, Capabilities, Cursor, OrderRef, Slice, TimeAxis, Window};
use serde::{Deserialize, Serialize};

use crate::SyncError;
use crate::error::StateFault;
use crate::options::Options;
use crate::place::{Listing, Place};
use crate::store::DueFilter;

const FORMAT: &str = "orders-sync state";
const VERSION: u64 = 2;

/// A kind of work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tier {
    /// What earlier runs could not read.
    Gaps,
    /// What was not asked for yet.
    New,
    /// Everything.
    Full,
    /// The growing end of a vendor without windows.
    Growing,
    /// The last days again.
    Warm,
    /// Stored orders that are not terminal.
    Open,
    /// Stored orders that are terminal and passed the horizon, once more.
    Horizon,
    /// Orders that a full pass did not show: each is asked for by itself before it counts as gone.
    Unseen,
    /// One window that the user asked for.
    Window,
}

/// How the vendor's orders are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    /// By windows on a time axis.
    Windows(TimeAxis),
    /// By passes over everything.
    Pass,
    /// Partition by partition.
    Partitions,
}

/// How the source's orders are reached.
pub(crate) fn shape(capabilities: &Capabilities, options: &Options) -> Result<Shape, SyncError> {
    if !options.partitions.is_empty() {
        return Ok(Shape::Partitions);
    }
    if capabilities.needs_partitions {
        return Err(SyncError::options(
            "this vendor lists orders customer by customer, and no customers are named",
            "name the customers, or a file with their ids",
        ));
    }
    let axes = &capabilities.axes;
    let axis = match options.axis {
        Some(axis) if axes.contains(&axis) => axis,
        Some(_) => {
            return Err(SyncError::options(
                "this vendor does not filter by that time",
                "leave the time axis out",
            ));
        }
        None if axes.is_empty() => return Ok(Shape::Pass),
        None if axes.contains(&TimeAxis::Updated) => TimeAxis::Updated,
        None => axes[0],
    };
    Ok(Shape::Windows(axis))
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    format: String,
    version: u64,
    pub(crate) account: Account,
    pub(crate) shape: Shape,
    /// The first bound ever asked for.
    pub(crate) start: Option<DateTime<Utc>>,
    /// Everything before this was asked for.
    pub(crate) watermark: Option<DateTime<Utc>>,
    pub(crate) warm_at: Option<DateTime<Utc>>,
    pub(crate) open_at: Option<DateTime<Utc>>,
    pub(crate) full_at: Option<DateTime<Utc>>,
    /// Terminal orders created before this were asked once more when they had passed the horizon.
    pub(crate) horizon: Option<DateTime<Utc>>,
    /// The same when the present job is done.
    pub(crate) next_horizon: Option<DateTime<Utc>>,
    /// How many requests the last full reading took.
    pub(crate) full_requests: Option<u64>,
    /// The window length that worked, in seconds.
    pub(crate) size: Option<i64>,
    /// Seconds of the usual axis that were walked lately, and the requests they took: for estimates.
    pub(crate) walked: (i64, u64),
    /// What the last complete pass found out.
    pub(crate) pass: Option<PassMemory>,
    /// The growing end did not add up: a full pass is due.
    pub(crate) needs_full: bool,
    /// The last mark given to a pass.
    pub(crate) marks: u64,
    /// Jobs begun and not ended, in the order in which they go on.
    pub(crate) jobs: Vec<Job>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassMemory {
    pub(crate) listing: Listing,
    pub(crate) tail: Option<Cursor>,
    pub(crate) total: Option<u64>,
    pub(crate) page_rows: u64,
}

/// A job with its frozen bounds, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) tier: Tier,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) requests: u64,
    pub(crate) work: Work,
    pub(crate) active: Vec<Active>,
    pub(crate) next_id: u64,
    /// How many pieces of this job became gaps.
    pub(crate) gaps: u64,
}

impl Job {
    pub(crate) fn new(tier: Tier, started_at: DateTime<Utc>, work: Work) -> Self {
        Self {
            tier,
            started_at,
            requests: 0,
            work,
            active: Vec::new(),
            next_id: 0,
            gaps: 0,
        }
    }

    pub(crate) fn activate(&mut self, slice: Slice, place: Place) {
        self.active.push(Active {
            id: self.next_id,
            slice,
            place,
        });
        self.next_id += 1;
    }
}

/// What a job still has to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    /// The slices that answer a query.
    Query {
        axis: Option<TimeAxis>,
        /// The windows still to be listed, the present one first; none: no window at all.
        windows: Vec<Window>,
        /// The hash of the partitions.
        partitions: Option<u64>,
        /// The page of slices that we are on, and how many of it are begun.
        after: Option<Cursor>,
        begun: usize,
        listed: bool,
    },
    /// These slices.
    Slices(Vec<Slice>),
    /// These orders, one by one.
    Orders(Vec<OrderRef>),
    /// The stored orders that the pass with this mark did not show, first seen before it began, one by one, behind this
    /// id.
    Unseen {
        mark: u64,
        since: DateTime<Utc>,
        after: Option<String>,
    },
    /// The stored open orders, one by one, behind this id.
    Open {
        created_since: DateTime<Utc>,
        seen_before: DateTime<Utc>,
        after: Option<String>,
    },
    /// The stored terminal orders that passed the horizon, one by one, behind this id.
    Horizon {
        created_since: Option<DateTime<Utc>>,
        created_before: DateTime<Utc>,
        age_seconds: i64,
        after: Option<String>,
    },
}

impl Work {
    pub(crate) fn windows(axis: TimeAxis, windows: Vec<Window>) -> Self {
        Self::Query {
            axis: Some(axis),
            listed: windows.is_empty(),
            windows,
            partitions: None,
            after: None,
            begun: 0,
        }
    }

    pub(crate) fn everything(partitions: Option<u64>) -> Self {
        Self::Query {
            axis: None,
            windows: Vec::new(),
            partitions,
            after: None,
            begun: 0,
            listed: false,
        }
    }

    /// The stored orders that a filter says, one by one.
    pub(crate) fn orders(filter: DueFilter) -> Self {
        let after = None;
        match filter {
            DueFilter::Open {
                created_since,
                seen_before,
            } => Self::Open {
                created_since,
                seen_before,
                after,
            },
            DueFilter::Horizon {
                created_since,
                created_before,
                age,
            } => Self::Horizon {
                created_since,
                created_before,
                age_seconds: age.num_seconds(),
                after,
            },
        }
    }

    /// Which stored orders are asked one by one, and behind which id.
    pub(crate) fn filter(&self) -> Option<(DueFilter, Option<&str>)> {
        match self {
            Self::Open {
                created_since,
                seen_before,
                after,
            } => {
                let filter = DueFilter::Open {
                    created_since: *created_since,
                    seen_before: *seen_before,
                };
                Some((filter, after.as_deref()))
            }
            Self::Horizon {
                created_since,
                created_before,
                age_seconds,
                after,
            } => {
                let filter = DueFilter::Horizon {
                    created_since: *created_since,
                    created_before: *created_before,
                    age: TimeDelta::seconds(*age_seconds),
                };
                Some((filter, after.as_deref()))
            }
            Self::Query { .. } | Self::Slices(_) | Self::Orders(_) | Self::Unseen { .. } => None,
        }
    }
}

/// A slice that is being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Active {
    pub(crate) id: u64,
    pub(crate) slice: Slice,
    pub(crate) place: Place,
}

impl State {
    pub(crate) fn new(account: Account, shape: Shape) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            account,
            shape,
            start: None,
            watermark: None,
            warm_at: None,
            open_at: None,
            full_at: None,
            horizon: None,
            next_horizon: None,
            full_requests: None,
            size: None,
            walked: (0, 0),
            pass: None,
            needs_full: false,
            marks: 0,
            jobs: Vec::new(),
        }
    }

    /// Reads a saved state.
    ///
    /// # Errors
    /// `State` for anything that is not the whole state of this account and shape, in a version we know.
    pub(crate) fn read(text: &str, account: &Account, shape: Shape) -> Result<Self, SyncError> {
        let state = Self::parse(text, account)?;
        if state.shape != shape {
            let message = format!(
                "it belongs to a pull by {}, this one is by {}",
                name(state.shape),
                name(shape)
            );
            return Err(refused(StateFault::Foreign, account, message));
        }
        Ok(state)
    }

    /// Reads a saved state of whatever shape.
    pub(crate) fn parse(text: &str, account: &Account) -> Result<Self, SyncError> {
        let refuse = |fault, message: String| Err(refused(fault, account, message));
        let value: serde_json::Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                return refuse(StateFault::Damaged, format!("it is no JSON text: {error}"));
            }
        };
        if value.get("format").and_then(|format| format.as_str()) != Some(FORMAT) {
            return refuse(StateFault::Foreign, "another program wrote it".to_owned());
        }
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        if version.is_some_and(|version| version > VERSION) {
            return refuse(
                StateFault::TooNew,
                format!("its version is {}", version.unwrap_or_default()),
            );
        }
        let read = match version {
            Some(1) => serde_json::from_value(upgraded(value)),
            // From the text, which says where it is damaged.
            _ => serde_json::from_str(text),
        };
        let state: Self = match read {
            Ok(state) => state,
            Err(error) => return refuse(StateFault::Damaged, error.to_string()),
        };
        if state.account != *account {
            return refuse(
                StateFault::Foreign,
                format!("it belongs to {}", state.account),
            );
        }
        Ok(state)
    }

    pub(crate) fn text(&self) -> Result<String, SyncError> {
        serde_json::to_string(self).map_err(|error| {
            refused(
                StateFault::Damaged,
                &self.account,
                format!("it cannot be written: {error}"),
            )
        })
    }

    /// The job of a tier that an earlier run left.
    pub(crate) fn job(&self, tier: Tier) -> Option<&Job> {
        self.jobs.iter().find(|job| job.tier == tier)
    }
}

/// What a status tells of a state.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) vendor_count: Option<u64>,
    pub(crate) watermark: Option<DateTime<Utc>>,
    pub(crate) interrupted: bool,
}

/// What a status tells of a saved state.
pub(crate) fn facts(text: Option<&str>, account: &Account) -> Result<Facts, SyncError> {
    let Some(text) = text else {
        return Ok(Facts::default());
    };
    let state = State::parse(text, account)?;
    Ok(Facts {
        vendor_count: state.pass.as_ref().and_then(|pass| pass.total),
        watermark: state.watermark,
        interrupted: !state.jobs.is_empty(),
    })
}

/// A state of version 1 in the shape of this version: it listed the pieces that became gaps, and knew no horizon.
fn upgraded(mut state: serde_json::Value) -> serde_json::Value {
    use serde_json::{Value, json};
    state["version"] = json!(VERSION);
    for job in state["jobs"].as_array_mut().into_iter().flatten() {
        if let Some(job) = job.as_object_mut() {
            let failed = job.remove("failed");
            let gaps = failed
                .as_ref()
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            job.insert("gaps".to_owned(), json!(gaps));
        }
    }
    state
}

pub(crate) fn refused(fault: StateFault, account: &Account, message: String) -> SyncError {
    SyncError::State {
        fault,
        account: account.to_string(),
        message,
    }
}

fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Windows(TimeAxis::Created) => "creation time",
        Shape::Windows(TimeAxis::Updated) => "update time",
        Shape::Windows(_) => "another time",
        Shape::Pass => "passes over everything",
        Shape::Partitions => "partitions",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(label: &str) -> Account {
        Account::new("clink", label)
    }

    #[test]
    fn only_ones_own_whole_state_is_read() {
        let mine = State::new(account("main"), Shape::Pass);
        let text = mine.text().unwrap();
        assert_eq!(
            State::read(&text, &account("main"), Shape::Pass).unwrap(),
            mine
        );
        let kind = |text: &str, label: &str, shape| {
            State::read(text, &account(label), shape)
                .unwrap_err()
                .kind()
        };
        assert_eq!(
            kind(&text[..text.len() - 2], "main", Shape::Pass),
            "state_damaged"
        );
        assert_eq!(kind("", "main", Shape::Pass), "state_damaged");
        assert_eq!(
            kind(r#"{"bookmarks":{}}"#, "main", Shape::Pass),
            "state_foreign"
        );
        assert_eq!(kind(&text, "other", Shape::Pass), "state_foreign");
        assert_eq!(
            kind(&text, "main", Shape::Windows(TimeAxis::Updated)),
            "state_foreign"
        );
        let newer = text.replace("\"version\":2", "\"version\":3");
        assert_eq!(kind(&newer, "main", Shape::Pass), "state_newer");
        let edited = text.replace("\"marks\":0", "\"marks\":\"x\"");
        assert_eq!(kind(&edited, "main", Shape::Pass), "state_damaged");
        let broken = r#"{"format":"orders-sync state","version":1,"jobs":7}"#;
        assert_eq!(kind(broken, "main", Shape::Pass), "state_damaged");
    }
}
