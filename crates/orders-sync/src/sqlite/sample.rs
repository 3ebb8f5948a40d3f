//! Some stored orders, spread over an account.

use std::collections::BinaryHeap;

use chrono::NaiveDate;
use orders_core::{Account, Order};
use rusqlite::{Connection, params};

use super::read::{json, raw};
use crate::hash::short_hash;
use crate::store::Sampled;

/// The orders whose ids, hashed with the day, come first.
pub(super) fn sample(
    connection: &Connection,
    account: &Account,
    day: NaiveDate,
    limit: usize,
) -> rusqlite::Result<Vec<Sampled>> {
    let sql = "SELECT id FROM orders WHERE provider = ?1 AND account = ?2 AND gone_at IS NULL
               AND id NOT LIKE 'content:%' AND id NOT LIKE 'no-id/%'";
    let salt = day.to_string();
    let mut first = BinaryHeap::new();
    let mut found = connection.prepare(sql)?;
    let mut rows = found.query(params![account.provider, account.label])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        first.push((short_hash([salt.as_bytes(), id.as_bytes()]), id));
        if first.len() > limit {
            first.pop();
        }
    }
    let ids = first.into_sorted_vec().into_iter();
    ids.map(|(_, id)| stored(connection, account, &id))
        .collect()
}

fn stored(connection: &Connection, account: &Account, id: &str) -> rusqlite::Result<Sampled> {
    let sql = "SELECT reference, core, raw, mapping, doubted_at IS NOT NULL FROM orders
               WHERE provider = ?1 AND account = ?2 AND id = ?3";
    connection.query_row(sql, params![account.provider, account.label, id], |row| {
        let mut order: Order = json(row, 1)?;
        order.raw = raw(row, 2)?;
        let stored = Sampled::new(json(row, 0)?, order, row.get(3)?);
        Ok(Sampled {
            doubted: row.get(4)?,
            ..stored
        })
    })
}
