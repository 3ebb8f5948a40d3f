//! One plain pull of each kind, and how a run ends.

use std::time::Duration;

use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use orders_sync::{Context, Mode, Outcome, Point, Stop, pull};

use crate::bench::{KillAt, assert_no_duplicates, fresh, options, run, stored, tools};
use crate::sim::{DAY, KINDS, Kind, Sim, T0, at};

#[tokio::test(start_paused = true)]
async fn everything_arrives_from_each_kind_of_vendor() {
    for kind in KINDS {
        let sim = Sim::new(kind, 1).filled(230, 10, 50);
        let store = fresh().await;
        let report = run(&sim, &store, &options(kind)).await;
        assert_eq!(
            report.summary.outcome,
            Outcome::Complete,
            "{kind:?} {report:?}"
        );
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
        assert_eq!(report.summary.counts.new, 230);
        assert_no_duplicates(&store, "plain");
        sim.clock.advance(DAY);
        let again = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(
            (again.outcome, again.counts.new, again.counts.changed),
            (Outcome::Complete, 0, 0),
            "{kind:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_newer_than_the_safety_lag_is_asked_for() {
    let sim = Sim::new(Kind::Windows, 7).filled(100, 5, 0);
    let store = fresh().await;
    let now = sim.clock.seconds();
    run(&sim, &store, &options(Kind::Windows)).await;
    let latest = sim
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|slice| slice.window.unwrap().to)
        .max()
        .unwrap();
    assert_eq!(latest, at(now - 300));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_beyond_the_budget_is_a_partial_result() {
    for kind in KINDS {
        let sim = Sim::new(kind, 9).filled(300, 10, 0);
        let limit = || {
            Error::new(ErrorKind::RateLimit, "429")
                .retryable()
                .with_retry_after(Some(Duration::from_secs(90)))
        };
        // Windows begin with twenty empty days, and an empty one behind another is requested twice.
        let first = if kind == Kind::Windows { 46 } else { 6 };
        sim.world().script = (first..first + 100)
            .map(|nth| (nth, limit as fn() -> Error))
            .collect();
        let store = fresh().await;
        let options = orders_sync::Options {
            retries: orders_sync::Retries::new(3, Duration::from_secs(300)),
            ..options(kind)
        };
        let report = run(&sim, &store, &options).await;
        assert_eq!(report.summary.outcome, Outcome::Partial, "{kind:?}");
        assert_eq!(report.error.unwrap().kind(), ErrorKind::RateLimit);
        assert!(store.status(&sim.account).await.unwrap().interrupted);
        let kept = stored(&store).len();
        assert!(kept > 0 && kept < 300, "{kind:?}: {kept}");
        sim.world().script.clear();
        let report = run(&sim, &store, &options).await;
        assert_eq!(report.summary.outcome, Outcome::Complete);
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_key_ends_the_run_at_once() {
    let sim = Sim::new(Kind::Windows, 10).filled(100, 10, 0);
    sim.world().script = vec![(4, || Error::new(ErrorKind::Auth, "expired"))];
    let store = fresh().await;
    let report = run(&sim, &store, &options(Kind::Windows)).await;
    assert_eq!(
        (report.summary.outcome, report.summary.retries),
        (Outcome::Partial, 0)
    );
    assert_eq!(report.summary.error.as_deref(), Some("auth"));
    assert_eq!(
        run(&sim, &store, &options(Kind::Windows))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn a_stop_saves_the_state_and_the_next_run_goes_on() {
    struct StopAfter(Stop, std::sync::atomic::AtomicU32);
    impl orders_sync::Observer for StopAfter {
        fn event(&self, _: &orders_core::Account, event: &orders_sync::Event<'_>) {
            if matches!(event, orders_sync::Event::Stored { .. })
                && self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 4
            {
                self.0.stop();
            }
        }
    }
    for kind in KINDS {
        let sim = Sim::new(kind, 11).filled(300, 10, 0);
        let store = fresh().await;
        let stop = Stop::default();
        let observer = std::sync::Arc::new(StopAfter(stop.clone(), 0.into()));
        let tools = Context {
            stop,
            observer,
            ..tools(&sim)
        };
        let stopped = pull(&sim, &store, &options(kind), &tools)
            .await
            .unwrap()
            .summary;
        assert_eq!(stopped.outcome, Outcome::Stopped, "{kind:?}");
        let kept = stored(&store).len();
        assert!(kept > 0 && kept < 300);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete);
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_a_gap_of_one_second_and_filled_later() {
    let sim = Sim::new(Kind::Windows, 12).filled(300, 10, 0);
    // Older than the days that are read again anyway.
    let poison = sim
        .world()
        .rows
        .iter()
        .map(|row| row.updated)
        .min()
        .unwrap();
    sim.world().poison = Some(poison);
    let store = fresh().await;
    let report = run(&sim, &store, &options(Kind::Windows)).await;
    assert_eq!(
        (report.summary.outcome, report.summary.gaps),
        (Outcome::Incomplete, 1)
    );
    let status = store.status(&sim.account).await.unwrap();
    let orders_sync::Missing::Slice(slice) = &status.gaps[0].missing else {
        panic!()
    };
    assert_eq!(slice.window.unwrap().length(), TimeDelta::seconds(1));
    assert!(status.gaps[0].kind == "decode" && status.gaps[0].reason.contains("12e999"));
    assert!(
        stored(&store).len() >= 290,
        "all the rest is there: {}",
        stored(&store).len()
    );
    // Still bad: still told, not complete.
    let again = run(&sim, &store, &options(Kind::Windows)).await.summary;
    assert_eq!((again.outcome, again.gaps), (Outcome::Incomplete, 1));
    let gaps = store.status(&sim.account).await.unwrap().gaps;
    assert_eq!(gaps[0].tries, 2, "{gaps:?} {:?}", sim.asked.lock().unwrap());
    sim.world().poison = None;
    let mended = run(&sim, &store, &options(Kind::Windows)).await.summary;
    assert_eq!((mended.outcome, mended.gaps), (Outcome::Complete, 0));
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn a_window_beside_the_regular_pull_leaves_the_watermark() {
    let sim = Sim::new(Kind::Windows, 14).filled(100, 10, 0);
    let store = fresh().await;
    let first = run(&sim, &store, &options(Kind::Windows)).await.summary;
    sim.clock.advance(DAY);
    let window = orders_core::Window::new(at(T0 - 5 * DAY), at(T0 + 9 * DAY)).unwrap();
    let mode = Mode::Window {
        axis: Some(orders_core::TimeAxis::Created),
        window,
    };
    sim.asked.lock().unwrap().clear();
    let beside = run(
        &sim,
        &store,
        &orders_sync::Options {
            mode,
            ..options(Kind::Windows)
        },
    )
    .await
    .summary;
    assert_eq!(
        (beside.outcome, beside.watermark),
        (Outcome::Complete, first.watermark)
    );
    let end = sim
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|slice| slice.window.unwrap().to)
        .max()
        .unwrap();
    assert!(end <= at(sim.clock.seconds() - 300));
    let full = orders_sync::Options {
        mode: Mode::Full,
        ..options(Kind::Windows)
    };
    assert!(run(&sim, &store, &full).await.summary.watermark > first.watermark);
}

#[tokio::test(start_paused = true)]
async fn a_first_pull_of_windows_needs_a_start() {
    let sim = Sim::new(Kind::Windows, 15);
    let store = fresh().await;
    let options = orders_sync::Options::default();
    let error = pull(&sim, &store, &options, &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), sim.calls()), ("options", 0));
    let nobody = Sim::new(Kind::Cursor, 15);
    let error = pull(&nobody, &store, &options, &tools(&nobody))
        .await
        .unwrap_err();
    assert!(error.next().contains("customers"));
}

/// A cursor that expired while the run was away: the slice is read from its beginning.
#[tokio::test(start_paused = true)]
async fn an_expired_cursor_begins_its_slice_again() {
    let sim = Sim::new(Kind::Cursor, 16).filled(300, 10, 0);
    let store = fresh().await;
    let tools = Context {
        failpoints: KillAt::nth(Point::Committed, 3),
        ..tools(&sim)
    };
    let options = orders_sync::Options {
        at_once: 1,
        ..options(Kind::Cursor)
    };
    pull(&sim, &store, &options, &tools).await.unwrap_err();
    let next = sim.calls() + 1;
    let expired = || Error::invalid_request("page_info expired");
    // What is refused once is refused each time: it is not sent again.
    sim.world().script = vec![(next, expired)];
    let summary = run(&sim, &store, &options).await.summary;
    assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
    assert_eq!(summary.retries, 0);
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "expired cursor");
}

/// Waiting for the vendor does not keep a stop waiting.
#[tokio::test(start_paused = true)]
async fn a_stop_ends_a_wait() {
    struct StopOnWait(Stop);
    impl orders_sync::Observer for StopOnWait {
        fn event(&self, _: &orders_core::Account, event: &orders_sync::Event<'_>) {
            if matches!(
                event,
                orders_sync::Event::Waiting {
                    rate_limited: true,
                    ..
                }
            ) {
                self.0.stop();
            }
        }
    }
    let sim = Sim::new(Kind::NewestFirst, 17).filled(100, 10, 0);
    let limit = || {
        Error::new(ErrorKind::RateLimit, "429")
            .retryable()
            .with_retry_after(Some(Duration::from_secs(600)))
    };
    sim.world().script = vec![(2, limit)];
    let store = fresh().await;
    let stop = Stop::default();
    let tools = Context {
        observer: std::sync::Arc::new(StopOnWait(stop.clone())),
        stop,
        ..tools(&sim)
    };
    let before = sim.clock.seconds();
    let report = pull(&sim, &store, &options(sim.kind), &tools)
        .await
        .unwrap();
    assert_eq!(report.summary.outcome, Outcome::Stopped);
    assert!(sim.clock.seconds() - before < 5);
}

/// What an interrupted run read of the partitions is not read again by the run that ends it.
#[tokio::test(start_paused = true)]
async fn an_interrupted_reading_of_partitions_is_ended_not_begun_again() {
    let sim = Sim::new(Kind::Cursor, 18).filled(300, 10, 0);
    let store = fresh().await;
    let part = orders_sync::Options {
        max_orders: Some(150),
        ..options(Kind::Cursor)
    };
    let first = run(&sim, &store, &part).await.summary;
    assert_eq!(first.outcome, Outcome::Stopped);
    let second = run(&sim, &store, &options(Kind::Cursor)).await.summary;
    assert_eq!(second.outcome, Outcome::Complete);
    assert_eq!((second.counts.unchanged, stored(&store)), (0, sim.truth()));
    assert!(
        first.requests + second.requests <= 25,
        "{first:?} {second:?}"
    );
}
