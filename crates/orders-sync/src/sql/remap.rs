//! Stored texts through today's mapping, in place.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Account, Error, Order};
use serde::{Deserialize, Serialize};

use super::account::{self, AccountRow};
use super::columns::REMAPPED;
use super::known::Known;
use super::open::Open;
use super::rows::Writer;
use super::{Failed, Sql};
use crate::batch::{Batch, Commit, Counts, Received};

/// So many rows are read again in one transaction.
const AT_ONCE: i64 = 500;

/// What a remap did.
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

/// How a version reads a text.
pub(crate) type Read = dyn Fn(&Bytes) -> Result<Order, Error> + Send + Sync;

/// A mapping of this version, and what it is called with.
pub(crate) struct Mapping {
    pub(crate) account: Account,
    pub(crate) version: u32,
    pub(crate) now: DateTime<Utc>,
    pub(crate) read: Box<Read>,
}

impl Mapping {
    pub(super) fn commit(&self) -> Commit {
        Commit {
            account: self.account.clone(),
            run: 0,
            now: self.now,
            mapping: self.version,
            state: String::new(),
        }
    }
}

/// Stores the unreadable records that can be read now, within a transaction of the caller's.
pub(crate) async fn fill(
    sql: &mut dyn Sql,
    mapping: &Mapping,
    orders: Vec<Received>,
) -> Result<(), Failed> {
    let at = mapping.commit();
    let batch = Batch {
        orders,
        ..Batch::default()
    };
    let mut writer = Writer::new(AccountRow::take(sql, &mapping.account).await?, &at);
    let mut open = Open::before(sql, &mapping.account, &batch).await?;
    writer
        .orders(
            sql,
            std::slice::from_ref(&batch),
            &mut open,
            &mut Counts::default(),
        )
        .await?;
    writer.flush(sql).await?;
    open.close(sql, &at).await
}

/// Reads some texts again that an older version read, behind an id, within a transaction of the caller's. Answers the last
/// id; `None`: there are no more.
pub(crate) async fn some(
    sql: &mut dyn Sql,
    mapping: &Mapping,
    after: &str,
) -> Result<(Remapped, Option<String>), Failed> {
    let mut done = Remapped::default();
    let statement = "SELECT o.id, t.raw FROM order_rows o JOIN order_texts t ON t.key = o.key
                     WHERE o.account = ?1 AND o.id > ?2 AND o.mapping < ?3 ORDER BY o.id LIMIT ?4";
    let key = account::key(sql, &mapping.account).await?;
    let values = [
        key.into(),
        after.into(),
        mapping.version.into(),
        AT_ONCE.into(),
    ];
    let rows = sql.rows(statement, &values).await?;
    let rows = rows
        .into_iter()
        .map(|mut row| Ok((row.text(0)?, row.raw(1)?)));
    let rows = rows.collect::<Result<Vec<_>, Failed>>()?;
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.clone()).collect();
    let mut known = Known::of_ids(sql, key, ids.clone()).await?;
    known.adjust(sql, &mapping.account, ids).await?;
    let at = mapping.commit();
    let mut writer = Writer::new(AccountRow::take(sql, &mapping.account).await?, &at);
    let mut last = None;
    for (id, raw) in rows {
        match ((mapping.read)(&raw), known.by_id.remove(&id)) {
            (Ok(order), Some(stored)) => {
                done.read += 1;
                let order = known.adjusted(&id, &order);
                writer.read_again(stored, "remapped", &order);
            }
            _ => done.kept += 1,
        }
        last = Some(id);
    }
    done.changed += writer.flush_as(sql, &REMAPPED).await?;
    Ok((done, last))
}
