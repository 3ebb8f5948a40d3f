//! The stored orders that a batch is about, and which row an order belongs to: that of its id, or of its key.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use orders_core::{Order, OrderRef};

use super::value::Value;
use super::{Failed, Row, Sql};
use crate::batch::Received;

/// What is kept of a stored order while a batch is written.
pub(super) struct Stored {
    pub(super) key: i64,
    pub(super) reference: OrderRef,
    pub(super) hash: Vec<u8>,
    pub(super) mapping: i64,
    pub(super) view: i64,
    pub(super) changed_at: i64,
    /// It is gone or doubted.
    pub(super) away: bool,
    pub(super) mark: Option<u64>,
    /// It is not in the database yet.
    pub(super) new: bool,
    /// Its place among the rows to be written whole.
    pub(super) written: Option<usize>,
    /// Its text, where this batch brought one.
    pub(super) text: Option<Bytes>,
}

const STORED: &str =
    "SELECT key, id, number, program_id, identity, content_hash, mapping, changed_at,
     gone_at IS NOT NULL OR doubted_at IS NOT NULL, mark, view_hash FROM order_rows WHERE account = ?1";

impl Stored {
    fn of(mut row: Row) -> Result<Self, Failed> {
        let mut reference = OrderRef::new(row.text(1)?);
        reference.number = row.opt_text(2)?;
        reference.program_id = row.opt_text(3)?;
        reference.key = row.opt_text(4)?;
        Ok(Self {
            key: row.int(0)?,
            reference,
            hash: row.blob(5)?,
            mapping: row.int(6)?,
            changed_at: row.int(7)?,
            away: row.flag(8)?,
            mark: row.opt_int(9)?.and_then(|mark| u64::try_from(mark).ok()),
            view: row.int(10)?,
            new: false,
            written: None,
            text: None,
        })
    }
}

/// The stored orders that a batch is about, by their ids.
#[derive(Default)]
pub(super) struct Known {
    pub(super) by_id: HashMap<String, Stored>,
    /// The id of the newest row of a key.
    pub(super) by_key: HashMap<String, String>,
}

impl Known {
    /// Those of some ids.
    pub(super) async fn of_ids(
        sql: &mut dyn Sql,
        account: i64,
        ids: Vec<String>,
    ) -> Result<Self, Failed> {
        let mut known = Self::default();
        known.add(sql, account, "id IN {2}", ids).await?;
        Ok(known)
    }

    /// Those of the ids and the keys of some orders.
    pub(super) async fn of_orders(
        sql: &mut dyn Sql,
        account: i64,
        orders: &[Received],
    ) -> Result<Self, Failed> {
        let mut ids: Vec<String> = orders.iter().map(|it| it.order.id.clone()).collect();
        let keys: HashSet<&String> = orders
            .iter()
            .filter_map(|it| it.order.key.as_ref())
            .collect();
        ids.extend(keys.iter().map(|key| OrderRef::id_of_key(key)));
        let keys = keys.into_iter().cloned().collect();
        let mut known = Self::of_ids(sql, account, ids).await?;
        known
            .add(
                sql,
                account,
                "identity IN {2} ORDER BY seen_at, id DESC",
                keys,
            )
            .await?;
        Ok(known)
    }

    async fn add(
        &mut self,
        sql: &mut dyn Sql,
        account: i64,
        which: &str,
        texts: Vec<String>,
    ) -> Result<(), Failed> {
        if texts.is_empty() {
            return Ok(());
        }
        let statement = format!("{STORED} AND {which}");
        let values = [account.into(), Value::Texts(texts)];
        for row in sql.rows(&statement, &values).await? {
            let stored = Stored::of(row)?;
            let id = stored.reference.id.clone();
            if let Some(key) = &stored.reference.key {
                self.by_key.insert(key.clone(), id.clone());
            }
            self.by_id.entry(id).or_insert(stored);
        }
        Ok(())
    }

    /// The id of the row that an order belongs to, and whether the row gets this id now. An order that has no id of the
    /// vendor's belongs to the row of its key; one that now has one takes such a row over. One with the id of another
    /// order has a row of its own.
    pub(super) fn place(&mut self, order: &Order, reused: &mut u64) -> (String, bool) {
        let own = || (order.id.clone(), false);
        let Some(key) = &order.key else {
            return own();
        };
        let reference = order.reference();
        if reference.is_by_key() {
            return self
                .by_key
                .get(key)
                .map_or_else(own, |id| (id.clone(), false));
        }
        let by_key = OrderRef::id_of_key(key);
        let Some(stored) = self.by_id.get(&order.id) else {
            return (order.id.clone(), self.rename(&by_key, order));
        };
        if stored.reference.is_same_order(&reference) {
            return own();
        }
        *reused += 1;
        (by_key, false)
    }

    /// Gives a row another id, where there is such a row.
    fn rename(&mut self, from: &str, order: &Order) -> bool {
        let Some(mut stored) = self.by_id.remove(from) else {
            return false;
        };
        stored.reference = order.reference();
        if let Some(key) = &order.key {
            self.by_key.insert(key.clone(), order.id.clone());
        }
        self.by_id.insert(order.id.clone(), stored);
        true
    }
}
