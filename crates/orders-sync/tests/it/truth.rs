//! Pulled == truth, by content, under changes, faults and kills; and mutated engines that must fail it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Order, OrderRef, OrderSource, Page, Query, Slice, Slices,
    Unreadable, Window,
};
use orders_sync::{
    Batch, Commit, Context, Counts, Doubted, Doubts, DueDay, DueFilter, Failpoints, Gap,
    NoFailpoints, Options, Point, Sampled, SqliteStore, Status, Store, Summary, SyncError, pull,
};

use crate::bench::{KillAt, assert_no_duplicates, options, stored, tools, until_complete};
use crate::sim::{DAY, KINDS, Kind, Random, Sim};

/// Runs under churn, faults and kills, then in peace; answers what differs.
async fn live_through(
    kind: Kind,
    seed: u64,
    store: &mut dyn Store,
    wrap: impl Fn(Arc<Sim>) -> Box<dyn OrderSource>,
) -> (Arc<Sim>, bool) {
    let mut random = Random(seed);
    let sim = Arc::new(Sim::new(kind, seed).filled(110, 4, 45));
    let source = wrap(sim.clone());
    let mut options = Options {
        since: Some(crate::sim::at(crate::sim::T0 - 5 * DAY)),
        ..options(kind)
    };
    let windows = matches!(kind, Kind::Windows | Kind::Store);
    if windows {
        // New windows alone must bring everything: what is read again later would hide a loss.
        (options.lookback, options.open_every) =
            (chrono::TimeDelta::zero(), chrono::TimeDelta::days(1000));
    }
    for _ in 0..6 {
        {
            let mut world = sim.world();
            (world.churn, world.faults) = (random.below(40), random.below(20));
        }
        let kill = KillAt::any(i64::try_from(1 + random.below(40)).unwrap());
        let tools = Context {
            failpoints: kill,
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
    for seed in 0..200 {
        let mut store = SqliteStore::in_memory().unwrap();
        let (sim, complete) = live_through(kind, seed, &mut store, itself).await;
        assert!(
            complete,
            "{kind:?} seed {seed}: never complete: {:?}",
            store.status(&sim.account).unwrap()
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
            for nth in [1i64, 2, 5, 9] {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("orders.db");
                let sim = Sim::new(kind, nth.unsigned_abs()).filled(90, 3, 25);
                let kill = KillAt::nth(point, nth);
                {
                    let mut store = SqliteStore::open(&file).unwrap();
                    let tools = Context {
                        failpoints: kill.clone(),
                        ..tools(&sim)
                    };
                    let _ = pull(&sim, &mut store, &options(kind), &tools).await;
                }
                hits += i32::from(kill.was_hit());
                let now = sim.clock.seconds();
                for index in 0..10 {
                    sim.world().change(index * 7, 2, now);
                }
                sim.insert(now);
                sim.clock.advance(8 * DAY);
                let mut store = SqliteStore::open(&file).unwrap();
                let context = format!("{kind:?} {point:?} {nth}");
                assert!(
                    until_complete(&sim, &mut store, &options(kind), &tools(&sim), 3).await,
                    "{context}"
                );
                assert_eq!(stored(&store), sim.truth(), "{context}");
                assert_no_duplicates(&store, &context);
            }
            assert!(hits > 0, "{kind:?} never passes {point:?}");
        }
    }
}

/// How many of some seeds a mutated engine fails.
async fn failures(wrap: impl Fn(Arc<Sim>) -> Box<dyn OrderSource>, commit: CommitFn) -> usize {
    let mut failed = 0;
    for seed in 0..30 {
        let mut store = Mutated(SqliteStore::in_memory().unwrap(), commit);
        let (sim, complete) = live_through(Kind::Windows, seed, &mut store, &wrap).await;
        if !complete || stored(&store.0) != sim.truth() {
            failed += 1;
        }
    }
    failed
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_does_not_split_windows_fails_the_suite() {
    let failed = failures(|sim| Box::new(PagedByNumber(sim)), same).await;
    assert!(failed > 0, "paging windows by number went unnoticed");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_saves_its_place_before_the_rows_fails_the_suite() {
    let failed = failures(itself, state_first).await;
    assert!(failed > 0, "a checkpoint before the flush went unnoticed");
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_by_the_time_in_records_fails_the_suite() {
    let failed = failures(itself, record_time).await;
    assert!(failed > 0, "a cursor by record time went unnoticed");
    let failed = failures(itself, same).await;
    assert_eq!(failed, 0, "the same wrapping without a mutation must pass");
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

type CommitFn =
    fn(&mut SqliteStore, &Commit<'_>, &Batch<'_>, &dyn Failpoints) -> Result<Counts, SyncError>;

/// A store whose commit is another one.
struct Mutated(SqliteStore, CommitFn);

impl Store for Mutated {
    fn lock(&mut self, account: &Account) -> Result<(), SyncError> {
        self.0.lock(account)
    }
    fn unlock(&mut self, account: &Account) {
        self.0.unlock(account);
    }
    fn state(&self, account: &Account) -> Result<Option<String>, SyncError> {
        self.0.state(account)
    }
    fn reset(&mut self, account: &Account) -> Result<(), SyncError> {
        self.0.reset(account)
    }
    fn begin_run(&mut self, account: &Account, now: DateTime<Utc>) -> Result<i64, SyncError> {
        self.0.begin_run(account, now)
    }
    fn end_run(&mut self, run: i64, summary: &Summary) -> Result<(), SyncError> {
        self.0.end_run(run, summary)
    }
    fn last_run(&self, account: &Account) -> Result<Option<DateTime<Utc>>, SyncError> {
        self.0.last_run(account)
    }
    fn reached_by(
        &self,
        account: &Account,
        time: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, SyncError> {
        self.0.reached_by(account, time)
    }
    fn commit(
        &mut self,
        at: &Commit<'_>,
        batch: &Batch<'_>,
        failpoints: &dyn Failpoints,
    ) -> Result<Counts, SyncError> {
        (self.1)(&mut self.0, at, batch, failpoints)
    }
    fn marked(&self, account: &Account, numbers: RangeInclusive<u64>) -> Result<u64, SyncError> {
        self.0.marked(account, numbers)
    }
    fn accept_gap(&mut self, id: i64, reason: &str, now: DateTime<Utc>) -> Result<bool, SyncError> {
        self.0.accept_gap(id, reason, now)
    }
    fn unreadable(&self, account: &Account) -> Result<Vec<Unreadable>, SyncError> {
        self.0.unreadable(account)
    }
    fn due_slices(
        &self,
        account: &Account,
        run: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Slice>, SyncError> {
        self.0.due_slices(account, run, now)
    }
    fn unread(&self, account: &Account) -> Result<u64, SyncError> {
        self.0.unread(account)
    }
    fn unshown(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        self.0.unshown(account, after, limit)
    }
    fn doubted(
        &self,
        account: &Account,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Doubted>, SyncError> {
        self.0.doubted(account, after, limit)
    }
    fn doubts(&self, account: &Account) -> Result<Option<Doubts>, SyncError> {
        self.0.doubts(account)
    }
    fn confirm_gone(&mut self, account: &Account, now: DateTime<Utc>) -> Result<u64, SyncError> {
        self.0.confirm_gone(account, now)
    }
    fn days(
        &self,
        account: &Account,
        ids: &[String],
    ) -> Result<Vec<(String, NaiveDate)>, SyncError> {
        self.0.days(account, ids)
    }
    fn sample(
        &self,
        account: &Account,
        day: NaiveDate,
        limit: usize,
    ) -> Result<Vec<Sampled>, SyncError> {
        self.0.sample(account, day, limit)
    }
    fn newest(&self, account: &Account, limit: usize) -> Result<Vec<OrderRef>, SyncError> {
        self.0.newest(account, limit)
    }
    fn live(&self, account: &Account) -> Result<u64, SyncError> {
        self.0.live(account)
    }
    fn created(&self, account: &Account, window: Window) -> Result<u64, SyncError> {
        self.0.created(account, window)
    }
    fn created_offset(&self, account: &Account) -> Result<Option<FixedOffset>, SyncError> {
        self.0.created_offset(account)
    }
    fn gaps(&self, account: &Account) -> Result<Vec<Gap>, SyncError> {
        self.0.gaps(account)
    }
    fn due_orders(
        &self,
        account: &Account,
        filter: DueFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        self.0.due_orders(account, filter, after, limit)
    }
    fn due_days(&self, account: &Account, filter: DueFilter) -> Result<Vec<DueDay>, SyncError> {
        self.0.due_days(account, filter)
    }
    fn status(&self, account: &Account) -> Result<Status, SyncError> {
        self.0.status(account)
    }
    fn accounts(&self) -> Result<Vec<Account>, SyncError> {
        self.0.accounts()
    }
}

fn same(
    store: &mut SqliteStore,
    at: &Commit<'_>,
    batch: &Batch<'_>,
    failpoints: &dyn Failpoints,
) -> Result<Counts, SyncError> {
    store.commit(at, batch, failpoints)
}

/// Mutation: the place is saved, then the rows.
fn state_first(
    store: &mut SqliteStore,
    at: &Commit<'_>,
    batch: &Batch<'_>,
    failpoints: &dyn Failpoints,
) -> Result<Counts, SyncError> {
    store.commit(
        at,
        &Batch {
            orders: &[],
            ..*batch
        },
        &NoFailpoints,
    )?;
    failpoints.pass(Point::RowsFlushed)?;
    store.commit(
        at,
        &Batch {
            gaps: &[],
            filled: &[],
            ..*batch
        },
        failpoints,
    )
}

/// Mutation: the bookmark is the latest change time found in records; the next run asks for what is later.
fn record_time(
    store: &mut SqliteStore,
    at: &Commit<'_>,
    batch: &Batch<'_>,
    failpoints: &dyn Failpoints,
) -> Result<Counts, SyncError> {
    let mut state: serde_json::Value = serde_json::from_str(at.state).unwrap();
    let before: Option<DateTime<Utc>> = store
        .connection()
        .query_row("SELECT max(updated_at) FROM orders", [], |row| {
            row.get::<_, Option<String>>(0)
        })
        .unwrap()
        .map(|text| text.parse().unwrap());
    let latest = batch
        .orders
        .iter()
        .filter_map(|received| received.order.updated_at)
        .max();
    if let Some(latest) = latest.map(|at| at.to_utc()).max(before) {
        state["watermark"] = serde_json::to_value(latest + chrono::TimeDelta::seconds(2)).unwrap();
        // What was interrupted goes on from the bookmark as well.
        let working = batch.orders.is_empty();
        if !working {
            state["jobs"] = serde_json::json!([]);
        }
    }
    let at = Commit {
        mapping: 0,
        state: &state.to_string(),
        ..*at
    };
    store.commit(&at, batch, failpoints)
}
