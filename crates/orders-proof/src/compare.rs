//! Holding a store against the sandbox, by content.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use orders_sandbox::Sandbox;

use crate::Result;
use crate::connect::Way;
use crate::stores::Tables;

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
/// Where the store cannot be read.
pub fn stored(store: &dyn Tables) -> Result<BTreeMap<String, String>> {
    texts(
        store,
        "SELECT id, CAST(raw AS TEXT) FROM orders WHERE gone_at IS NULL",
    )
}

/// The ids and texts that a query gives.
///
/// # Errors
/// Where the store cannot be read.
pub fn texts(store: &dyn Tables, sql: &str) -> Result<BTreeMap<String, String>> {
    let rows = store.rows(sql)?.into_iter();
    let pair = |row: Vec<String>| match <[String; 2]>::try_from(row) {
        Ok([id, text]) => Ok((id, text)),
        Err(row) => Err(format!("two columns were expected: {row:?}")),
    };
    rows.map(pair).collect()
}

/// What is stored and not gone, is not true, and names no customer.
///
/// # Errors
/// Where the store cannot be read.
pub fn of_nobody(
    store: &dyn Tables,
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
pub fn assert_equal(store: &dyn Tables, truth: &BTreeMap<String, String>) -> Result<()> {
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
    store: &dyn Tables,
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
/// Where the store cannot be read.
pub fn unseen_open(store: &dyn Tables, since: DateTime<Utc>) -> Result<Vec<String>> {
    let since = since.to_rfc3339_opts(SecondsFormat::Millis, true);
    let sql = format!(
        "SELECT id, '' FROM orders WHERE NOT terminal AND gone_at IS NULL AND doubted_at IS NULL
         AND seen_at < '{since}'"
    );
    Ok(texts(store, &sql)?.into_keys().collect())
}

/// That no order was ever called deleted but those that are.
///
/// # Errors
/// Which order was.
pub fn gone_only_where_deleted(store: &dyn Tables, truth: &BTreeMap<String, String>) -> Result<()> {
    let gone = store.rows("SELECT DISTINCT order_id FROM history WHERE what = 'gone'")?;
    let gone: Vec<_> = gone.into_iter().flatten().collect();
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
fn no_doubles(store: &dyn Tables) -> Result<()> {
    for (what, sql) in [
        (
            "orders were new twice",
            "SELECT count(*) FROM (SELECT 1 FROM history WHERE what = 'new'
             GROUP BY provider, account, order_id HAVING count(*) > 1) AS twice",
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
        let found = number(store, sql)?;
        if found > 0 {
            return Err(format!("{found} {what}"));
        }
    }
    Ok(())
}

/// The one number that a query gives.
///
/// # Errors
/// Where the store cannot be read.
pub fn number(store: &dyn Tables, sql: &str) -> Result<i64> {
    let rows = store.rows(sql)?;
    let number = rows.first().and_then(|row| row.first()?.parse().ok());
    number.ok_or_else(|| format!("a number was expected: {rows:?}"))
}
