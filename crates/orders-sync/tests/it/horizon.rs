//! Terminal orders once more, when they pass the horizon: rejected referrals do come back.

use std::sync::atomic::Ordering;

use orders_sync::{Clock, Context, Options, Outcome, Phase, Plan, Point, Store, plan, pull};

use crate::bench::{KillAt, assert_no_duplicates, fresh, options, run, stored, tools};
use crate::sim::{DAY, Kind, Sim, at};

/// Twenty orders of three days, the first fifteen terminal, pulled; then 177 days later.
async fn before_the_horizon(store: &Store, fetches: bool) -> Sim {
    let sim = Sim::new(Kind::Windows, 61).filled(20, 3, 0);
    sim.fetches.store(fetches, Ordering::SeqCst);
    for index in 0..15 {
        let updated = sim.world().rows[index].updated;
        sim.world().change(index, 2 + index % 2, updated);
    }
    run(&sim, store, &options(sim.kind)).await;
    sim.clock.advance(170 * DAY);
    run(&sim, store, &options(sim.kind)).await;
    assert_eq!(planned(&sim, store).await.rechecks, 0);
    sim
}

async fn planned(sim: &Sim, store: &Store) -> Plan {
    plan(sim, store, &options(sim.kind), sim.clock.now())
        .await
        .unwrap()
}

/// Changes rows so that no window of updates shows it.
fn come_back(sim: &Sim, rows: std::ops::Range<usize>) {
    for row in &mut sim.world().rows[rows] {
        (row.status, row.version) = (1, row.version + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_order_is_asked_once_more_at_the_horizon_and_never_again() {
    for fetches in [true, false] {
        let store = fresh().await;
        let sim = before_the_horizon(&store, fetches).await;
        come_back(&sim, 0..4);
        sim.clock.advance(14 * DAY);
        let due = planned(&sim, &store).await;
        let task = due
            .tasks
            .iter()
            .find(|task| task.phase == Phase::Aged)
            .unwrap();
        assert_eq!((due.rechecks, task.items), (15, 15), "{due:?}");
        assert!(task.requests > 0 && task.requests <= 15);
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.counts.changed),
            (Outcome::Complete, 4),
            "fetches: {fetches}"
        );
        assert_eq!(stored(&store), sim.truth());
        come_back(&sim, 4..6);
        for _ in 0..4 {
            sim.clock.advance(8 * DAY);
            assert_eq!(planned(&sim, &store).await.rechecks, 0);
            let summary = run(&sim, &store, &options(sim.kind)).await.summary;
            assert_eq!(summary.counts.changed, 0, "asked once, not for ever");
        }
        assert_no_duplicates(&store, "horizon");
    }
}

/// Asked by days of creation, an order that the vendor no longer lists is not asked for ever.
#[tokio::test(start_paused = true)]
async fn what_the_vendor_no_longer_lists_is_not_due_for_ever() {
    let store = fresh().await;
    let sim = before_the_horizon(&store, false).await;
    sim.world().rows.remove(3);
    sim.clock.advance(14 * DAY);
    assert_eq!(planned(&sim, &store).await.rechecks, 15);
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(8 * DAY);
    assert_eq!(planned(&sim, &store).await.rechecks, 0);
}

/// What is first pulled when it is beyond the horizon was seen there: nothing is asked twice.
#[tokio::test(start_paused = true)]
async fn old_history_is_not_asked_again() {
    let sim = Sim::new(Kind::Windows, 62);
    for day in 0..400 {
        sim.insert(sim.clock.seconds() - day * DAY - 4000);
        let row = sim.world().rows.len() - 1;
        let updated = sim.world().rows[row].updated;
        sim.world().change(row, 2, updated);
    }
    let since = Options {
        since: Some(at(sim.clock.seconds() - 500 * DAY)),
        ..options(sim.kind)
    };
    let store = fresh().await;
    run(&sim, &store, &since).await;
    sim.clock.advance(8 * DAY);
    let due = planned(&sim, &store).await;
    // Those that pass the horizon in these eight days.
    assert_eq!(due.rechecks, 8, "{due:?}");
}

#[tokio::test(start_paused = true)]
async fn a_kill_in_the_middle_forgets_nobody() {
    for fetches in [true, false] {
        for nth in 1..12 {
            let store = fresh().await;
            let sim = before_the_horizon(&store, fetches).await;
            come_back(&sim, 0..15);
            sim.clock.advance(14 * DAY);
            let killed = Context {
                failpoints: KillAt::nth(Point::Committed, nth),
                ..tools(&sim)
            };
            let _ = pull(&sim, &store, &options(sim.kind), &killed).await;
            sim.clock.advance(3600);
            run(&sim, &store, &options(sim.kind)).await;
            assert_eq!(stored(&store), sim.truth(), "fetches: {fetches}, {nth}");
        }
    }
}
