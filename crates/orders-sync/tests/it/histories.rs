//! What is told of changes: none is left out, and a gap says what it is.

use std::sync::Arc;

use orders_core::{Account, Commission, CommissionStatus, Mapped, Order};
use orders_sync::{
    Batch, Commit, DueFilter, NoFailpoints, Options, Outcome, Received, Store, changes,
};

use crate::bench::{fresh, is_left_out, options, run};
use crate::sim::{DAY, Kind, Sim, T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

async fn put(store: &Store, order: &Order, gone: &[String]) {
    let orders = match gone {
        [] => vec![Received::new(order.clone())],
        _ => Vec::new(),
    };
    let batch = Batch {
        orders,
        gone: gone.to_vec(),
        ..Batch::default()
    };
    let at = Commit {
        account: account(),
        run: 1,
        now: at(T0),
        mapping: 0,
        state: "{}".to_owned(),
    };
    store
        .commit(at, vec![batch], Arc::new(NoFailpoints))
        .await
        .unwrap();
}

/// A new version of the program reads the same text otherwise (now terminal): the stored columns follow.
#[tokio::test]
async fn a_better_reading_of_the_same_text_is_kept() {
    let store = fresh().await;
    let mut order = Order::new("sim", "main", "1");
    order.raw = b"{\"a\":1}".to_vec().into();
    put(&store, &order, &[]).await;
    let mut commission = Commission::default();
    commission.status = Some(Mapped::new("2", CommissionStatus::Settled));
    order.commission = Some(commission);
    put(&store, &order, &[]).await;
    let filter = DueFilter::Open {
        created_since: at(0),
        seen_before: at(T0 + DAY),
    };
    let open = store.due_orders(&account(), filter, None, 9).await.unwrap();
    assert!(open.is_empty());
    let history = store.history(&account(), "1").await.unwrap();
    let what: Vec<_> = history.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(what, ["new", "remapped"]);
}

/// An order that returns changed, and one that returns as it was, are not gone any more.
#[tokio::test]
async fn an_order_that_returns_is_not_gone() {
    for (text, told) in [
        ("{\"a\":2}", &["new", "gone", "back", "changed"][..]),
        ("{\"a\":1}", &["new", "gone", "back"]),
    ] {
        let store = fresh().await;
        let mut order = Order::new("sim", "main", "1");
        order.raw = b"{\"a\":1}".to_vec().into();
        put(&store, &order, &[]).await;
        put(&store, &order, &["1".into()]).await;
        assert_eq!(store.live(&account()).await.unwrap(), 0);
        assert!(store.find("1").await.unwrap()[0].gone_at.is_some());
        order.raw = text.into();
        put(&store, &order, &[]).await;
        let what: Vec<_> = store.history(&account(), "1").await.unwrap();
        let what: Vec<_> = what.iter().map(|row| row.what.as_str()).collect();
        assert_eq!(what, told);
        assert_eq!(store.live(&account()).await.unwrap(), 1);
        assert_eq!(store.find("1").await.unwrap()[0].gone_at, None);
    }
}

/// The history is the only place that has old values: none may be left out.
#[tokio::test]
async fn a_history_tells_every_change_of_a_wide_order() {
    let store = fresh().await;
    let mut order = Order::new("sim", "main", "1");
    let text = |v: u32| {
        let parts: Vec<_> = (0..300).map(|i| format!("\"f{i}\":{}", i + v)).collect();
        format!("{{{}}}", parts.join(","))
    };
    order.raw = text(0).into();
    put(&store, &order, &[]).await;
    order.raw = text(1000).into();
    put(&store, &order, &[]).await;
    let told = store
        .history(&account(), "1")
        .await
        .unwrap()
        .pop()
        .unwrap()
        .changes;
    assert_eq!(told.len(), 1);
    assert_eq!((&*told[0].path, &told[0].from), ("", &Some(text(0))));
    assert_eq!(told[0].to, Some(text(1000)));
}

/// Two paths that look alike are two.
#[test]
fn a_dot_in_a_name_hides_no_change() {
    let paths = |before: &str, after: &str| -> Vec<String> {
        let told = changes(before, after).into_iter();
        told.map(|change| change.path).collect()
    };
    assert_eq!(
        paths(r#"{"a":{"b":1},"a.b":5}"#, r#"{"a":{"b":2},"a.b":6}"#),
        [r#"["a.b"]"#, "a.b"]
    );
    assert_eq!(
        paths(r#"{"x":[1],"x[0]":1}"#, r#"{"x":[2],"x[0]":2}"#),
        [r#"["x[0]"]"#, "x[0]"]
    );
    assert_eq!(paths(r#"{"o":{"":1}}"#, r#"{"o":{"":2}}"#), [r#"o[""]"#]);
}

/// The gap of a customer goes with the customer.
#[tokio::test(start_paused = true)]
async fn a_customer_no_longer_named_is_no_gap_for_ever() {
    let sim = Sim::new(Kind::Cursor, 630).filled(200, 20, 0);
    let bad = {
        let world = sim.world();
        let row = world.rows.iter().find(|row| row.customer == 4).unwrap();
        row.updated
    };
    sim.world().poison = Some(bad);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let fewer = Options {
        partitions: (0..4).map(|customer| customer.to_string()).collect(),
        ..options(sim.kind)
    };
    let summary = run(&sim, &store, &fewer).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete, "gaps {}", summary.gaps);
}

/// The gap of a whole pass, then the account is pulled customer by customer.
#[tokio::test(start_paused = true)]
async fn a_reset_takes_the_gaps_with_it() {
    let sim = Sim::new(Kind::NewestFirst, 631).filled(200, 20, 0);
    sim.world().ignore_pages = true;
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    store
        .reset(&sim.account, at(sim.clock.seconds()))
        .await
        .unwrap();
    // The same account, now customer by customer.
    let mut other = Sim::new(Kind::Cursor, 631).filled(200, 20, 0);
    other.clock = sim.clock.clone();
    let summary = run(&other, &store, &options(other.kind)).await.summary;
    assert_eq!(
        summary.outcome,
        Outcome::Complete,
        "gaps {}: nothing that this pull does fills it",
        summary.gaps
    );
}

/// One run is one try, however often it comes upon the gap; and the gap names what could not be read.
#[tokio::test(start_paused = true)]
async fn a_gap_counts_runs_and_names_the_path() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst, Kind::Cursor] {
        let sim = Sim::new(kind, 640).filled(80, 20, 0);
        let bad = sim.world().rows[30].updated;
        sim.world().poison = Some(bad);
        let store = fresh().await;
        for runs in 1..4 {
            run(&sim, &store, &options(kind)).await;
            let gaps = store.gaps(&sim.account).await.unwrap();
            assert!(!gaps.is_empty(), "{kind:?}");
            for gap in gaps {
                assert!(gap.tries <= runs, "{kind:?}: {} in {runs} runs", gap.tries);
                assert!(gap.reason.contains("at rows[0].amount"), "{}", gap.reason);
            }
        }
    }
}

/// Two names of one file are one file to the lock and to the state.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_link_to_the_file_is_the_same_file() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sim = Sim::new(Kind::Windows, 521);
    let (name, link) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let one = Store::open(&name).unwrap();
    std::os::unix::fs::symlink(&name, &link).unwrap();
    let two = Store::open(&link).unwrap();
    one.lock(&sim.account).await.unwrap();
    assert!(two.lock(&sim.account).await.is_err());
    drop(one);
    run(&sim, &two, &options(sim.kind)).await;
    let one = Store::open(&name).unwrap();
    assert!(one.state(&sim.account).await.unwrap().is_some());
}
