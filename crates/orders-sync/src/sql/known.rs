//! The stored orders that a batch is about, and which row an order belongs to: that of its id, or of its key.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use orders_core::{Account, Adjustment, Order, OrderRef};

use super::value::{Value, millis};
use super::{Failed, Row, Sql, adjusted};

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
    pub(super) times: Times,
}

/// Of a stored order: which version it is, and when it came. Milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    /// When it was created, and the offset from UTC in which that came: kept where a later text does not say.
    pub(super) created: [Value; 2],
    pub(super) updated_at: Option<i64>,
    pub(super) gone_at: Option<i64>,
    /// When a pull has shown it last; 0: none has.
    pub(super) seen_at: i64,
    /// From when the stored version is.
    pub(super) as_of: i64,
    /// When the stored version was pushed.
    pub(super) pushed_at: Option<i64>,
    /// When the push came that makes the order due.
    pub(super) due_at: Option<i64>,
}

impl Times {
    /// Whether the stored version was pushed, and is newer than an order that was requested at some time.
    pub(super) fn newer_than(&self, order: &Order, requested: i64) -> bool {
        let updated = order.updated_at.map(|at| millis(at.to_utc()));
        self.pushed_at.is_some()
            && match (self.updated_at, updated) {
                (Some(stored), Some(updated)) => stored > updated,
                _ => self.as_of > requested,
            }
    }

    /// A pull has shown the order, in an answer that was requested at some time: what was pushed before is settled.
    pub(super) fn shown(&mut self, seen_at: i64, requested: i64) {
        self.seen_at = seen_at;
        self.as_of = requested;
        self.pushed_at = None;
        self.due_at = self.due_at.filter(|due| *due > requested);
    }

    /// Whether a push that was received at some time may make the order due.
    pub(super) fn may_be_due(&self, received: i64) -> bool {
        self.gone_at.is_none() && (self.as_of < received || self.pushed_at.is_some())
    }

    /// The columns that say which version is stored.
    pub(super) fn version(&self) -> [Value; 3] {
        [self.as_of.into(), self.pushed_at.into(), self.due_at.into()]
    }
}

const STORED: &str =
    "SELECT key, id, number, program_id, identity, content_hash, mapping, changed_at,
     gone_at IS NOT NULL OR doubted_at IS NOT NULL, mark, view_hash, created_at, created_offset, updated_at, gone_at,
     seen_at, coalesce(as_of, seen_at), pushed_at, due_at FROM order_rows WHERE account = ?1";

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
            times: Times {
                created: [row.opt_int(11)?.into(), row.opt_int(12)?.into()],
                updated_at: row.opt_int(13)?,
                gone_at: row.opt_int(14)?,
                seen_at: row.int(15)?,
                as_of: row.int(16)?,
                pushed_at: row.opt_int(17)?,
                due_at: row.opt_int(18)?,
            },
        })
    }
}

/// The stored orders that a batch is about, by their ids.
#[derive(Default)]
pub(super) struct Known {
    pub(super) by_id: HashMap<String, Stored>,
    /// The id of the newest row of a key.
    pub(super) by_key: HashMap<String, String>,
    /// What was pushed of the amounts of these orders.
    adjustments: HashMap<String, Vec<Adjustment>>,
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
        orders: &[&Order],
    ) -> Result<Self, Failed> {
        let mut ids: Vec<String> = orders.iter().map(|order| order.id.clone()).collect();
        let keys: HashSet<&String> = orders.iter().filter_map(|it| it.key.as_ref()).collect();
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

    /// Reads what was pushed of the amounts of some orders.
    pub(super) async fn adjust(
        &mut self,
        sql: &mut dyn Sql,
        account: &Account,
        ids: Vec<String>,
    ) -> Result<(), Failed> {
        self.adjustments = adjusted::adjustments(sql, account, ids).await?;
        Ok(())
    }

    /// An order with what was pushed of its amounts.
    pub(super) fn adjusted<'a>(&self, id: &str, order: &'a Order) -> Cow<'a, Order> {
        match self.adjustments.get(id) {
            Some(adjustments) => Cow::Owned(adjusted::adjusted(order, adjustments)),
            None => Cow::Borrowed(order),
        }
    }

    /// Whether anything was pushed of the amounts of an order.
    pub(super) fn has_adjustments(&self, id: &str) -> bool {
        self.adjustments.contains_key(id)
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
        let values = [account.into(), Value::Texts(texts.into())];
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
