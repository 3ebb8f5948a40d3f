//! Where a pull begins and ends: no beginning leaves a hole, and what is not asked for is said.

use chrono::TimeDelta;
use orders_core::Window;
use orders_sync::{Mode, Options, Outcome, plan, pull};

use crate::bench::{fresh, options, run, stored, tools};
use crate::sim::{DAY, Kind, Sim, T0, at};

/// Read in full from later than the watermark: what lies between is read as well.
#[tokio::test(start_paused = true)]
async fn a_full_pull_from_a_later_beginning_leaves_no_hole() {
    let sim = Sim::new(Kind::Windows, 512).filled(60, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    for _ in 0..40 {
        sim.clock.advance(DAY);
        sim.insert(sim.clock.seconds() - 900);
    }
    let full = Options {
        mode: Mode::Full,
        since: Some(at(sim.clock.seconds()) - TimeDelta::days(10)),
        ..options(sim.kind)
    };
    let first = run(&sim, &store, &full).await.summary;
    let second = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (stored(&store).len(), second.watermark.is_some()),
        (100, true),
        "{:?} {:?}",
        first.outcome,
        second.outcome
    );
}

/// A full pull is stopped, then one from an earlier beginning is asked for: it must be done, not only the old one.
#[tokio::test(start_paused = true)]
async fn a_full_pull_from_earlier_is_not_swallowed_by_an_interrupted_one() {
    let sim = Sim::new(Kind::Windows, 513).filled(200, 90, 0);
    let store = fresh().await;
    let since = |days| Some(at(T0) - TimeDelta::days(days));
    let first = Options {
        since: since(20),
        ..options(sim.kind)
    };
    run(&sim, &store, &first).await;
    let full = |days, most| Options {
        mode: Mode::Full,
        since: since(days),
        max_orders: most,
        ..options(sim.kind)
    };
    let stopped = run(&sim, &store, &full(20, Some(10))).await.summary;
    assert_eq!(stopped.outcome, Outcome::Stopped);
    sim.clock.advance(60);
    let summary = run(&sim, &store, &full(100, None)).await.summary;
    assert_eq!(
        (summary.outcome, stored(&store).len()),
        (Outcome::Complete, 200)
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_pull_reads_from_the_first_beginning_or_an_earlier_one() {
    let sim = Sim::new(Kind::Windows, 633).filled(100, 28, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.asked.lock().unwrap().clear();
    let full = Options {
        mode: Mode::Full,
        since: Some(at(T0) - TimeDelta::days(2)),
        ..options(sim.kind)
    };
    run(&sim, &store, &full).await;
    let first = sim
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|s| s.window.unwrap().from)
        .min();
    assert_eq!(first, Some(at(T0) - TimeDelta::days(30)));
}

/// A beginning that lies in the future reads nothing; that is not `Complete`.
#[tokio::test(start_paused = true)]
async fn a_first_pull_from_the_future_is_refused() {
    let sim = Sim::new(Kind::Windows, 514).filled(20, 5, 0);
    let store = fresh().await;
    let options = Options {
        since: Some(at(T0) + TimeDelta::days(365)),
        ..options(sim.kind)
    };
    let error = pull(&sim, &store, &options, &tools(&sim)).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), "options");
    assert!(error.to_string().contains("future"), "{error}");
    let full = Options {
        mode: Mode::Full,
        ..options
    };
    let error = pull(&sim, &store, &full, &tools(&sim)).await;
    assert_eq!(error.unwrap_err().kind(), "options");
}

/// The last days read again, further back than the first pull began.
#[tokio::test(start_paused = true)]
async fn a_longer_lookback_from_an_earlier_beginning_reads_that_far() {
    let sim = Sim::new(Kind::Windows, 517).filled(200, 80, 0);
    let store = fresh().await;
    let first = Options {
        since: Some(at(T0) - TimeDelta::days(10)),
        ..options(sim.kind)
    };
    run(&sim, &store, &first).await;
    sim.clock.advance(DAY);
    let back = Options {
        since: Some(at(sim.clock.seconds()) - TimeDelta::days(90)),
        lookback: TimeDelta::days(90),
        lookback_every: TimeDelta::zero(),
        ..options(sim.kind)
    };
    // Without a beginning it is as far as the pull goes, and the run says so.
    let only = Options {
        since: None,
        ..back.clone()
    };
    let summary = run(&sim, &store, &only).await.summary;
    assert!(summary.notes[0].contains("where the pull begins"));
    let summary = run(&sim, &store, &back).await.summary;
    assert_eq!(
        (summary.outcome, stored(&store).len()),
        (Outcome::Complete, 200),
        "notes: {:?}",
        summary.notes
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_that_reaches_into_the_future_says_so() {
    let sim = Sim::new(Kind::Windows, 522).filled(60, 10, 0);
    let store = fresh().await;
    let window = Window::new(at(T0 - 5 * DAY), at(T0 + 5 * DAY)).unwrap();
    let options = Options {
        mode: Mode::Window { axis: None, window },
        ..options(sim.kind)
    };
    let planned = plan(&sim, &store, &options, at(sim.clock.seconds())).await;
    let summary = run(&sim, &store, &options).await.summary;
    assert_eq!(planned.unwrap().notes, summary.notes);
    assert!(summary.notes[0].contains("lies in the future"));
}
