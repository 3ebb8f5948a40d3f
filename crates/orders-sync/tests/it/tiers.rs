//! Late changes, the growing end, and plans whose estimates hold.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use orders_sync::{Mode, Options, Outcome, Pace, Phase, plan};

use crate::bench::{assert_no_duplicates, fresh, is_postgres, options, run, stored};
use crate::sim::{DAY, KINDS, Kind, PAGE, Sim, at};
use orders_sync::Clock;

/// A change that no window of new updates shows (the vendor backdates it): the open tier finds it.
#[tokio::test(start_paused = true)]
async fn open_orders_are_asked_again_until_they_are_terminal() {
    for fetches in [true, false] {
        let sim = Sim::new(Kind::Windows, 41).filled(200, 20, 0);
        sim.fetches.store(fetches, Ordering::SeqCst);
        let store = fresh().await;
        run(&sim, &store, &options(sim.kind)).await;
        sim.clock.advance(8 * DAY);
        for index in 0..150 {
            let updated = sim.world().rows[index].updated;
            sim.world().change(index, 2, updated);
        }
        let due = plan(&sim, &store, &options(sim.kind), sim.clock.now())
            .await
            .unwrap();
        assert_eq!(due.open_orders, 200);
        let before = sim.calls();
        let only = Options {
            mode: Mode::OnlyOpen,
            ..options(sim.kind)
        };
        let summary = run(&sim, &store, &only).await.summary;
        assert_eq!(
            (summary.outcome, summary.counts.changed),
            (Outcome::Complete, 150),
            "fetches: {fetches}"
        );
        assert_eq!(stored(&store), sim.truth());
        // By day where that is cheaper: about 20 days with ten orders each, instead of 200 look-ups.
        assert!(sim.calls() - before < 60, "{}", sim.calls() - before);
        assert_eq!(store.status(&sim.account).await.unwrap().open, 50);
    }
}

#[tokio::test(start_paused = true)]
async fn few_open_orders_are_fetched_one_by_one_and_gaps_are_filled() {
    let sim = Sim::new(Kind::Windows, 42).filled(200, 20, 0);
    for index in 5..200 {
        let updated = sim.world().rows[index].updated;
        sim.world().change(index, 2, updated);
    }
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(2 * DAY);
    for index in 0..5 {
        let updated = sim.world().rows[index].updated;
        sim.world().change(index, 3, updated);
    }
    let next = sim.calls() + 1;
    let bad = || Error::decode("amount", "cut");
    sim.world().script = (next..next + 3)
        .map(|nth| (nth, bad as fn() -> Error))
        .collect();
    let only = Options {
        mode: Mode::OnlyOpen,
        ..options(sim.kind)
    };
    let summary = run(&sim, &store, &only).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.changed, summary.gaps),
        (Outcome::Incomplete, 4, 1)
    );
    assert!(matches!(
        store.status(&sim.account).await.unwrap().gaps[0].missing,
        orders_sync::Missing::Order(_)
    ));
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.changed, summary.gaps),
        (Outcome::Complete, 1, 0)
    );
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn orders_beyond_the_horizon_are_given_up() {
    let sim = Sim::new(Kind::Windows, 43).filled(20, 3, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(170 * DAY);
    let due = plan(&sim, &store, &options(sim.kind), sim.clock.now())
        .await
        .unwrap();
    assert_eq!(due.open_orders, 20);
    sim.clock.advance(20 * DAY);
    let due = plan(&sim, &store, &options(sim.kind), sim.clock.now())
        .await
        .unwrap();
    assert_eq!(due.open_orders, 0);
}

/// Between full passes only the growing end is read.
#[tokio::test(start_paused = true)]
async fn between_passes_only_the_growing_end_is_read() {
    for kind in [Kind::NewestFirst, Kind::OldestFirst] {
        let sim = Sim::new(kind, 44).filled(600, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        for day in 0..3 {
            sim.clock.advance(DAY);
            for _ in 0..7 {
                sim.insert(sim.clock.seconds() - 3600);
            }
            let before = sim.calls();
            let summary = run(&sim, &store, &options(kind)).await.summary;
            assert_eq!(
                (summary.outcome, summary.counts.new),
                (Outcome::Complete, 7),
                "{kind:?} {day}"
            );
            assert!(
                sim.calls() - before <= 6,
                "{kind:?}: {} requests",
                sim.calls() - before
            );
            assert_eq!(stored(&store), sim.truth());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_growing_end_that_does_not_add_up_becomes_a_full_pass() {
    let sim = Sim::new(Kind::NewestFirst, 45).filled(300, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(DAY);
    // Somewhere in the middle, where the growing end does not look.
    sim.insert(sim.clock.seconds() - 10 * DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.new),
        (Outcome::Complete, 1)
    );
    assert!(
        summary
            .notes
            .iter()
            .any(|note| note.contains("did not add up")),
        "{:?}",
        summary.notes
    );
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn rows_in_no_order_are_passed_fully_and_told() {
    let sim = Sim::new(Kind::Shuffled, 46).filled(200, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(DAY);
    sim.insert(sim.clock.seconds() - 5 * DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert!(
        summary.notes.iter().any(|note| note.contains("not sorted")),
        "{:?}",
        summary.notes
    );
    assert_eq!(summary.requests, 201u64.div_ceil(PAGE as u64));
    assert_eq!(stored(&store), sim.truth());
}

/// A vendor whose count says more than it gives is never complete.
#[tokio::test(start_paused = true)]
async fn a_total_that_is_never_reached_is_incomplete() {
    #[derive(Debug)]
    struct OneTooMany(Sim);
    #[async_trait::async_trait]
    impl orders_core::OrderSource for OneTooMany {
        fn account(&self) -> &orders_core::Account {
            &self.0.account
        }
        fn capabilities(&self) -> orders_core::Capabilities {
            self.0.capabilities()
        }
        async fn slices(
            &self,
            query: &orders_core::Query,
            after: Option<&orders_core::Cursor>,
        ) -> Result<orders_core::Slices, Error> {
            self.0.slices(query, after).await
        }
        async fn page(
            &self,
            slice: &orders_core::Slice,
            cursor: Option<&orders_core::Cursor>,
        ) -> Result<orders_core::Page, Error> {
            let mut page = self.0.page(slice, cursor).await?;
            page.total = page.total.map(|total| total + 1);
            Ok(page)
        }
    }
    let source = OneTooMany(Sim::new(Kind::NewestFirst, 47).filled(55, 5, 0));
    let store = fresh().await;
    let tools = crate::bench::tools(&source.0);
    let report = orders_sync::pull(&source, &store, &options(source.0.kind), &tools)
        .await
        .unwrap();
    assert_eq!(report.summary.outcome, Outcome::Incomplete);
    let gaps = store.status(&source.0.account).await.unwrap().gaps;
    assert_eq!(gaps[0].kind, ErrorKind::Incomplete.as_str());
    assert!(gaps[0].reason.contains("56"), "{}", gaps[0].reason);
    let again = orders_sync::pull(&source, &store, &options(source.0.kind), &tools)
        .await
        .unwrap();
    assert_eq!(
        again.summary.outcome,
        Outcome::Incomplete,
        "and never reported complete later"
    );
}

#[tokio::test(start_paused = true)]
async fn the_plan_tells_requests_and_time_and_asks_nothing() {
    let sim = Sim::new(Kind::Windows, 48).filled(300, 10, 0);
    let store = fresh().await;
    let pace = Pace {
        requests: 1,
        per: Duration::from_secs(1),
        burst: 0,
    };
    let options = Options {
        pace: Some(pace),
        ..options(sim.kind)
    };
    let first = plan(&sim, &store, &options, sim.clock.now()).await.unwrap();
    assert_eq!(
        first
            .tasks
            .iter()
            .map(|task| task.phase)
            .collect::<Vec<_>>(),
        [Phase::New]
    );
    assert_eq!(first.tasks[0].windows[0].to, at(sim.clock.seconds() - 300));
    assert_eq!(first.time, Some(Duration::from_secs(first.requests)));
    assert!(first.notes[0].contains("nothing was pulled before"));
    run(&sim, &store, &options).await;
    sim.clock.advance(8 * DAY);
    let calls = sim.calls();
    let later = plan(&sim, &store, &options, sim.clock.now()).await.unwrap();
    assert!(later.requests < 60, "{later:?}");
    assert_eq!(
        later
            .tasks
            .iter()
            .map(|task| task.phase)
            .collect::<Vec<_>>(),
        [Phase::New, Phase::Lookback, Phase::OpenOrders]
    );
    assert_eq!((later.open_orders, sim.calls()), (300, calls));
    let text = serde_json::to_string(&later).unwrap();
    assert_eq!(
        serde_json::from_str::<orders_sync::Plan>(&text).unwrap(),
        later
    );
}

/// Daily pulls while commissions mature: equal to the truth at the end, at a cost that the plans foretold.
#[tokio::test(start_paused = true)]
async fn a_hundred_and_twenty_days_end_with_the_truth_within_twice_the_plan() {
    // Hundreds of runs: over a server those of one kind.
    let kinds = if is_postgres() { &KINDS[..1] } else { &KINDS };
    for kind in kinds.iter().copied() {
        let sim = Sim::new(kind, 49).filled(200, 10, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        let (mut planned, mut asked) = (0, 0);
        // Those that are read in full each day show no more in four months than in two.
        let days = match kind {
            Kind::Shuffled | Kind::Cursor => 60,
            _ => 120,
        };
        for day in 0..days {
            sim.clock.advance(DAY);
            let now = sim.clock.seconds();
            for order in 0..8 {
                sim.insert(now - order * 3000 - 400);
            }
            let count = sim.world().rows.len();
            for index in 0..count {
                // 0 -> 1 after about two weeks, 1 -> 2 or -1 after about six.
                let age = (now - sim.world().rows[index].created) / DAY;
                let status = sim.world().rows[index].status;
                if (status == 0 && age == 14) || (status == 1 && age == 42) {
                    let to = if status == 0 { 1 } else { 2 + index % 2 };
                    sim.world().change(index, to, now - 500);
                }
            }
            planned += plan(&sim, &store, &options(kind), sim.clock.now())
                .await
                .unwrap()
                .requests;
            let before = sim.calls();
            let summary = run(&sim, &store, &options(kind)).await.summary;
            asked += sim.calls() - before;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?} day {day}");
        }
        // The last changes of a vendor without windows of updates come with the weekly tiers.
        sim.clock.advance(8 * DAY);
        run(&sim, &store, &options(kind)).await;
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
        assert_no_duplicates(&store, "time travel");
        assert!(
            asked <= 2 * planned,
            "{kind:?}: {asked} requests, {planned} planned"
        );
        assert!(
            planned <= 3 * asked,
            "{kind:?}: {planned} planned, {asked} requests: a plan must say something"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_window_size_that_worked_is_carried_over() {
    let mut sim = Sim::new(Kind::Windows, 50).filled(20_000, 5, 0);
    sim.page = 200;
    let store = fresh().await;
    let since = at(sim.clock.seconds() - 600) - TimeDelta::days(5);
    let summary = run(
        &sim,
        &store,
        &Options {
            since: Some(since),
            ..options(sim.kind)
        },
    )
    .await
    .summary;
    assert_eq!(stored(&store), sim.truth());
    let ideal = 100;
    assert!(
        summary.requests * 10 <= ideal * 16,
        "{} requests for {ideal} pages",
        summary.requests
    );
}
