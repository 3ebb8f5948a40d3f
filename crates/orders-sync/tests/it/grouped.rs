//! Several pages in one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use orders_core::{
    Account, Capabilities, Cursor, Error, Order, OrderRef, OrderSource, Page, Query, Slice, Slices,
};
use orders_sync::{Context, Failpoints, Options, Outcome, Point, Stop, SyncError, pull};

use crate::bench::{assert_truth, fresh, options, stored, tools};
use crate::sim::{KINDS, Kind, Sim};

/// Counts the transactions.
#[derive(Default)]
struct Count(AtomicU64);

impl Failpoints for Count {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        if point == Point::Committed {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }
}

async fn transactions(kind: Kind, commit_rows: usize) -> u64 {
    let sim = Sim::new(kind, 3).filled(300, 10, 0);
    let store = fresh().await;
    let count = Arc::new(Count::default());
    let tools = Context {
        failpoints: count.clone(),
        ..tools(&sim)
    };
    let options = Options {
        commit_rows,
        ..options(kind)
    };
    let summary = pull(&sim, &store, &options, &tools).await.unwrap().summary;
    assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
    assert_truth(&store, &sim, &format!("{kind:?}, {commit_rows} rows"));
    count.0.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn pages_that_come_fast_share_a_transaction() {
    for kind in KINDS {
        let (each, shared) = (transactions(kind, 1).await, transactions(kind, 1000).await);
        assert!(shared * 2 < each, "{kind:?}: {shared} of {each}");
    }
}

/// A vendor that answers so many requests for pages, and then none.
#[derive(Debug)]
struct Silent<'a> {
    sim: &'a Sim,
    pages: AtomicU64,
}

#[async_trait::async_trait]
impl OrderSource for Silent<'_> {
    fn account(&self) -> &Account {
        self.sim.account()
    }
    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.sim.slices(query, after).await
    }
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        if self.pages.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.pages.store(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
        self.sim.page(slice, cursor).await
    }
    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.sim.fetch(reference).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_came_is_stored_within_two_seconds_of_a_silence() {
    let sim = Sim::new(Kind::NewestFirst, 4).filled(300, 10, 0);
    let store = fresh().await;
    let source = Silent {
        sim: &sim,
        pages: 4.into(),
    };
    let stop = Stop::default();
    let tools = Context {
        stop: stop.clone(),
        ..tools(&sim)
    };
    let options = Options {
        commit_rows: 1000,
        ..options(sim.kind)
    };
    let pulled = pull(&source, &store, &options, &tools);
    let watched = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let kept = stored(&store).len();
        stop.stop();
        kept
    };
    let (pulled, kept) = tokio::join!(pulled, watched);
    assert_eq!(pulled.unwrap().summary.outcome, Outcome::Stopped);
    assert!(kept > 0, "three pages came and wait");
    assert_eq!(stored(&store).len(), kept);
}

/// A stop stores what waits.
#[tokio::test(start_paused = true)]
async fn a_run_that_ends_early_stores_what_waits() {
    for kind in KINDS {
        let sim = Sim::new(kind, 5).filled(300, 10, 0);
        let store = fresh().await;
        let options = Options {
            commit_rows: 1000,
            max_orders: Some(60),
            ..options(kind)
        };
        let summary = pull(&sim, &store, &options, &tools(&sim))
            .await
            .unwrap()
            .summary;
        assert_ne!(summary.outcome, Outcome::Complete, "{kind:?}");
        assert!(stored(&store).len() >= 60, "{kind:?}");
    }
}
