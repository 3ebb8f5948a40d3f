//! Totals that cannot be right prove nothing.

use orders_sync::Outcome;

use crate::bench::{assert_truth, fresh, options};
use crate::odd::{Fault, Faulty};
use crate::sim::{DAY, Kind, Sim};

/// The total of one page is 3, and that page names no next one.
#[tokio::test(start_paused = true)]
async fn one_wrong_total_does_not_complete_the_first_pull() {
    let sim = Sim::new(Kind::NewestFirst, 503).filled(400, 20, 0);
    let store = fresh().await;
    let odd = Faulty::new(&sim, Fault::ShrunkTotal);
    let summary = odd.run(&store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_truth(&store, &sim, "after a whole further reading");
}

/// A vendor that never gives a total, and once answers an empty page in the middle: a further reading shows the others,
/// and the one after it nothing more. That is no proof.
#[tokio::test(start_paused = true)]
async fn a_list_without_totals_is_complete_and_unproven() {
    let sim = Sim::new(Kind::NewestFirst, 634).filled(200, 20, 0);
    let store = fresh().await;
    let odd = Faulty::new(&sim, Fault::NoTotal);
    let summary = odd.run(&store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.unproven),
        (Outcome::Complete, true)
    );
    assert_truth(&store, &sim, "every order came");
    assert!(store.status(&sim.account).await.unwrap().unproven);
}

/// A vendor that counts to 100 at most, and shows 200 orders.
#[tokio::test(start_paused = true)]
async fn more_rows_than_the_vendor_counts_prove_nothing() {
    let sim = Sim::new(Kind::NewestFirst, 635).filled(200, 20, 0);
    let store = fresh().await;
    let odd = Faulty::new(&sim, Fault::CappedTotal);
    let report = odd.run(&store, &options(sim.kind)).await;
    assert_eq!(report.summary.outcome, Outcome::Incomplete);
    assert_truth(&store, &sim, "all that came is kept");
}

/// A vendor that leaves the list of an empty window out: each such window is requested twice, and the pull ends.
#[tokio::test(start_paused = true)]
async fn windows_without_rows_may_come_without_their_list() {
    let sim = Sim::new(Kind::Windows, 636).filled(200, 20, 0);
    let store = fresh().await;
    let odd = Faulty::new(&sim, Fault::EmptyWithoutList);
    for _ in 0..2 {
        let summary = odd.run(&store, &options(sim.kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps, summary.retries),
            (Outcome::Complete, 0, 0)
        );
        assert_truth(&store, &sim, "no window was given up");
        sim.clock.advance(DAY);
    }
}
