//! Orders into rows.

use std::collections::HashSet;
use std::fmt::Display;

use chrono::{DateTime, FixedOffset};
use orders_core::{Account, Mapped, Order};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior, params};

use super::sql::{UNSEEN, integer, time};
use crate::amounts::amounts;
use crate::batch::{Batch, Commit, Counts};
use crate::diff::changes;
use crate::hash::content_hash;

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
fn raw(order: &Order) -> Value {
    match std::str::from_utf8(&order.raw) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => Value::Blob(order.raw.to_vec()),
    }
}

struct Stored {
    hash: String,
    core: String,
    raw: Value,
    gone: bool,
    mark: Option<i64>,
}

fn stored(tx: &Transaction<'_>, account: &Account, id: &str) -> rusqlite::Result<Option<Stored>> {
    let sql = "SELECT content_hash, core, raw, gone_at IS NOT NULL, mark FROM orders
               WHERE provider = ?1 AND account = ?2 AND id = ?3";
    let key = params![account.provider, account.label, id];
    let mut found = tx.prepare_cached(sql)?;
    found
        .query_row(key, |row| {
            Ok(Stored {
                hash: row.get(0)?,
                core: row.get(1)?,
                raw: row.get(2)?,
                gone: row.get(3)?,
                mark: row.get(4)?,
            })
        })
        .optional()
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
    pub(super) now: String,
    /// The gaps that the run found before.
    pub(super) noted: &'a mut HashSet<String>,
}

/// Forgets where the pull of an account stands. Marks begin anew with the state, those of passes before would count for
/// it; and what could not be read is asked for again, whatever it was.
pub(super) fn reset(connection: &mut Connection, account: &Account) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for sql in [
        "UPDATE orders SET mark = NULL WHERE provider = ?1 AND account = ?2",
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
        for order in self.batch.orders {
            // An order is made of strings, numbers and lists: writing it as JSON cannot fail.
            let core = serde_json::to_string(order).unwrap_or_default();
            let hash = content_hash(order, &core);
            let before = stored(self.tx, self.at.account, &order.id)?;
            let mark = self.mark();
            let was_marked = before.as_ref().is_some_and(|before| before.mark == mark);
            counts.marked += u64::from(mark.is_some() && !was_marked);
            match before {
                None => {
                    counts.new += 1;
                    self.insert(order, &core, &hash)?;
                    self.history(&order.id, "new", "[]", Some(&hash))?;
                }
                Some(before) => {
                    if before.gone {
                        self.history(&order.id, "back", "[]", Some(&hash))?;
                    }
                    let changed = before.hash != hash;
                    if changed {
                        counts.changed += 1;
                        let told = match (text(&before.raw), std::str::from_utf8(&order.raw)) {
                            (old, Ok(new)) if !new.is_empty() => changes(old, new),
                            _ => changes(&before.core, &core),
                        };
                        let told = serde_json::to_string(&told).unwrap_or_default();
                        self.history(&order.id, "changed", &told, Some(&hash))?;
                    } else {
                        counts.unchanged += 1;
                    }
                    if changed || before.core != core {
                        self.update(order, &core, &hash, changed)?;
                    } else {
                        self.seen(&order.id)?;
                    }
                }
            }
        }
        Ok(counts)
    }

    fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.tx.prepare_cached(sql)?.execute(params)
    }

    fn key(&self) -> (&str, &str) {
        (&self.at.account.provider, &self.at.account.label)
    }

    fn insert(&self, order: &Order, core: &str, hash: &str) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "INSERT INTO orders (provider, account, id, kind, terminal, reference, core, raw, content_hash,
                   first_seen_at, changed_at, seen_at) VALUES (?1, ?2, ?3, '', 0, '', '', '', '', ?4, ?4, ?4)";
        self.execute(sql, params![provider, account, order.id, self.now])?;
        self.update(order, core, hash, true)
    }

    fn update(&self, order: &Order, core: &str, hash: &str, changed: bool) -> rusqlite::Result<()> {
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
                   customer_email = ?23, reference = ?24, core = ?25, raw = ?26, content_hash = ?27,
                   changed_at = iif(?28, ?29, changed_at), seen_at = ?29, mark = coalesce(?30, mark), gone_at = NULL
                   WHERE provider = ?1 AND account = ?2 AND id = ?3";
        self.execute(
            sql,
            params![
                provider,
                account,
                order.id,
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
                raw(order),
                hash,
                changed,
                self.now,
                self.mark(),
            ],
        )?;
        self.amounts(order)
    }

    fn amounts(&self, order: &Order) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        self.execute(
            "DELETE FROM amounts WHERE provider = ?1 AND account = ?2 AND order_id = ?3",
            params![provider, account, order.id],
        )?;
        let mut insert = self
            .tx
            .prepare_cached("INSERT INTO amounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
        for (position, amount) in amounts(order).into_iter().enumerate() {
            let position = position as i64;
            let (kind, side) = (amount.kind, amount.side);
            let exact = (amount.amount, amount.currency, amount.minor);
            insert.execute(params![
                provider, account, order.id, position, kind, side, exact.0, exact.1, exact.2
            ])?;
        }
        Ok(())
    }

    fn seen(&self, id: &str) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "UPDATE orders SET seen_at = ?4, mark = coalesce(?5, mark), gone_at = NULL
                   WHERE provider = ?1 AND account = ?2 AND id = ?3";
        self.execute(sql, params![provider, account, id, self.now, self.mark()])?;
        Ok(())
    }

    fn mark(&self) -> Option<i64> {
        self.batch.mark.map(integer)
    }

    fn history(
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

    /// Marks orders that the vendor no longer has.
    pub(super) fn gone(&self) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        if let Some((mark, since)) = self.batch.gone_unless {
            let (mark, since) = (integer(mark), time(since));
            let (run, now) = (self.at.run, &self.now);
            let told = format!(
                "INSERT INTO history (provider, account, order_id, at, run, what, changes)
                 SELECT provider, account, id, ?5, ?6, 'gone', '[]' FROM orders WHERE {UNSEEN} ORDER BY id"
            );
            self.execute(&told, params![provider, account, mark, since, now, run])?;
            let marked = format!("UPDATE orders SET gone_at = ?5 WHERE {UNSEEN}");
            self.execute(&marked, params![provider, account, mark, since, now])?;
        }
        for id in self.batch.gone {
            let sql = "UPDATE orders SET gone_at = ?4
                       WHERE provider = ?1 AND account = ?2 AND id = ?3 AND gone_at IS NULL";
            if self.execute(sql, params![provider, account, id, self.now])? > 0 {
                self.history(id, "gone", "[]", None)?;
            }
        }
        Ok(())
    }

    pub(super) fn gaps(&mut self) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        for missing in self.batch.filled {
            let sql = "UPDATE gaps SET filled_at = ?4
                       WHERE provider = ?1 AND account = ?2 AND missing = ?3 AND filled_at IS NULL";
            let missing = serde_json::to_string(missing).unwrap_or_default();
            self.execute(sql, params![provider, account, missing, self.now])?;
        }
        for (missing, kind, reason) in self.batch.gaps {
            let sql = "INSERT INTO gaps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1, NULL)
                       ON CONFLICT DO UPDATE SET kind = ?4, reason = ?5, last_at = ?6, filled_at = NULL,
                       first_at = iif(filled_at IS NULL, first_at, ?6), tries = iif(filled_at IS NULL, tries + ?7, 1)";
            let missing = serde_json::to_string(missing).unwrap_or_default();
            let more = i64::from(self.noted.insert(missing.clone()));
            let (provider, account) = self.key();
            self.execute(
                sql,
                params![provider, account, missing, kind, reason, self.now, more],
            )?;
        }
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
