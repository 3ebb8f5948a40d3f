//! What a run did, and what is known of an account.

use chrono::{DateTime, Utc};
use orders_core::Account;
use serde::{Deserialize, Serialize};

use crate::batch::Counts;
use crate::gap::Gap;

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that was planned was read, and no gap is open.
    Complete,
    /// Everything was tried, but something could not be read: it is stored as a gap, for the next run.
    Incomplete,
    /// The run ended early (the vendor failed, or the rate limit outlived the budget); the next resumes there.
    #[default]
    Partial,
    /// The run was stopped, or reached its number of orders; the next resumes there.
    Stopped,
}

impl Outcome {
    /// The outcome as one lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Partial => "partial",
            Self::Stopped => "stopped",
        }
    }
}

/// What a run did. The one object that machine output ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The vendor.
    pub provider: String,
    /// The account.
    pub account: String,
    /// How the run ended.
    pub outcome: Outcome,
    /// When it began, UTC.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, UTC.
    pub ended_at: Option<DateTime<Utc>>,
    /// Orders that came, each time one came.
    pub pulled: u64,
    /// What became of them.
    #[serde(flatten)]
    pub counts: Counts,
    /// Orders that are doubted at the end: a reading did not show them that should have.
    pub doubted: u64,
    /// Requests that were sent, the client's own retries included where the source counts them.
    pub requests: u64,
    /// Requests sent again by this crate, after the client had given up.
    pub retries: u64,
    /// Windows, pages of scans and of cursors that were kept.
    pub windows: u64,
    /// Seconds waited for the vendor (rate limit, failures).
    pub waited_seconds: u64,
    /// Gaps open at the end.
    #[serde(rename = "open_gaps", alias = "gaps")]
    pub gaps: u64,
    /// Gaps that the user accepted.
    pub accepted_gaps: u64,
    /// A list without a total was read to its end: nothing proves that all orders came.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
    /// Windows that were taken as empty although their answer, requested twice, reported success and lacked its list.
    /// Later runs read them again.
    #[serde(skip_serializing_if = "is_zero")]
    pub unconfirmed: u64,
    /// Everything before this bound was requested, UTC.
    pub watermark: Option<DateTime<Utc>>,
    /// The failure that ended the run early: its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What a person should know: why a scan was full, what could not be requested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Summary {
    /// Counts the gaps of the account.
    pub(crate) fn note_gaps(&mut self, gaps: &[Gap]) {
        let open = gaps.iter().filter(|gap| gap.is_open()).count();
        self.gaps = open as u64;
        self.accepted_gaps = (gaps.len() - open) as u64;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// How many requests a source has sent since then, where it counts them.
pub(crate) fn sent_since(now: Option<u64>, before: Option<u64>) -> Option<u64> {
    Some(now?.saturating_sub(before?))
}

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The account.
    pub account: Account,
    /// Orders stored, those gone at the vendor included.
    pub stored: u64,
    /// Of those: gone at the vendor.
    pub gone: u64,
    /// Of those not gone: doubted.
    #[serde(default)]
    pub doubted: u64,
    /// Of those: not terminal, and not gone.
    pub open: u64,
    /// How many orders the vendor counts, by the last total that it gave.
    pub vendor_count: Option<u64>,
    /// The vendor gives no total: nothing proves that all orders came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
    /// Everything before this bound was requested, UTC.
    pub watermark: Option<DateTime<Utc>>,
    /// Whether a pull was interrupted and is waiting to be resumed.
    pub interrupted: bool,
    /// The gaps not filled yet, the accepted ones included.
    pub gaps: Vec<Gap>,
    /// The last run that ended.
    pub last_run: Option<Summary>,
}
