//! What is forgotten is in no table any more, is counted as shown, and does not come back.

use std::sync::Arc;

use bytes::Bytes;
use orders_core::{Account, Customer, Error, Meaning, Order, Push, Unreadable, Version};
use orders_sync::{
    Batch, Commit, Counts, NoFailpoints, Outcome, Receipt, Received, ScanMark, Store, verify,
};

use crate::bench::{fresh, is_left_out, number, options, run, tools};
use crate::sim::{Kind, Sim, T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

fn order(id: &str, key: Option<&str>, customer: &str, email: &str) -> Order {
    let mut order = Order::new("sim", "main", id);
    order.key = key.map(str::to_owned);
    order.customer = Some(Customer::new(
        Some(customer.to_owned()),
        Some(email.to_owned()),
    ));
    order.raw =
        format!(r#"{{"id":"{id}","customer":{{"id":"{customer}","email":"{email}"}}}}"#).into();
    order
}

async fn commit(store: &Store, orders: Vec<Order>, unreadable: Vec<Unreadable>) -> Counts {
    let at = Commit {
        account: account(),
        run: 1,
        now: at(T0),
        mapping: 1,
        state: "{}".to_owned(),
    };
    let mark = ScanMark {
        scan: 1,
        generation: 1,
        attempt: 1,
        cutoff: None,
    };
    let batch = Batch {
        orders: orders.into_iter().map(Received::new).collect(),
        unreadable,
        mark: Some(mark),
        ..Batch::default()
    };
    let failpoints = Arc::new(NoFailpoints);
    store.commit(at, vec![batch], failpoints).await.unwrap()[0]
}

fn no_reader(_: &Bytes) -> Result<Order, Error> {
    Err(Error::invalid_request("no order"))
}

async fn receive(store: &Store, key: &str, body: &str, about: Option<Order>) -> Receipt {
    let mut push = Push::new(
        key,
        "customers/update",
        Bytes::copy_from_slice(body.as_bytes()),
    );
    if let Some(order) = about {
        push.order = Some(order.id.clone());
        push.meaning = Meaning::Order(Box::new(order), Version::Untimed);
    }
    let account = account();
    let received = store.receive(&account, 1, at(T0 + 9), push, no_reader);
    received.await.unwrap()
}

/// All that the tables hold, as text.
fn everything(store: &Store) -> String {
    let connection = store.connection().unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let mut tables = connection.prepare(sql).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut all = String::new();
    for table in tables.map(Result::unwrap) {
        let mut rows = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value: rusqlite::types::Value = row.get(column).unwrap();
                all += &format!("{table}: {value:?}\n");
            }
        }
    }
    all
}

fn unreadable(id: &str, text: &str) -> Unreadable {
    let record = Unreadable::new(
        "amount",
        "no number",
        Bytes::copy_from_slice(text.as_bytes()),
    );
    record.with_id(Some(id.to_owned()))
}

#[tokio::test]
async fn a_person_is_in_no_table_any_more_and_does_not_come_back() {
    if is_left_out("what is left in a file") {
        return;
    }
    for who in ["Ann@x.org", "k1"] {
        let store = Store::in_memory().unwrap();
        let bad = r#"{"id":"u1","customer":{"id":"k1","email":"ann@x.org"}}"#;
        let orders = || {
            vec![
                order("o1", None, "k1", "ann@x.org"),
                order("o2", Some("7/S/+"), "k1", "ann@x.org"),
                order("o3", None, "k2", "bob@x.org"),
            ]
        };
        let records = || vec![unreadable("u1", bad), unreadable("u2", r#"{"id":"u2"}"#)];
        let counts = commit(&store, orders(), records()).await;
        assert_eq!((counts.new, counts.marked.attempt), (3, 5));
        // An earlier version of another order named them.
        commit(&store, vec![order("o4", None, "k1", "ann@x.org")], vec![]).await;
        commit(&store, vec![order("o4", None, "", "")], vec![]).await;
        receive(&store, "p1", r#"{"id":"k1","email":"ann@x.org"}"#, None).await;
        receive(&store, "p2", r#"{"id":"k2","email":"bob@x.org"}"#, None).await;
        receive(
            &store,
            "p3",
            "{}",
            Some(order("o1", None, "k1", "ann@x.org")),
        )
        .await;
        let marked = store.marked(&account(), 1..=2).await.unwrap();

        let done = store.forget_customer(&account(), who).await.unwrap();
        assert_eq!(
            (done.orders, done.unreadable, done.pushes),
            (3, 1, 2),
            "{who}"
        );
        assert!(done.rewritten && done.changes >= 4, "{who}: {done:?}");
        let left = everything(&store);
        for text in ["ann@x.org", "k1", "o1", "o2", "u1", "p1", "p3", "7/S/+"] {
            assert!(
                !left.contains(&format!("\"{text}")),
                "{who}: {text} in {left}"
            );
            assert!(
                !left.contains(&format!("{text}\"")),
                "{who}: {text} in {left}"
            );
        }
        assert!(left.contains("bob@x.org") && left.contains("u2"), "{who}");
        assert_eq!(
            store.marked(&account(), 1..=2).await.unwrap(),
            marked,
            "{who}"
        );

        // They come again: counted once in a scan, and not stored.
        let again = commit(&store, orders(), records()).await;
        assert_eq!(
            (again.new, again.unchanged, again.marked.attempt),
            (0, 1, 0),
            "{who}"
        );
        let by_key = order("no-id/7/S/+", Some("7/S/+"), "k1", "ann@x.org");
        assert_eq!(
            commit(&store, vec![by_key.clone()], vec![]).await.new,
            0,
            "{who}"
        );
        for (key, about) in [("p4", order("o1", None, "k1", "ann@x.org")), ("p5", by_key)] {
            let receipt = receive(&store, key, "{}", Some(about)).await;
            assert_eq!(receipt, Receipt::Forgotten, "{who}");
        }
        assert!(!everything(&store).contains("ann@x.org"), "{who}");
        assert_eq!(store.forgotten(&account()).await.unwrap(), 4, "{who}");
    }
}

/// A scan is still proven by the vendor's count, and a verification agrees.
#[tokio::test(start_paused = true)]
async fn a_pull_is_complete_without_the_forgotten() {
    for kind in [Kind::NewestFirst, Kind::Windows, Kind::Store] {
        let sim = Sim::new(kind, 17).filled(60, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        let customer = sim.world().rows[3].customer.to_string();
        let done = store
            .forget_customer(&sim.account, &customer)
            .await
            .unwrap();
        assert!(done.orders > 3, "{kind:?}: {done:?}");
        let full = orders_sync::Options {
            mode: orders_sync::Mode::Full,
            ..options(kind)
        };
        for options in [options(kind), full] {
            sim.clock.advance(7200);
            let summary = run(&sim, &store, &options).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}: {summary:?}");
            assert_eq!(
                summary.counts.gone + summary.doubted,
                0,
                "{kind:?}: {summary:?}"
            );
        }
        let stored = number(&store, "SELECT count(*) FROM orders");
        assert_eq!(stored, 60 - i64::try_from(done.orders).unwrap(), "{kind:?}");
        let found = verify(&sim, &store, &options(kind), 5, &tools(&sim))
            .await
            .unwrap();
        assert_eq!(found.agrees(), Some(true), "{kind:?}: {found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_goes_with_its_state() {
    let sim = Sim::new(Kind::NewestFirst, 18).filled(30, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let mut other = Sim::new(Kind::NewestFirst, 19).filled(7, 20, 0);
    other.account = Account::new("sim", "other");
    run(&other, &store, &options(other.kind)).await;
    let done = store.forget_account(&sim.account).await.unwrap();
    assert_eq!((done.orders, done.runs), (30, 1));
    assert_eq!(store.state(&sim.account).await.unwrap(), None);
    assert_eq!(store.accounts().await.unwrap(), [other.account.clone()]);
    assert_eq!(number(&store, "SELECT count(*) FROM orders"), 7);
    // Marks begin anew: an old one is not taken for one of the next pull.
    let marked = "SELECT count(*) FROM tombstones WHERE mark IS NOT NULL";
    assert_eq!(number(&store, marked), 0);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete, "{summary:?}");
    assert_eq!(number(&store, "SELECT count(*) FROM orders"), 7);
    assert_eq!(number(&store, marked), 30);
    store.reset(&sim.account, at(T0)).await.unwrap();
    assert_eq!(number(&store, marked), 0);
}
