//! What the statements have in common.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// When an order was created, or first seen where that is unknown; indexed as it is written here.
pub(super) const CREATED: &str = "coalesce(created_at, first_seen_at)";

/// UTC, with milliseconds, so that the texts sort like the times.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A number of ours as SQLite holds it.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count of SQLite's.
pub(super) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// What is made of strings and times: writing it as JSON cannot fail.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What ends every doubt about an order, as a part of an UPDATE.
pub(super) const NO_DOUBT: &str =
    "gone_at = NULL, unshown_at = NULL, doubted_at = NULL, doubted_from = NULL, absent_at = NULL";
