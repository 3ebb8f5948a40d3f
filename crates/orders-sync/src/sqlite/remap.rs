//! Stored texts through today's mapping, in place.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Account, Error, Order};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::gaps::GapWriter;
use super::read;
use super::rows::Writer;
use super::sql::time;
use crate::batch::{Batch, Commit, read_again};

/// So many rows are read again in one transaction.
const AT_ONCE: i64 = 500;

/// What [`SqliteStore::remap`](crate::SqliteStore::remap) did.
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

/// Reads the texts of an account that an older version read, and its unreadable records.
pub(super) fn remap(
    connection: &mut Connection,
    account: &Account,
    version: u32,
    now: DateTime<Utc>,
    read: &dyn Fn(&Bytes) -> Result<Order, Error>,
) -> rusqlite::Result<Remapped> {
    let mut done = Remapped::default();
    let at = Commit {
        account,
        run: 0,
        now,
        mapping: version,
        state: "",
    };
    let records = read::unreadable(connection, account)?;
    let orders = read_again(records, |text| read(text).ok());
    done.filled = orders.len() as u64;
    let batch = Batch {
        orders: &orders,
        ..Batch::default()
    };
    rewrite(connection, &at, &batch, |writer, _| {
        writer.orders().map(drop)
    })?;
    let mut after = Some(String::new());
    while let Some(behind) = after {
        let batch = Batch::default();
        after = rewrite(connection, &at, &batch, |writer, tx| {
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
    connection: &mut Connection,
    at: &Commit<'_>,
    batch: &Batch<'_>,
    work: impl FnOnce(&Writer<'_>, &Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let now = &*time(at.now);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let gaps = GapWriter {
        tx: &tx,
        at,
        now,
        noted: &mut HashSet::new(),
    };
    let writer = Writer {
        tx: &tx,
        at,
        batch,
        now,
        gaps,
    };
    let done = work(&writer, &tx)?;
    tx.commit()?;
    Ok(done)
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
