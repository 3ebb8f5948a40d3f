//! Troubles that are not the vendor's: a wrong clock, another account's key, and open orders that no list shows.

use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta};
use orders_core::OrderSource;
use orders_sandbox::{Fault, FaultRule, Sandbox};
use orders_sync::{Mode, Options, Outcome, SqliteStore, SyncError, pull};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::scenario::{options, tools};

/// How far a clock is ahead of the vendor's: minutes, hours or days, or behind by as much.
pub fn wrong_by(random: &mut Random) -> TimeDelta {
    let minutes = [0, 0, 3, 130, 30 * 60, 5 * 24 * 60];
    let minutes = TimeDelta::minutes(*random.one(&minutes).unwrap_or(&0));
    match random.percent(50) {
        true => minutes,
        false => -minutes,
    }
}

/// Pulls with the key of another account under the same name. Where orders are stored, it is refused and nothing is
/// written. Answers whether it was.
///
/// # Errors
/// Where it is not refused, or something was written.
pub async fn stranger(store: &mut SqliteStore, way: Way, seed: u64) -> Result<bool> {
    let before = rows(store)?;
    if before.0 == 0 {
        return Ok(false);
    }
    let builder = Sandbox::builder().seed(seed + 1_000_000).orders(30);
    let sandbox = Wire::Memory.start(builder.small(true)).await?;
    let source = Wire::Memory.source(&sandbox, way, seed)?;
    let pulled = pull(&*source, store, &options(way, &sandbox), &tools(&sandbox)).await;
    match pulled {
        Ok(report) => return Err(format!("another account was pulled: {:?}", report.summary)),
        Err(SyncError::Vendor(error)) => return Err(error.to_string()),
        Err(_) => {}
    }
    match rows(store)? == before {
        true => Ok(true),
        false => Err("a refused run wrote".to_owned()),
    }
}

/// How many orders, versions and runs are stored.
fn rows(store: &SqliteStore) -> Result<(i64, i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM history),
                      (SELECT count(*) FROM runs)";
    let row = store
        .connection()
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    row.map_err(|error| format!("the store cannot be read: {error}"))
}

/// Requests the open orders again while every list of the vendor is empty: none may count as deleted, and a run that
/// calls itself complete knows each of them.
///
/// # Errors
/// Where it does not.
pub async fn nothing_open(
    source: &dyn OrderSource,
    store: &mut SqliteStore,
    way: Way,
    sandbox: &Arc<Sandbox>,
) -> Result<()> {
    sandbox.clear_races();
    let rule = FaultRule::new(Fault::EmptyPage).vendor(way.vendor());
    sandbox.set_faults(1, vec![rule]);
    let open = Options {
        mode: Mode::OnlyOpen,
        ..options(way, sandbox)
    };
    let now = tools(sandbox);
    let began = now.clock.now();
    let report = match pull(source, store, &open, &now).await {
        Ok(report) => report,
        // Nothing was pulled yet.
        Err(SyncError::Options { .. }) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    compare::gone_only_where_deleted(store, &compare::truth(sandbox, way))?;
    if report.summary.outcome != Outcome::Complete {
        return Ok(());
    }
    let sql = "SELECT count(*) FROM orders
               WHERE terminal = 0 AND gone_at IS NULL AND doubted_at IS NULL AND seen_at < ?1";
    let unseen = store.connection().query_row(
        sql,
        [began.to_rfc3339_opts(SecondsFormat::Millis, true)],
        |row| row.get::<_, i64>(0),
    );
    match unseen.map_err(|error| format!("the store cannot be read: {error}"))? {
        0 => Ok(()),
        unseen => Err(format!(
            "called complete with {unseen} open orders that no answer showed"
        )),
    }
}
