//! What is not finished is not complete, and nothing waits for ever behind it.

use std::sync::atomic::Ordering;

use orders_sync::{Context, Mode, Options, Outcome, Point, pull};

use crate::bench::{KillAt, assert_truth, fresh, number, options, run, stored, tools};
use crate::habits::{Habit, Odd};
use crate::sim::{DAY, Kind, Sim, at};

/// Three open orders whose look-up always fails must not keep new orders waiting for ever.
#[tokio::test(start_paused = true)]
async fn three_bad_lookups_keep_no_new_order_waiting() {
    let sim = Sim::new(Kind::Windows, 505).filled(15, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let odd = Odd::new(&sim, Habit::FailsForSome);
    odd.failing
        .lock()
        .unwrap()
        .extend(["o000002", "o000003", "o000004"].map(String::from));
    for _ in 0..10 {
        sim.clock.advance(8 * DAY);
        sim.insert(sim.clock.seconds() - 900);
        odd.run(&store, &options(sim.kind)).await;
    }
    assert_eq!(
        stored(&store).len(),
        25,
        "the left job comes first and never ends"
    );
}

/// A crowded second of a vendor that names no second page.
#[tokio::test(start_paused = true)]
async fn a_full_second_without_a_second_page_is_not_complete() {
    let sim = Sim::new(Kind::Windows, 507).filled(100, 5, 50);
    let store = fresh().await;
    let odd = Odd::new(&sim, Habit::NoSecondPage);
    let report = odd.run(&store, &options(sim.kind)).await;
    let kept = stored(&store).len();
    assert!(
        kept == 100 || report.summary.outcome != Outcome::Complete,
        "{kept} of 100, {:?}",
        report.summary.outcome
    );
}

/// 429 with `Retry-After: 0`: the budget must end the run.
#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_names_no_wait_ends_within_the_budget() {
    let sim = Sim::new(Kind::Windows, 509).filled(30, 5, 0);
    let store = fresh().await;
    let odd = Odd::new(&sim, Habit::AlwaysLimited);
    let report = odd.run(&store, &options(sim.kind)).await;
    assert_eq!(report.summary.outcome, Outcome::Partial);
}

/// Twenty-five orders that no client can read, among 200: what is open is asked again all the same.
#[tokio::test(start_paused = true)]
async fn many_old_gaps_do_not_keep_open_orders_waiting() {
    let sim = Sim::new(Kind::Windows, 601).filled(200, 28, 0);
    let mut rows: Vec<i64> = sim.world().rows.iter().map(|row| row.updated).collect();
    rows.sort_unstable();
    let mut odd = Odd::new(&sim, Habit::BadSeconds);
    odd.seconds = rows.iter().copied().step_by(8).collect();
    let store = fresh().await;
    for _ in 0..10 {
        odd.run(&store, &options(sim.kind)).await;
        sim.clock.advance(3600);
    }
    // A change that only the open tier finds: it moves no update time.
    let index = (0..200)
        .find(|i| !odd.seconds.contains(&sim.world().rows[*i].updated))
        .unwrap();
    let (name, updated) = {
        let world = sim.world();
        (world.rows[index].name(), world.rows[index].updated)
    };
    sim.world().change(index, 2, updated);
    for _ in 0..6 {
        sim.clock.advance(8 * DAY);
        let summary = odd.run(&store, &options(sim.kind)).await.summary;
        assert!(summary.gaps > 0 && summary.outcome != Outcome::Complete);
    }
    let terminal = format!("SELECT terminal FROM orders WHERE id = '{name}'");
    assert_eq!(number(&store, &terminal), 1, "still open seven weeks later");
}

/// `reset` begins marks at 1 again, and orders carry the marks of the passes before: those prove nothing.
#[tokio::test(start_paused = true)]
async fn an_order_gone_before_the_pass_after_a_reset_is_noticed() {
    // (a) An order that vanished is noticed by the first full pass after a reset.
    let sim = Sim::new(Kind::NewestFirst, 602).filled(100, 20, 0);
    sim.fetches.store(false, Ordering::SeqCst);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    store
        .reset(&sim.account, at(sim.clock.seconds()))
        .await
        .unwrap();
    sim.clock.advance(60);
    sim.world().rows.remove(50);
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_truth(&store, &sim, "(a) vanished before the pass after the reset");
}

#[tokio::test(start_paused = true)]
async fn a_pass_after_a_reset_is_not_complete_by_old_marks() {
    // Without the reset there is none: that is the control.
    assert_eq!(complete_but_wrong(false).await, 0, "without a reset");
    assert_eq!(complete_but_wrong(true).await, 0, "of 20 seeds");
}

async fn complete_but_wrong(reset: bool) -> u32 {
    let mut false_complete = 0;
    for seed in 0..20 {
        let sim = Sim::new(Kind::NewestFirst, 610 + seed).filled(90, 3, 60);
        let store = fresh().await;
        run(&sim, &store, &options(sim.kind)).await;
        if reset {
            store
                .reset(&sim.account, at(sim.clock.seconds()))
                .await
                .unwrap();
        }
        sim.clock.advance(8 * DAY);
        let now = sim.clock.seconds();
        for index in 0..90 {
            sim.world().change(index, 2, now);
        }
        // Ties in another order at each request: a pass steps over rows, and must notice by counting.
        sim.world().unstable = true;
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        let differs = stored(&store) != sim.truth();
        false_complete += u32::from(summary.outcome == Outcome::Complete && differs);
    }
    false_complete
}

/// A run is killed when its full reading is all but over; orders come; the next run must not ask nothing and say
/// `Complete`. Of partitions, which take hours, the reading ends as of its beginning, and the run says so.
#[tokio::test(start_paused = true)]
async fn a_reading_that_was_all_but_over_does_not_hide_what_came_since() {
    for kind in [Kind::Shuffled, Kind::Cursor, Kind::NewestFirst] {
        let sim = Sim::new(kind, 635).filled(100, 20, 0);
        let store = fresh().await;
        let killed = Context {
            failpoints: KillAt::nth(Point::JobEnded, 1),
            ..tools(&sim)
        };
        let ended = pull(&sim, &store, &options(kind), &killed).await;
        ended.unwrap_err();
        sim.clock.advance(20 * 3600);
        for _ in 0..3 {
            sim.insert(sim.clock.seconds() - 3600);
        }
        let summary = run(&sim, &store, &options(kind)).await.summary;
        let missing = sim.truth().len() - stored(&store).len();
        let told =
            kind == Kind::Cursor && summary.notes.iter().any(|note| note.contains("as of 20"));
        assert!(
            missing == 0 || told || summary.outcome != Outcome::Complete,
            "{kind:?}: {missing} missing, {:?} {:?}",
            summary.outcome,
            summary.notes
        );
    }
}

/// Asked for open orders only, while a first pull is unfinished.
#[tokio::test(start_paused = true)]
async fn only_open_is_not_complete_beside_an_unfinished_pull() {
    let sim = Sim::new(Kind::Windows, 516).filled(200, 20, 0);
    let store = fresh().await;
    let stopped = Options {
        max_orders: Some(30),
        ..options(sim.kind)
    };
    run(&sim, &store, &stopped).await;
    let only = Options {
        mode: Mode::OnlyOpen,
        ..options(sim.kind)
    };
    let summary = run(&sim, &store, &only).await.summary;
    assert_eq!(summary.outcome, Outcome::Partial);
    assert!(summary.notes[0].contains("interrupted pull is waiting"));
    run(&sim, &store, &options(sim.kind)).await;
    let summary = run(&sim, &store, &only).await.summary;
    assert_eq!(
        (summary.outcome, summary.notes),
        (Outcome::Complete, vec![])
    );
}
