//! What only a store in Postgres has to show: who owns an account, what a lost connection does, what comes back of it.

mod faults;
mod leases;
mod order_of_changes;
mod schema;
mod values;
mod ways;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use orders_core::{Account, Order};
use orders_sync::{Batch, Commit, Failpoints, NoFailpoints, Point, Received, Store, SyncError};

use crate::sim::{T0, at};
use crate::tables::asked;

/// Does something when a run passes a point for the nth time.
struct At<F> {
    point: Point,
    rest: AtomicI64,
    then: F,
}

impl<F: Fn()> At<F> {
    fn nth(point: Point, nth: i64, then: F) -> Arc<Self> {
        Arc::new(Self {
            point,
            rest: AtomicI64::new(nth),
            then,
        })
    }
}

impl<F: Fn() + Send + Sync> Failpoints for At<F> {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        if point == self.point && self.rest.fetch_sub(1, Ordering::SeqCst) == 1 {
            (self.then)();
        }
        Ok(())
    }
}

/// Ends every other connection to a database, as an operator or a network would.
fn cut(address: &str) -> usize {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    asked(address, sql).len()
}

/// The text that a query gives.
fn one(address: &str, sql: &str) -> String {
    let mut rows = asked(address, sql);
    rows.swap_remove(0).swap_remove(0).unwrap_or_default()
}

fn account() -> Account {
    Account::new("sim", "main")
}

fn order(id: &str, version: u64) -> Order {
    let mut order = Order::new("sim", "main", id);
    order.raw = format!("{{\"id\":\"{id}\",\"version\":{version}}}").into();
    order
}

/// Commits some orders without a pull.
async fn put(store: &Store, orders: Vec<Order>) -> Result<(), SyncError> {
    let at = Commit {
        account: Account::new(&*orders[0].provider, &*orders[0].account),
        run: 1,
        now: at(T0),
        mapping: 0,
        state: "{}".to_owned(),
    };
    let batch = Batch {
        orders: orders.into_iter().map(Received::new).collect(),
        ..Batch::default()
    };
    store
        .commit(at, vec![batch], Arc::new(NoFailpoints))
        .await
        .map(drop)
}
