//! Holding a store against the sandbox, by content.

use std::collections::BTreeMap;

use orders_sandbox::Sandbox;
use orders_sync::SqliteStore;

use crate::Result;
use crate::connect::Way;

/// How many ids of each difference are named.
const NAMED: usize = 4;

/// What a complete pull has stored: each order's id and its text as the sandbox holds it.
#[must_use]
pub fn truth(sandbox: &Sandbox, way: Way) -> BTreeMap<String, String> {
    let orders = sandbox.truth(way.vendor()).into_iter();
    orders.map(|order| (order.id, order.json)).collect()
}

/// What is stored and not gone: each order's id and its raw text.
///
/// # Errors
/// Where the file cannot be read.
pub fn stored(store: &SqliteStore) -> Result<BTreeMap<String, String>> {
    let read = || {
        let mut rows = store
            .connection()
            .prepare("SELECT id, CAST(raw AS TEXT) FROM orders WHERE gone_at IS NULL")?;
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<_>>()
    };
    read().map_err(|error| format!("the store cannot be read: {error}"))
}

/// That what is stored is exactly the truth, and that no order was ever stored as new twice.
///
/// # Errors
/// How they differ.
pub fn assert_equal(store: &SqliteStore, truth: &BTreeMap<String, String>) -> Result<()> {
    let stored = stored(store)?;
    let ids = |differ: Vec<&String>, what: &str| match differ.len() {
        0 => String::new(),
        n => format!("{n} {what} {:?}; ", &differ[..n.min(NAMED)]),
    };
    let missing = truth
        .keys()
        .filter(|id| !stored.contains_key(*id))
        .collect();
    let extra = stored
        .keys()
        .filter(|id| !truth.contains_key(*id))
        .collect();
    let other = truth
        .iter()
        .filter(|(id, json)| stored.get(*id).is_some_and(|s| s != *json));
    let other = other.map(|(id, _)| id).collect();
    let differ = [
        ids(missing, "missing"),
        ids(extra, "extra"),
        ids(other, "different"),
    ]
    .concat();
    match differ.is_empty() {
        true => no_doubles(store),
        false => Err(format!(
            "{} stored, {} true: {differ}",
            stored.len(),
            truth.len()
        )),
    }
}

/// That each order was new once, and that no change changed nothing.
fn no_doubles(store: &SqliteStore) -> Result<()> {
    for (what, sql) in [
        (
            "orders were new twice",
            "SELECT count(*) FROM (SELECT 1 FROM history WHERE what = 'new'
             GROUP BY provider, account, order_id HAVING count(*) > 1)",
        ),
        (
            "changes changed nothing",
            "SELECT count(*) FROM history WHERE what = 'changed' AND changes = '[]'",
        ),
        (
            "orders have no beginning",
            "SELECT abs((SELECT count(*) FROM orders)
                        - (SELECT count(*) FROM history WHERE what = 'new'))",
        ),
    ] {
        let found = store
            .connection()
            .query_row(sql, [], |row| row.get::<_, i64>(0));
        let found = found.map_err(|error| format!("the store cannot be read: {error}"))?;
        if found > 0 {
            return Err(format!("{found} {what}"));
        }
    }
    Ok(())
}
