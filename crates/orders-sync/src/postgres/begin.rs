//! How transactions begin. All that a transaction needs is set for it alone, so that poolers may share connections.

use std::time::Duration;

use super::session::STATEMENT;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// It reads one state of the database.
    Read,
    /// It writes.
    Write,
    /// It writes, and is on the disk when it is done, whatever the database does otherwise.
    Durable,
}

/// Whoever stands still in the midst of a transaction for so long is cut off: others wait for its rows.
const IDLE: Duration = Duration::from_secs(60);

/// The statements that begin a transaction; a lock is waited for so long.
pub(super) fn begin(what: Begin, wait: Duration) -> String {
    let begin = match what {
        Begin::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        // Each statement sees what was committed before it: what was waited for, the row of the account, counts as it is
        // then.
        Begin::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        Begin::Durable => {
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit TO on"
        }
    };
    // No waiting at all would be waiting for ever.
    let wait = wait.as_millis().clamp(1, 86_400_000);
    let (statement, idle) = (STATEMENT.as_millis(), IDLE.as_millis());
    format!(
        "{begin}; SET LOCAL search_path TO orders, pg_temp; SET LOCAL lock_timeout TO {wait}; \
         SET LOCAL statement_timeout TO {statement}; SET LOCAL idle_in_transaction_session_timeout TO {idle}"
    )
}
