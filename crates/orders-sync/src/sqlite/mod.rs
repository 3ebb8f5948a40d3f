//! The default store: one SQLite file, orders and state in one transaction.

mod doubts;
mod gaps;
mod identity;
mod open;
mod read;
mod remap;
mod rows;
mod sample;
mod sql;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use orders_core::{Account, Error, Order, OrderRef, Slice, Unreadable, Window};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use gaps::GapWriter;
pub use read::{HistoryRow, StoredOrder};
pub use remap::Remapped;
use rows::Writer;
use sql::{CREATED, count, integer, time};

use crate::batch::{Batch, Commit, Counts};
use crate::error::SyncError;
use crate::failpoints::Failpoints;
use crate::gap::Gap;
use crate::hash::short_hash;
use crate::place;
use crate::point::Point;
use crate::store::{Doubted, Doubts, DueDay, DueFilter, Sampled, Store};
use crate::summary::{Status, Summary};

/// Orders, their history and the state of their pull in one SQLite file (in WAL mode), readable by any tool.
///
/// Several accounts may share a file, each pulled through a store of its own; one run works on an account at a time,
/// held by a lock file beside the database. The schema is on the crate's page.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    connection: Connection,
    locks: HashMap<Account, File>,
    /// The gaps that the present run found.
    noted: HashSet<String>,
    in_memory: bool,
}

impl SqliteStore {
    /// Opens a file, brought to the newest schema where it is older. Where it is missing it is made, and only its owner
    /// can read it; the files beside it get its permissions. The name is a path, whatever SQLite would make of it.
    ///
    /// # Errors
    /// `Foreign` for a file of something else, `TooNew` for one of a newer version, `ReadOnly`, `Busy`, `Full`, `Io`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        let path = place::real(path.as_ref())?;
        place::create(&path)?;
        let mut connection = open::open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        open::prepare(&path, &mut connection, true)?;
        Ok(Self {
            path,
            connection,
            locks: HashMap::new(),
            noted: HashSet::new(),
            in_memory: false,
        })
    }

    /// Opens a file for reading, also while a run writes to it, and where neither the file nor its folder can be
    /// written (unless a killed run left its last pages in the `-wal` file: then only who may write can take them up).
    ///
    /// # Errors
    /// As [`open`](Self::open); `Foreign` where nothing was pulled into the file yet.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        let path = place::real(path.as_ref())?;
        Ok(Self {
            connection: open::open_read_only(&path)?,
            path,
            locks: HashMap::new(),
            noted: HashSet::new(),
            in_memory: false,
        })
    }

    /// A store in memory: its contents end with it.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn in_memory() -> Result<Self, SyncError> {
        let path = Path::new(":memory:");
        let mut connection = open::open(path, OpenFlags::default())?;
        open::prepare(path, &mut connection, true)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            locks: HashMap::new(),
            noted: HashSet::new(),
            in_memory: true,
        })
    }

    /// Limits the file to about so many bytes; beyond, a commit fails as on a full disk. For this connection only.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn limit_size(&self, bytes: u64) -> Result<(), SyncError> {
        let page: i64 = self.ask("PRAGMA page_size", [])?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        self.ask::<i64>(&format!("PRAGMA max_page_count = {pages}"), [])?;
        Ok(())
    }

    /// How long a write waits for another program that is writing to the file (10 seconds unless this is called);
    /// then it fails as `Busy`. Other accounts' runs write for milliseconds, and readers keep nobody waiting.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn wait_at_most(&self, wait: Duration) -> Result<(), SyncError> {
        self.connection
            .busy_timeout(wait)
            .map_err(|error| self.fault(error))
    }

    /// The connection, for your own queries. Only read with it: writing is this crate's.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// All stored orders with an id, a number or a merchant reference, over all accounts.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn find(&self, id: &str) -> Result<Vec<StoredOrder>, SyncError> {
        self.read(|it| read::orders(it, id))
    }

    /// The history of an order, oldest first.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn history(&self, account: &Account, id: &str) -> Result<Vec<HistoryRow>, SyncError> {
        self.read(|it| read::history(it, account, id))
    }

    /// How many orders of an account an older version of the mapping read.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn older(&self, account: &Account, version: u32) -> Result<u64, SyncError> {
        let sql =
            "SELECT count(*) FROM orders WHERE provider = ?1 AND account = ?2 AND mapping < ?3";
        self.ask(sql, params![account.provider, account.label, version])
            .map(count)
    }

    /// Reads the text of each order that an older version of the mapping read, and of each record that could not be
    /// read, without the vendor. `read` is the mapping of this version; the order that it makes keeps the id of its row.
    ///
    /// A row whose order changed gets one row of history, `remapped`. Some hundred rows are one transaction: a call that
    /// was killed is continued by the next one.
    ///
    /// # Errors
    /// `Locked` while a run works on the account, and what SQLite failed with.
    pub fn remap(
        &mut self,
        account: &Account,
        version: u32,
        now: DateTime<Utc>,
        read: &dyn Fn(&Bytes) -> Result<Order, Error>,
    ) -> Result<Remapped, SyncError> {
        self.lock(account)?;
        let done = remap::remap(&mut self.connection, account, version, now, read);
        self.unlock(account);
        done.map_err(|error| self.fault(error))
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, SyncError> {
        read(&self.connection).map_err(|error| self.fault(error))
    }

    fn fault(&self, error: rusqlite::Error) -> SyncError {
        open::fault(&self.path, &error)
    }

    /// One value.
    fn ask<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<T, SyncError> {
        self.connection
            .query_row(sql, params, |row| row.get(0))
            .map_err(|error| self.fault(error))
    }

    fn write(
        &mut self,
        at: &Commit<'_>,
        batch: &Batch<'_>,
        failpoints: &dyn Failpoints,
    ) -> Result<Counts, Failed> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let counts = {
            let now = time(at.now);
            let gaps = GapWriter {
                tx: &tx,
                at,
                now: &now,
                noted: &mut self.noted,
            };
            let mut writer = Writer {
                tx: &tx,
                at,
                batch,
                now: &now,
                gaps,
            };
            let mut counts = writer.orders()?;
            writer.unreadable(&mut counts)?;
            writer.gaps.ended(batch)?;
            writer.read()?;
            writer.absent()?;
            counts.gone = writer.gone()?;
            writer.gaps.gaps(batch)?;
            failpoints.pass(Point::RowsFlushed)?;
            writer.state()?;
            failpoints.pass(Point::CheckpointWritten)?;
            counts
        };
        tx.commit()?;
        Ok(counts)
    }
}

/// What can fail inside a transaction.
enum Failed {
    Sqlite(rusqlite::Error),
    Sync(SyncError),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<SyncError> for Failed {
    fn from(error: SyncError) -> Self {
        Self::Sync(error)
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

impl SqliteStore {
    /// Whether a run works on the account now, in this process or in another.
    #[must_use]
    pub fn is_at_work(&self, account: &Account) -> bool {
        !self.in_memory && crate::lock::is_held(&lock_path(&self.path, account))
    }
}

impl Store for SqliteStore {
    fn lock(&mut self, account: &Account) -> Result<(), SyncError> {
        if !self.in_memory {
            let path = lock_path(&self.path, account);
            let file = crate::lock::lock(&path, &self.path, &account.to_string())?;
            self.locks.insert(account.clone(), file);
        }
        Ok(())
    }

    fn unlock(&mut self, account: &Account) {
        self.locks.remove(account);
    }

    fn state(&self, account: &Account) -> Result<Option<String>, SyncError> {
        let sql = "SELECT state FROM checkpoints WHERE provider = ?1 AND account = ?2";
        self.connection
            .query_row(sql, params![account.provider, account.label], |row| {
                row.get(0)
            })
            .optional()
            .map_err(|error| self.fault(error))
    }

    fn reset(&mut self, account: &Account) -> Result<(), SyncError> {
        self.lock(account)?;
        let done = rows::reset(&mut self.connection, account);
        self.unlock(account);
        done.map_err(|error| self.fault(error))
    }

    fn begin_run(&mut self, account: &Account, now: DateTime<Utc>) -> Result<i64, SyncError> {
        self.noted.clear();
        let sql = "INSERT INTO runs (provider, account, started_at) VALUES (?1, ?2, ?3)";
        self.connection
            .execute(sql, params![account.provider, account.label, time(now)])
            .map_err(|error| self.fault(error))?;
        Ok(self.connection.last_insert_rowid())
    }

    fn end_run(&mut self, run: i64, summary: &Summary) -> Result<(), SyncError> {
        let text = serde_json::to_string(summary).unwrap_or_default();
        let outcome = summary.outcome.as_str();
        // What is reported as stored is on the disk, not only in the system's memory.
        let sql = "UPDATE runs SET ended_at = ?2, outcome = ?3, summary = ?4 WHERE id = ?1";
        let ended = summary.ended_at.map(time);
        let done = self
            .connection
            .execute_batch("PRAGMA synchronous = FULL")
            .and_then(|()| {
                self.connection
                    .execute(sql, params![run, ended, outcome, text])
            })
            .and_then(|_| self.connection.execute_batch("PRAGMA synchronous = NORMAL"));
        done.map_err(|error| self.fault(error))
    }

    fn last_run(&self, account: &Account) -> Result<Option<DateTime<Utc>>, SyncError> {
        read::last_run(&self.connection, account).map_err(|error| self.fault(error))
    }

    fn reached_by(
        &self,
        account: &Account,
        time: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, SyncError> {
        read::reached_by(&self.connection, account, time).map_err(|error| self.fault(error))
    }

    fn commit(
        &mut self,
        at: &Commit<'_>,
        batch: &Batch<'_>,
        failpoints: &dyn Failpoints,
    ) -> Result<Counts, SyncError> {
        self.write(at, batch, failpoints)
            .map_err(|failed| match failed {
                Failed::Sqlite(error) => self.fault(error),
                Failed::Sync(error) => error,
            })
    }

    fn marked(&self, account: &Account, numbers: RangeInclusive<u64>) -> Result<u64, SyncError> {
        let sql = "SELECT (SELECT count(*) FROM orders
                   WHERE provider = ?1 AND account = ?2 AND mark BETWEEN ?3 AND ?4)
                   + (SELECT count(*) FROM unreadable
                   WHERE provider = ?1 AND account = ?2 AND mark BETWEEN ?3 AND ?4)";
        let (first, last) = (integer(*numbers.start()), integer(*numbers.end()));
        self.ask(sql, params![account.provider, account.label, first, last])
            .map(count)
    }

    fn unshown(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        self.read(|it| doubts::unshown(it, account, after, limit))
    }

    fn doubted(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Doubted>, SyncError> {
        self.read(|it| doubts::doubted(it, account, after, limit))
    }

    fn doubts(&self, account: &Account) -> Result<Option<Doubts>, SyncError> {
        self.read(|it| doubts::doubts(it, account))
    }

    fn confirm_gone(&mut self, account: &Account, now: DateTime<Utc>) -> Result<u64, SyncError> {
        self.lock(account)?;
        let done = doubts::confirm(&mut self.connection, account, now);
        self.unlock(account);
        done.map_err(|error| self.fault(error))
    }

    fn days(
        &self,
        account: &Account,
        ids: &[String],
    ) -> Result<Vec<(String, NaiveDate)>, SyncError> {
        self.read(|it| doubts::days(it, account, ids))
    }

    fn newest(&self, account: &Account, limit: usize) -> Result<Vec<OrderRef>, SyncError> {
        read::newest(&self.connection, account, limit).map_err(|error| self.fault(error))
    }

    fn sample(
        &self,
        account: &Account,
        day: NaiveDate,
        limit: usize,
    ) -> Result<Vec<Sampled>, SyncError> {
        self.read(|it| sample::sample(it, account, day, limit))
    }

    fn live(&self, account: &Account) -> Result<u64, SyncError> {
        let sql =
            "SELECT count(*) FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL";
        self.ask(sql, params![account.provider, account.label])
            .map(count)
    }

    fn unread(&self, account: &Account) -> Result<u64, SyncError> {
        let sql = "SELECT count(*) FROM unreadable WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL
                   AND key NOT IN (SELECT id FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL)";
        self.ask(sql, params![account.provider, account.label])
            .map(count)
    }

    fn created(&self, account: &Account, window: Window) -> Result<u64, SyncError> {
        let sql = format!(
            "SELECT count(*) FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL
             AND created_at IS NOT NULL AND {CREATED} >= ?3 AND {CREATED} < ?4"
        );
        let (from, to) = (time(window.from), time(window.to));
        self.ask(&sql, params![account.provider, account.label, from, to])
            .map(count)
    }

    fn created_offset(&self, account: &Account) -> Result<Option<FixedOffset>, SyncError> {
        self.read(|it| read::created_offset(it, account))
    }

    fn gaps(&self, account: &Account) -> Result<Vec<Gap>, SyncError> {
        self.read(|it| read::gaps(it, account))
    }

    fn accept_gap(&mut self, id: i64, reason: &str, now: DateTime<Utc>) -> Result<bool, SyncError> {
        let sql = "UPDATE gaps SET accepted_at = ?2, accepted_reason = ?3 WHERE id = ?1 AND filled_at IS NULL";
        self.connection
            .execute(sql, params![id, time(now), reason])
            .map(|changed| changed > 0)
            .map_err(|error| self.fault(error))
    }

    fn unreadable(&self, account: &Account) -> Result<Vec<Unreadable>, SyncError> {
        self.read(|it| read::unreadable(it, account))
    }

    fn due_slices(
        &self,
        account: &Account,
        run: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Slice>, SyncError> {
        self.read(|it| read::due_slices(it, account, run, now))
    }

    fn due_orders(
        &self,
        account: &Account,
        filter: DueFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        self.read(|it| read::due(it, account, filter, after, limit))
    }

    fn due_days(&self, account: &Account, filter: DueFilter) -> Result<Vec<DueDay>, SyncError> {
        self.read(|it| read::due_days(it, account, filter))
    }

    fn status(&self, account: &Account) -> Result<Status, SyncError> {
        let state = self.state(account)?;
        let facts = crate::state::facts(state.as_deref(), account)?;
        self.read(|it| read::status(it, account, facts))
    }

    fn accounts(&self) -> Result<Vec<Account>, SyncError> {
        self.read(read::accounts)
    }
}
