//! SQLite: one file, or memory.

mod open;
mod statements;
mod worker;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use orders_core::Account;
use rusqlite::{Connection, OpenFlags};
use statements::Inline;
use worker::Worker;

use crate::error::{StoreFault, StorePlace, SyncError};
use crate::hash::short_hash;
use crate::place;
use crate::sql::{Failed, Kind, Work};

/// A database in one file (in WAL mode), readable by any tool. All work runs on one thread of its own.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    connection: Arc<Mutex<Connection>>,
    worker: Worker,
    locks: Mutex<HashMap<Account, File>>,
    in_memory: bool,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, SyncError> {
        let path = place::real(path)?;
        place::create(&path)?;
        let mut connection = open::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        open::prepare(&path, &mut connection, true)?;
        Self::of(path, connection, false)
    }

    pub(crate) fn open_read_only(path: &Path) -> Result<Self, SyncError> {
        let path = place::real(path)?;
        let connection = open::open_read_only(&path)?;
        Self::of(path, connection, false)
    }

    pub(crate) fn in_memory() -> Result<Self, SyncError> {
        let path = Path::new(":memory:");
        let mut connection = open::open(path, OpenFlags::default())?;
        open::prepare(path, &mut connection, true)?;
        Self::of(path.to_owned(), connection, true)
    }

    fn of(path: PathBuf, connection: Connection, in_memory: bool) -> Result<Self, SyncError> {
        // More than a commit has.
        connection.set_prepared_statement_cache_capacity(128);
        let worker = Worker::start().map_err(|error| SyncError::io(&path, &error))?;
        Ok(Self {
            path,
            connection: Arc::new(Mutex::new(connection)),
            worker,
            locks: Mutex::default(),
            in_memory,
        })
    }

    pub(crate) fn place(&self) -> StorePlace {
        StorePlace::from(&self.path)
    }

    pub(crate) fn limit_size(&self, bytes: u64) -> Result<(), SyncError> {
        let connection = held(&self.connection);
        let ask = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let limited = ask("PRAGMA page_size").and_then(|page| {
            let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
            ask(&format!("PRAGMA max_page_count = {pages}"))
        });
        limited
            .map(drop)
            .map_err(|error| open::fault(&self.path, &error))
    }

    pub(crate) fn wait_at_most(&self, wait: Duration) -> Result<(), SyncError> {
        let waits = held(&self.connection).busy_timeout(wait);
        waits.map_err(|error| open::fault(&self.path, &error))
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        held(&self.connection)
    }

    pub(crate) fn is_at_work(&self, account: &Account) -> bool {
        !self.in_memory && crate::lock::is_held(&lock_path(&self.path, account))
    }

    pub(crate) async fn lock(&self, account: &Account) -> Result<(), SyncError> {
        if self.in_memory {
            return Ok(());
        }
        let (path, what) = (self.path.clone(), account.clone());
        let locked = move || {
            let file = lock_path(&path, &what);
            crate::lock::lock(&file, &path, &what.to_string())
        };
        let file = self.aside(locked).await??;
        held(&self.locks).insert(account.clone(), file);
        Ok(())
    }

    pub(crate) fn unlock(&self, account: &Account) {
        held(&self.locks).remove(account);
    }

    /// Runs a piece of work in a transaction of its own.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        kind: Kind,
        work: Work<T>,
    ) -> Result<T, SyncError> {
        let (connection, path) = (Arc::clone(&self.connection), self.path.clone());
        let done = move || {
            let mut connection = held(&connection);
            in_transaction(&mut connection, kind, work).map_err(|failed| match failed {
                Failed::Store(fault, message) => SyncError::store(fault, &path, message),
                Failed::Sync(error) => error,
            })
        };
        self.aside(done).await?
    }

    /// Writes the file anew without what was deleted, and empties the one beside it. Answers whether that could be done:
    /// not while somebody else reads or writes the file.
    pub(crate) async fn rewrite(&self) -> Result<bool, SyncError> {
        let (connection, path) = (Arc::clone(&self.connection), self.path.clone());
        let work = move || {
            let connection = held(&connection);
            take_back(&connection);
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            let done = connection
                .execute_batch("VACUUM")
                .and_then(|()| connection.query_row(checkpoint, [], |row| row.get::<_, i64>(0)));
            match done {
                Ok(busy) => Ok(busy == 0),
                Err(error) => match open::meaning(&error).0 {
                    StoreFault::Busy | StoreFault::Full => Ok(false),
                    _ => Err(open::fault(&path, &error)),
                },
            }
        };
        self.aside(work).await?
    }

    /// Runs what may block on the thread of this database.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, SyncError> {
        let done = self.worker.run(work).await;
        let message = "the work at the file broke off: a bug";
        done.ok_or_else(|| SyncError::store(StoreFault::Io, &self.path, message))
    }
}

/// What is shared. A transaction that an earlier use left because it panicked is taken back by the next one.
fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn in_transaction<T>(connection: &mut Connection, kind: Kind, work: Work<T>) -> Result<T, Failed> {
    let (begin, end) = match kind {
        Kind::Read => ("BEGIN", "COMMIT"),
        Kind::Write => ("BEGIN IMMEDIATE", "COMMIT"),
        Kind::Durable => (
            "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            "COMMIT; PRAGMA synchronous = NORMAL",
        ),
        Kind::Erase => (
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; BEGIN IMMEDIATE",
            "COMMIT; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF",
        ),
    };
    take_back(connection);
    connection.execute_batch(begin)?;
    // Nothing in it waits: each statement answers at once.
    let done = work(&mut Inline(connection)).now_or_never();
    let done = done.unwrap_or_else(|| {
        let message = "a statement did not answer at once".to_owned();
        Err(Failed::Store(StoreFault::Io, message))
    });
    let done = done.and_then(|done| {
        connection
            .execute_batch(end)
            .map(|()| done)
            .map_err(Failed::from)
    });
    take_back(connection);
    done
}

/// Takes back what was not committed.
fn take_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // What failed is reported; at the latest SQLite takes it back when the file is closed.
        let _ = connection.execute_batch("ROLLBACK");
    }
}

/// The lock file of an account: readable, and different for different accounts.
fn lock_path(database: &Path, account: &Account) -> PathBuf {
    let plain: String = account
        .label
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(40)
        .collect();
    let hash = short_hash([account.provider.as_bytes(), account.label.as_bytes()]);
    let mut name = database.as_os_str().to_owned();
    name.push(format!("-{}-{plain}-{hash:016x}.lock", account.provider));
    PathBuf::from(name)
}
