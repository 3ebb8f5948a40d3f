//! What the tests share: options, failpoints, and running until a pull is complete.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use orders_core::OrderSource;
use orders_sync::{Context, Failpoints, Options, Outcome, Point, Report, Store, SyncError, pull};

use crate::sim::{Kind, Sim, T0, at};
pub(crate) use crate::tables::{
    Place, TestStore, execute, fresh, is_left_out, is_postgres, number, rows, seeds, texts,
    time_column,
};

/// Ends the run at the nth passing of a point, once.
#[derive(Debug)]
pub(crate) struct KillAt {
    point: Option<Point>,
    rest: AtomicI64,
}

impl KillAt {
    pub(crate) fn nth(point: Point, nth: i64) -> Arc<Self> {
        Arc::new(Self {
            point: Some(point),
            rest: AtomicI64::new(nth),
        })
    }

    /// At the nth point passed, whichever it is.
    pub(crate) fn any(nth: i64) -> Arc<Self> {
        Arc::new(Self {
            point: None,
            rest: AtomicI64::new(nth),
        })
    }

    pub(crate) fn was_hit(&self) -> bool {
        self.rest.load(Ordering::SeqCst) <= 0
    }
}

impl Failpoints for KillAt {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        if self.point.is_none_or(|mine| mine == point)
            && self.rest.fetch_sub(1, Ordering::SeqCst) == 1
        {
            return Err(SyncError::Failpoint(point));
        }
        Ok(())
    }
}

pub(crate) fn tools(sim: &Sim) -> Context {
    Context {
        clock: sim.clock.clone(),
        ..Context::default()
    }
}

pub(crate) fn options(kind: Kind) -> Options {
    let mut options = Options {
        since: Some(at(T0) - TimeDelta::days(30)),
        // A kill at each page.
        commit_rows: 1,
        ..Options::default()
    };
    if kind == Kind::Cursor {
        options.partitions = (0..5).map(|customer| customer.to_string()).collect();
        options.at_once = 3;
    }
    options
}

pub(crate) async fn run(sim: &Sim, store: &Store, options: &Options) -> Report {
    pull(sim, store, options, &tools(sim)).await.unwrap()
}

/// Runs until complete, at most so often. Answers whether it became complete.
pub(crate) async fn until_complete(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    tools: &Context,
    most: usize,
) -> bool {
    for _ in 0..most {
        let report = pull(source, store, options, tools).await.unwrap();
        if report.summary.outcome == Outcome::Complete {
            return true;
        }
    }
    false
}

/// What is stored and not gone, by content.
pub(crate) fn stored(store: &Store) -> Vec<(String, String)> {
    let sql = "SELECT id, raw FROM orders WHERE gone_at IS NULL ORDER BY id";
    let pair = |row: Vec<Option<String>>| match <[_; 2]>::try_from(row) {
        Ok([Some(id), Some(raw)]) => (id, raw),
        other => panic!("{other:?}"),
    };
    rows(store, sql).into_iter().map(pair).collect()
}

/// What is stored is the truth; tells only what differs.
pub(crate) fn assert_truth(store: &Store, sim: &Sim, context: &str) {
    let (stored, truth) = (stored(store), sim.truth());
    let missing: Vec<_> = truth.iter().filter(|row| !stored.contains(row)).collect();
    let wrong: Vec<_> = stored.iter().filter(|row| !truth.contains(row)).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{context}: missing {missing:?}, wrong {wrong:?}"
    );
}

/// No order was new twice, no version was told twice.
pub(crate) fn assert_no_duplicates(store: &Store, context: &str) {
    let twice = "SELECT count(*) FROM (SELECT order_id FROM history WHERE what = 'new'
                 GROUP BY provider, account, order_id HAVING count(*) > 1) AS twice";
    assert_eq!(number(store, twice), 0, "{context}: an order was new twice");
    let empty = "SELECT count(*) FROM history WHERE what = 'changed' AND changes = '[]'";
    assert_eq!(
        number(store, empty),
        0,
        "{context}: a change that changed nothing"
    );
    let orders = number(store, "SELECT count(*) FROM orders");
    let new = number(store, "SELECT count(*) FROM history WHERE what = 'new'");
    assert_eq!(orders, new, "{context}");
}
