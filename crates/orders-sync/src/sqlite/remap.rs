//! Stored texts through today's mapping, in place.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Account, Error, Order};
use rusqlite::{Row, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::SqliteStore;
use super::gaps::GapWriter;
use super::read;
use super::rows::Writer;
use super::sql::{count, time};
use crate::batch::{Batch, Commit, Received};
use crate::error::SyncError;
use crate::store::Store;

/// So many rows are read again in one transaction.
const AT_ONCE: i64 = 500;

/// What [`SqliteStore::remap`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Remapped {
    /// Orders whose text was read again.
    pub read: u64,
    /// Those of them that are another order in the common vocabulary now. Each has a row of history.
    pub changed: u64,
    /// Orders whose text this mapping cannot read. They stay as they are, with the version that read them.
    pub kept: u64,
    /// Unreadable records that can be read now: they are stored as orders, and their gaps are closed.
    pub filled: u64,
}

/// One stored order.
struct Text {
    id: String,
    core: String,
    raw: Bytes,
    hash: String,
}

impl Text {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            core: row.get(1)?,
            raw: read::raw(row, 2)?,
            hash: row.get(3)?,
        })
    }
}

impl SqliteStore {
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
        let done = self.remap_all(account, version, now, read);
        self.unlock(account);
        done
    }

    fn remap_all(
        &mut self,
        account: &Account,
        version: u32,
        now: DateTime<Utc>,
        read: &dyn Fn(&Bytes) -> Result<Order, Error>,
    ) -> Result<Remapped, SyncError> {
        let mut done = Remapped::default();
        let at = Commit {
            account,
            run: 0,
            now,
            mapping: version,
            state: "",
        };
        let records = self.unreadable(account)?.into_iter();
        let orders: Vec<Received> = records
            .filter_map(|record| {
                let order = read(&record.raw).ok()?;
                let same = record.id.is_none_or(|id| id == order.id);
                same.then(|| Received::new(order))
            })
            .collect();
        done.filled = orders.len() as u64;
        let batch = Batch {
            orders: &orders,
            ..Batch::default()
        };
        self.rewrite(&at, &batch, |writer, _| writer.orders().map(drop))?;
        let mut after = Some(String::new());
        while let Some(behind) = after {
            let batch = Batch::default();
            after = self.rewrite(&at, &batch, |writer, tx| {
                let sql = "SELECT id, core, raw, content_hash FROM orders WHERE provider = ?1 AND account = ?2
                           AND id > ?3 AND mapping < ?4 ORDER BY id LIMIT ?5";
                let mut found = tx.prepare_cached(sql)?;
                let (provider, label) = (&account.provider, &account.label);
                let values = params![provider, label, behind, version, AT_ONCE];
                let texts = found.query_map(values, Text::of)?;
                let texts: Vec<Text> = texts.collect::<rusqlite::Result<_>>()?;
                for text in &texts {
                    one(writer, text, read, &mut done)?;
                }
                Ok(texts.into_iter().next_back().map(|text| text.id))
            })?;
        }
        Ok(done)
    }

    fn rewrite<T>(
        &mut self,
        at: &Commit<'_>,
        batch: &Batch<'_>,
        work: impl FnOnce(&Writer<'_>, &Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, SyncError> {
        let now = time(at.now);
        let written = (|| {
            let tx = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let gaps = GapWriter {
                tx: &tx,
                at,
                now: &now,
                noted: &mut self.noted,
            };
            let writer = Writer {
                tx: &tx,
                at,
                batch,
                now: &now,
                gaps,
            };
            let done = work(&writer, &tx)?;
            tx.commit()?;
            Ok(done)
        })();
        written.map_err(|error| self.fault(error))
    }
}

fn one(
    writer: &Writer<'_>,
    text: &Text,
    read: &dyn Fn(&Bytes) -> Result<Order, Error>,
    done: &mut Remapped,
) -> rusqlite::Result<()> {
    let Ok(mut order) = read(&text.raw) else {
        done.kept += 1;
        return Ok(());
    };
    done.read += 1;
    order.id.clone_from(&text.id);
    // An order is made of strings, numbers and lists: writing it as JSON cannot fail.
    let core = serde_json::to_string(&order).unwrap_or_default();
    if core != text.core {
        done.changed += 1;
        writer.remapped(&text.id, &text.core, &core, &text.hash)?;
    }
    writer.map(&text.id, &order, &core)
}
