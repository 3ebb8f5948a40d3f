//! Orders that did not come: what a reading should have shown, what is doubted, what is gone.

use chrono::{DateTime, NaiveDate, Utc};
use orders_core::{Account, OrderRef};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::read::{at, json};
use super::rows::Writer;
use super::sql::{CREATED, count, integer, time};
use crate::batch::{DoneReading, ReadingOf};
use crate::store::{Doubted, Doubts};

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

/// The user confirms that the doubted orders are gone: noted in the history with run 0.
pub(super) fn confirm(
    connection: &mut Connection,
    account: &Account,
    now: DateTime<Utc>,
) -> rusqlite::Result<u64> {
    let tx = connection.transaction()?;
    let which = "provider = ?1 AND account = ?2 AND doubted_at IS NOT NULL AND gone_at IS NULL";
    let key = params![account.provider, account.label, time(now)];
    let noted = format!(
        "INSERT INTO history (provider, account, order_id, at, run, what, changes)
         SELECT provider, account, id, ?3, 0, 'gone', '[]' FROM orders WHERE {which} ORDER BY id"
    );
    tx.execute(&noted, key)?;
    let marked = format!(
        "UPDATE orders SET gone_at = ?3, unshown_at = NULL, doubted_at = NULL, doubted_from = NULL, absent_at = NULL
         WHERE {which}"
    );
    let gone = tx.execute(&marked, key)?;
    tx.commit()?;
    Ok(gone as u64)
}

pub(super) fn unshown(
    connection: &Connection,
    account: &Account,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<OrderRef>> {
    let sql = "SELECT reference FROM orders WHERE provider = ?1 AND account = ?2 AND unshown_at IS NOT NULL
               AND id > ?3 ORDER BY id LIMIT ?4";
    let mut found = connection.prepare_cached(sql)?;
    let limit = integer(limit as u64);
    let after = after.unwrap_or_default();
    let rows = found.query_map(
        params![account.provider, account.label, after, limit],
        |row| json(row, 0),
    )?;
    rows.collect()
}

pub(super) fn doubted(
    connection: &Connection,
    account: &Account,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<Doubted>> {
    let sql =
        "SELECT reference, doubted_at, absent_at FROM orders WHERE provider = ?1 AND account = ?2
               AND doubted_at IS NOT NULL AND id > ?3 ORDER BY id LIMIT ?4";
    let mut found = connection.prepare_cached(sql)?;
    let limit = integer(limit as u64);
    let after = after.unwrap_or_default();
    let rows = found.query_map(
        params![account.provider, account.label, after, limit],
        |row| Ok(Doubted::new(json(row, 0)?, at(row, 1)?, at(row, 2)?)),
    )?;
    rows.collect()
}

pub(super) fn doubts(
    connection: &Connection,
    account: &Account,
) -> rusqlite::Result<Option<Doubts>> {
    // From an index of the doubted ones: there are few, most often none.
    let sql = "SELECT count(*), min(doubted_at), min(doubted_from) FROM orders
               WHERE provider = ?1 AND account = ?2 AND doubted_at IS NOT NULL";
    let mut found = connection.prepare_cached(sql)?;
    let key = params![account.provider, account.label];
    let (doubted, first_at, from) = found.query_row(key, |row| {
        let doubted = count(row.get(0)?);
        let first = (doubted > 0).then(|| at(row, 1)).transpose()?;
        Ok((doubted, first, row.get::<_, Option<String>>(2)?))
    })?;
    let Some(first_at) = first_at else {
        return Ok(None);
    };
    let sql = "SELECT count(*), count(*) FILTER (WHERE doubted_at IS NULL AND first_seen_at < ?3)
               FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL";
    let key = params![account.provider, account.label, from];
    let (live, others) =
        connection.query_row(sql, key, |row| Ok((count(row.get(0)?), count(row.get(1)?))))?;
    Ok(Some(Doubts {
        live,
        doubted,
        others,
        first_at,
    }))
}

pub(super) fn days(
    connection: &Connection,
    account: &Account,
    ids: &[String],
) -> rusqlite::Result<Vec<(String, NaiveDate)>> {
    let places = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "SELECT id, substr(created_at, 1, 10) FROM orders WHERE provider = ? AND account = ?
         AND created_at IS NOT NULL AND id IN ({places})"
    );
    let mut found = connection.prepare(&sql)?;
    let key = [&account.provider, &account.label];
    let rows = found.query_map(params_from_iter(key.into_iter().chain(ids)), |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?))
    })?;
    let rows: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let dated = |(id, day): (String, String)| Some((id, day.parse().ok()?));
    Ok(rows.into_iter().filter_map(dated).collect())
}
