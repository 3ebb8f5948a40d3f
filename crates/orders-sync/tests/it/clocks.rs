//! Clocks that were wrong, and lengths of time beyond all times.

use chrono::TimeDelta;
use orders_sync::{Options, Outcome, SqliteStore, SyncError, plan, pull, verify};

use crate::bench::{assert_truth, options, run, stored, tools};
use crate::sim::{DAY, KINDS, Kind, Sim};

/// Changes of a passed list while `full_at` lies in the future.
#[tokio::test(start_paused = true)]
async fn a_full_pass_dated_in_the_future_is_due() {
    let sim = Sim::new(Kind::NewestFirst, 511).filled(60, 20, 0);
    let mut store = SqliteStore::in_memory().unwrap();
    sim.clock.advance(365 * DAY);
    run(&sim, &mut store, &options(sim.kind)).await;
    sim.clock.advance(-365 * DAY);
    let now = sim.clock.seconds();
    sim.world().change(3, 2, now);
    for _ in 0..6 {
        sim.clock.advance(8 * DAY);
        let summary = run(&sim, &mut store, &options(sim.kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete);
    }
    assert_truth(&store, &sim, "seven weeks of complete runs");
}
