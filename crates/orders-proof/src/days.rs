//! Daily pulls over months of virtual time, with orders that go on changing for weeks.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use orders_sandbox::Sandbox;
use orders_sync::{Mode, Options, Outcome, Store, plan, pull};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::scenario::{beginning, tools};

/// What months of daily pulls cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// What the plans of all days foretold, in requests.
    pub planned: u64,
    /// The requests that the runs counted.
    pub requests: u64,
    /// The orders in the end.
    pub orders: usize,
    /// Of those: how many were changed at least once after they were first stored.
    pub changed: i64,
}

/// Pulls daily for so many virtual days, as a user's timer would, with all tiers as they are by default.
///
/// # Errors
/// Where a day's pull is not complete, or the last one has something else than the truth.
pub async fn daily(wire: Wire, way: Way, days: u32, seed: u64) -> Result<Cost> {
    let builder = Sandbox::builder()
        .seed(seed)
        .orders(300)
        .small(true)
        .life(12);
    let sandbox = wire.start(builder).await?;
    let source = wire.source(&sandbox, way, seed)?;
    let store = Store::in_memory().map_err(|error| error.to_string())?;
    let mut cost = Cost::default();
    let mut yesterday = BTreeMap::new();
    for day in 0..=days {
        let mut options = Options {
            since: Some(beginning(way, &sandbox)),
            partitions: way.partitions(&sandbox),
            ..Options::default()
        };
        if day == days {
            // The last day is held against all of the truth, its last minutes included. Clink tells no changes, so
            // what changed since the weekly pass needs another one.
            options.safety_lag = TimeDelta::zero();
            if way == Way::Clink {
                options.mode = Mode::Full;
            }
        }
        let now = sandbox.virtual_now();
        let planned = plan(&*source, &store, &options, now).await;
        cost.planned += planned.map_err(|error| error.to_string())?.requests;
        let report = pull(&*source, &store, &options, &tools(&sandbox)).await;
        let summary = report
            .map_err(|error| format!("day {day}: {error}"))?
            .summary;
        if summary.outcome != Outcome::Complete {
            return Err(format!("{way:?}, seed {seed}, day {day}: {summary:?}"));
        }
        cost.requests += summary.requests;
        compare::nothing_missing(&store, &sandbox, way, &yesterday)
            .map_err(|why| format!("{way:?}, seed {seed}, day {day}: {why}"))?;
        yesterday = compare::truth(&sandbox, way);
        if day < days {
            sandbox.advance(TimeDelta::days(1));
        }
    }
    let truth = compare::truth(&sandbox, way);
    compare::assert_equal(&store, &truth).map_err(|why| format!("{way:?}, seed {seed}: {why}"))?;
    cost.orders = truth.len();
    let changed = "SELECT count(DISTINCT order_id) FROM history WHERE what = 'changed'";
    cost.changed = compare::number(&store, changed)?;
    Ok(cost)
}
