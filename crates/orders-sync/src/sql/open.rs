//! What is open of an account: the gaps of orders, and the records that could not be read.

use std::collections::{HashMap, HashSet};

use orders_core::Account;

use super::account::names;
use super::value::{Value, json};
use super::{Failed, Sql};
use crate::batch::{Batch, Commit};
use crate::gap::Missing;

/// A record that could not be read, and is open.
struct Record {
    key: String,
    hash: String,
    mark: Option<u64>,
}

/// What is open of an account, and what a batch closes of it.
#[derive(Default)]
pub(super) struct Open {
    /// The gaps of orders, by their ids.
    orders: HashMap<String, Vec<i64>>,
    records: Vec<Record>,
    filled: Vec<i64>,
    read: HashSet<String>,
}

impl Open {
    /// What is open before a batch that has orders.
    pub(super) async fn before(
        sql: &mut dyn Sql,
        account: &Account,
        batch: &Batch,
    ) -> Result<Self, Failed> {
        let mut open = Self::default();
        let orders = batch
            .filled
            .iter()
            .any(|missing| matches!(missing, Missing::Order(_)));
        if batch.orders.is_empty() && !orders {
            return Ok(open);
        }
        let statement = "SELECT id, missing FROM gaps WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL";
        for mut row in sql.rows(statement, &names(account)).await? {
            if let Missing::Order(order) = row.json(1)? {
                open.orders.entry(order.id).or_default().push(row.int(0)?);
            }
        }
        let statement =
            "SELECT key, content_hash, mark FROM unreadable WHERE provider = ?1 AND account = ?2
                         AND closed_at IS NULL";
        for mut row in sql.rows(statement, &names(account)).await? {
            open.records.push(Record {
                key: row.text(0)?,
                hash: row.text(1)?,
                mark: row.opt_int(2)?.and_then(|mark| u64::try_from(mark).ok()),
            });
        }
        Ok(open)
    }

    /// An order came: its gap is filled, and the records of its id or of its text are read. Answers the number that they
    /// carried.
    pub(super) fn came(&mut self, id: &str, hash: &str) -> Option<u64> {
        self.fill(id);
        let of = self
            .records
            .iter()
            .filter(|it| it.key == id || it.hash == hash);
        let mut mark = None;
        for record in of {
            mark = mark.max(record.mark);
            self.read.insert(record.key.clone());
        }
        mark
    }

    /// The gap of an order is filled.
    fn fill(&mut self, id: &str) {
        self.filled
            .extend(self.orders.remove(id).unwrap_or_default());
    }

    /// The gap of an order is filled, where that is what was missing.
    pub(super) fn fill_missing(&mut self, missing: &Missing) {
        if let Missing::Order(order) = missing {
            self.fill(&order.id);
        }
    }

    /// Writes what is closed.
    pub(super) async fn close(&mut self, sql: &mut dyn Sql, at: &Commit) -> Result<(), Failed> {
        let filled = std::mem::take(&mut self.filled);
        if !filled.is_empty() {
            let statement = "UPDATE gaps SET filled_at = ?2 WHERE id IN {1} AND filled_at IS NULL";
            sql.execute(statement, &[Value::Ints(filled.into()), at.now.into()])
                .await?;
        }
        let read = std::mem::take(&mut self.read);
        close_records(sql, at, read.into_iter().collect()).await
    }
}

/// Closes unreadable records, and their gaps.
pub(super) async fn close_records(
    sql: &mut dyn Sql,
    at: &Commit,
    mut keys: Vec<String>,
) -> Result<(), Failed> {
    if keys.is_empty() {
        return Ok(());
    }
    keys.sort_unstable();
    let [provider, account] = names(&at.account);
    let missing = keys.iter().map(|key| json(&Missing::Record(key.clone())));
    let missing = Value::Texts(missing.collect());
    let statement =
        "UPDATE gaps SET filled_at = ?4 WHERE provider = ?1 AND account = ?2 AND missing IN {3}
                     AND filled_at IS NULL";
    let values = [provider.clone(), account.clone(), missing, at.now.into()];
    sql.execute(statement, &values).await?;
    let statement = "UPDATE unreadable SET closed_at = ?4, mark = NULL
                     WHERE provider = ?1 AND account = ?2 AND key IN {3}";
    let values = [provider, account, Value::Texts(keys.into()), at.now.into()];
    sql.execute(statement, &values).await.map(drop)
}
