//! What is told of changes: none is left out, both stores tell the same, and a gap says what it is.

use orders_core::{Account, Commission, CommissionStatus, Mapped, Order};
use orders_sync::{
    Batch, DueFilter, JsonlStore, NoFailpoints, Options, Outcome, SqliteStore, Store, changes,
};

use crate::bench::{options, run};
use crate::sim::{DAY, Kind, Sim, T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

fn put(store: &mut dyn Store, order: &Order, gone: &[String]) {
    let orders = match gone {
        [] => std::slice::from_ref(order),
        _ => &[],
    };
    let batch = Batch {
        account: &account(),
        run: 1,
        now: at(T0),
        orders,
        mark: None,
        gone,
        gone_unless: None,
        gaps: &[],
        filled: &[],
        state: "{}",
    };
    store.commit(&batch, &NoFailpoints).unwrap();
}

#[test]
fn both_stores_tell_that_an_order_came_back_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let mut lines = JsonlStore::open(&file).unwrap();
    let mut order = Order::new("sim", "main", "1");
    order.raw = b"{\"a\":1}".to_vec().into();
    put(&mut lines, &order, &[]);
    put(&mut lines, &order, &["1".into()]);
    order.raw = b"{\"a\":2}".to_vec().into();
    put(&mut lines, &order, &[]);
    let text = std::fs::read_to_string(&file).unwrap();
    let told: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["what"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, ["new", "gone", "back", "changed"]);
    assert_eq!(lines.live(&account()).unwrap(), 1);
}

/// A new version of the program reads the same text otherwise (now terminal): JSON Lines must follow as SQLite does.
#[test]
fn a_better_reading_of_the_same_text_is_kept_by_both_stores() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let mut lines = JsonlStore::open(&file).unwrap();
    let mut rows = SqliteStore::in_memory().unwrap();
    let mut order = Order::new("sim", "main", "1");
    order.raw = b"{\"a\":1}".to_vec().into();
    for store in [&mut lines as &mut dyn Store, &mut rows] {
        put(store, &order, &[]);
    }
    let mut commission = Commission::default();
    commission.status = Some(Mapped::new("2", CommissionStatus::Settled));
    order.commission = Some(commission);
    for store in [&mut rows as &mut dyn Store, &mut lines] {
        put(store, &order, &[]);
        let filter = DueFilter::Open {
            created_since: at(0),
            seen_before: at(T0 + DAY),
        };
        let open = store.due_orders(&account(), filter, None, 9).unwrap();
        assert!(open.is_empty());
    }
    // Once: the same reading again adds no line, also after a restart.
    let length = || std::fs::metadata(&file).unwrap().len();
    let before = length();
    put(&mut lines, &order, &[]);
    drop(lines);
    put(&mut JsonlStore::open(&file).unwrap(), &order, &[]);
    assert_eq!(length(), before);
}

/// The history is the only place that has old values: none may be left out.
#[test]
fn a_history_tells_every_change_of_a_wide_order() {
    let mut store = SqliteStore::in_memory().unwrap();
    let mut order = Order::new("sim", "main", "1");
    let text = |v: u32| {
        let parts: Vec<_> = (0..300).map(|i| format!("\"f{i}\":{}", i + v)).collect();
        format!("{{{}}}", parts.join(","))
    };
    order.raw = text(0).into();
    put(&mut store, &order, &[]);
    order.raw = text(1000).into();
    put(&mut store, &order, &[]);
    let told = store.history("1").unwrap().pop().unwrap().changes;
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
    let mut store = SqliteStore::in_memory().unwrap();
    run(&sim, &mut store, &options(sim.kind)).await;
    let fewer = Options {
        partitions: (0..4).map(|customer| customer.to_string()).collect(),
        ..options(sim.kind)
    };
    let summary = run(&sim, &mut store, &fewer).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete, "gaps {}", summary.gaps);
}

/// The gap of a whole pass, then the account is pulled customer by customer.
#[tokio::test(start_paused = true)]
async fn a_reset_takes_the_gaps_with_it() {
    let sim = Sim::new(Kind::NewestFirst, 631).filled(200, 20, 0);
    sim.world().ignore_pages = true;
    let mut store = SqliteStore::in_memory().unwrap();
    run(&sim, &mut store, &options(sim.kind)).await;
    store.reset(&sim.account).unwrap();
    // The same account, now customer by customer.
    let mut other = Sim::new(Kind::Cursor, 631).filled(200, 20, 0);
    other.clock = sim.clock.clone();
    let summary = run(&other, &mut store, &options(other.kind)).await.summary;
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
    let folder = tempfile::tempdir().unwrap();
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst, Kind::Cursor] {
        let sim = Sim::new(kind, 640).filled(80, 20, 0);
        let bad = sim.world().rows[30].updated;
        sim.world().poison = Some(bad);
        let file = folder.path().join(format!("{kind:?}.jsonl"));
        let mut lines = JsonlStore::open(file).unwrap();
        let mut rows = SqliteStore::in_memory().unwrap();
        for store in [&mut rows as &mut dyn Store, &mut lines] {
            for runs in 1..4 {
                run(&sim, store, &options(kind)).await;
                let gaps = store.gaps(&sim.account).unwrap();
                assert!(!gaps.is_empty(), "{kind:?}");
                for gap in gaps {
                    assert!(gap.tries <= runs, "{kind:?}: {} in {runs} runs", gap.tries);
                    assert!(gap.reason.contains("at rows[0].amount"), "{}", gap.reason);
                }
            }
        }
    }
}

/// Two names of one file are one file to the lock and to the state.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_link_to_the_file_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let sim = Sim::new(Kind::Windows, 521);
    for (name, link) in [("a.db", "b.db"), ("a.jsonl", "b.jsonl")] {
        let (name, link) = (folder.path().join(name), folder.path().join(link));
        let mut one: Box<dyn Store> = match name.extension().unwrap() == "db" {
            true => Box::new(SqliteStore::open(&name).unwrap()),
            false => Box::new(JsonlStore::open(&name).unwrap()),
        };
        std::os::unix::fs::symlink(&name, &link).unwrap();
        let mut two: Box<dyn Store> = match link.extension().unwrap() == "db" {
            true => Box::new(SqliteStore::open(&link).unwrap()),
            false => Box::new(JsonlStore::open(&link).unwrap()),
        };
        one.lock(&sim.account).unwrap();
        assert!(two.lock(&sim.account).is_err(), "{link:?}");
        drop(one);
        run(&sim, &mut *two, &options(sim.kind)).await;
        let one: Box<dyn Store> = match name.extension().unwrap() == "db" {
            true => Box::new(SqliteStore::open(&name).unwrap()),
            false => Box::new(JsonlStore::open(&name).unwrap()),
        };
        assert!(one.state(&sim.account).unwrap().is_some());
    }
}
