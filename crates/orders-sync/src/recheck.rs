//! Stored orders that are due once more: the open ones, and the terminal ones that passed the horizon.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Account, Capabilities, TimeAxis, Window};

use crate::deletions::APART;
use crate::error::SyncError;
use crate::estimate::{day_requests, merged};
use crate::job::Work;
use crate::options::{Mode, Options};
use crate::state::State;
use crate::store::Store;
use crate::stored::DueFilter;

/// The open orders that are due now.
pub(crate) fn open_orders(options: &Options, now: DateTime<Utc>) -> DueFilter {
    let seen_before = match options.mode {
        Mode::OnlyOpen => now,
        _ => now - options.open_every.min(TimeDelta::days(1)),
    };
    DueFilter::Open {
        created_since: now - options.horizon,
        seen_before,
    }
}

/// The terminal orders that passed the horizon and are due now.
pub(crate) fn aged(options: &Options, state: &State, now: DateTime<Utc>) -> DueFilter {
    DueFilter::Horizon {
        created_since: state.horizon,
        created_before: now - options.horizon,
        age: options.horizon,
    }
}

/// The doubted orders that one more reading decides now.
pub(crate) fn doubted(now: DateTime<Utc>) -> DueFilter {
    DueFilter::Doubted {
        doubted_until: now - APART,
    }
}

/// How stored orders are requested once more.
pub(crate) struct Recheck {
    /// The days on which they were created, where they are requested by those.
    pub(crate) windows: Vec<Window>,
    pub(crate) orders: u64,
    pub(crate) requests: u64,
    pub(crate) work: Work,
}

/// Requests stored orders once more: one by one, or by the days on which they were created, whichever takes fewer
/// requests. `None` where none are due, or the vendor can do neither: a note says so.
pub(crate) async fn recheck(
    (store, account): (&Store, &Account),
    capabilities: &Capabilities,
    (filter, what): (DueFilter, &str),
    end: DateTime<Utc>,
    notes: &mut Vec<String>,
) -> Result<Option<Recheck>, SyncError> {
    let days = store.due_days(account, filter).await?;
    let orders: u64 = days.iter().map(|day| day.due).sum();
    if orders == 0 {
        return Ok(None);
    }
    let by_creation = capabilities.axes.contains(&TimeAxis::Created);
    let windows = by_creation.then(|| merged(&days, end));
    let dated = days.iter().filter(|day| day.day.is_some());
    let by_day: u64 = dated
        .map(|day| day_requests(capabilities, day.stored))
        .sum();
    let undated = days.iter().filter(|day| day.day.is_none());
    let undated: u64 = undated.map(|day| day.due).sum();
    match windows {
        Some(windows) if !capabilities.fetches || (by_day < orders && undated == 0) => {
            if undated > 0 {
                notes.push(format!(
                    "{undated} {what} have no creation time and cannot be requested again"
                ));
            }
            Ok(Some(Recheck {
                windows: windows.clone(),
                orders,
                requests: by_day,
                work: Work::windows(TimeAxis::Created, windows),
            }))
        }
        _ if capabilities.fetches => Ok(Some(Recheck {
            windows: Vec::new(),
            orders,
            requests: orders,
            work: Work::look_ups(filter),
        })),
        _ => {
            notes.push(format!(
                "{orders} {what} can only be requested again by a full pull"
            ));
            Ok(None)
        }
    }
}
