//! Clocks that were wrong, and lengths of time beyond all times.

use chrono::TimeDelta;
use orders_sync::{Options, Outcome, SqliteStore, Store, SyncError, plan, pull, verify};

use crate::bench::{assert_truth, options, run, tools};
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

/// The machine's clock was 60 days ahead for one run, then right again. What a state of windows says was asked for was
/// not: it is refused. Passes over everything begin anew.
#[tokio::test(start_paused = true)]
async fn a_clock_that_was_ahead_once_is_refused_or_set_right() {
    for kind in KINDS {
        let sim = Sim::new(kind, 510).filled(60, 20, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        run(&sim, &mut store, &options(kind)).await;
        sim.clock.advance(60 * DAY);
        run(&sim, &mut store, &options(kind)).await;
        sim.clock.advance(-60 * DAY);
        for _ in 0..10 {
            sim.clock.advance(DAY);
            let now = sim.clock.seconds();
            sim.insert(now - 900);
            let index = sim.world().random.below(60);
            sim.world().change(index, 2, now - 800);
            let report = pull(&sim, &mut store, &options(kind), &tools(&sim)).await;
            if matches!(kind, Kind::Windows | Kind::Store) {
                let error = report.unwrap_err();
                assert_eq!(error.kind(), "state_ahead", "{kind:?}");
                assert!(error.to_string().contains("days"), "{error}");
                assert!(!error.is_retryable() && error.next().contains("clock"));
            } else {
                let outcome = report.unwrap().summary.outcome;
                assert_eq!(outcome, Outcome::Complete, "{kind:?}");
            }
        }
        if matches!(kind, Kind::Windows | Kind::Store) {
            store.reset(&sim.account).unwrap();
        } else {
            // Late changes come with the weekly reading.
            sim.clock.advance(8 * DAY);
        }
        run(&sim, &mut store, &options(kind)).await;
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}

/// The same by some hours: nobody is stopped, and what lay between is read.
#[tokio::test(start_paused = true)]
async fn a_clock_some_hours_ahead_stops_nobody_and_loses_nothing() {
    for kind in KINDS {
        let sim = Sim::new(kind, 532).filled(60, 20, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        let options = Options {
            lookback: TimeDelta::zero(),
            ..options(kind)
        };
        for _ in 0..5 {
            sim.clock.advance(5 * 3600);
            run(&sim, &mut store, &options).await;
            sim.clock.advance(-5 * 3600);
            for minute in 1..50 {
                sim.insert(sim.clock.seconds() + minute * 60);
            }
            sim.clock.advance(3600);
            let summary = run(&sim, &mut store, &options).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete);
            assert_truth(&store, &sim, &format!("{kind:?}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn lengths_beyond_all_times_are_refused() {
    for days in [-1, 40_000, 100_000_000] {
        let length = TimeDelta::try_days(days).unwrap();
        let set: [fn(&mut Options) -> &mut TimeDelta; 7] = [
            |options| &mut options.safety_lag,
            |options| &mut options.lookback,
            |options| &mut options.lookback_every,
            |options| &mut options.open_every,
            |options| &mut options.horizon,
            |options| &mut options.full_every,
            |options| &mut options.overlap,
        ];
        for field in set {
            let sim = Sim::new(Kind::Windows, 519).filled(20, 5, 0);
            let mut store = SqliteStore::in_memory().unwrap();
            let usual = options(sim.kind);
            let mut odd = usual.clone();
            *field(&mut odd) = length;
            let now = crate::sim::at(sim.clock.seconds());
            let refused =
                |result: Result<(), SyncError>| assert_eq!(result.unwrap_err().kind(), "options");
            refused(plan(&sim, &store, &odd, now).await.map(|_| ()));
            refused(pull(&sim, &mut store, &odd, &tools(&sim)).await.map(|_| ()));
            run(&sim, &mut store, &usual).await;
            refused(verify(&sim, &store, &odd, now).await.map(|_| ()));
        }
    }
}

/// The longest lengths that are taken pass through everything.
#[tokio::test(start_paused = true)]
async fn a_hundred_years_panic_nowhere() {
    for kind in KINDS {
        let sim = Sim::new(kind, 520).filled(20, 5, 0);
        let mut store = SqliteStore::in_memory().unwrap();
        let long = TimeDelta::days(36_525);
        let odd = Options {
            lookback: long,
            lookback_every: long,
            open_every: long,
            horizon: long,
            full_every: long,
            overlap: long,
            ..options(kind)
        };
        run(&sim, &mut store, &odd).await;
        sim.clock.advance(DAY);
        run(&sim, &mut store, &odd).await;
        assert_truth(&store, &sim, "a hundred years");
        let lag = Options {
            safety_lag: long,
            ..odd
        };
        run(&sim, &mut store, &lag).await;
    }
}
