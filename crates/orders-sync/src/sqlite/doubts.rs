//! Orders that did not come: what is to be looked up, doubted, or confirmed as gone.

use chrono::{DateTime, NaiveDate, Utc};
use orders_core::{Account, OrderRef};
use rusqlite::{Connection, params, params_from_iter};

use super::read::{at, json};
use super::sql::{count, integer, time};
use crate::store::{Doubted, Doubts};

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
