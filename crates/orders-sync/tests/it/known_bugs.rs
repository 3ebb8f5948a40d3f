//! Bugs that other connectors had, and complaints of their users: each test says one, and where it was seen.

use std::time::Duration;

use chrono::TimeDelta;
use orders_core::{Error, ErrorKind};
use orders_sync::{Context, Outcome, Point, Store, pull};

use crate::bench::{
    KillAt, assert_no_duplicates, execute, fresh, number, options, run, stored, tools,
};
use crate::sim::{DAY, Kind, Sim, T0, at};

/// tap-shopify PR 166: the run dies inside a window, an order is changed before the next run: it must not be lost.
#[tokio::test(start_paused = true)]
async fn killed_in_a_window_and_changed_before_the_next_run_an_order_is_not_lost() {
    let sim = Sim::new(Kind::Windows, 2).filled(300, 20, 0);
    let store = fresh().await;
    let tools = Context {
        failpoints: KillAt::nth(Point::Committed, 12),
        ..tools(&sim)
    };
    let error = pull(&sim, &store, &options(Kind::Windows), &tools)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "failpoint");
    let frozen = frozen_end(&store, &sim).await;
    for index in 0..100 {
        let now = sim.clock.seconds();
        sim.world().change(index, 2, now);
    }
    sim.clock.advance(3 * 3600);
    sim.asked.lock().unwrap().clear();
    let report = run(&sim, &store, &options(Kind::Windows)).await;
    assert_eq!(report.summary.outcome, Outcome::Complete);
    assert_eq!(stored(&store), sim.truth());
    // The first windows asked for end at the frozen end, and the next begin there.
    let asked = sim.asked.lock().unwrap().clone();
    assert!(asked.iter().any(|slice| slice.window.unwrap().to == frozen));
    assert!(
        asked
            .iter()
            .any(|slice| slice.window.unwrap().from == frozen)
    );
}

async fn frozen_end(store: &Store, sim: &Sim) -> chrono::DateTime<chrono::Utc> {
    let state: serde_json::Value =
        serde_json::from_str(&store.state(&sim.account).await.unwrap().unwrap()).unwrap();
    let end = &state["jobs"][0]["work"]["query"]["windows"][0]["to"];
    serde_json::from_value(end.clone()).unwrap()
}

/// tap-shopify 3.8.1 and 3.10.0: a window without rows never moved the bookmark.
#[tokio::test(start_paused = true)]
async fn a_window_without_rows_moves_the_bookmark() {
    let sim = Sim::new(Kind::Windows, 3);
    let store = fresh().await;
    let first = run(&sim, &store, &options(Kind::Windows)).await.summary;
    assert_eq!(first.watermark, Some(at(T0 - 300)));
    sim.clock.advance(10 * DAY);
    sim.insert(T0 + 9 * DAY);
    let before = sim.calls();
    let second = run(&sim, &store, &options(Kind::Windows)).await.summary;
    assert_eq!(second.counts.new, 1);
    assert!(second.watermark > first.watermark);
    // Ten days, the last three again, and no more: nothing before the watermark is requested as new. An empty window
    // behind another is requested twice.
    assert!(sim.calls() - before <= 30, "{}", sim.calls() - before);
}

/// tap-shopify 3.7.3: the state of a failed job poisoned the next run.
#[tokio::test(start_paused = true)]
async fn a_damaged_or_foreign_state_is_refused_with_what_to_do() {
    let sim = Sim::new(Kind::Windows, 4).filled(30, 5, 0);
    let store = fresh().await;
    run(&sim, &store, &options(Kind::Windows)).await;
    let good = store.state(&sim.account).await.unwrap().unwrap();
    for (text, kind) in [
        (&good[..good.len() / 2], "state_damaged"),
        (
            r#"{"bookmarks":{"orders":{"updated_at":"2026-01-01"}}}"#,
            "state_foreign",
        ),
        (
            &good.replace("\"label\":\"main\"", "\"label\":\"other\""),
            "state_foreign",
        ),
        (
            &good.replace("\"version\":5", "\"version\":9"),
            "state_newer",
        ),
    ] {
        let text = text.replace('\'', "''");
        execute(&store, &format!("UPDATE checkpoints SET state = '{text}'"));
        let calls = sim.calls();
        let error = pull(&sim, &store, &options(Kind::Windows), &tools(&sim))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!error.next().is_empty() && !error.is_retryable());
        assert_eq!(sim.calls(), calls, "nothing was asked");
        assert_eq!(
            store.state(&sim.account).await.unwrap().unwrap(),
            text,
            "left as it is"
        );
    }
    store
        .reset(&sim.account, at(sim.clock.seconds()))
        .await
        .unwrap();
    let report = run(&sim, &store, &options(Kind::Windows)).await;
    assert_eq!(
        (report.summary.outcome, report.summary.counts.new),
        (Outcome::Complete, 0)
    );
}

/// lakeflow PR 267: the watermark moves only after the whole pass, to the time at which it began.
#[tokio::test(start_paused = true)]
async fn the_bookmark_moves_only_after_a_whole_pass_to_its_frozen_start() {
    for kind in [Kind::Windows, Kind::NewestFirst, Kind::Cursor] {
        let sim = Sim::new(kind, 5).filled(300, 20, 0);
        let store = fresh().await;
        let tools = Context {
            failpoints: KillAt::nth(Point::Committed, 9),
            ..tools(&sim)
        };
        let began = at(sim.clock.seconds());
        pull(&sim, &store, &options(kind), &tools)
            .await
            .unwrap_err();
        let status = store.status(&sim.account).await.unwrap();
        assert_eq!(
            (status.watermark, status.interrupted),
            (None, true),
            "{kind:?}"
        );
        sim.clock.advance(3600);
        let partial = orders_sync::Options {
            max_orders: Some(1),
            ..options(kind)
        };
        let stopped = run(&sim, &store, &partial).await.summary;
        assert_eq!(
            (stopped.outcome, stopped.watermark),
            (Outcome::Stopped, None),
            "{kind:?}"
        );
        // Only what the first run froze is finished here: its end is what counts.
        let only_first = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(only_first.outcome, Outcome::Complete);
        assert!(only_first.watermark.unwrap() >= began - TimeDelta::minutes(5));
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
    }
}

/// tap-shopify 3.2.1: what changes inside the order is a change of the order, and history says what.
#[tokio::test(start_paused = true)]
async fn what_changes_inside_an_order_is_a_change_of_the_order() {
    let sim = Sim::new(Kind::Windows, 6).filled(40, 5, 0);
    let store = fresh().await;
    run(&sim, &store, &options(Kind::Windows)).await;
    sim.clock.advance(40 * DAY);
    let now = sim.clock.seconds() - 900;
    sim.world().change(7, 2, now);
    let summary = run(&sim, &store, &options(Kind::Windows)).await.summary;
    assert_eq!(summary.counts.changed, 1);
    let name = sim.world().rows[7].name();
    let history = store.history(&sim.account, &name).await.unwrap();
    let told: Vec<_> = history.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(told, ["new", "changed"]);
    let changes: Vec<_> = history[1]
        .changes
        .iter()
        .map(|c| {
            (
                c.path.as_str(),
                c.from.as_deref().unwrap(),
                c.to.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(changes, [("status", "0", "2"), ("version", "1", "2")]);
    let found = store.find(&name).await.unwrap();
    assert!(
        found[0].changed_at > found[0].first_seen_at
            && found[0].seen_at.as_ref() >= Some(&found[0].changed_at)
    );
    assert_eq!(store.status(&sim.account).await.unwrap().open, 39);
}

/// faucet-stream 264, async-stripe 466: a server that ignores the page parameter was an endless loop.
#[tokio::test(start_paused = true)]
async fn the_same_page_for_ever_ends_as_stalled() {
    let sim = Sim::new(Kind::NewestFirst, 13).filled(100, 10, 0);
    sim.world().ignore_pages = true;
    let store = fresh().await;
    let report = run(&sim, &store, &options(Kind::NewestFirst)).await;
    assert_eq!(report.summary.outcome, Outcome::Incomplete);
    assert_eq!(
        store.status(&sim.account).await.unwrap().gaps[0].kind,
        "stalled"
    );
    assert!(sim.calls() < 10);
    sim.world().ignore_pages = false;
    assert_eq!(
        run(&sim, &store, &options(Kind::NewestFirst))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    assert_eq!(stored(&store), sim.truth());
    assert_eq!(
        number(&store, "SELECT count(*) FROM gaps WHERE filled_at IS NULL"),
        0
    );
}

/// stripe-node 575: a 429 in the middle of paging began it anew.
#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_resumed_where_it_stopped() {
    let sim = Sim::new(Kind::NewestFirst, 8).filled(200, 5, 0);
    let limit = || {
        Error::new(ErrorKind::RateLimit, "429")
            .retryable()
            .with_retry_after(Some(Duration::from_secs(30)))
    };
    sim.world().script = (3..9).map(|nth| (nth, limit as fn() -> Error)).collect();
    let store = fresh().await;
    let summary = run(&sim, &store, &options(Kind::NewestFirst)).await.summary;
    assert_eq!(
        (summary.outcome, summary.retries, summary.waited_seconds),
        (Outcome::Complete, 6, 180)
    );
    assert_eq!(
        sim.asked.lock().unwrap().len(),
        10,
        "no page was asked twice"
    );
    assert_eq!(stored(&store), sim.truth());
}

/// lakeflow PR 249: five hundred rows of one second, more than a page holds, stalled the pull or lost the rest.
#[tokio::test(start_paused = true)]
async fn more_rows_in_one_second_than_a_page_are_all_there() {
    for churn in [0, 40] {
        let sim = Sim::new(Kind::Windows, 121).filled(540, 5, 500);
        sim.world().churn = churn;
        let store = fresh().await;
        run(&sim, &store, &options(sim.kind)).await;
        sim.world().churn = 0;
        sim.clock.advance(3600);
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete);
        assert_eq!(stored(&store), sim.truth(), "churn {churn}");
        assert_no_duplicates(&store, "crowd");
    }
}

/// estuary PR 2037: a strict lower bound lost the rows of the bookmark's own second.
#[tokio::test(start_paused = true)]
async fn rows_on_the_edges_of_windows_and_runs_are_there_once() {
    let sim = Sim::new(Kind::Windows, 122);
    let store = fresh().await;
    for _ in 0..5 {
        // The second before the end of this run's windows, the end itself, and the first second behind it.
        let end = sim.clock.seconds() - 300;
        for when in [end - 1, end, end + 1] {
            sim.insert(when);
        }
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        assert_eq!(summary.watermark, Some(at(end)));
        // Longer than the last days that are read again: the edge of the new windows alone must do.
        sim.clock.advance(10 * DAY);
    }
    run(&sim, &store, &options(sim.kind)).await;
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "edges");
}

/// airbyte 28926 and 66581: with the id as cursor, a change of an old order was never seen.
#[tokio::test(start_paused = true)]
async fn a_change_of_an_old_order_is_seen() {
    for kind in crate::sim::KINDS {
        let sim = Sim::new(kind, 123).filled(200, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        sim.clock.advance(8 * DAY);
        let oldest = (0..200).min_by_key(|index| sim.world().rows[*index].created);
        let now = sim.clock.seconds() - 900;
        sim.world().change(oldest.unwrap(), 2, now);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.counts.changed),
            (Outcome::Complete, 1),
            "{kind:?}"
        );
        assert_eq!(stored(&store), sim.truth(), "{kind:?}");
    }
}

/// constructorfabric 3172: pages by number over a sort with ties dropped rows, doubled others, and reported success.
#[tokio::test(start_paused = true)]
async fn a_sort_with_ties_is_complete_or_says_that_it_is_not() {
    let mut complete = 0;
    for seed in 0..20 {
        let sim = Sim::new(Kind::NewestFirst, 200 + seed).filled(90, 3, 60);
        sim.world().unstable = true;
        let store = fresh().await;
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        match summary.outcome {
            Outcome::Complete => {
                complete += 1;
                assert_eq!(stored(&store), sim.truth(), "seed {seed}");
            }
            outcome => assert_eq!((outcome, summary.gaps), (Outcome::Incomplete, 1)),
        }
        sim.world().unstable = false;
        run(&sim, &store, &options(sim.kind)).await;
        assert_eq!(stored(&store), sim.truth(), "seed {seed}");
        assert_no_duplicates(&store, "ties");
    }
    assert!(complete > 0, "reading again finds the rest as a rule");
}

/// airbyte 39336 and 4923: an incremental sync read everything again at each run.
#[tokio::test(start_paused = true)]
async fn the_next_run_does_not_read_everything_again() {
    let sim = Sim::new(Kind::Windows, 124).filled(900, 29, 0);
    let store = fresh().await;
    let first = run(&sim, &store, &options(sim.kind)).await.summary;
    sim.clock.advance(3600);
    sim.insert(sim.clock.seconds() - 900);
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(3600);
    sim.insert(sim.clock.seconds() - 900);
    let later = run(&sim, &store, &options(sim.kind)).await.summary;
    assert!(first.requests > 60 && later.requests <= 2, "{later:?}");
    assert_eq!((later.counts.new, later.outcome), (1, Outcome::Complete));
}
