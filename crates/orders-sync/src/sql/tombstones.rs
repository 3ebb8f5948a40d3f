//! Orders that were forgotten: known by salted hashes alone, counted as shown, and not stored again.

use std::collections::HashMap;

use orders_core::{Account, Order, OrderRef};

use super::account::{self, AccountRow};
use super::value::Value;
use super::{Failed, Sql, one};
use crate::hash::content_hash;

/// The hash of an id, or of what identifies an order beside it.
pub(super) fn hash(salt: &str, text: &str) -> String {
    content_hash(format!("{salt}/{text}").as_bytes())
}

/// The tombstones that a batch is about.
#[derive(Default)]
pub(super) struct Tombstones {
    salt: Option<String>,
    /// The mark of each, by its hash of the id.
    marks: HashMap<String, Option<u64>>,
    /// The hash of the id of each, by that of what identifies it beside the id.
    by_key: HashMap<String, String>,
}

impl Tombstones {
    /// Those of some orders, by their ids and keys.
    pub(super) async fn of<'a>(
        sql: &mut dyn Sql,
        account: &AccountRow,
        orders: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, Failed> {
        let Some(salt) = &account.salt else {
            return Ok(Self::default());
        };
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for (id, key) in orders {
            ids.push(hash(salt, id));
            if let Some(key) = key {
                keys.push(hash(salt, key));
                ids.push(hash(salt, &OrderRef::id_of_key(key)));
            }
        }
        let mut found = Self {
            salt: Some(salt.clone()),
            ..Self::default()
        };
        for (which, hashes) in [("id_hash", ids), ("key_hash", keys)] {
            if hashes.is_empty() {
                continue;
            }
            let statement = format!(
                "SELECT id_hash, key_hash, mark FROM tombstones WHERE account = ?1 AND {which} IN {{2}}"
            );
            let values = [account.key.into(), Value::Texts(hashes.into())];
            for mut row in sql.rows(&statement, &values).await? {
                let id = row.text(0)?;
                if let Some(key) = row.opt_text(1)? {
                    found.by_key.insert(key, id.clone());
                }
                let mark = row.opt_int(2)?.and_then(|mark| u64::try_from(mark).ok());
                found.marks.insert(id, mark);
            }
        }
        Ok(found)
    }

    /// The hash of the id of a forgotten order; `None`: it was not forgotten. Where both it and the tombstone have an id of
    /// the vendor's, the ids decide.
    pub(super) fn find(&self, id: &str, key: Option<&str>) -> Option<String> {
        let salt = self.salt.as_ref()?;
        let of_id = hash(salt, id);
        if self.marks.contains_key(&of_id) {
            return Some(of_id);
        }
        let key = key?;
        let made = hash(salt, &OrderRef::id_of_key(key));
        if self.marks.contains_key(&made) {
            return Some(made);
        }
        let by_key = id == OrderRef::id_of_key(key);
        self.by_key
            .get(&hash(salt, key))
            .filter(|_| by_key)
            .cloned()
    }

    /// The tombstone of an order.
    pub(super) fn of_order(&self, order: &Order) -> Option<String> {
        self.find(&order.id, order.key.as_deref())
    }

    /// The mark of a tombstone.
    pub(super) fn mark(&self, id_hash: &str) -> Option<u64> {
        self.marks.get(id_hash).copied().flatten()
    }

    /// A forgotten order was shown.
    pub(super) async fn shown(
        &mut self,
        sql: &mut dyn Sql,
        account: i64,
        id_hash: String,
        mark: Option<u64>,
    ) -> Result<(), Failed> {
        if mark.is_none() {
            return Ok(());
        }
        let statement = "UPDATE tombstones SET mark = ?3 WHERE account = ?1 AND id_hash = ?2";
        let values = [account.into(), Value::from(&id_hash), mark.into()];
        sql.execute(statement, &values).await?;
        self.marks.insert(id_hash, mark);
        Ok(())
    }
}

/// How many orders of an account were forgotten.
pub(crate) async fn forgotten(sql: &mut dyn Sql, account: &Account) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM tombstones WHERE account = ?1";
    let key = account::key(sql, account).await?;
    one(sql, statement, &[key.into()]).await?.count(0)
}

/// How many of them the vendor's list has shown, as far as is known.
pub(crate) async fn forgotten_shown(sql: &mut dyn Sql, account: &Account) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM tombstones WHERE account = ?1 AND mark IS NOT NULL";
    let key = account::key(sql, account).await?;
    one(sql, statement, &[key.into()]).await?.count(0)
}

/// The state is discarded, and marks begin anew with the next one: no old one may be taken for a new one.
pub(super) async fn no_marks(sql: &mut dyn Sql, account: i64) -> Result<(), Failed> {
    let statement = "UPDATE tombstones SET mark = NULL WHERE account = ?1";
    sql.execute(statement, &[account.into()]).await.map(drop)
}

/// The whole list was read: a forgotten order that it did not show is no longer counted as the vendor's.
pub(super) async fn not_shown(sql: &mut dyn Sql, account: i64, since: u64) -> Result<(), Failed> {
    let statement = "UPDATE tombstones SET mark = NULL WHERE account = ?1 AND mark < ?2";
    sql.execute(statement, &[account.into(), since.into()])
        .await
        .map(drop)
}
