//! The orders of a batch into rows: what became of each is decided in memory, then written table by table.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::Order;

use super::account::AccountRow;
use super::adjusted::settle;
use super::columns::{
    self, CREATED_AT, END_MAPPED, FIRST_MAPPED, HISTORY, ORDERS, PARTS, Parts, SEEN, TEXTS, mapped,
};
use super::known::{Known, Stored, Times};
use super::open::Open;
use super::tombstones::Tombstones;
use super::value::{Value, json, millis};
use super::{Failed, Sql, Write, one};
use crate::batch::{Batch, Commit, Counts, Marked, text};
use crate::diff::changes;
use crate::hash::{unhex, view_hash};

/// A row of history whose changes are not written out yet.
struct Noted {
    row: Vec<Value>,
    before: Before,
    after: Bytes,
}

/// What a version is compared with.
enum Before {
    /// Nothing: the row is complete.
    Nothing,
    /// The stored text of an order.
    Stored(i64),
    /// A text.
    Text(Bytes),
    /// The stored columns of an order, against others.
    Columns(i64, Vec<Value>),
}

/// What one commit writes of orders.
pub(super) struct Writer<'a> {
    pub(super) account: AccountRow,
    pub(super) at: &'a Commit,
    whole: Vec<Vec<Value>>,
    seen: Vec<Vec<Value>>,
    texts: Vec<Vec<Value>>,
    parts: Parts,
    /// Orders whose parts are replaced.
    replaced: Vec<Vec<Value>>,
    history: Vec<Noted>,
    /// What is known of the stored orders until the next flush.
    known: Option<Known>,
}

/// The number for a row that carried `before`; counts it where the scan had not shown it.
pub(super) fn number(
    batch: &Batch,
    before: Option<u64>,
    created: Option<DateTime<Utc>>,
    marked: &mut Marked,
) -> Option<u64> {
    let scan = batch.mark?;
    let was = |from: u64| before.is_some_and(|it| (from..=scan.last()).contains(&it));
    let number = scan.number(before, created);
    marked.add(Marked {
        generation: u64::from(!was(scan.generation)),
        attempt: u64::from(!was(scan.attempt)),
        late: u64::from(number == scan.last() && !was(scan.attempt)),
    });
    Some(number)
}

impl<'a> Writer<'a> {
    pub(super) fn new(account: AccountRow, at: &'a Commit) -> Self {
        Self {
            account,
            at,
            whole: Vec::new(),
            seen: Vec::new(),
            texts: Vec::new(),
            parts: Parts::default(),
            replaced: Vec::new(),
            history: Vec::new(),
            known: None,
        }
    }

    /// Decides what becomes of the orders of the first batch; what is stored of those behind it is read, too.
    pub(super) async fn orders(
        &mut self,
        sql: &mut dyn Sql,
        batches: &[Batch],
        open: &mut Open,
        counts: &mut Counts,
    ) -> Result<(), Failed> {
        let Some(batch) = batches.first().filter(|batch| !batch.orders.is_empty()) else {
            return Ok(());
        };
        let mut known = match self.known.take() {
            Some(known) => known,
            None => {
                let received = batches.iter().flat_map(|batch| &batch.orders);
                let orders: Vec<&Order> = received.map(|it| &it.order).collect();
                let mut known = Known::of_orders(sql, self.account.key, &orders).await?;
                let ids = orders.iter().map(|order| order.id.clone()).collect();
                known.adjust(sql, &self.at.account, ids).await?;
                known
            }
        };
        let mut settled = Vec::new();
        let now = millis(self.at.now);
        let requested = batch.requested_at.map_or(now, millis);
        let named = batch.orders.iter().map(|it| &it.order);
        let named = named.map(|order| (order.id.as_str(), order.key.as_deref()));
        let mut graves = Tombstones::of(sql, &self.account, named).await?;
        for received in &batch.orders {
            if let Some(grave) = graves.of_order(&received.order) {
                // Counted, and not stored again.
                open.came(&received.order.id, &received.content_hash);
                let created = received.order.created_at.map(|at| at.to_utc());
                let mark = number(batch, graves.mark(&grave), created, &mut counts.marked);
                graves.shown(sql, self.account.key, grave, mark).await?;
                continue;
            }
            let (id, renamed) = known.place(&received.order, &mut counts.reused);
            let hash = unhex(&received.content_hash);
            let unread = open.came(&id, &received.content_hash);
            let adjusted = known.adjusted(&id, &received.order);
            let view = match &adjusted {
                Cow::Borrowed(_) => received.view_hash,
                Cow::Owned(order) => view_hash(order),
            };
            let order: &Order = &adjusted;
            let before = known.by_id.get_mut(&id);
            let carried = before.as_ref().and_then(|before| before.mark).max(unread);
            let created = order.created_at.map(|at| at.to_utc());
            let mark = number(batch, carried, created, &mut counts.marked);
            match before {
                None => {
                    counts.new += 1;
                    if known.has_adjustments(&id) {
                        settled.push(id.clone());
                    }
                    let mut times = Times::default();
                    times.shown(now, requested);
                    let stored = self.insert(order, view, &id, hash, mark, times);
                    if let Some(key) = &order.key {
                        known.by_key.insert(key.clone(), id.clone());
                    }
                    known.by_id.insert(id, stored);
                }
                Some(stored) => {
                    if std::mem::take(&mut stored.away) {
                        counts.back += 1;
                        self.note(stored.key, "back", Some(&hash));
                    }
                    stored.mark = mark.or(stored.mark);
                    if !renamed && stored.times.newer_than(order, requested) {
                        // The vendor pushed a newer version meanwhile: it stays.
                        counts.unchanged += 1;
                        stored.times.seen_at = now;
                        self.seen(stored);
                        continue;
                    }
                    match stored.hash == hash {
                        true => counts.unchanged += 1,
                        false => counts.changed += 1,
                    }
                    stored.times.shown(now, requested);
                    self.update(stored, order, view, hash, renamed);
                }
            }
        }
        self.known = Some(known);
        match settled.is_empty() {
            true => Ok(()),
            false => settle(sql, &self.at.account, settled).await,
        }
    }

    /// A pushed order that is not stored. `due`: the next pull requests it.
    pub(super) fn insert_pushed(
        &mut self,
        order: &Order,
        id: &str,
        hash: Vec<u8>,
        as_of: i64,
        due: bool,
    ) {
        let now = millis(self.at.now);
        let times = Times {
            as_of,
            pushed_at: Some(now),
            due_at: due.then_some(now),
            ..Times::default()
        };
        self.insert(order, view_hash(order), id, hash, None, times);
    }

    fn insert(
        &mut self,
        order: &Order,
        view: i64,
        id: &str,
        hash: Vec<u8>,
        mark: Option<u64>,
        times: Times,
    ) -> Stored {
        let key = self.account.order();
        self.note(key, "new", Some(&hash));
        let mut reference = order.reference();
        id.clone_into(&mut reference.id);
        let now = millis(self.at.now);
        let mut stored = Stored {
            key,
            reference,
            hash,
            mapping: self.at.mapping.into(),
            view,
            changed_at: now,
            away: false,
            mark,
            new: true,
            written: None,
            text: None,
            times,
        };
        self.text(&mut stored, order);
        self.whole(&mut stored, order);
        stored
    }

    pub(super) fn update(
        &mut self,
        stored: &mut Stored,
        order: &Order,
        view: i64,
        hash: Vec<u8>,
        renamed: bool,
    ) {
        let id = std::mem::take(&mut stored.reference.id);
        stored.reference = order.reference();
        stored.reference.id = id;
        let changed = stored.hash != hash;
        let mapping = i64::from(self.at.mapping);
        let other_view = std::mem::replace(&mut stored.view, view) != view;
        if changed {
            let before = match stored.text.take() {
                Some(text) => Before::Text(text),
                None => Before::Stored(stored.key),
            };
            let row = self.history_row(stored.key, "changed", Some(&hash));
            let after = text(order);
            self.history.push(Noted { row, before, after });
            stored.hash = hash;
            stored.changed_at = millis(self.at.now);
            self.text(stored, order);
        } else if other_view {
            self.compared(stored, "remapped", order, &hash);
        }
        stored.mapping = mapping;
        if changed || renamed || other_view || stored.written.is_some() {
            self.whole(stored, order);
        } else {
            self.seen(stored);
        }
    }

    /// A stored version was shown again.
    fn seen(&mut self, stored: &Stored) {
        let mut row = vec![
            stored.key.into(),
            stored.times.seen_at.into(),
            stored.mark.into(),
            stored.mapping.into(),
        ];
        row.resize(SEEN.columns.len() - 3, Value::Null);
        row.extend(stored.times.version());
        self.seen.push(row);
    }

    /// The same text is read as another order: noted where that changes a column.
    fn compared(&mut self, stored: &Stored, what: &str, order: &Order, hash: &[u8]) {
        let row = self.history_row(stored.key, what, Some(hash));
        let before = Before::Columns(stored.key, columns_of(stored, order));
        self.history.push(Noted {
            row,
            before,
            after: Bytes::new(),
        });
    }

    /// Writes an order's own row, and its parts.
    fn whole(&mut self, stored: &mut Stored, order: &Order) {
        let mapped = columns_of(stored, order);
        stored.times.created = [mapped[CREATED_AT].clone(), mapped[CREATED_AT + 1].clone()];
        let row = self.row(stored, mapped);
        match stored.written {
            // A second version in one batch.
            Some(at) => {
                self.whole[at] = row;
                self.parts.remove(stored.key);
            }
            None => {
                stored.written = Some(self.whole.len());
                self.whole.push(row);
                if !stored.new {
                    self.replaced.push(vec![stored.key.into()]);
                }
            }
        }
        self.parts.add(stored.key, order);
    }

    fn row(&self, stored: &Stored, mapped: Vec<Value>) -> Vec<Value> {
        let now = millis(self.at.now);
        let mut row = Vec::with_capacity(ORDERS.columns.len());
        row.extend([
            stored.key.into(),
            self.account.key.into(),
            stored.reference.id.as_str().into(),
        ]);
        row.extend(mapped);
        row.extend([
            stored.mapping.into(),
            stored.view.into(),
            Value::Blob(stored.hash.as_slice().into()),
            now.into(),
            stored.changed_at.into(),
            stored.times.seen_at.into(),
            stored.mark.into(),
        ]);
        row.resize(ORDERS.columns.len() - 3, Value::Null);
        row.extend(stored.times.version());
        row
    }

    fn text(&mut self, stored: &mut Stored, order: &Order) {
        let text = text(order);
        let row = vec![stored.key.into(), Value::Raw(text.clone().into())];
        // Of two versions in one batch, the later one is stored.
        let earlier = match stored.written {
            Some(_) => self
                .texts
                .iter_mut()
                .find(|row| row[0] == Value::Int(stored.key)),
            None => None,
        };
        match earlier {
            Some(earlier) => *earlier = row,
            None => self.texts.push(row),
        }
        stored.text = Some(text);
    }

    fn history_row(&mut self, key: i64, what: &str, hash: Option<&[u8]>) -> Vec<Value> {
        vec![
            self.account.change().into(),
            key.into(),
            millis(self.at.now).into(),
            self.at.run.into(),
            what.into(),
            "[]".into(),
            hash.map_or(Value::Null, |hash| Value::Blob(hash.into())),
        ]
    }

    /// Notes in the history what became of an order.
    pub(super) fn note(&mut self, key: i64, what: &str, hash: Option<&[u8]>) {
        let row = self.history_row(key, what, hash);
        self.history.push(Noted {
            row,
            before: Before::Nothing,
            after: Bytes::new(),
        });
    }

    /// What a stored text gives now: `remapped`, another version read it; `adjusted`, something was pushed of its amounts.
    pub(super) fn read_again(&mut self, mut stored: Stored, what: &str, order: &Order) {
        let hash = stored.hash.clone();
        self.compared(&stored, what, order, &hash);
        stored.view = view_hash(order);
        stored.mapping = self.at.mapping.into();
        self.whole(&mut stored, order);
    }

    /// Writes what was decided.
    pub(super) async fn flush(&mut self, sql: &mut dyn Sql) -> Result<(), Failed> {
        self.flush_as(sql, &ORDERS).await.map(drop)
    }

    /// Writes what was decided, the rows of orders in a certain way. Answers how many changes the history has of it.
    pub(super) async fn flush_as(
        &mut self,
        sql: &mut dyn Sql,
        orders: &Write,
    ) -> Result<u64, Failed> {
        self.known = None;
        let history = self.compare(sql).await?;
        // An order may have come as it was, and then changed.
        sql.bulk(&SEEN, std::mem::take(&mut self.seen)).await?;
        sql.bulk(orders, std::mem::take(&mut self.whole)).await?;
        sql.bulk(&TEXTS, std::mem::take(&mut self.texts)).await?;
        let replaced = std::mem::take(&mut self.replaced);
        for (part, rows) in PARTS.iter().zip(std::mem::take(&mut self.parts).0) {
            sql.bulk(&columns::without(part), replaced.clone()).await?;
            sql.bulk(part, rows).await?;
        }
        let changes = history.len() as u64;
        sql.bulk(&HISTORY, history).await?;
        self.account.save(sql).await?;
        Ok(changes)
    }

    /// The rows of history, with what changed.
    async fn compare(&mut self, sql: &mut dyn Sql) -> Result<Vec<Vec<Value>>, Failed> {
        let noted = std::mem::take(&mut self.history);
        let keys = noted.iter().filter_map(|noted| match noted.before {
            Before::Stored(key) => Some(key),
            _ => None,
        });
        let texts = texts(sql, keys.collect()).await?;
        let mut rows = Vec::with_capacity(noted.len());
        for Noted {
            mut row,
            before,
            after,
        } in noted
        {
            let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
            let changed = match before {
                Before::Nothing => None,
                Before::Text(before) => Some(changes(&text(&before), &text(&after))),
                Before::Stored(key) => {
                    let before = texts.get(&key).map(text).unwrap_or_default();
                    Some(changes(&before, &text(&after)))
                }
                Before::Columns(key, after) => {
                    let before = stored_columns(sql, key).await?;
                    let changed = changes(&columns::as_json(&before), &columns::as_json(&after));
                    if changed.is_empty() {
                        continue;
                    }
                    Some(changed)
                }
            };
            if let Some(changed) = changed {
                row[5] = json(&changed).into();
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// The columns that the mapping makes of an order. A time of creation that its text does not name is kept.
fn columns_of(stored: &Stored, order: &Order) -> Vec<Value> {
    let mut mapped = mapped(order);
    if mapped[CREATED_AT] == Value::Null {
        mapped[CREATED_AT..CREATED_AT + 2].clone_from_slice(&stored.times.created);
    }
    mapped
}

async fn texts(sql: &mut dyn Sql, keys: Vec<i64>) -> Result<HashMap<i64, Bytes>, Failed> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = "SELECT key, raw FROM order_texts WHERE key IN {1}";
    let rows = sql.rows(statement, &[Value::Ints(keys.into())]).await?;
    let texts = rows
        .into_iter()
        .map(|mut row| Ok((row.int(0)?, row.raw(1)?)));
    texts.collect()
}

async fn stored_columns(sql: &mut dyn Sql, key: i64) -> Result<Vec<Value>, Failed> {
    let names: Vec<_> = ORDERS.columns[FIRST_MAPPED..END_MAPPED]
        .iter()
        .map(|(name, _)| *name)
        .collect();
    let statement = format!("SELECT {} FROM order_rows WHERE key = ?1", names.join(", "));
    Ok(one(sql, &statement, &[key.into()]).await?.0)
}
