//! Holding a store against the sandbox, by content.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use orders_sandbox::Sandbox;
use orders_sync::Store;

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
pub fn stored(store: &Store) -> Result<BTreeMap<String, String>> {
    texts(
        store,
        "SELECT id, CAST(raw AS TEXT) FROM orders WHERE gone_at IS NULL",
    )
}

/// The ids and texts that a query gives.
fn texts(store: &Store, sql: &str) -> Result<BTreeMap<String, String>> {
    let connection = store.connection().ok_or("the store is no file")?;
    let read = || {
        let mut rows = connection.prepare(sql)?;
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<_>>()
    };
    read().map_err(|error| format!("the store cannot be read: {error}"))
}

/// What is stored and not gone, is not true, and names no customer.
///
/// # Errors
/// Where the file cannot be read.
pub fn of_nobody(
    store: &Store,
    truth: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let of =
        "SELECT id, CAST(raw AS TEXT) FROM orders WHERE gone_at IS NULL AND customer_id IS NULL";
    let mut rows = texts(store, of)?;
    rows.retain(|id, _| !truth.contains_key(id));
    Ok(rows)
}

/// That what is stored is exactly the truth, and that no order was ever stored as new twice.
///
/// # Errors
/// How they differ.
pub fn assert_equal(store: &Store, truth: &BTreeMap<String, String>) -> Result<()> {
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

/// A run that calls itself complete has stored all that was there before it; but for what a race has moved into a later
/// window meanwhile, or deleted. The sandbox's clock has stood still since the run began.
///
/// # Errors
/// What is missing.
pub fn nothing_missing(
    store: &Store,
    sandbox: &Sandbox,
    way: Way,
    before: &BTreeMap<String, String>,
) -> Result<()> {
    let stored = stored(store)?;
    let now = sandbox.virtual_now();
    let orders = sandbox.truth(way.vendor()).into_iter();
    let present: BTreeMap<String, _> = orders.map(|order| (order.id.clone(), order)).collect();
    let still = |id: &String, json: &String| match present.get(id) {
        None => false,
        Some(_) if way == Way::Clink => true,
        Some(order) => order.json == *json && order.updated_at.is_none_or(|at| at < now),
    };
    let missing: Vec<_> = before
        .iter()
        .filter(|(id, json)| !stored.contains_key(*id) && still(id, json))
        .map(|(id, _)| id)
        .collect();
    match missing.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "called complete with {} missing, {first} among them",
            missing.len()
        )),
    }
}

/// The open orders that are neither gone nor doubted and were not seen since then.
///
/// # Errors
/// Where the file cannot be read.
pub fn unseen_open(store: &Store, since: DateTime<Utc>) -> Result<Vec<String>> {
    let since = since.to_rfc3339_opts(SecondsFormat::Millis, true);
    let sql = format!(
        "SELECT id, '' FROM orders WHERE terminal = 0 AND gone_at IS NULL AND doubted_at IS NULL
         AND seen_at < '{since}'"
    );
    Ok(texts(store, &sql)?.into_keys().collect())
}

/// That no order was ever called deleted but those that are.
///
/// # Errors
/// Which order was.
pub fn gone_only_where_deleted(store: &Store, truth: &BTreeMap<String, String>) -> Result<()> {
    let connection = store.connection().ok_or("the store is no file")?;
    let read = || {
        let sql = "SELECT DISTINCT order_id FROM history WHERE what = 'gone'";
        let mut rows = connection.prepare(sql)?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let gone = read().map_err(|error| format!("the store cannot be read: {error}"))?;
    let wrong: Vec<_> = gone.iter().filter(|id| truth.contains_key(*id)).collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{} orders were called gone: {wrong:?}",
            wrong.len()
        )),
    }
}

/// That each order was new once, and that no change changed nothing.
fn no_doubles(store: &Store) -> Result<()> {
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
            .ok_or("the store is no file")?
            .query_row(sql, [], |row| row.get::<_, i64>(0));
        let found = found.map_err(|error| format!("the store cannot be read: {error}"))?;
        if found > 0 {
            return Err(format!("{found} {what}"));
        }
    }
    Ok(())
}
