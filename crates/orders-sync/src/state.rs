//! The state of an account: what was requested, and where an interrupted run resumes. Never a time found in records.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use orders_core::{Account, Slice};
use serde::{Deserialize, Serialize};

use crate::asked::Asked;
use crate::error::{StateFault, SyncError};
use crate::job::{Job, Work};
use crate::list_scan::{MARKS, Place};
use crate::options::EARLIEST;
use crate::phase::Phase;
use crate::sort_order::SortOrder;
use crate::strategy::Strategy;
use crate::unconfirmed::Unconfirmed;
use crate::upgrade::upgraded;

const FORMAT: &str = "orders-sync state";
const VERSION: u64 = 5;

/// The state of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    format: String,
    version: u64,
    pub(crate) account: Account,
    /// What the account is recognised by.
    #[serde(default)]
    pub(crate) asked: Option<Asked>,
    pub(crate) strategy: Strategy,
    /// The first bound that was ever requested.
    pub(crate) start: Option<DateTime<Utc>>,
    /// Everything before this was requested.
    pub(crate) watermark: Option<DateTime<Utc>>,
    /// The watermark is held to the vendor's own time, not to this machine's clock alone.
    #[serde(default)]
    pub(crate) dated: bool,
    pub(crate) lookback_at: Option<DateTime<Utc>>,
    pub(crate) open_at: Option<DateTime<Utc>>,
    pub(crate) full_at: Option<DateTime<Utc>>,
    /// Terminal orders created before this were requested once more when they had passed the horizon.
    pub(crate) horizon: Option<DateTime<Utc>>,
    /// The horizon once the current job is done.
    pub(crate) next_horizon: Option<DateTime<Utc>>,
    /// How many requests the last full pull took.
    pub(crate) full_requests: Option<u64>,
    /// The window length that worked, in seconds.
    pub(crate) window_size: Option<i64>,
    /// The vendor's cap on the rows of a page, where it was found to be below what is requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page_rows: Option<u32>,
    /// Windows that are taken as empty although their list was missing.
    #[serde(default, skip_serializing_if = "Unconfirmed::is_empty")]
    pub(crate) unconfirmed: Unconfirmed,
    /// Seconds of the usual axis that were read lately, and the requests they took: for estimates.
    pub(crate) walked: (i64, u64),
    /// The last total that the vendor gave.
    pub(crate) vendor_total: Option<u64>,
    /// What the last complete scan found out.
    pub(crate) scan: Option<ScanMemory>,
    /// The tail did not add up: a full scan is due.
    pub(crate) needs_full: bool,
    /// A list without a total was read to its end, since the last full pull began.
    pub(crate) unproven: bool,
    /// The last mark given to a scan.
    pub(crate) marks: u64,
    /// The days on which orders were created that were looked up in vain: they are read again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) days: BTreeSet<NaiveDate>,
    /// The jobs that are begun and not ended. While one runs it is the first: see [`State::make_current`].
    jobs: Vec<Job>,
}

/// What the last complete scan found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanMemory {
    pub(crate) sort_order: SortOrder,
    /// Where the tail begins.
    pub(crate) tail: Option<Place>,
    pub(crate) total: Option<u64>,
    pub(crate) page_rows: u64,
}

impl State {
    pub(crate) fn new(account: Account, strategy: Strategy) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            account,
            asked: None,
            strategy,
            start: None,
            watermark: None,
            dated: false,
            lookback_at: None,
            open_at: None,
            full_at: None,
            horizon: None,
            next_horizon: None,
            full_requests: None,
            window_size: None,
            page_rows: None,
            unconfirmed: Unconfirmed::default(),
            walked: (0, 0),
            vendor_total: None,
            scan: None,
            needs_full: false,
            unproven: false,
            marks: 0,
            days: BTreeSet::new(),
            jobs: Vec::new(),
        }
    }

    /// Reads a saved state.
    ///
    /// # Errors
    /// `State` for anything that is not the whole state of this account and strategy, in a version that is known.
    pub(crate) fn read(
        text: &str,
        account: &Account,
        strategy: Strategy,
    ) -> Result<Self, SyncError> {
        let state = Self::parse(text, account)?;
        if state.strategy != strategy {
            let message = format!(
                "it belongs to a pull by {}, this one is by {}",
                state.strategy.name(),
                strategy.name()
            );
            return Err(refused(StateFault::Foreign, account, message));
        }
        Ok(state)
    }

    /// Reads a saved state of whatever strategy.
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
            Some(version @ 1..VERSION) => {
                let mut value = upgraded(value, version);
                value["version"] = VERSION.into();
                serde_json::from_value(value)
            }
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
        if state.begins().any(|at| at.year() < EARLIEST) {
            let message = format!("something of it begins before {EARLIEST}");
            return refuse(StateFault::Damaged, message);
        }
        Ok(state)
    }

    /// Where what is to be requested begins.
    fn begins(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let days = self
            .days
            .iter()
            .map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let own = [self.start, self.watermark, self.horizon, self.next_horizon];
        let unconfirmed = self.unconfirmed.slices().filter_map(|slice| slice.window);
        let jobs = self.jobs.iter().flat_map(Job::windows);
        let windows = jobs.chain(unconfirmed).map(|window| window.from);
        own.into_iter().flatten().chain(days).chain(windows)
    }

    /// The state as text.
    pub(crate) fn text(&self) -> Result<String, SyncError> {
        serde_json::to_string(self).map_err(|error| {
            refused(
                StateFault::Damaged,
                &self.account,
                format!("it cannot be written: {error}"),
            )
        })
    }

    /// The jobs that are begun and not ended.
    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    pub(crate) fn jobs_mut(&mut self) -> &mut [Job] {
        &mut self.jobs
    }

    /// The job of a phase that is begun and not ended.
    pub(crate) fn job(&self, phase: Phase) -> Option<&Job> {
        self.jobs.iter().find(|job| job.phase == phase)
    }

    /// Adds a job, behind those that are begun.
    pub(crate) fn add_job(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// Forgets jobs.
    pub(crate) fn keep_jobs(&mut self, keep: impl FnMut(&Job) -> bool) {
        self.jobs.retain(keep);
    }

    /// Makes the first job of a phase the current one; `false` where there is none. It stays current until
    /// [`end_current`](Self::end_current).
    pub(crate) fn make_current(&mut self, phase: Phase) -> bool {
        let Some(at) = self.jobs.iter().position(|job| job.phase == phase) else {
            return false;
        };
        let job = self.jobs.remove(at);
        self.jobs.insert(0, job);
        true
    }

    /// The job that runs. Only while one does: see [`make_current`](Self::make_current).
    pub(crate) fn current_job(&self) -> &Job {
        &self.jobs[0]
    }

    /// The job that runs, to be changed.
    pub(crate) fn current_job_mut(&mut self) -> &mut Job {
        &mut self.jobs[0]
    }

    /// Removes the job that runs.
    pub(crate) fn end_current(&mut self) -> Job {
        self.jobs.remove(0)
    }

    /// The first of the marks of a new scan: an even number, and no scan had it or one that follows.
    pub(crate) fn next_marks(&mut self) -> u64 {
        let first = (self.marks + 2) / 2 * 2;
        self.marks = first + MARKS - 1;
        first
    }

    /// Whether a slice is on the axis of the regular pull: windows of another axis say nothing about the size that fits.
    pub(crate) fn is_usual_axis(&self, slice: &Slice) -> bool {
        matches!((self.strategy, slice.axis), (Strategy::Windows(usual), Some(axis)) if usual == axis)
    }

    /// Notes what the end of a job means. What it read counts up to the time at which the vendor answered, less the lag.
    pub(crate) fn note_end(&mut self, job: &Job, lag: TimeDelta) {
        let to = match &job.work {
            // The windows that are done are gone from the list: the last one stays.
            Work::Query { windows, .. } => windows.last().map(|window| window.to),
            _ => None,
        };
        let to = to.map(|to| job.held(to, lag));
        let began = job.held(job.started_at, TimeDelta::zero());
        self.note_walked(job);
        match job.phase {
            Phase::New => {
                self.move_watermark(to.max(self.watermark), job);
                // What came just now is not due at once.
                self.open_at = self.open_at.or(Some(job.started_at));
            }
            Phase::Full => {
                self.open_at = Some(job.started_at);
                self.full_requests = Some(job.requests);
                if to.is_some() {
                    self.move_watermark(to.max(self.watermark), job);
                } else if self.strategy == Strategy::Partitions || job.gaps == 0 {
                    self.move_watermark(Some(began), job);
                }
            }
            Phase::Tail if !self.needs_full && job.gaps == 0 => {
                self.move_watermark(Some(began), job);
            }
            Phase::Lookback => self.lookback_at = Some(job.started_at),
            Phase::OpenOrders => self.open_at = Some(job.started_at),
            Phase::Aged => self.horizon = self.next_horizon.take(),
            Phase::Tail
            | Phase::Gaps
            | Phase::Pushed
            | Phase::Doubted
            | Phase::Unshown
            | Phase::Window
            | Phase::Verify => {}
        }
    }

    fn move_watermark(&mut self, to: Option<DateTime<Utc>>, job: &Job) {
        if self.watermark != to {
            (self.watermark, self.dated) = (to, job.answered_at.is_some());
        }
    }

    /// Notes what windows of the usual axis cost: the last weeks count more than the years before.
    fn note_walked(&mut self, job: &Job) {
        let (
            Work::Query {
                axis: Some(axis),
                windows,
                ..
            },
            Strategy::Windows(usual),
        ) = (&job.work, self.strategy)
        else {
            return;
        };
        if let (true, Some(window)) = (*axis == usual, windows.last()) {
            let (seconds, requests) = &mut self.walked;
            if *seconds > 60 * 86_400 {
                (*seconds, *requests) = (*seconds / 2, *requests / 2);
            }
            *seconds += window.length().num_seconds();
            *requests += job.requests;
        }
    }
}

/// What a status shows of a state.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) vendor_count: Option<u64>,
    pub(crate) unproven: bool,
    pub(crate) watermark: Option<DateTime<Utc>>,
    pub(crate) interrupted: bool,
}

/// What a status shows of a saved state.
pub(crate) fn facts(text: Option<&str>, account: &Account) -> Result<Facts, SyncError> {
    let Some(text) = text else {
        return Ok(Facts::default());
    };
    let state = State::parse(text, account)?;
    Ok(Facts {
        vendor_count: state.vendor_total,
        unproven: state.unproven,
        watermark: state.watermark,
        interrupted: !state.jobs.is_empty(),
    })
}

pub(crate) fn refused(fault: StateFault, account: &Account, message: String) -> SyncError {
    SyncError::State {
        fault,
        account: account.to_string(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use orders_core::TimeAxis;

    use super::*;

    fn account(label: &str) -> Account {
        Account::new("clink", label)
    }

    #[test]
    fn only_ones_own_whole_state_is_read() {
        let mine = State::new(account("main"), Strategy::Scan);
        let text = mine.text().unwrap();
        assert_eq!(
            State::read(&text, &account("main"), Strategy::Scan).unwrap(),
            mine
        );
        let kind = |text: &str, label: &str, shape| {
            State::read(text, &account(label), shape)
                .unwrap_err()
                .kind()
        };
        assert_eq!(
            kind(&text[..text.len() - 2], "main", Strategy::Scan),
            "state_damaged"
        );
        assert_eq!(kind("", "main", Strategy::Scan), "state_damaged");
        assert_eq!(
            kind(r#"{"bookmarks":{}}"#, "main", Strategy::Scan),
            "state_foreign"
        );
        assert_eq!(kind(&text, "other", Strategy::Scan), "state_foreign");
        assert_eq!(
            kind(&text, "main", Strategy::Windows(TimeAxis::Updated)),
            "state_foreign"
        );
        let newer = text.replace("\"version\":5", "\"version\":6");
        assert_eq!(kind(&newer, "main", Strategy::Scan), "state_newer");
        let edited = text.replace("\"marks\":0", "\"marks\":\"x\"");
        assert_eq!(kind(&edited, "main", Strategy::Scan), "state_damaged");
        let broken = r#"{"format":"orders-sync state","version":1,"jobs":7}"#;
        assert_eq!(kind(broken, "main", Strategy::Scan), "state_damaged");
    }
}
