//! Orders that a full scan does not show: each is looked up, once.

use std::sync::atomic::Ordering;

use orders_sync::{Context, Outcome, Point, Store, pull};

use crate::bench::{KillAt, assert_truth, fresh, number, options, run, tools};
use crate::sim::{DAY, Kind, Sim};

const ALL: usize = 500;
const UNSEEN: u64 = 300;
/// So few are no sign that the vendor is out of order.
const GONE: u64 = 45;

/// Orders that were pulled in full more than a week ago.
async fn pulled(store: &Store, seed: u64) -> Sim {
    let sim = Sim::new(Kind::OldestFirst, seed).filled(ALL, 20, 0);
    run(&sim, store, &options(sim.kind)).await;
    sim.clock.advance(8 * DAY);
    sim
}

async fn gone(store: &Store, sim: &Sim) -> u64 {
    store.status(&sim.account).await.unwrap().gone
}

/// A vendor that counts too few and shows too few deletes nothing by that.
#[tokio::test(start_paused = true)]
async fn a_wrong_total_calls_no_order_gone() {
    let store = fresh().await;
    let sim = pulled(&store, 141).await;
    sim.world().hides = UNSEEN;
    let before = sim.calls();
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_eq!(gone(&store, &sim).await, 0);
    // 200 orders on pages of 20, and each of the others by itself.
    assert_eq!(sim.calls() - before, 10 + UNSEEN);
    assert_eq!(summary.counts.unchanged, ALL as u64);
}

#[tokio::test(start_paused = true)]
async fn many_that_are_gone_are_asked_for_once_each_also_over_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = pulled(&Store::open(&file).unwrap(), 142).await;
    sim.world().rows.retain(|row| row.id > GONE);
    let before = sim.calls();
    {
        let store = Store::open(&file).unwrap();
        // The job, 23 pages, the end of the job, and some batches of look-ups.
        let tools = Context {
            failpoints: KillAt::nth(Point::Committed, 28),
            ..tools(&sim)
        };
        pull(&sim, &store, &options(sim.kind), &tools)
            .await
            .unwrap_err();
    }
    let store = Store::open(&file).unwrap();
    let found = store.status(&sim.account).await.unwrap().doubted;
    assert!((20..GONE).contains(&found), "{found} of {GONE}");
    let state = store.state(&sim.account).await.unwrap().unwrap();
    assert!(state.contains("\"unshown\""), "the job is saved: {state}");
    assert!(state.len() < 2_000, "as a place, not as a list: {state}");
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.doubted),
        (Outcome::Complete, GONE)
    );
    // The scan once, each order once; and the growing end, which is due as always.
    let asked = sim.calls() - before;
    assert!((68..=75).contains(&asked), "{asked} requests");
    sim.clock.advance(DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_truth(&store, &sim, "after the second scan");
    assert_eq!(
        (gone(&store, &sim).await, summary.counts.gone),
        (GONE, GONE)
    );
    let told = "SELECT count(*) FROM history WHERE what = 'gone'";
    assert_eq!(number(&store, told), 45);
}

/// Where the vendor cannot be asked for one order, its list is all there is: two proven scans, a day apart.
#[tokio::test(start_paused = true)]
async fn without_look_ups_two_proven_passes_say_what_is_gone() {
    let store = fresh().await;
    let sim = pulled(&store, 144).await;
    sim.fetches.store(false, Ordering::SeqCst);
    sim.world().rows.retain(|row| row.id > UNSEEN);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Incomplete);
    assert_eq!(gone(&store, &sim).await, 0);
    sim.clock.advance(60);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.gone),
        (Outcome::Incomplete, 0)
    );
    sim.clock.advance(DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_eq!(gone(&store, &sim).await, UNSEEN);
    assert_truth(&store, &sim, "by the passes alone");
}
