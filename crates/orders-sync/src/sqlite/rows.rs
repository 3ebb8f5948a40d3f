//! Orders into rows.

use std::fmt::Display;

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Account, Error, Mapped, Order};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior, params};

use super::gaps::GapWriter;
use super::identity::Identity;

use super::sql::{CREATED, NO_DOUBT, count, integer, json, time};
use crate::amounts::{Column, amounts};
use crate::batch::{Batch, Commit, Counts, DoneReading, Marked, NewGap, ReadingOf, Received};
use crate::diff::changes;
use crate::gap::{Missing, record_hash, record_key};

fn sent(at: Option<DateTime<FixedOffset>>) -> Option<String> {
    at.map(|at| time(at.to_utc()))
}

fn words<T: Display>(status: Option<&Mapped<T>>) -> (Option<String>, Option<&str>) {
    (
        status.map(|status| status.normal.to_string()),
        status.map(|status| status.native.as_str()),
    )
}

/// Text where it is text, else the bytes: nothing is changed.
fn raw(raw: &[u8]) -> Value {
    match std::str::from_utf8(raw) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => Value::Blob(raw.to_vec()),
    }
}

/// The newest version of an order, as it is stored.
struct Stored {
    hash: String,
    core: String,
    raw: Value,
    /// It is gone or doubted.
    away: bool,
    mark: Option<u64>,
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

/// What the rows of one batch have in common.
pub(super) struct Writer<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) at: &'a Commit<'a>,
    pub(super) batch: &'a Batch<'a>,
    pub(super) now: &'a str,
    pub(super) gaps: GapWriter<'a>,
}

/// Discards where the pull of an account stands. Marks begin anew with the state, so the old ones go, and so do doubts. Gaps
/// are closed: whatever they are, the next pull requests it again.
pub(super) fn reset(connection: &mut Connection, account: &Account) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for sql in [
        "UPDATE orders SET mark = NULL, unshown_at = NULL, doubted_at = NULL, doubted_from = NULL, absent_at = NULL
         WHERE provider = ?1 AND account = ?2",
        "UPDATE unreadable SET mark = NULL WHERE provider = ?1 AND account = ?2",
        "UPDATE gaps SET filled_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
         WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL",
        "DELETE FROM checkpoints WHERE provider = ?1 AND account = ?2",
    ] {
        tx.execute(sql, params![account.provider, account.label])?;
    }
    tx.commit()
}

impl Writer<'_> {
    pub(super) fn orders(&self) -> rusqlite::Result<Counts> {
        let mut counts = Counts::default();
        let has_unread = self.gaps.has_unread()?;
        let has_gaps = self.gaps.has_orders()?;
        let identity = Identity {
            tx: self.tx,
            account: self.at.account,
        };
        for Received {
            order,
            content_hash: hash,
        } in self.batch.orders
        {
            let order = &*identity.of(order, &mut counts.reused)?;
            // An order is made of strings, numbers and lists: writing it as JSON cannot fail.
            let core = serde_json::to_string(order).unwrap_or_default();
            let before = self.stored(&order.id)?;
            if has_gaps {
                self.gaps.close_order(&order.id)?;
            }
            let unread = match has_unread {
                true => self.gaps.close_records(&order.id, hash)?,
                false => None,
            };
            let mark = before.as_ref().and_then(|before| before.mark).max(unread);
            let created = order.created_at.map(|at| at.to_utc());
            let mark = self.mark(mark, created, &mut counts.marked);
            match before {
                None => {
                    counts.new += 1;
                    self.insert(order, &core, hash, mark)?;
                    self.history(&order.id, "new", "[]", Some(hash))?;
                }
                Some(before) => {
                    if before.away {
                        counts.back += 1;
                        self.history(&order.id, "back", "[]", Some(hash))?;
                    }
                    let changed = before.hash != *hash;
                    if changed {
                        counts.changed += 1;
                        let change = match (text(&before.raw), std::str::from_utf8(&order.raw)) {
                            (old, Ok(new)) if !new.is_empty() => changes(old, new),
                            _ => changes(&before.core, &core),
                        };
                        let change = serde_json::to_string(&change).unwrap_or_default();
                        self.history(&order.id, "changed", &change, Some(hash))?;
                    } else {
                        counts.unchanged += 1;
                    }
                    if !changed && before.core != core {
                        self.remapped(&order.id, &before.core, &core, hash)?;
                    }
                    if changed || before.core != core {
                        self.map(&order.id, order, &core)?;
                    }
                    if changed {
                        self.replace(order, hash)?;
                    }
                    self.seen(&order.id, mark)?;
                }
            }
        }
        Ok(counts)
    }

    /// The number for a row that carried `before`; counts it where the scan had not shown it.
    fn mark(
        &self,
        before: Option<u64>,
        created: Option<DateTime<Utc>>,
        marked: &mut Marked,
    ) -> Option<u64> {
        let scan = self.batch.mark?;
        let was = |from: u64| before.is_some_and(|it| (from..=scan.last()).contains(&it));
        let number = scan.number(before, created);
        marked.add(Marked {
            generation: u64::from(!was(scan.generation)),
            attempt: u64::from(!was(scan.attempt)),
            late: u64::from(number == scan.last() && !was(scan.attempt)),
        });
        Some(number)
    }

    fn stored(&self, id: &str) -> rusqlite::Result<Option<Stored>> {
        let (provider, account) = self.key();
        let sql = "SELECT content_hash, core, raw, gone_at IS NOT NULL OR doubted_at IS NOT NULL, mark FROM orders
                   WHERE provider = ?1 AND account = ?2 AND id = ?3";
        let mut found = self.tx.prepare_cached(sql)?;
        found
            .query_row(params![provider, account, id], |row| {
                Ok(Stored {
                    hash: row.get(0)?,
                    core: row.get(1)?,
                    raw: row.get(2)?,
                    away: row.get(3)?,
                    mark: row.get::<_, Option<i64>>(4)?.map(count),
                })
            })
            .optional()
    }

    /// Keeps the records that could not be read, and a gap for each. An order that is stored is still at the vendor.
    pub(super) fn unreadable(&mut self, counts: &mut Counts) -> rusqlite::Result<()> {
        let batch = self.batch;
        for record in batch.unreadable {
            let hash = record_hash(record);
            let key = record_key(record, &hash);
            let order = self.stored(&key)?;
            let (provider, account) = self.key();
            let sql = "SELECT content_hash, mark FROM unreadable
                       WHERE provider = ?1 AND account = ?2 AND key = ?3";
            let before: Option<(String, Option<i64>)> = self
                .tx
                .prepare_cached(sql)?
                .query_row(params![provider, account, key], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let carried = before.as_ref().and_then(|before| before.1).map(count);
            let carried = carried.max(order.as_ref().and_then(|order| order.mark));
            let created = record.time.map(|time| time.to_utc());
            let mark = self.mark(carried, created, &mut counts.marked);
            if let Some(order) = &order {
                if order.away {
                    counts.back += 1;
                    self.history(&key, "back", "[]", None)?;
                }
                let sql = format!(
                    "UPDATE orders SET seen_at = ?5, mark = coalesce(?4, mark), {NO_DOUBT}
                     WHERE provider = ?1 AND account = ?2 AND id = ?3"
                );
                let mark = mark.map(integer);
                self.execute(&sql, params![provider, account, key, mark, self.now])?;
            }
            // Counted once: at the order, where one is stored.
            let mark = mark.filter(|_| order.is_none()).map(integer);
            let sql = "INSERT INTO unreadable (provider, account, key, id, time, path, reason, raw, content_hash,
                       slice, run, first_seen_at, seen_at, mark)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)
                       ON CONFLICT DO UPDATE SET id = ?4, time = ?5, path = ?6, reason = ?7, raw = ?8,
                       content_hash = ?9, slice = coalesce(?10, slice), run = ?11, seen_at = ?12,
                       first_seen_at = iif(closed_at IS NULL, first_seen_at, ?12), closed_at = NULL,
                       mark = coalesce(?13, mark)";
            self.execute(
                sql,
                params![
                    provider,
                    account,
                    key,
                    record.id,
                    sent(record.time),
                    record.path,
                    record.reason,
                    raw(&record.raw),
                    hash,
                    batch.piece.map(json),
                    self.at.run,
                    self.now,
                    mark,
                ],
            )?;
            let changed = before.is_some_and(|before| before.0 != hash);
            let error = Error::unreadable(record.clone());
            self.gaps
                .gap(&NewGap::of(Missing::Record(key), &error), changed)?;
        }
        Ok(())
    }

    pub(super) fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.tx.prepare_cached(sql)?.execute(params)
    }

    pub(super) fn key(&self) -> (&str, &str) {
        (&self.at.account.provider, &self.at.account.label)
    }

    fn insert(
        &self,
        order: &Order,
        core: &str,
        hash: &str,
        mark: Option<u64>,
    ) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "INSERT INTO orders (provider, account, id, kind, terminal, reference, core, raw, content_hash, mark,
                   first_seen_at, changed_at, seen_at) VALUES (?1, ?2, ?3, '', 0, '', '', ?4, ?5, ?6, ?7, ?7, ?7)";
        let (raw, mark) = (raw(&order.raw), mark.map(integer));
        self.execute(
            sql,
            params![provider, account, order.id, raw, hash, mark, self.now],
        )?;
        self.map(&order.id, order, core)
    }

    /// The text of an order that changed.
    fn replace(&self, order: &Order, hash: &str) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "UPDATE orders SET raw = ?4, content_hash = ?5, changed_at = ?6
                   WHERE provider = ?1 AND account = ?2 AND id = ?3";
        let raw = raw(&order.raw);
        self.execute(
            sql,
            params![provider, account, order.id, raw, hash, self.now],
        )?;
        Ok(())
    }

    /// The same text gave another order.
    pub(super) fn remapped(
        &self,
        id: &str,
        before: &str,
        core: &str,
        hash: &str,
    ) -> rusqlite::Result<()> {
        let change = json(&changes(before, core));
        self.history(id, "remapped", &change, Some(hash))
    }

    /// What the mapping makes of an order's text, in the row of this id.
    pub(super) fn map(&self, id: &str, order: &Order, core: &str) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let (payment, payment_native) = words(order.payment.as_ref());
        let (fulfillment, fulfillment_native) = words(order.fulfillment.as_ref());
        let commission_status = order
            .commission
            .as_ref()
            .and_then(|commission| commission.status.as_ref());
        let (commission, commission_native) = words(commission_status);
        let customer = order.customer.as_ref();
        let sql = "UPDATE orders SET number = ?4, merchant_reference = ?5, parent_id = ?6, kind = ?7, created_at = ?8,
                   updated_at = ?9, paid_at = ?10, cancelled_at = ?11, settled_at = ?12, payment = ?13,
                   payment_native = ?14, fulfillment = ?15, fulfillment_native = ?16, commission = ?17,
                   commission_native = ?18, closed = ?19, taxes_included = ?20, terminal = ?21, customer_id = ?22,
                   customer_email = ?23, reference = ?24, core = ?25, mapping = ?26, key = ?27
                   WHERE provider = ?1 AND account = ?2 AND id = ?3";
        self.execute(
            sql,
            params![
                provider,
                account,
                id,
                order.number,
                order.merchant_reference,
                order.parent_id,
                order.kind.to_string(),
                sent(order.created_at),
                sent(order.updated_at),
                sent(order.paid_at),
                sent(order.cancelled_at),
                sent(order.settled_at),
                payment,
                payment_native,
                fulfillment,
                fulfillment_native,
                commission,
                commission_native,
                order.closed,
                order.taxes_included,
                order.is_terminal(),
                customer.and_then(|customer| customer.id.as_deref()),
                customer.and_then(|customer| customer.email.as_deref()),
                serde_json::to_string(&order.reference()).unwrap_or_default(),
                core,
                self.at.mapping,
                order.key,
            ],
        )?;
        self.sums(id, order)?;
        self.amounts(id, order)
    }

    fn sums(&self, id: &str, order: &Order) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let total = Column::of(order.total());
        let charged = Column::of(order.charged());
        let back = Column::of_sums(&order.money_back());
        let net = Column::of(order.net().as_ref());
        let sql = "UPDATE orders SET total = ?4, total_currency = ?5, total_minor = ?6, charged = ?7,
                   charged_currency = ?8, charged_minor = ?9, money_back = ?10, money_back_currency = ?11,
                   money_back_minor = ?12, net = ?13, net_currency = ?14, net_minor = ?15 WHERE provider = ?1 AND account = ?2 AND id = ?3";
        self.execute(
            sql,
            params![
                provider,
                account,
                id,
                total.amount,
                total.currency,
                total.minor,
                charged.amount,
                charged.currency,
                charged.minor,
                back.amount,
                back.currency,
                back.minor,
                net.amount,
                net.currency,
                net.minor,
            ],
        )?;
        Ok(())
    }

    fn amounts(&self, id: &str, order: &Order) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        self.execute(
            "DELETE FROM amounts WHERE provider = ?1 AND account = ?2 AND order_id = ?3",
            params![provider, account, id],
        )?;
        let mut insert = self
            .tx
            .prepare_cached("INSERT INTO amounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
        for (position, amount) in amounts(order).into_iter().enumerate() {
            let position = position as i64;
            let (kind, side) = (amount.kind, amount.side);
            let exact = (amount.amount, amount.currency, amount.minor);
            insert.execute(params![
                provider, account, id, position, kind, side, exact.0, exact.1, exact.2
            ])?;
        }
        Ok(())
    }

    fn seen(&self, id: &str, mark: Option<u64>) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = format!(
            "UPDATE orders SET seen_at = ?4, mark = coalesce(?5, mark), mapping = ?6, {NO_DOUBT}
             WHERE provider = ?1 AND account = ?2 AND id = ?3"
        );
        let (mark, mapping) = (mark.map(integer), self.at.mapping);
        self.execute(
            &sql,
            params![provider, account, id, self.now, mark, mapping],
        )?;
        Ok(())
    }

    pub(super) fn history(
        &self,
        id: &str,
        what: &str,
        changes: &str,
        hash: Option<&str>,
    ) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "INSERT INTO history (provider, account, order_id, at, run, what, changes, content_hash)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.execute(
            sql,
            params![
                provider,
                account,
                id,
                self.now,
                self.at.run,
                what,
                changes,
                hash
            ],
        )?;
        Ok(())
    }

    pub(super) fn state(&self) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "INSERT INTO checkpoints VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET state = ?3, updated_at = ?4";
        self.execute(sql, params![provider, account, self.at.state, self.now])?;
        Ok(())
    }
}

/// Orders that a reading which began at ?3 should have shown and did not, as a condition, and the values of ?4 and ?5.
fn was_not_shown(of: ReadingOf<'_>) -> (String, Option<Value>, Option<Value>) {
    let span = |column: &str, window: orders_core::Window| {
        let condition = format!("seen_at < ?3 AND {column} >= ?4 AND {column} < ?5");
        let (from, to) = (time(window.from), time(window.to));
        (condition, Some(from.into()), Some(to.into()))
    };
    match of {
        ReadingOf::List { mark, proven } => {
            let named = "id NOT LIKE 'content:%' AND id NOT LIKE 'no-id/%'";
            let condition = format!("coalesce(mark, 0) < ?4 AND (?5 OR ({named}))");
            (condition, Some(integer(mark).into()), Some(proven.into()))
        }
        ReadingOf::Created(window) => {
            let (condition, from, to) = span(CREATED, window);
            (format!("created_at IS NOT NULL AND {condition}"), from, to)
        }
        ReadingOf::Updated(window) => span("updated_at", window),
        ReadingOf::Changed(window) => {
            let (condition, from, to) = span(CREATED, window);
            let known = "created_at IS NOT NULL AND updated_at IS NULL";
            (format!("{known} AND {condition}"), from, to)
        }
        ReadingOf::Customers(customers) => {
            let condition =
                "seen_at < ?3 AND customer_id IN (SELECT value FROM json_each(?4)) AND ?5 IS NULL";
            let customers = super::sql::json(&customers);
            (condition.to_owned(), Some(customers.into()), None)
        }
    }
}

impl Writer<'_> {
    /// Notes what a reading should have shown and did not.
    pub(super) fn read(&self) -> rusqlite::Result<()> {
        let Some(DoneReading { began, of }) = self.batch.read else {
            return Ok(());
        };
        let (provider, account) = self.key();
        let (condition, a, b) = was_not_shown(of);
        let sql = format!(
            "UPDATE orders SET unshown_at = ?3 WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL
             AND first_seen_at < ?3 AND {condition}"
        );
        self.execute(&sql, params![provider, account, time(began), a, b])?;
        Ok(())
    }

    /// Orders that a reading did not show, and that the vendor does not have either, are doubted.
    pub(super) fn absent(&self) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        for id in self.batch.absent {
            let sql = "SELECT doubted_at IS NOT NULL FROM orders
                       WHERE provider = ?1 AND account = ?2 AND id = ?3 AND unshown_at IS NOT NULL";
            let mut found = self.tx.prepare_cached(sql)?;
            let key = params![provider, account, id];
            let before: Option<bool> = found.query_row(key, |row| row.get(0)).optional()?;
            let Some(before) = before else { continue };
            let sql = "UPDATE orders SET doubted_from = coalesce(doubted_from, unshown_at), absent_at = unshown_at,
                       doubted_at = coalesce(doubted_at, ?4), unshown_at = NULL
                       WHERE provider = ?1 AND account = ?2 AND id = ?3";
            self.execute(sql, params![provider, account, id, self.now])?;
            if !before {
                self.history(id, "doubted", "[]", None)?;
            }
        }
        Ok(())
    }

    /// Marks orders that the vendor no longer has; answers how many.
    pub(super) fn gone(&self) -> rusqlite::Result<u64> {
        let (provider, account) = self.key();
        let mut gone = 0;
        for id in self.batch.gone {
            let sql = "UPDATE orders SET gone_at = ?4, unshown_at = NULL, doubted_at = NULL, doubted_from = NULL,
                       absent_at = NULL WHERE provider = ?1 AND account = ?2 AND id = ?3 AND gone_at IS NULL";
            if self.execute(sql, params![provider, account, id, self.now])? > 0 {
                self.history(id, "gone", "[]", None)?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}
