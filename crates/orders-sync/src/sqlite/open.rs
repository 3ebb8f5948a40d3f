//! Opening a database file: whose it is, which version, and what its errors mean.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::SyncError;
use crate::error::StoreFault;

/// "ORDS": marks the file as ours.
const APPLICATION_ID: i32 = 0x4f52_4453;
/// Each brings the file from one version to the next; what is released is never edited.
const MIGRATIONS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql")];
const NEWEST: i64 = MIGRATIONS.len() as i64;
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

/// What the file says of itself.
struct Header {
    version: i64,
    id: i64,
    tables: i64,
}

impl Header {
    /// Read at one moment: another process may be making the file just now.
    fn read(transaction: &Transaction<'_>) -> rusqlite::Result<Self> {
        let sql = "SELECT (SELECT user_version FROM pragma_user_version),
                   (SELECT application_id FROM pragma_application_id),
                   (SELECT count(*) FROM sqlite_master)";
        transaction.query_row(sql, [], |row| {
            Ok(Self {
                version: row.get(0)?,
                id: row.get(1)?,
                tables: row.get(2)?,
            })
        })
    }

    fn check(&self, path: &Path) -> Result<(), SyncError> {
        if (self.id != 0 || self.tables > 0) && self.id != i64::from(APPLICATION_ID) {
            let message = "it is a database of another program";
            return Err(SyncError::store(StoreFault::Foreign, path, message));
        }
        if self.version > NEWEST {
            let version = self.version;
            let message = format!("its schema has version {version}, this program knows {NEWEST}");
            return Err(SyncError::store(StoreFault::TooNew, path, message));
        }
        Ok(())
    }
}

/// Makes the file ours where it is new, brings it to the newest version where it is older, and refuses others.
pub(super) fn prepare(
    path: &Path,
    connection: &mut Connection,
    may_write: bool,
) -> Result<(), SyncError> {
    let failed = |error: rusqlite::Error| fault(path, &error);
    let transaction = connection.transaction().map_err(failed)?;
    let header = Header::read(&transaction).map_err(failed)?;
    drop(transaction);
    header.check(path)?;
    let current = header.version == NEWEST;
    if may_write {
        readers_read_on(connection).map_err(failed)?;
        if !current {
            migrate(path, connection)?;
        }
    } else if !current {
        let message = "it has no current schema yet: pull into it first";
        return Err(SyncError::store(StoreFault::Foreign, path, message));
    }
    Ok(())
}

/// Lets readers go on reading while a run writes.
fn readers_read_on(connection: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    let change = || connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
    let mut changed = change();
    // Several that change a new file at once hold each other up: SQLite answers at once then, and leaves it to us to
    // try again.
    while let Err(error) = &changed
        && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
        && began.elapsed() < PATIENCE
    {
        std::thread::sleep(Duration::from_millis(5));
        changed = change();
    }
    changed?;
    connection.execute_batch("PRAGMA synchronous = NORMAL")
}

/// Brings the file to the newest version.
fn migrate(path: &Path, connection: &mut Connection) -> Result<(), SyncError> {
    let failed = |error: rusqlite::Error| fault(path, &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Another process may have been faster.
    let header = Header::read(&transaction).map_err(failed)?;
    header.check(path)?;
    let before = usize::try_from(header.version).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(before) {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    let stamp = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {NEWEST}");
    transaction.execute_batch(&stamp).map_err(failed)?;
    transaction.commit().map_err(failed)
}
