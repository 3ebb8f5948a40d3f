//! Pulled == truth, by content, under changes, faults and kills; and mutated engines that must fail it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Order, OrderRef, OrderSource, Page, Query, Slice, Slices,
};
use orders_sync::{Batch, Commit, Context, Failpoints, Options, Point, Store, SyncError, pull};

use crate::bench::{
    KillAt, Place, assert_no_duplicates, fresh, is_postgres, options, seeds, stored, tools,
    until_complete,
};
use crate::sim::{DAY, KINDS, Kind, Random, Sim};

/// Runs under churn, faults and kills, then in peace; answers what differs.
async fn live_through(
    kind: Kind,
    seed: u64,
    store: &Store,
    wrap: impl Fn(Arc<Sim>) -> Box<dyn OrderSource>,
    instead: Instead,
) -> (Arc<Sim>, bool) {
    let mut random = Random(seed);
    let sim = Arc::new(Sim::new(kind, seed).filled(110, 4, 45));
    let source = wrap(sim.clone());
    let mut options = Options {
        since: Some(crate::sim::at(crate::sim::T0 - 5 * DAY)),
        // Each page in a transaction of its own, some of them, all that come in a second.
        commit_rows: [1, 15, 1000][seed as usize % 3],
        ..options(kind)
    };
    let windows = matches!(kind, Kind::Windows | Kind::Store);
    if windows {
        // New windows alone must bring everything: what is read again later would hide a loss.
        (options.lookback, options.open_every) =
            (chrono::TimeDelta::zero(), chrono::TimeDelta::days(1000));
    }
    let latest = Arc::default();
    for _ in 0..6 {
        {
            let mut world = sim.world();
            (world.churn, world.faults) = (random.below(40), random.below(20));
        }
        let kill = KillAt::any(i64::try_from(1 + random.below(40)).unwrap());
        let failpoints = Mutated {
            kill,
            latest: Arc::clone(&latest),
            instead,
        };
        let tools = Context {
            failpoints: Arc::new(failpoints),
            ..tools(&sim)
        };
        match pull(&*source, store, &options, &tools).await {
            Ok(_) | Err(SyncError::Failpoint(_)) => {}
            Err(error) => panic!("{kind:?} seed {seed}: {error}"),
        }
        sim.clock
            .advance(i64::try_from(random.below(8 * 3600)).unwrap());
    }
    {
        let mut world = sim.world();
        (world.churn, world.faults) = (0, 0);
    }
    // Beyond the safety lag, and beyond the week after which a pass is full.
    let quiet = if windows { 3600 } else { 8 * DAY };
    sim.clock.advance(quiet);
    let complete = until_complete(&*source, store, &options, &tools(&sim), 6).await;
    (sim, complete)
}

fn itself(sim: Arc<Sim>) -> Box<dyn OrderSource> {
    Box::new(Shared(sim))
}

async fn two_hundred_seeds(kind: Kind) {
    for seed in 0..seeds(200) {
        let store = fresh().await;
        let (sim, complete) = live_through(kind, seed, &store, itself, same).await;
        assert!(
            complete,
            "{kind:?} seed {seed}: never complete: {:?}",
            store.status(&sim.account).await.unwrap()
        );
        assert_eq!(stored(&store), sim.truth(), "{kind:?} seed {seed}");
        assert_no_duplicates(&store, &format!("{kind:?} seed {seed}"));
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_windows_end_with_the_truth() {
    two_hundred_seeds(Kind::Windows).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_newest_first_end_with_the_truth() {
    two_hundred_seeds(Kind::NewestFirst).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_oldest_first_end_with_the_truth() {
    two_hundred_seeds(Kind::OldestFirst).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_in_no_order_end_with_the_truth() {
    two_hundred_seeds(Kind::Shuffled).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_partitions_end_with_the_truth() {
    two_hundred_seeds(Kind::Cursor).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_windows_by_cursor_end_with_the_truth() {
    two_hundred_seeds(Kind::Store).await;
}

/// Every named point, early and late: killed, changed meanwhile, run again.
#[tokio::test(start_paused = true)]
async fn killed_at_every_named_point_nothing_is_lost_or_doubled() {
    for kind in KINDS {
        for point in Point::ALL {
            let mut hits = 0;
            let often: &[i64] = if is_postgres() {
                &[1, 5]
            } else {
                &[1, 2, 5, 9]
            };
            for nth in often.iter().copied() {
                let place = Place::new();
                let sim = Sim::new(kind, nth.unsigned_abs()).filled(90, 3, 25);
                let kill = KillAt::nth(point, nth);
                {
                    let store = place.open().await;
                    let tools = Context {
                        failpoints: kill.clone(),
                        ..tools(&sim)
                    };
                    let _ = pull(&sim, &store, &options(kind), &tools).await;
                }
                hits += i32::from(kill.was_hit());
                let now = sim.clock.seconds();
                for index in 0..10 {
                    sim.world().change(index * 7, 2, now);
                }
                sim.insert(now);
                sim.clock.advance(8 * DAY);
                let store = place.open().await;
                let context = format!("{kind:?} {point:?} {nth}");
                assert!(
                    until_complete(&sim, &store, &options(kind), &tools(&sim), 3).await,
                    "{context}"
                );
                assert_eq!(stored(&store), sim.truth(), "{context}");
                assert_no_duplicates(&store, &context);
            }
            assert!(hits > 0, "{kind:?} never passes {point:?}");
        }
    }
}

/// Whether a mutated engine fails one of so many seeds.
async fn fails(
    wrap: impl Fn(Arc<Sim>) -> Box<dyn OrderSource>,
    instead: Instead,
    seeds: u64,
) -> bool {
    for seed in 0..seeds {
        let store = fresh().await;
        let (sim, complete) = live_through(Kind::Windows, seed, &store, &wrap, instead).await;
        if !complete || stored(&store) != sim.truth() {
            return true;
        }
    }
    false
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_does_not_split_windows_fails_the_suite() {
    let failed = fails(|sim| Box::new(PagedByNumber(sim)), same, 30).await;
    assert!(failed, "paging windows by number went unnoticed");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_saves_its_place_before_the_rows_fails_the_suite() {
    let failed = fails(itself, state_first, 30).await;
    assert!(failed, "a checkpoint before the flush went unnoticed");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_by_the_time_in_records_fails_the_suite() {
    let failed = fails(itself, record_time, 30).await;
    assert!(failed, "a cursor by record time went unnoticed");
    let failed = fails(itself, same, seeds(30)).await;
    assert!(!failed, "the same wrapping without a mutation must pass");
}

/// Delegates; what a mutant changes is written out in it.
#[derive(Debug)]
struct Shared(Arc<Sim>);

#[async_trait::async_trait]
impl OrderSource for Shared {
    fn account(&self) -> &Account {
        self.0.account()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.0.slices(query, after).await
    }
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.0.page(slice, cursor).await
    }
    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.0.fetch(reference).await
    }
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.0.count(slice).await
    }
}

/// Mutation: windows are paged forwards by number instead of being split.
#[derive(Debug)]
struct PagedByNumber(Arc<Sim>);

#[async_trait::async_trait]
impl OrderSource for PagedByNumber {
    fn account(&self) -> &Account {
        self.0.account()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.0.slices(query, after).await
    }
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let mut page = self.0.page(slice, cursor).await?;
        page.full = false;
        page.next = page.next.filter(|next| next.as_str().starts_with('f'));
        Ok(page)
    }
}

type Instead = fn(&Mutex<Option<DateTime<Utc>>>, Commit, Vec<Batch>) -> Vec<(Commit, Vec<Batch>)>;

/// A run that is killed, whose commits are other ones.
struct Mutated {
    kill: Arc<KillAt>,
    latest: Arc<Mutex<Option<DateTime<Utc>>>>,
    instead: Instead,
}

impl Failpoints for Mutated {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        self.kill.pass(point)
    }
    fn instead(&self, at: Commit, batches: Vec<Batch>) -> Vec<(Commit, Vec<Batch>)> {
        (self.instead)(&self.latest, at, batches)
    }
}

fn same(
    _: &Mutex<Option<DateTime<Utc>>>,
    at: Commit,
    batches: Vec<Batch>,
) -> Vec<(Commit, Vec<Batch>)> {
    vec![(at, batches)]
}

/// Mutation: the place is saved, then the rows.
fn state_first(
    _: &Mutex<Option<DateTime<Utc>>>,
    at: Commit,
    batches: Vec<Batch>,
) -> Vec<(Commit, Vec<Batch>)> {
    let place = batches.iter().cloned().map(|batch| Batch {
        orders: Vec::new(),
        ..batch
    });
    let place = place.collect();
    let rows = batches.into_iter().map(|batch| Batch {
        gaps: Vec::new(),
        filled: Vec::new(),
        ..batch
    });
    vec![(at.clone(), place), (at, rows.collect())]
}

/// Mutation: the bookmark is the latest change time found in records; the next run asks for what is later.
fn record_time(
    latest: &Mutex<Option<DateTime<Utc>>>,
    at: Commit,
    batches: Vec<Batch>,
) -> Vec<(Commit, Vec<Batch>)> {
    let mut state: serde_json::Value = serde_json::from_str(&at.state).unwrap();
    let mut latest = latest.lock().unwrap();
    let newest = batches
        .iter()
        .flat_map(|batch| &batch.orders)
        .filter_map(|received| received.order.updated_at)
        .max();
    *latest = newest.map(|at| at.to_utc()).max(*latest);
    if let Some(latest) = *latest {
        state["watermark"] = serde_json::to_value(latest + chrono::TimeDelta::seconds(2)).unwrap();
        // What was interrupted goes on from the bookmark as well.
        let working = batches.iter().all(|batch| batch.orders.is_empty());
        if !working {
            state["jobs"] = serde_json::json!([]);
        }
    }
    let at = Commit {
        mapping: 0,
        state: state.to_string(),
        ..at
    };
    vec![(at, batches)]
}
