//! That orders are gone is not believed where it is more likely that the vendor is out of order.

use chrono::TimeDelta;
use orders_sync::{Mode, Options, Outcome, SqliteStore, Store};

use crate::bench::{assert_truth, options, run};
use crate::odd::{Fault, Faulty};
use crate::sim::{DAY, Kind, Sim};

fn gone(store: &SqliteStore, sim: &Sim) -> u64 {
    store.status(&sim.account).unwrap().gone
}

/// The list is empty and look-ups find nothing: the key of another account, or an outage.
#[tokio::test(start_paused = true)]
async fn a_whole_account_does_not_vanish_in_one_run() {
    for orders in [15, 400] {
        let sim = Sim::new(Kind::NewestFirst, 501).filled(orders, 20, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        run(&sim, &mut store, &options(sim.kind)).await;
        sim.clock.advance(8 * DAY);
        let empty = Faulty::new(&sim, Fault::NothingAtAll);
        let summary = empty.run(&mut store, &options(sim.kind)).await.summary;
        assert_eq!(
            (gone(&store, &sim), summary.outcome),
            (0, Outcome::Incomplete)
        );
        assert!(
            summary
                .notes
                .iter()
                .any(|note| note.contains("count as deleted when"))
        );
        // It was an outage: the next run reads the list again, and nothing is left of it.
        sim.clock.advance(60);
        let summary = run(&sim, &mut store, &options(sim.kind)).await.summary;
        assert_eq!(
            (gone(&store, &sim), summary.outcome),
            (0, Outcome::Complete)
        );
        assert_truth(&store, &sim, "after the outage");
    }
}

/// What two full passes say in two runs is believed.
#[tokio::test(start_paused = true)]
async fn many_that_are_gone_in_two_runs_are_gone() {
    let sim = Sim::new(Kind::NewestFirst, 502).filled(400, 20, 0);
    let mut store = SqliteStore::in_memory().unwrap();
    run(&sim, &mut store, &options(sim.kind)).await;
    sim.clock.advance(8 * DAY);
    sim.world().rows.retain(|row| row.id > 150);
    let summary = run(&sim, &mut store, &options(sim.kind)).await.summary;
    assert_eq!(
        (gone(&store, &sim), summary.outcome),
        (0, Outcome::Incomplete)
    );
    sim.clock.advance(60);
    let summary = run(&sim, &mut store, &options(sim.kind)).await.summary;
    assert_eq!(
        (gone(&store, &sim), summary.outcome),
        (150, Outcome::Complete)
    );
    assert_truth(&store, &sim, "after the second");
}

/// The look-up service answers "no such order" to everything for an hour.
#[tokio::test(start_paused = true)]
async fn look_ups_that_find_nothing_at_all_call_no_order_gone() {
    for kind in [Kind::Windows, Kind::Store] {
        let sim = Sim::new(kind, 504).filled(60, 20, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        run(&sim, &mut store, &options(kind)).await;
        for index in 0..38 {
            let updated = sim.world().rows[index].updated;
            sim.world().change(index, 2, updated);
        }
        let only = Options {
            mode: Mode::OnlyOpen,
            open_every: TimeDelta::zero(),
            ..options(kind)
        };
        sim.clock.advance(60);
        run(&sim, &mut store, &only).await;
        sim.clock.advance(8 * DAY);
        let blind = Faulty::new(&sim, Fault::FindsNothing);
        let summary = blind.run(&mut store, &options(kind)).await.summary;
        assert_eq!(gone(&store, &sim), 0, "{kind:?}");
        assert_eq!(summary.outcome, Outcome::Incomplete, "{kind:?}");
        let summary = run(&sim, &mut store, &options(kind)).await.summary;
        assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
        assert_truth(&store, &sim, "after the outage");
    }
}

/// Five open orders are deleted at once: a gap at first, gone after a week.
#[tokio::test(start_paused = true)]
async fn open_orders_that_stay_away_for_a_week_are_gone() {
    for kind in [Kind::Windows, Kind::Store] {
        let sim = Sim::new(kind, 505).filled(60, 20, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        run(&sim, &mut store, &options(kind)).await;
        {
            // Only the five that go are open, so that they are asked for one by one.
            let mut world = sim.world();
            for row in &mut world.rows {
                row.status = if row.id <= 5 { 0 } else { 2 };
                row.updated = sim.clock.seconds();
                row.version += 1;
            }
        }
        sim.clock.advance(3600);
        run(&sim, &mut store, &options(kind)).await;
        sim.world().rows.retain(|row| row.id > 5);
        let only = Options {
            mode: Mode::OnlyOpen,
            ..options(kind)
        };
        sim.clock.advance(60);
        let summary = run(&sim, &mut store, &only).await.summary;
        assert_eq!(summary.gaps, 5, "{kind:?}: {summary:?}");
        assert_eq!(gone(&store, &sim), 0, "{kind:?}");
        sim.clock.advance(6 * DAY);
        let summary = run(&sim, &mut store, &options(kind)).await.summary;
        assert_eq!((summary.gaps, gone(&store, &sim)), (5, 0), "{kind:?}");
        sim.clock.advance(2 * DAY);
        let summary = run(&sim, &mut store, &options(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps, gone(&store, &sim)),
            (Outcome::Complete, 0, 5),
            "{kind:?}"
        );
        assert_truth(&store, &sim, "after a week");
    }
}
