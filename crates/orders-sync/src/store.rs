//! Where orders are kept, with the state of their pull.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use futures_util::future::BoxFuture;
use orders_core::{Account, Error, Order, OrderRef, Push, Slice, Unreadable, Window};

use crate::at_end::{AtEnd, Statement};
use crate::batch::{Batch, Commit, Counts, read_again};
use crate::clock::{Randomness, SystemRandomness};
use crate::database::Database;
use crate::error::{StorePlace, SyncError};
use crate::failpoints::Failpoints;
use crate::gap::Gap;
use crate::person::Person;
#[cfg(feature = "postgres")]
use crate::postgres::Postgres;
use crate::sql::{
    self, Among, Failed, Forgotten, Found, HistoryRow, Kind, Mapping, ReadPush, Remapped, Sql,
    StoredOrder, Work,
};
use crate::sqlite::Sqlite;
use crate::stored::{Doubted, Doubts, DueDay, DueFilter, KeptPush, Receipt, Sampled};
use crate::summary::{Status, Summary};

/// Where orders and the state of their pull are kept: one SQLite file, or a Postgres database (feature `postgres`). One
/// value serves one run at a time.
///
/// [`commit`](Self::commit) stores orders, marks and state in one transaction. So what the state says was read is always
/// there. All of it within a tokio runtime: a file is read and written on a thread of its own.
#[derive(Debug)]
pub struct Store {
    database: Database,
    /// The gaps that the present run found.
    noted: Arc<Mutex<HashSet<String>>>,
    at_end: AtEnd,
}

impl Store {
    /// Opens a file, brought to the newest schema where it is older. Where it is missing it is made, and only its owner
    /// can read it; the files beside it get its permissions. The name is a path, whatever SQLite would make of it.
    ///
    /// Several accounts may share a file, each pulled through a store of its own; one run works on an account at a time,
    /// held by a lock file beside the database. The schema is on the crate's page.
    ///
    /// # Errors
    /// `Foreign` for a file of something else, `TooNew` for one of a newer version, `ReadOnly`, `Busy`, `Full`, `Io`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        Sqlite::open(path.as_ref())
            .map(Database::Sqlite)
            .map(Self::of)
    }

    /// Opens a file for reading, also while a run writes to it, and where neither the file nor its folder can be
    /// written (unless a killed run left its last pages in the `-wal` file: then only who may write can take them up).
    ///
    /// # Errors
    /// As [`open`](Self::open); `Foreign` where nothing was pulled into the file yet.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        Sqlite::open_read_only(path.as_ref())
            .map(Database::Sqlite)
            .map(Self::of)
    }

    /// A store in memory: its contents end with it.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn in_memory() -> Result<Self, SyncError> {
        Sqlite::in_memory().map(Database::Sqlite).map(Self::of)
    }

    /// Connects to a Postgres database, brought to the newest schema where it is older. The tables are in its schema
    /// `orders`, made where it is missing.
    ///
    /// The address is `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with the parameters that tokio-postgres knows behind a
    /// `?`. TLS is required and verified (`sslrootcert=FILE` names the root, else those of the system), unless the host
    /// is this machine or `sslmode=disable` is there. The password is shown nowhere.
    ///
    /// Several accounts may share a database, each pulled through a store of its own; one run works on an account at a
    /// time. Poolers in transaction mode will do. Lost connections are made anew by the next call.
    ///
    /// # Errors
    /// `Options` for an address that cannot be read; `Unreachable`, `Denied`, `Foreign` for a schema of something else,
    /// `TooNew`, `ReadOnly` where the user lacks a privilege.
    #[cfg(feature = "postgres")]
    pub async fn connect(address: &str) -> Result<Self, SyncError> {
        let database = Postgres::connect(address, false).await?;
        Ok(Self::of(Database::Postgres(database)))
    }

    /// Connects to a Postgres database for reading, also while a run writes to it.
    ///
    /// # Errors
    /// As [`connect`](Self::connect); `Empty` where nothing was pulled into it yet.
    #[cfg(feature = "postgres")]
    pub async fn connect_read_only(address: &str) -> Result<Self, SyncError> {
        let database = Postgres::connect(address, true).await?;
        Ok(Self::of(Database::Postgres(database)))
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> StorePlace {
        self.database.place()
    }

    fn of(database: Database) -> Self {
        Self {
            database,
            noted: Arc::default(),
            at_end: AtEnd::default(),
        }
    }

    /// Runs statements of your own in the transaction that notes how a run ended, which is its last: what they write is there
    /// exactly if the end is. In Postgres nothing of it is written where another run has taken the account over. Replaces
    /// what was set before.
    pub fn at_end(&self, statements: impl Fn(&Summary) -> Vec<Statement> + Send + 'static) {
        self.at_end.set(statements);
    }

    /// Limits a file to about so many bytes; beyond, a commit fails as on a full disk. For this store only.
    ///
    /// # Errors
    /// What SQLite failed with; `Options` for a Postgres database.
    pub fn limit_size(&self, bytes: u64) -> Result<(), SyncError> {
        self.database.limit_size(bytes)
    }

    /// How long a write waits for another program that is writing to the file, or to the same rows of a database (10
    /// seconds unless this is called); then it fails as `Busy`. Other accounts' runs write for milliseconds, and readers
    /// keep nobody waiting.
    ///
    /// # Errors
    /// What SQLite failed with.
    pub fn wait_at_most(&self, wait: Duration) -> Result<(), SyncError> {
        self.database.wait_at_most(wait)
    }

    /// The connection to the file, for your own queries; a run waits while you have it. Only read with it: writing is this
    /// crate's. `None` for a Postgres database: connect to it as you like.
    pub fn connection(&self) -> Option<MutexGuard<'_, rusqlite::Connection>> {
        self.database.connection()
    }

    /// Whether a run works on the account now, in this process or in another.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn is_at_work(&self, account: &Account) -> Result<bool, SyncError> {
        self.database.is_at_work(account).await
    }

    /// Locks the account for this run. Dropping the store, or the end of the process in any way, unlocks it: a file at
    /// once, a database as soon as it notices, a minute later at most.
    ///
    /// # Errors
    /// `Locked` while another run has it.
    pub async fn lock(&self, account: &Account) -> Result<(), SyncError> {
        self.database.lock(account).await
    }

    /// Unlocks the account.
    pub async fn unlock(&self, account: &Account) {
        self.database.unlock(account).await;
    }

    /// The state of the account, as committed last.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn state(&self, account: &Account) -> Result<Option<String>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::state(sql, &account).await }))
            .await
    }

    /// Discards the state of the account, with its gaps and the marks of its scans: the next pull requests everything
    /// anew. Orders and history stay. All of it or nothing.
    ///
    /// # Errors
    /// What the store failed with; `Locked` while a run has the account.
    pub async fn reset(&self, account: &Account, now: DateTime<Utc>) -> Result<(), SyncError> {
        self.lock(account).await?;
        let of = account.clone();
        let done = self.write(move |sql| Box::pin(async move { sql::reset(sql, &of, now).await }));
        let done = done.await;
        self.unlock(account).await;
        done
    }

    /// Notes that a run begins. Answers its number.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn begin_run(&self, account: &Account, now: DateTime<Utc>) -> Result<i64, SyncError> {
        self.noted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        let account = account.clone();
        self.write(move |sql| Box::pin(async move { sql::begin_run(sql, &account, now).await }))
            .await
    }

    /// Notes how a run ended.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn end_run(&self, run: i64, summary: &Summary) -> Result<(), SyncError> {
        let more = self.at_end.of(summary);
        let summary = summary.clone();
        let work: Work<()> = Box::new(move |sql| {
            Box::pin(async move {
                sql::end_run(sql, run, &summary).await?;
                sql::run_all(sql, more).await
            })
        });
        // What is reported as stored is on the disk, not only in the system's memory.
        self.database.run(Kind::Durable, work).await
    }

    /// The latest time at which a run of the account began or ended; `None` before the first.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn last_run(&self, account: &Account) -> Result<Option<DateTime<Utc>>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::last_run(sql, &account).await }))
            .await
    }

    /// The watermark that the newest run left which ended at or before a time; `None` where there is none.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn reached_by(
        &self,
        account: &Account,
        time: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::reached_by(sql, &account, time).await }))
            .await
    }

    /// Stores a batch and the state after it; answers what became of its orders, [`Counts::marked`] included: together
    /// with [`marked`](Self::marked) it shows when a scan is complete.
    ///
    /// An order without an id of the vendor's ([`OrderRef::is_by_key`]) belongs to the row of its key, and one that has an
    /// id takes such a row over. One that has the id of another order ([`OrderRef::is_same_order`]) has a row of its own,
    /// and counts as [`Counts::reused`].
    ///
    /// An unreadable record is stored with its newest text, and leaves a [`Missing::Record`](crate::Missing::Record) gap. The gap is filled when
    /// an order of its id or of its text is stored. An accepted one is open again when the text changes.
    ///
    /// # Errors
    /// What the store failed with; then nothing of the batch counts as read.
    pub async fn commit(
        &self,
        at: Commit,
        batches: Vec<Batch>,
        failpoints: Arc<dyn Failpoints>,
    ) -> Result<Vec<Counts>, SyncError> {
        let noted = Arc::clone(&self.noted);
        self.write(move |sql| {
            Box::pin(async move { sql::commit(sql, &at, &batches, &noted, &*failpoints).await })
        })
        .await
    }

    /// How many different rows carry one of these numbers: orders, and open unreadable records of orders that are not
    /// stored. See [`ScanMark`](crate::ScanMark).
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn marked(
        &self,
        account: &Account,
        numbers: RangeInclusive<u64>,
    ) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::marked(sql, &account, numbers).await }))
            .await
    }

    /// Some orders that a reading should have shown and did not, and that were not looked up since; by id, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn unshown(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        let account = account.clone();
        let after = after.map(str::to_owned);
        self.read(move |sql| {
            Box::pin(async move { sql::unshown(sql, &account, after.as_deref(), limit).await })
        })
        .await
    }

    /// The newest orders that are not gone and have an id of their own, newest first, at most so many.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn newest(
        &self,
        account: &Account,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::newest(sql, &account, limit).await }))
            .await
    }

    /// Some orders that are doubted, by id, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn doubted(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Doubted>, SyncError> {
        let account = account.clone();
        let after = after.map(str::to_owned);
        self.read(move |sql| {
            Box::pin(async move { sql::doubted(sql, &account, after.as_deref(), limit).await })
        })
        .await
    }

    /// How many orders are doubted, beside how many others; `None` where none is.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn doubts(&self, account: &Account) -> Result<Option<Doubts>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::doubts(sql, &account).await }))
            .await
    }

    /// The user confirms that the doubted orders of an account are deleted. Answers how many are gone now.
    ///
    /// # Errors
    /// What the store failed with; `Locked` while a run has the account.
    pub async fn confirm_gone(
        &self,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<u64, SyncError> {
        self.lock(account).await?;
        let of = account.clone();
        let done =
            self.write(move |sql| Box::pin(async move { sql::confirm(sql, &of, now).await }));
        let done = done.await;
        self.unlock(account).await;
        done
    }

    /// The ids of some orders, each with the day (UTC) on which it was created; those of unknown creation are left out.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn days(
        &self,
        account: &Account,
        ids: &[String],
    ) -> Result<Vec<(String, NaiveDate)>, SyncError> {
        let account = account.clone();
        let ids = ids.to_vec();
        self.read(move |sql| Box::pin(async move { sql::days(sql, &account, ids).await }))
            .await
    }

    /// Some orders that are not gone and have an id of their own, at most so many, spread over the account: the same ones
    /// for the same day, others on another day.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn sample(
        &self,
        account: &Account,
        day: NaiveDate,
        limit: usize,
    ) -> Result<Vec<Sampled>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::sample(sql, &account, day, limit).await }))
            .await
    }

    /// How many orders are stored and not gone.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn live(&self, account: &Account) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::live(sql, &account).await }))
            .await
    }

    /// How many orders are stored, not gone, and known by a push alone: no pull has shown them.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn pushed(&self, account: &Account) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::pushed(sql, &account).await }))
            .await
    }

    /// How many records could not be read whose orders are not stored, neither now nor in an earlier version.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn unread(&self, account: &Account) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::unread(sql, &account).await }))
            .await
    }

    /// How many orders created within a window are stored and not gone.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn created(&self, account: &Account, window: Window) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::created(sql, &account, window).await }))
            .await
    }

    /// The offset from UTC in which the creation time of the newest order came; `None` where no order has one.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn created_offset(
        &self,
        account: &Account,
    ) -> Result<Option<FixedOffset>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::created_offset(sql, &account).await }))
            .await
    }

    /// The gaps not filled yet, oldest first, the accepted ones included. However often a run finds one, it counts as
    /// one try.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn gaps(&self, account: &Account) -> Result<Vec<Gap>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::gaps(sql, &account).await }))
            .await
    }

    /// Accepts a gap that is not filled: it no longer makes a run incomplete, until what is missing changes. `false`
    /// where there is no such gap.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn accept_gap(
        &self,
        id: i64,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, SyncError> {
        let reason = reason.to_owned();
        self.write(move |sql| Box::pin(async move { sql::accept_gap(sql, id, &reason, now).await }))
            .await
    }

    /// The records that could not be read, with their texts, whose orders were not read since.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn unreadable(&self, account: &Account) -> Result<Vec<Unreadable>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::unreadable(sql, &account).await }))
            .await
    }

    /// The slices that showed open unreadable records which are due to be read again: a record may have been a passing
    /// failure of the vendor. One is due when about as much time has passed since it was last seen as had before, at most
    /// a week: by the next run, then after a day, two, four, and weekly. Not those that this run saw, and not accepted
    /// ones.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn due_slices(
        &self,
        account: &Account,
        run: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Slice>, SyncError> {
        let account = account.clone();
        self.read(move |sql| {
            Box::pin(async move { sql::due_slices(sql, &account, run, now).await })
        })
        .await
    }

    /// Some orders that are due, in the order in which they were first stored, after `after`.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn due_orders(
        &self,
        account: &Account,
        filter: DueFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        let account = account.clone();
        let after = after.map(str::to_owned);
        self.read(move |sql| {
            Box::pin(async move {
                sql::due_orders(sql, &account, filter, after.as_deref(), limit).await
            })
        })
        .await
    }

    /// The days (UTC) on which orders that are due were created, each with how many of them and how many orders in
    /// all; `None` for those of unknown creation.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn due_days(
        &self,
        account: &Account,
        filter: DueFilter,
    ) -> Result<Vec<DueDay>, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::due_days(sql, &account, filter).await }))
            .await
    }

    /// What is known of an account, for people.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn status(&self, account: &Account) -> Result<Status, SyncError> {
        let state = self.state(account).await?;
        let facts = crate::state::facts(state.as_deref(), account)?;
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::status(sql, &account, facts).await }))
            .await
    }

    /// The accounts that have anything stored.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn accounts(&self) -> Result<Vec<Account>, SyncError> {
        self.read(move |sql| Box::pin(async move { sql::accounts(sql).await }))
            .await
    }

    /// All stored orders with an id, a number or a merchant reference, over all accounts.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn find(&self, id: &str) -> Result<Vec<StoredOrder>, SyncError> {
        let id = id.to_owned();
        self.read(move |sql| Box::pin(async move { sql::orders(sql, &id).await }))
            .await
    }

    /// The history of an order, oldest first.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn history(&self, account: &Account, id: &str) -> Result<Vec<HistoryRow>, SyncError> {
        let (account, id) = (account.clone(), id.to_owned());
        self.read(move |sql| Box::pin(async move { sql::history(sql, &account, &id).await }))
            .await
    }

    /// How many orders of an account an older version of the mapping read.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn older(&self, account: &Account, version: u32) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::older(sql, &account, version).await }))
            .await
    }

    /// Reads the text of each order that an older version of the mapping read, and of each record that could not be
    /// read, without the vendor. `read` is the mapping of this version; the order that it makes keeps the id of its row.
    ///
    /// A row whose order changed gets one row of history, `remapped`. Some hundred rows are one transaction: a call that
    /// was killed is continued by the next one.
    ///
    /// # Errors
    /// `Locked` while a run works on the account, and what the store failed with.
    pub async fn remap(
        &self,
        account: &Account,
        version: u32,
        now: DateTime<Utc>,
        read: impl Fn(&Bytes) -> Result<Order, Error> + Send + Sync + 'static,
    ) -> Result<Remapped, SyncError> {
        let mapping = Arc::new(Mapping {
            account: account.clone(),
            version,
            now,
            read: Box::new(read),
        });
        self.lock(account).await?;
        let done = self.remap_locked(mapping).await;
        self.unlock(account).await;
        done
    }

    /// Keeps a push and applies it, all or nothing, on the disk when it is done: then the vendor may be answered. `read` is
    /// the mapping of `version`, which reads the stored text of the order that the push is about.
    ///
    /// - Each push is kept once, byte for byte.
    /// - A newer version of an order is stored, with its history ([`orders_core::Version`] says what is newer). Where
    ///   that is not certain, the next pull requests the order.
    /// - What happened to the amounts of an order is one of its adjustments from now on, whatever is pulled later.
    /// - Everything else waits to be [read again](Self::read_pushes_again).
    ///
    /// Neither marks nor the state of the account move, and no doubt ends. A run may work on the account meanwhile: which
    /// version stays does not depend on which of the two commits first.
    ///
    /// # Errors
    /// What the store failed with; then nothing of the push is kept.
    pub async fn receive(
        &self,
        account: &Account,
        version: u32,
        now: DateTime<Utc>,
        push: Push,
        read: impl Fn(&Bytes) -> Result<Order, Error> + Send + Sync + 'static,
    ) -> Result<Receipt, SyncError> {
        let mapping = Mapping {
            account: account.clone(),
            version,
            now,
            read: Box::new(read),
        };
        let work: Work<Receipt> =
            Box::new(move |sql| Box::pin(async move { sql::receive(sql, &mapping, &push).await }));
        self.database.run(Kind::Durable, work).await
    }

    /// Reads the pushes again that wait or could not be read, and the adjustments that an older version of the mapping read.
    /// `read_push` is the vendor's reader of a kept push, or why it cannot read it; the key that it gives does not count.
    /// Answers how many are applied now that were not.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn read_pushes_again(
        &self,
        account: &Account,
        version: u32,
        now: DateTime<Utc>,
        read: impl Fn(&Bytes) -> Result<Order, Error> + Send + Sync + 'static,
        read_push: impl Fn(&KeptPush) -> Result<Push, String> + Send + Sync + 'static,
    ) -> Result<u64, SyncError> {
        let mapping = Arc::new(Mapping {
            account: account.clone(),
            version,
            now,
            read: Box::new(read),
        });
        let read_push: Arc<ReadPush> = Arc::new(read_push);
        let (mut applied, mut after) = (0, Some(0));
        while let Some(behind) = after {
            let (with, read) = (Arc::clone(&mapping), Arc::clone(&read_push));
            let (some, last) = self
                .write(move |sql| {
                    Box::pin(async move { sql::again(sql, &with, &*read, behind).await })
                })
                .await?;
            applied += some;
            after = last;
        }
        Ok(applied)
    }

    /// Erases what is stored of a person: orders with their texts, amounts, lines and history, records that could not be
    /// read, and pushes. `who` is an id of the vendor's, or an e-mail address (with an `@`), which is looked for in the texts,
    /// too. Salted hashes of the orders' ids are kept: one that comes again is counted as shown, and not stored.
    ///
    /// What was exported or copied is not reached.
    ///
    /// # Errors
    /// `Locked` while a run works on the account, and what the store failed with.
    pub async fn forget_customer(
        &self,
        account: &Account,
        who: &str,
    ) -> Result<Forgotten, SyncError> {
        self.lock(account).await?;
        let done = self.forget_locked(account, Some(who)).await;
        self.unlock(account).await;
        done
    }

    /// Erases everything that is stored of an account, its state, gaps and runs with it. Salted hashes of the orders' ids are
    /// kept, as by [`forget_customer`](Self::forget_customer).
    ///
    /// # Errors
    /// `Locked` while a run works on the account, and what the store failed with.
    pub async fn forget_account(&self, account: &Account) -> Result<Forgotten, SyncError> {
        self.lock(account).await?;
        let done = self.forget_locked(account, None).await;
        self.unlock(account).await;
        done
    }

    async fn forget_locked(
        &self,
        account: &Account,
        who: Option<&str>,
    ) -> Result<Forgotten, SyncError> {
        let found = match who {
            Some(who) => Some(self.find_person(account, who).await?),
            None => None,
        };
        let draw = || SystemRandomness.draw();
        let salt = format!("{:016x}{:016x}", draw(), draw());
        let of = account.clone();
        let work: Work<Forgotten> = Box::new(move |sql| {
            Box::pin(async move {
                match found {
                    Some(found) => sql::forget(sql, &of, &salt, found).await,
                    None => sql::forget_account(sql, &of, &salt).await,
                }
            })
        });
        let mut done = self.database.run(Kind::Erase, work).await?;
        done.rewritten = self.database.rewrite().await?;
        Ok(done)
    }

    /// The rows of a person.
    async fn find_person(&self, account: &Account, who: &str) -> Result<Found, SyncError> {
        let (mut person, mut found) = (Person::of(who), Found::default());
        for among in Among::ALL {
            let mut after = None;
            loop {
                let of = account.clone();
                let (mut with, mut into) = (person, found);
                let looked = self.read(move |sql| {
                    Box::pin(async move {
                        let last =
                            sql::look(sql, (&of, &mut with), among, after, &mut into).await?;
                        Ok((last, with, into))
                    })
                });
                (after, person, found) = looked.await?;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// How many orders of an account were forgotten.
    ///
    /// # Errors
    /// What the store failed with.
    pub async fn forgotten(&self, account: &Account) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::forgotten(sql, &account).await }))
            .await
    }

    /// How many forgotten orders the vendor's whole list has shown.
    pub(crate) async fn forgotten_shown(&self, account: &Account) -> Result<u64, SyncError> {
        let account = account.clone();
        self.read(move |sql| Box::pin(async move { sql::forgotten_shown(sql, &account).await }))
            .await
    }

    async fn remap_locked(&self, mapping: Arc<Mapping>) -> Result<Remapped, SyncError> {
        let mut done = Remapped::default();
        let records = self.unreadable(&mapping.account).await?;
        let orders = read_again(records, |text| (mapping.read)(text).ok());
        done.filled = orders.len() as u64;
        let with = Arc::clone(&mapping);
        self.write(move |sql| Box::pin(async move { sql::fill(sql, &with, orders).await }))
            .await?;
        let mut after = Some(String::new());
        while let Some(behind) = after {
            let with = Arc::clone(&mapping);
            let (some, last) = self
                .write(move |sql| Box::pin(async move { sql::some(sql, &with, &behind).await }))
                .await?;
            done.read += some.read;
            done.changed += some.changed;
            done.kept += some.kept;
            after = last;
        }
        Ok(done)
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut dyn Sql) -> BoxFuture<'a, Result<T, Failed>> + Send + 'static,
    ) -> Result<T, SyncError> {
        self.database.run(Kind::Read, Box::new(work)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut dyn Sql) -> BoxFuture<'a, Result<T, Failed>> + Send + 'static,
    ) -> Result<T, SyncError> {
        self.database.run(Kind::Write, Box::new(work)).await
    }
}
