//! Clocks that were wrong, and lengths of time beyond all times.

use chrono::TimeDelta;
use orders_sync::{Options, Outcome, SyncError, plan, pull, verify};

use crate::bench::{assert_truth, fresh, options, run, tools};
use crate::sim::{DAY, KINDS, Kind, Sim};

/// Changes of a passed list while `full_at` lies in the future.
#[tokio::test(start_paused = true)]
async fn a_full_pass_dated_in_the_future_is_due() {
    let sim = Sim::new(Kind::NewestFirst, 511).filled(60, 20, 0);
    let store = fresh().await;
    sim.clock.advance(365 * DAY);
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(-365 * DAY);
    let now = sim.clock.seconds();
    sim.world().change(3, 2, now);
    for _ in 0..6 {
        sim.clock.advance(8 * DAY);
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete);
    }
    assert_truth(&store, &sim, "seven weeks of complete runs");
}

/// The machine's clock was 60 days ahead for one run, then right again, and the vendor tells no time: what lies between is
/// read again from the run before, and nothing is to be reset.
#[tokio::test(start_paused = true)]
async fn a_clock_that_was_ahead_once_is_set_right() {
    for kind in KINDS {
        let sim = Sim::new(kind, 510).filled(60, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        sim.clock.advance(60 * DAY);
        run(&sim, &store, &options(kind)).await;
        sim.clock.advance(-60 * DAY);
        for day in 0..10 {
            sim.clock.advance(DAY);
            let now = sim.clock.seconds();
            sim.insert(now - 900);
            let index = sim.world().random.below(60);
            sim.world().change(index, 2, now - 800);
            let summary = run(&sim, &store, &options(kind)).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
            let noted = summary.notes.iter().any(|note| note.contains("clock"));
            assert!(noted || day > 0, "{kind:?}: {:?}", summary.notes);
            if matches!(kind, Kind::Windows | Kind::Store) {
                assert_truth(&store, &sim, &format!("{kind:?}, day {day}"));
            }
        }
        // Late changes of a list come with the weekly reading.
        sim.clock.advance(8 * DAY);
        run(&sim, &store, &options(kind)).await;
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}

/// A clock that lies before everything that was ever requested cannot request anything.
#[tokio::test(start_paused = true)]
async fn a_clock_before_the_beginning_is_to_be_set_right() {
    let sim = Sim::new(Kind::Store, 512).filled(60, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let saved = store.state(&sim.account).await.unwrap();
    sim.clock.advance(-365 * DAY);
    let error = pull(&sim, &store, &options(sim.kind), &tools(&sim)).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), "state_ahead");
    assert!(error.next().contains("clock") && !error.is_retryable());
    assert_eq!(store.state(&sim.account).await.unwrap(), saved);
}

/// The same by some hours: nobody is stopped, and what lay between is read.
#[tokio::test(start_paused = true)]
async fn a_clock_some_hours_ahead_stops_nobody_and_loses_nothing() {
    for kind in KINDS {
        let sim = Sim::new(kind, 532).filled(60, 20, 0);
        let store = fresh().await;
        let options = Options {
            lookback: TimeDelta::zero(),
            ..options(kind)
        };
        for _ in 0..5 {
            sim.clock.advance(5 * 3600);
            run(&sim, &store, &options).await;
            sim.clock.advance(-5 * 3600);
            for minute in 1..50 {
                sim.insert(sim.clock.seconds() + minute * 60);
            }
            sim.clock.advance(3600);
            let summary = run(&sim, &store, &options).await.summary;
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
            let store = fresh().await;
            let usual = options(sim.kind);
            let mut odd = usual.clone();
            *field(&mut odd) = length;
            let now = crate::sim::at(sim.clock.seconds());
            let refused =
                |result: Result<(), SyncError>| assert_eq!(result.unwrap_err().kind(), "options");
            refused(plan(&sim, &store, &odd, now).await.map(|_| ()));
            refused(pull(&sim, &store, &odd, &tools(&sim)).await.map(|_| ()));
            run(&sim, &store, &usual).await;
            refused(
                verify(&sim, &store, &odd, 0, &tools(&sim))
                    .await
                    .map(|_| ()),
            );
        }
    }
}

/// The longest lengths that are taken pass through everything.
#[tokio::test(start_paused = true)]
async fn a_hundred_years_panic_nowhere() {
    for kind in KINDS {
        let sim = Sim::new(kind, 520).filled(20, 5, 0);
        let store = fresh().await;
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
        run(&sim, &store, &odd).await;
        sim.clock.advance(DAY);
        run(&sim, &store, &odd).await;
        assert_truth(&store, &sim, "a hundred years");
        let lag = Options {
            safety_lag: long,
            ..odd
        };
        run(&sim, &store, &lag).await;
    }
}
