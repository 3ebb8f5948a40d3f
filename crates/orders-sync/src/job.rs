//! A job: a piece of work with frozen bounds, and how far it is. It is part of the saved state.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Cursor, OrderRef, Slice, TimeAxis, Window};
use orders_reader::Position;
use serde::{Deserialize, Serialize};

use crate::list_scan::ListScan;
use crate::phase::Phase;
use crate::stored::DueFilter;

/// A job with its frozen bounds, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) phase: Phase,
    pub(crate) started_at: DateTime<Utc>,
    /// The earliest time at which the vendor answered, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered_at: Option<DateTime<Utc>>,
    pub(crate) requests: u64,
    pub(crate) work: Work,
    pub(crate) active: Vec<Active>,
    /// Slices that were being read when the state was upgraded: they are read again from their beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) again: Vec<Slice>,
    pub(crate) next_id: u64,
    /// How many pieces of this job became gaps.
    pub(crate) gaps: u64,
}

impl Job {
    pub(crate) fn new(phase: Phase, started_at: DateTime<Utc>, work: Work) -> Self {
        Self {
            phase,
            started_at,
            answered_at: None,
            requests: 0,
            work,
            active: Vec::new(),
            again: Vec::new(),
            next_id: 0,
            gaps: 0,
        }
    }

    /// A time up to which the job read, held to the time at which the vendor answered, less the lag.
    pub(crate) fn held(&self, to: DateTime<Utc>, lag: TimeDelta) -> DateTime<Utc> {
        self.answered_at.map_or(to, |at| to.min(at - lag))
    }

    /// Begins a slice, behind those that are being read; answers its place among them.
    pub(crate) fn activate(
        &mut self,
        slice: Slice,
        position: Position,
        list: Option<ListScan>,
        run: i64,
    ) -> usize {
        self.active.push(Active {
            id: self.next_id,
            slice,
            position,
            list,
            run,
        });
        self.next_id += 1;
        self.active.len() - 1
    }

    /// The windows that are still to be read, or are being read.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Window> {
        let (windows, slices) = match &self.work {
            Work::Query { windows, .. } => (windows.as_slice(), [].as_slice()),
            Work::Slices(slices) => ([].as_slice(), slices.as_slice()),
            Work::Orders(_)
            | Work::Unshown { .. }
            | Work::Open { .. }
            | Work::Pushed { .. }
            | Work::Aged { .. } => ([].as_slice(), [].as_slice()),
        };
        let active = self.active.iter().map(|active| &active.slice);
        let slices = slices.iter().chain(active).chain(&self.again);
        windows
            .iter()
            .copied()
            .chain(slices.filter_map(|slice| slice.window))
    }

    /// Where a slice stands among those that are being read.
    pub(crate) fn find(&self, id: u64) -> Option<usize> {
        self.active.iter().position(|active| active.id == id)
    }
}

/// What a job still has to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    /// The slices that answer a query.
    Query {
        axis: Option<TimeAxis>,
        /// The windows still to be listed, the current one first; none: no window at all.
        windows: Vec<Window>,
        /// The hash of the partitions.
        partitions: Option<u64>,
        /// The current page of slices, and how many of it are begun.
        after: Option<Cursor>,
        begun: usize,
        listed: bool,
    },
    /// These slices.
    Slices(Vec<Slice>),
    /// These orders, looked up one by one.
    Orders(Vec<OrderRef>),
    /// The stored orders that a reading should have shown and did not, looked up one by one, behind this id.
    Unshown { after: Option<String> },
    /// The stored open orders, looked up one by one, behind this id.
    Open {
        created_since: DateTime<Utc>,
        seen_before: DateTime<Utc>,
        after: Option<String>,
    },
    /// The stored orders that something was pushed of, looked up one by one, behind this id.
    Pushed { after: Option<String> },
    /// The stored terminal orders that passed the horizon, looked up one by one, behind this id.
    Aged {
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

    /// The look-ups of the stored orders that a filter selects.
    pub(crate) fn look_ups(filter: DueFilter) -> Self {
        let after = None;
        match filter {
            // A look-up decides nothing of them: what a reading does not show is looked up anyway.
            DueFilter::Doubted { .. } => Self::Unshown { after },
            DueFilter::Pushed => Self::Pushed { after },
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
            } => Self::Aged {
                created_since,
                created_before,
                age_seconds: age.num_seconds(),
                after,
            },
        }
    }

    /// Which stored orders are looked up, and behind which id.
    pub(crate) fn filter(&self) -> Option<(DueFilter, Option<&str>)> {
        match self {
            Self::Pushed { after } => Some((DueFilter::Pushed, after.as_deref())),
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
            Self::Aged {
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
            Self::Query { .. } | Self::Slices(_) | Self::Orders(_) | Self::Unshown { .. } => None,
        }
    }
}

/// A slice that is being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Active {
    pub(crate) id: u64,
    pub(crate) slice: Slice,
    pub(crate) position: Position,
    /// The scan, where the slice is a counted list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<ListScan>,
    /// The run that began it.
    #[serde(default)]
    pub(crate) run: i64,
}
