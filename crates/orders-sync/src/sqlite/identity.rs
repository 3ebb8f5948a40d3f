//! Which row an order belongs to: that of its id, or of its key.

use std::borrow::Cow;

use orders_core::{Account, Order, OrderRef};
use rusqlite::{OptionalExtension, Params, Transaction, params};

/// The rows of one account.
pub(super) struct Identity<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) account: &'a Account,
}

impl Identity<'_> {
    /// The order under the id of the row that it belongs to. An order that has no id of the vendor's belongs to the row of
    /// its key; one that now has one takes such a row over. One with the id of another order has a row of its own.
    pub(super) fn of<'o>(
        &self,
        order: &'o Order,
        reused: &mut u64,
    ) -> rusqlite::Result<Cow<'o, Order>> {
        let Some(key) = &order.key else {
            return Ok(Cow::Borrowed(order));
        };
        let reference = order.reference();
        if reference.is_by_key() {
            return Ok(match self.id_of(key)? {
                Some(id) => Cow::Owned(under(order, id)),
                None => Cow::Borrowed(order),
            });
        }
        let by_key = OrderRef::id_of_key(key);
        let Some(stored) = self.reference(&order.id)? else {
            self.rename(&by_key, &order.id)?;
            return Ok(Cow::Borrowed(order));
        };
        if stored.is_same_order(&reference) {
            return Ok(Cow::Borrowed(order));
        }
        *reused += 1;
        Ok(Cow::Owned(under(order, by_key)))
    }

    /// The id of the newest row with a key.
    fn id_of(&self, key: &str) -> rusqlite::Result<Option<String>> {
        let Account {
            provider, label, ..
        } = self.account;
        let sql = "SELECT id FROM orders WHERE provider = ?1 AND account = ?2 AND key = ?3 ORDER BY seen_at DESC, id";
        let mut found = self.tx.prepare_cached(sql)?;
        found
            .query_row(params![provider, label, key], |row| row.get(0))
            .optional()
    }

    fn reference(&self, id: &str) -> rusqlite::Result<Option<OrderRef>> {
        let Account {
            provider, label, ..
        } = self.account;
        let sql = "SELECT reference FROM orders WHERE provider = ?1 AND account = ?2 AND id = ?3";
        let mut found = self.tx.prepare_cached(sql)?;
        let text: Option<String> = found
            .query_row(params![provider, label, id], |row| row.get(0))
            .optional()?;
        let read = |text: String| serde_json::from_str(&text);
        // One that cannot be read is that of the row's own order.
        Ok(text.map(|text| read(text).unwrap_or_else(|_| OrderRef::new(id))))
    }

    /// Gives a row another id, with its amounts and its history, where there is such a row.
    fn rename(&self, from: &str, to: &str) -> rusqlite::Result<()> {
        let Account {
            provider, label, ..
        } = self.account;
        let sql = "UPDATE orders SET id = ?4 WHERE provider = ?1 AND account = ?2 AND id = ?3";
        if execute(self.tx, sql, params![provider, label, from, to])? == 0 {
            return Ok(());
        }
        for table in ["amounts", "history"] {
            let sql = format!(
                "UPDATE {table} SET order_id = ?4 WHERE provider = ?1 AND account = ?2 AND order_id = ?3"
            );
            execute(self.tx, &sql, params![provider, label, from, to])?;
        }
        Ok(())
    }
}

fn execute(tx: &Transaction<'_>, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    tx.prepare_cached(sql)?.execute(params)
}

fn under(order: &Order, id: String) -> Order {
    let mut order = order.clone();
    order.id = id;
    order
}
