//! Where a vendor's bad answers could lose rows, or call orders gone, without a sign.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use orders_sync::{Clock, Missing, Options, Outcome, Store, plan};

use crate::bench::{assert_no_duplicates, assert_truth, fresh, number, options, run, stored};
use crate::sim::{DAY, Kind, Sim};

/// The gaps are the second of a bad order; and where windows are asked a second wider on both sides, its neighbours.
async fn assert_seconds_around(bad: i64, store: &Store, sim: &Sim) {
    let gaps = store.gaps(&sim.account).await.unwrap();
    assert!((1..=3).contains(&gaps.len()), "{gaps:?}");
    for gap in gaps {
        let Missing::Slice(slice) = gap.missing else {
            panic!("{gap:?}")
        };
        let window = slice.window.unwrap();
        assert_eq!(window.length(), TimeDelta::seconds(1));
        assert!((window.from.timestamp() - bad).abs() <= 1, "{window:?}");
        assert_eq!(gap.kind, "decode");
    }
}

/// One order that no client can read: exactly its second is missing, and comes when it is mended.
#[tokio::test(start_paused = true)]
async fn a_bad_order_costs_its_second_and_nothing_else() {
    for (kind, at_once) in [(Kind::Windows, 1), (Kind::Store, 1), (Kind::Store, 3)] {
        let sim = Sim::new(kind, 131).filled(300, 10, 0);
        let oldest = sim.world().rows.iter().map(|row| row.updated).min();
        let bad = oldest.unwrap() + 5 * DAY;
        sim.world().rows[150].updated = bad;
        sim.world().poison = Some(bad);
        let store = fresh().await;
        let options = Options {
            at_once,
            ..options(kind)
        };
        let summary = run(&sim, &store, &options).await.summary;
        assert_eq!(summary.outcome, Outcome::Incomplete, "{kind:?}");
        assert_seconds_around(bad, &store, &sim).await;
        let near = sim
            .world()
            .rows
            .iter()
            .filter(|row| (row.updated - bad).abs() <= 2)
            .count();
        assert!(stored(&store).len() >= 300 - near, "{kind:?}");
        let tries = summary.requests;
        assert!(tries < 400, "{kind:?}: {tries} requests");
        // Still bad: still the same gap.
        sim.clock.advance(60);
        let again = run(&sim, &store, &options).await.summary;
        assert_eq!(
            (again.outcome, again.gaps),
            (Outcome::Incomplete, summary.gaps)
        );
        assert_seconds_around(bad, &store, &sim).await;
        sim.world().poison = None;
        let mended = run(&sim, &store, &options).await.summary;
        assert_eq!((mended.outcome, mended.gaps), (Outcome::Complete, 0));
        assert_truth(&store, &sim, &format!("{kind:?}"));
        assert_no_duplicates(&store, "mended");
    }
}

/// One order that no client can read hides its page of a pass, or its partition, and no other.
#[tokio::test(start_paused = true)]
async fn a_bad_order_of_a_pass_costs_its_page_and_nothing_else() {
    for kind in [
        Kind::NewestFirst,
        Kind::OldestFirst,
        Kind::Shuffled,
        Kind::Cursor,
    ] {
        let sim = Sim::new(kind, 136).filled(300, 10, 0);
        let bad = sim.world().rows[150].updated;
        sim.world().poison = Some(bad);
        let store = fresh().await;
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Incomplete, 1),
            "{kind:?}"
        );
        let least = if kind == Kind::Cursor { 240 } else { 280 };
        assert!(stored(&store).len() >= least, "{kind:?}: {summary:?}");
        assert!(summary.requests < 25, "{kind:?}: {summary:?}");
        assert_eq!(
            number(
                &store,
                "SELECT count(*) FROM orders WHERE gone_at IS NOT NULL"
            ),
            0
        );
        // Still bad at the next run, which tries again, and finds what is new all the same.
        sim.clock.advance(DAY);
        sim.insert(sim.clock.seconds() - 900);
        let again = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!((again.outcome, again.gaps), (Outcome::Incomplete, 1));
        assert!(
            again.counts.new >= u64::from(kind != Kind::Cursor),
            "{kind:?}"
        );
        sim.world().poison = None;
        sim.clock.advance(60);
        let mended = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!((mended.outcome, mended.gaps), (Outcome::Complete, 0));
        assert_truth(&store, &sim, &format!("{kind:?}"));
        assert_no_duplicates(&store, "mended");
    }
}

/// A wide gap that is only partly mended becomes a narrow one.
#[tokio::test(start_paused = true)]
async fn a_wide_gap_is_narrowed_by_the_next_run() {
    for kind in [Kind::Windows, Kind::Store] {
        let sim = Sim::new(kind, 132).filled(200, 10, 0);
        let bad = sim.world().rows[77].updated;
        let store = fresh().await;
        // The vendor is down for one window: that is not narrowed.
        let down = || orders_core::Error::new(orders_core::ErrorKind::Server, "down").retryable();
        let first = if kind == Kind::Windows { 25 } else { 1 };
        sim.world().script = (first..first + 6)
            .map(|nth| (nth, down as fn() -> orders_core::Error))
            .collect();
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Incomplete, 1),
            "{kind:?}"
        );
        let wide = store.gaps(&sim.account).await.unwrap();
        let Missing::Slice(slice) = &wide[0].missing else {
            panic!()
        };
        assert!(slice.window.unwrap().length() > TimeDelta::hours(20));
        // Now one order in it is bad.
        sim.world().poison = Some(bad);
        let inside = slice.window.unwrap().contains(crate::sim::at(bad));
        sim.clock.advance(60);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        if inside {
            assert_eq!(summary.outcome, Outcome::Incomplete);
            assert_seconds_around(bad, &store, &sim).await;
        }
        sim.world().poison = None;
        sim.clock.advance(60);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}

/// The rows of another answer in the place of the right ones, while where to go on is right: no error shows it.
#[tokio::test(start_paused = true)]
async fn an_answer_given_twice_loses_no_rows() {
    for kind in [Kind::Windows, Kind::Cursor, Kind::Store] {
        for every in 7..13 {
            for at_once in [1, 3] {
                let sim = Sim::new(kind, 133 + every).filled(400, 25, 0);
                sim.world().repeat_every = every;
                let store = fresh().await;
                let options = Options {
                    at_once,
                    ..options(kind)
                };
                let summary = run(&sim, &store, &options).await.summary;
                let context = format!("{kind:?}, every {every}, {at_once} at once");
                assert_eq!(summary.outcome, Outcome::Complete, "{context}");
                assert_truth(&store, &sim, &context);
            }
        }
    }
}

/// Repeated pages, ignored page numbers and changes: an order that the vendor has is never called gone.
#[tokio::test(start_paused = true)]
async fn bad_pages_of_a_pass_call_no_order_gone() {
    for kind in [Kind::NewestFirst, Kind::OldestFirst, Kind::Shuffled] {
        for every in 2..8 {
            let sim = Sim::new(kind, 134 + every).filled(150, 20, 0);
            let store = fresh().await;
            for week in 0..4 {
                {
                    let mut world = sim.world();
                    (world.repeat_every, world.churn) = (every, 20);
                    world.ignore_pages = week == 2;
                }
                let summary = run(&sim, &store, &options(kind)).await.summary;
                if week == 2 {
                    assert_ne!(summary.outcome, Outcome::Complete, "{kind:?}");
                }
                sim.clock.advance(8 * DAY);
            }
            {
                let mut world = sim.world();
                (world.repeat_every, world.churn, world.ignore_pages) = (0, 0, false);
            }
            let summary = run(&sim, &store, &options(kind)).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete);
            assert_truth(&store, &sim, &format!("{kind:?} {every}"));
            let gone = "SELECT count(*) FROM history WHERE what = 'gone'";
            assert_eq!(number(&store, gone), 0, "{kind:?} {every}");
        }
    }
}

/// Between two pages an order vanishes and another appears: the total stays, a third order is stepped over. It is not
/// gone, and a look at it by itself says so.
#[tokio::test(start_paused = true)]
async fn a_total_that_is_right_by_luck_calls_no_order_gone() {
    let sim = Sim::new(Kind::OldestFirst, 135).filled(100, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(8 * DAY);
    // Before the third request of the next pass: the oldest order vanishes, and a new one comes at the end.
    sim.world().swap_at = Some(sim.calls() + 3);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.new),
        (Outcome::Complete, 1)
    );
    let gone = |store: &Store| number(store, "SELECT count(*) FROM history WHERE what = 'gone'");
    assert_eq!(gone(&store), 0, "this pass saw the one that vanished");
    for _ in 0..2 {
        sim.clock.advance(8 * DAY);
        run(&sim, &store, &options(sim.kind)).await;
    }
    assert_truth(&store, &sim, "two weeks later");
    assert_eq!(gone(&store), 1, "the one that vanished, and no other");
}

/// The vendor's count is good for an estimate and for nothing else: that it fails ends neither a plan nor a run.
#[tokio::test(start_paused = true)]
async fn a_count_that_fails_is_a_note_of_the_plan() {
    let bad: [fn() -> Error; 3] = [
        || Error::decode("total", "an object"),
        || Error::new(ErrorKind::RateLimit, "slow down"),
        || Error::new(ErrorKind::Auth, "wrong key"),
    ];
    for bad in bad {
        let sim = Sim::new(Kind::NewestFirst, 136).filled(90, 20, 0);
        sim.world().bad_count = Some(bad);
        let store = fresh().await;
        let options = options(sim.kind);
        let planned = plan(&sim, &store, &options, sim.clock.now()).await.unwrap();
        assert_eq!((planned.requests, planned.notes.len()), (1, 1));
        assert!(planned.notes[0].contains("count could not be read"));
        let summary = run(&sim, &store, &options).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete, "{:?}", bad());
        assert!(summary.notes.is_empty(), "{:?}", summary.notes);
        // Once for the plan, once in the run: what is due is not asked for again where it begins.
        assert_eq!(sim.counts.load(Ordering::SeqCst), 2);
        assert_eq!(summary.requests, sim.calls() + 1);
        assert_truth(&store, &sim, "after a bad count");
        // What is stored tells as much where the state is lost.
        store.reset(&sim.account, sim.clock.now()).await.unwrap();
        let planned = plan(&sim, &store, &options, sim.clock.now()).await.unwrap();
        assert_eq!(planned.requests, 5, "90 orders on pages of 20");
    }
}

/// A key that is refused is refused by the first page too: the run ends there, and says so.
#[tokio::test(start_paused = true)]
async fn a_refused_key_ends_the_run_at_its_first_page() {
    let sim = Sim::new(Kind::NewestFirst, 137).filled(90, 20, 0);
    let refused = || Error::new(ErrorKind::Auth, "wrong key");
    {
        let mut world = sim.world();
        world.bad_count = Some(refused);
        world.script = vec![(1, refused)];
    }
    let store = fresh().await;
    let report = run(&sim, &store, &options(sim.kind)).await;
    assert_eq!(report.summary.outcome, Outcome::Partial);
    assert_eq!(report.summary.error.as_deref(), Some("auth"));
    assert_eq!(report.error.unwrap().kind(), ErrorKind::Auth);
    sim.world().bad_count = None;
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_truth(&store, &sim, "with the right key");
}

/// What an estimate goes by is not what a run did.
#[tokio::test(start_paused = true)]
async fn notes_about_the_estimate_stay_with_the_plan() {
    let sim = Sim::new(Kind::Windows, 138).filled(30, 5, 0);
    let store = fresh().await;
    let options = options(sim.kind);
    let planned = plan(&sim, &store, &options, sim.clock.now()).await.unwrap();
    assert!(planned.notes[0].contains("the estimate counts"));
    let summary = run(&sim, &store, &options).await.summary;
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
}
