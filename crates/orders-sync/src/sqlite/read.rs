//! Reading what is stored.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Account, Order, OrderRef, Slice, Unreadable};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::sql::{CREATED, count, integer, time};
use crate::diff::Change;
use crate::gap::{Acceptance, Gap};
use crate::state::Facts;
use crate::store::{DueDay, DueFilter};
use crate::summary::{Status, Summary};

/// A stored order: the newest version, and when we saw what.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredOrder {
    /// The order, with the raw text.
    pub order: Order,
    /// SHA-256 of the raw text, in hex.
    pub content_hash: String,
    /// When it first came, RFC 3339 UTC.
    pub first_seen_at: String,
    /// When its content last changed, RFC 3339 UTC.
    pub changed_at: String,
    /// When it last came, RFC 3339 UTC.
    pub seen_at: String,
    /// Since when the vendor no longer has it, RFC 3339 UTC.
    pub gone_at: Option<String>,
    /// Since when it is doubted that the vendor has it, RFC 3339 UTC.
    pub doubted_at: Option<String>,
}

/// One change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryRow {
    /// When we saw it, RFC 3339 UTC.
    pub at: String,
    /// In which run.
    pub run: i64,
    /// `new`, `changed`, `remapped` (the same text, read by a later version), `doubted`, `gone` or `back`.
    pub what: String,
    /// What changed, in the vendor's words.
    pub changes: Vec<Change>,
}

/// A column that holds JSON which we wrote.
pub(super) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// The orders that are due, as a condition over ?1 to ?5 and the values of ?3 to ?5.
fn is_due(filter: DueFilter) -> (String, [Option<String>; 3]) {
    let account = "provider = ?1 AND account = ?2 AND gone_at IS NULL";
    match filter {
        // Texts of times sort like times; "" is before all of them, "a" behind.
        DueFilter::Open {
            created_since,
            seen_before,
        } => (
            format!(
                "{account} AND terminal = 0 AND {CREATED} >= ?3 AND seen_at < ?4 AND ?5 IS NULL"
            ),
            [Some(time(created_since)), Some(time(seen_before)), None],
        ),
        DueFilter::Horizon {
            created_since,
            created_before,
            age,
        } => (
            format!(
                "{account} AND terminal = 1 AND {CREATED} >= coalesce(?3, '') AND {CREATED} < ?4
                 AND seen_at < strftime('%Y-%m-%dT%H:%M:%fZ', {CREATED}, ?5)"
            ),
            [
                created_since.map(time),
                Some(time(created_before)),
                Some(format!("{} seconds", age.num_seconds())),
            ],
        ),
        // Those that two readings did not show are not decided by a third.
        DueFilter::Doubted { doubted_until } => (
            format!(
                "{account} AND doubted_at IS NOT NULL AND doubted_at <= ?3
                 AND absent_at < strftime('%Y-%m-%dT%H:%M:%fZ', doubted_at, '+1 day')
                 AND ?4 IS NULL AND ?5 IS NULL"
            ),
            [Some(time(doubted_until)), None, None],
        ),
    }
}

pub(super) fn orders(connection: &Connection, id: &str) -> rusqlite::Result<Vec<StoredOrder>> {
    let sql = "SELECT core, raw, content_hash, first_seen_at, changed_at, seen_at, gone_at, doubted_at FROM orders
               WHERE id = ?1 OR number = ?1 OR merchant_reference = ?1 ORDER BY provider, account, id";
    let mut found = connection.prepare(sql)?;
    let rows = found.query_map([id], |row| {
        let mut order: Order = json(row, 0)?;
        order.raw = raw(row, 1)?;
        Ok(StoredOrder {
            order,
            content_hash: row.get(2)?,
            first_seen_at: row.get(3)?,
            changed_at: row.get(4)?,
            seen_at: row.get(5)?,
            gone_at: row.get(6)?,
            doubted_at: row.get(7)?,
        })
    })?;
    rows.collect()
}

pub(super) fn history(
    connection: &Connection,
    account: &Account,
    id: &str,
) -> rusqlite::Result<Vec<HistoryRow>> {
    let sql = "SELECT at, run, what, changes FROM history
               WHERE provider = ?1 AND account = ?2 AND order_id = ?3 ORDER BY seq";
    let mut found = connection.prepare(sql)?;
    let rows = found.query_map(params![account.provider, account.label, id], |row| {
        Ok(HistoryRow {
            at: row.get(0)?,
            run: row.get(1)?,
            what: row.get(2)?,
            changes: json(row, 3)?,
        })
    })?;
    rows.collect()
}

/// A column that holds a time.
pub(super) fn at(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let text: String = row.get(column)?;
    let parsed = DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc());
    parsed.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// A text as the vendor sent it.
pub(super) fn raw(row: &Row<'_>, column: usize) -> rusqlite::Result<Bytes> {
    Ok(match row.get(column)? {
        Value::Text(text) => text.into_bytes().into(),
        Value::Blob(bytes) => bytes.into(),
        _ => Bytes::new(),
    })
}

pub(super) fn gaps(connection: &Connection, account: &Account) -> rusqlite::Result<Vec<Gap>> {
    let sql = "SELECT id, missing, kind, path, reason, first_at, last_at, tries, accepted_at, accepted_reason FROM gaps
               WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL ORDER BY first_at, id";
    let mut found = connection.prepare(sql)?;
    let rows = found.query_map(params![account.provider, account.label], |row| {
        let accepted = match row.get::<_, Option<String>>(8)? {
            Some(_) => Some(Acceptance {
                at: at(row, 8)?,
                reason: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
            }),
            None => None,
        };
        Ok(Gap {
            id: row.get(0)?,
            missing: json(row, 1)?,
            kind: row.get(2)?,
            path: row.get(3)?,
            reason: row.get(4)?,
            first_at: at(row, 5)?,
            last_at: at(row, 6)?,
            tries: row.get(7)?,
            accepted,
        })
    })?;
    rows.collect()
}

pub(super) fn unreadable(
    connection: &Connection,
    account: &Account,
) -> rusqlite::Result<Vec<Unreadable>> {
    let sql = "SELECT id, path, reason, raw FROM unreadable
               WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL ORDER BY key";
    let mut found = connection.prepare(sql)?;
    let rows = found.query_map(params![account.provider, account.label], |row| {
        let (path, reason): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(Unreadable::new(path, reason, raw(row, 3)?).with_id(row.get(0)?))
    })?;
    rows.collect()
}

pub(super) fn due_slices(
    connection: &Connection,
    account: &Account,
    run: i64,
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<Slice>> {
    let sql = "SELECT DISTINCT slice FROM unreadable WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL
               AND slice IS NOT NULL AND run < ?3 AND key NOT IN (SELECT missing ->> 'record' FROM gaps
               WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL AND accepted_at IS NOT NULL
               AND missing ->> 'record' IS NOT NULL)
               AND julianday(?4) - julianday(seen_at) >= 0.9 * min(7, julianday(seen_at) - julianday(first_seen_at))
               ORDER BY slice";
    let mut found = connection.prepare(sql)?;
    let values = params![account.provider, account.label, run, time(now)];
    let rows = found.query_map(values, |row| json(row, 0))?;
    rows.collect()
}

pub(super) fn due(
    connection: &Connection,
    account: &Account,
    filter: DueFilter,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<OrderRef>> {
    let (due, [a, b, c]) = is_due(filter);
    let sql = format!("SELECT reference FROM orders WHERE {due} AND id > ?6 ORDER BY id LIMIT ?7");
    let mut found = connection.prepare(&sql)?;
    let limit = integer(limit as u64);
    let after = after.unwrap_or_default();
    let rows = found.query_map(
        params![account.provider, account.label, a, b, c, after, limit],
        |row| json(row, 0),
    )?;
    rows.collect()
}

pub(super) fn due_days(
    connection: &Connection,
    account: &Account,
    filter: DueFilter,
) -> rusqlite::Result<Vec<DueDay>> {
    // The days of the orders that are due first, then how much is stored on each.
    let (due, [a, b, c]) = is_due(filter);
    let sql = format!(
        "SELECT substr(created_at, 1, 10) AS day, count(*) FROM orders WHERE {due} GROUP BY day ORDER BY day"
    );
    let mut found = connection.prepare(&sql)?;
    let rows = found.query_map(params![account.provider, account.label, a, b, c], |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?))
    })?;
    let days: Vec<(Option<String>, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let sql = format!(
        "SELECT count(*) FROM orders WHERE provider = ?1 AND account = ?2 AND created_at IS NOT NULL
         AND {CREATED} >= ?3 AND {CREATED} < ?3 || 'a'"
    );
    let mut stored = connection.prepare(&sql)?;
    days.into_iter()
        .map(|(day, due)| {
            let stored: i64 = match &day {
                Some(day) => stored
                    .query_row(params![account.provider, account.label, day], |row| {
                        row.get(0)
                    })?,
                None => due,
            };
            Ok(DueDay {
                day: day.and_then(|day| day.parse().ok()),
                due: count(due),
                stored: count(stored),
            })
        })
        .collect()
}

pub(super) fn created_offset(
    connection: &Connection,
    account: &Account,
) -> rusqlite::Result<Option<FixedOffset>> {
    let sql = format!(
        "SELECT core FROM orders WHERE provider = ?1 AND account = ?2 AND created_at IS NOT NULL
         ORDER BY {CREATED} DESC LIMIT 1"
    );
    let key = params![account.provider, account.label];
    let newest: Option<Order> = connection
        .query_row(&sql, key, |row| json(row, 0))
        .optional()?;
    Ok(newest.and_then(|order| order.created_at.map(|at| *at.offset())))
}

pub(super) fn status(
    connection: &Connection,
    account: &Account,
    facts: Facts,
) -> rusqlite::Result<Status> {
    let sql =
        "SELECT count(*), count(gone_at), count(*) FILTER (WHERE terminal = 0 AND gone_at IS NULL), count(doubted_at)
               FROM orders WHERE provider = ?1 AND account = ?2";
    let key = params![account.provider, account.label];
    let (stored, gone, open, doubted): (i64, i64, i64, i64) =
        connection.query_row(sql, key, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let sql =
        "SELECT summary FROM runs WHERE provider = ?1 AND account = ?2 AND summary IS NOT NULL
               ORDER BY id DESC LIMIT 1";
    let last_run = connection
        .query_row(sql, key, |row| json(row, 0))
        .optional()?;
    Ok(Status {
        account: account.clone(),
        stored: count(stored),
        gone: count(gone),
        doubted: count(doubted),
        open: count(open),
        vendor_count: facts.vendor_count,
        unproven: facts.unproven,
        watermark: facts.watermark,
        interrupted: facts.interrupted,
        gaps: gaps(connection, account)?,
        last_run,
    })
}

pub(super) fn newest(
    connection: &Connection,
    account: &Account,
    limit: usize,
) -> rusqlite::Result<Vec<OrderRef>> {
    let sql = format!(
        "SELECT reference FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL
         AND id NOT LIKE 'no-id/%' ORDER BY {CREATED} DESC, id LIMIT ?3"
    );
    let key = params![account.provider, account.label, integer(limit as u64)];
    let mut found = connection.prepare(&sql)?;
    let rows = found.query_map(key, |row| json(row, 0))?;
    rows.collect()
}

pub(super) fn last_run(
    connection: &Connection,
    account: &Account,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let sql = "SELECT max(max(started_at, coalesce(ended_at, started_at))) FROM runs
               WHERE provider = ?1 AND account = ?2";
    let key = params![account.provider, account.label];
    let text: Option<String> = connection.query_row(sql, key, |row| row.get(0))?;
    let read = |text: String| DateTime::parse_from_rfc3339(&text).ok();
    Ok(text.and_then(read).map(|at| at.to_utc()))
}

pub(super) fn reached_by(
    connection: &Connection,
    account: &Account,
    at: DateTime<Utc>,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let sql = "SELECT summary FROM runs WHERE provider = ?1 AND account = ?2 AND ended_at <= ?3
               AND summary IS NOT NULL ORDER BY id DESC LIMIT 1";
    let key = params![account.provider, account.label, time(at)];
    let summary: Option<Summary> = connection
        .query_row(sql, key, |row| json(row, 0))
        .optional()?;
    Ok(summary.and_then(|summary| summary.watermark))
}

pub(super) fn accounts(connection: &Connection) -> rusqlite::Result<Vec<Account>> {
    let sql = "SELECT provider, account FROM checkpoints UNION SELECT provider, account FROM runs
               ORDER BY provider, account";
    let mut found = connection.prepare(sql)?;
    let rows = found.query_map([], |row| {
        Ok(Account::new(
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
        ))
    })?;
    rows.collect()
}
