//! Opening a database file: whose it is, which version, and what its errors mean.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{StoreFault, SyncError};

/// "ORDS": marks the file as ours.
const APPLICATION_ID: i32 = 0x4f52_4453;
/// Each brings the file from one version to the next; what is released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
    include_str!("v6.sql"),
    include_str!("v7.sql"),
];
const NEWEST: i64 = MIGRATIONS.len() as i64;
/// How long a write waits for another writer by default.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an error of SQLite means, and what happened.
pub(super) fn meaning(error: &rusqlite::Error) -> (StoreFault, String) {
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
    (fault, message)
}

/// The failure of a statement on a file.
pub(super) fn fault(path: &Path, error: &rusqlite::Error) -> SyncError {
    let (fault, message) = meaning(error);
    SyncError::store(fault, path, message)
}

pub(super) fn open(path: &Path, flags: OpenFlags) -> Result<Connection, SyncError> {
    let failed = |error: &rusqlite::Error| fault(path, error);
    // One thread at a time has the connection: SQLite need not lock it at each call.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
    connection
        .busy_timeout(PATIENCE)
        .map_err(|error| failed(&error))?;
    Ok(connection)
}

/// Opens a file for reading, and knows it for ours.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, SyncError> {
    let error = match read_only(path, path, OpenFlags::empty()) {
        Ok(connection) => return Ok(connection),
        Err(error) => error,
    };
    // A file in WAL mode is read with the help of a file beside it, which cannot be made where nothing can be written.
    // Where no other file belongs to it, it can be read as it is.
    let cannot = matches!(
        &error,
        SyncError::Store {
            fault: StoreFault::ReadOnly | StoreFault::Io,
            ..
        }
    );
    if !cannot || !path.is_file() || ["-wal", "-journal"].iter().any(|end| has_more(path, end)) {
        return Err(error);
    }
    read_as_it_is(path).map_err(|_| error)
}

/// Reads a file that nobody changes, without any file beside it.
fn read_as_it_is(path: &Path) -> Result<Connection, SyncError> {
    let absolute = std::path::absolute(path).map_err(|error| SyncError::io(path, &error))?;
    let uri = format!("{}?immutable=1", uri(&absolute));
    read_only(path, Path::new(&uri), OpenFlags::SQLITE_OPEN_URI)
}

fn read_only(path: &Path, name: &Path, flags: OpenFlags) -> Result<Connection, SyncError> {
    let failed = |error: rusqlite::Error| fault(path, &error);
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(name, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    prepare(path, &mut connection, false)?;
    Ok(connection)
}

/// Whether pages that belong to the file are in another one beside it.
fn has_more(path: &Path, ending: &str) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    std::fs::metadata(name).is_ok_and(|meta| meta.len() > 0)
}

/// An absolute path as a URI: everything that means something in one is written as its number.
fn uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for (at, byte) in path.as_os_str().as_encoded_bytes().iter().enumerate() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            // A drive.
            c if at == 0 && *c != b'/' => uri.push_str(&format!("/{}", char::from(*c))),
            b'/' | b':' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            c if c.is_ascii_alphanumeric() => uri.push(char::from(*c)),
            c => uri.push_str(&format!("%{c:02X}")),
        }
    }
    uri
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
    // SQLite opens a file that cannot be written for reading, and says nothing.
    if may_write && connection.is_readonly("main").map_err(failed)? {
        let message = "the file cannot be written";
        return Err(SyncError::store(StoreFault::ReadOnly, path, message));
    }
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
        let message = "it has no current schema yet: pull into it, or remap it, first";
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
    // The pages that a commit changes stay in memory until it ends, instead of being written twice. The log is 16 MB when it
    // is brought into the file: a commit of a thousand rows changes more than the usual 4 MB, and each bringing in waits
    // for the disk twice.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -5120; PRAGMA wal_autocheckpoint = 4000",
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    fn made(path: &Path) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = open(path, flags).unwrap();
        prepare(path, &mut connection, true).unwrap();
        connection
    }

    /// The road for folders that cannot be written, taken where nothing keeps root from writing either.
    #[cfg(unix)]
    #[test]
    fn a_file_is_read_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["orders.db", "50% off? #1 ä+b&c.db", "%41?immutable=0"] {
            let path = folder.path().join(name);
            drop(made(&path));
            let before = std::fs::read_dir(folder.path()).unwrap().count();
            let connection = read_as_it_is(&path).unwrap();
            let sql = "SELECT count(*) FROM orders";
            let count: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(count, 0);
            let error = connection
                .execute("DELETE FROM order_rows", [])
                .unwrap_err();
            assert_eq!(fault(&path, &error).kind(), "read_only");
            let files = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, before, "nothing is made beside {name}");
        }
    }

    #[test]
    fn what_a_killed_run_left_beside_the_file_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.db");
        let store = made(&path);
        assert!(
            has_more(&path, "-wal"),
            "the schema is there, not in the file"
        );
        drop(store);
        assert!(!has_more(&path, "-wal"));
    }
}
