//! Opening a database file: whose it is, which version, and what its errors mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::SyncError;
use crate::error::StoreFault;

/// "ORDS": marks the file as ours.
const APPLICATION_ID: i32 = 0x4f52_4453;
/// Each brings the file from one version to the next; what is released is never edited.
const MIGRATIONS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql")];
/// How long we wait for another writer, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an error of SQLite means.
pub(super) fn fault(path: &Path, error: &rusqlite::Error) -> SyncError {
    let fault = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::TooBig) => StoreFault::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreFault::ReadOnly,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreFault::Busy,
        Some(ErrorCode::DatabaseCorrupt) => StoreFault::Corrupt,
        Some(ErrorCode::NotADatabase) => StoreFault::Foreign,
        _ => StoreFault::Io,
    };
    let message = match fault {
        StoreFault::Busy => format!("another program is writing to the file ({error})"),
        _ => error.to_string(),
    };
    SyncError::store(fault, path, message)
}

pub(super) fn open(path: &Path, flags: OpenFlags) -> Result<Connection, SyncError> {
    let failed = |error: &rusqlite::Error| fault(path, error);
    let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
    connection
        .busy_timeout(PATIENCE)
        .map_err(|error| failed(&error))?;
    Ok(connection)
}

/// Makes the file ours where it is new, brings it to the newest version where it is older, and refuses others.
pub(super) fn prepare(
    path: &Path,
    connection: &mut Connection,
    may_write: bool,
) -> Result<(), SyncError> {
    let failed = |error: rusqlite::Error| fault(path, &error);
    let number =
        |connection: &Connection, sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let version = number(connection, "PRAGMA user_version").map_err(failed)?;
    let id = number(connection, "PRAGMA application_id").map_err(failed)?;
    let tables = number(connection, "SELECT count(*) FROM sqlite_master").map_err(failed)?;
    let newest = MIGRATIONS.len() as i64;
    if (id != 0 || tables > 0) && id != i64::from(APPLICATION_ID) {
        let message = "it is a database of another program";
        return Err(SyncError::store(StoreFault::Foreign, path, message));
    }
    if version > newest {
        let message = format!("its schema has version {version}, this program knows {newest}");
        return Err(SyncError::store(StoreFault::TooNew, path, message));
    }
    if !may_write {
        if version < newest {
            let message = "it has no current schema yet: pull into it first";
            return Err(SyncError::store(StoreFault::Foreign, path, message));
        }
        return Ok(());
    }
    // Readers go on reading while a run writes.
    connection
        .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .map_err(failed)?;
    connection
        .execute_batch("PRAGMA synchronous = NORMAL")
        .map_err(failed)?;
    for (from, migration) in MIGRATIONS
        .iter()
        .enumerate()
        .skip(usize::try_from(version).unwrap_or(0))
    {
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(failed)?;
        // Another process may have been faster.
        if number(&transaction, "PRAGMA user_version").map_err(failed)? == from as i64 {
            transaction.execute_batch(migration).map_err(failed)?;
            let stamp = format!(
                "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}",
                from + 1
            );
            transaction.execute_batch(&stamp).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}
