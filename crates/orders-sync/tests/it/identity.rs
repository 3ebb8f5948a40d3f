//! Orders that come with an id of the vendor's and without one.

use std::sync::Arc;

use orders_core::{Account, Commission, Order, OrderRef};
use orders_sync::{Batch, Commit, Counts, NoFailpoints, Received, Store};

use crate::bench::{fresh, number, texts};
use crate::sim::{T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

/// An order of program 7; its text differs by where it came from.
fn order(id: Option<&str>, order_number: &str, text: &str) -> Order {
    let key = format!("7/{order_number}/+");
    let id = id.map_or_else(|| OrderRef::id_of_key(&key), str::to_owned);
    let mut order = Order::new("sim", "main", id);
    let mut commission = Commission::default();
    commission.program_id = Some("7".to_owned());
    order.commission = Some(commission);
    order.number = Some(order_number.to_owned());
    order.key = Some(key);
    order.raw = format!("{{\"from\":\"{text}\"}}").into_bytes().into();
    order
}

async fn put(store: &Store, order: Order) -> Counts {
    let batch = Batch {
        orders: vec![Received::new(order)],
        ..Batch::default()
    };
    let at = Commit {
        account: account(),
        run: 1,
        now: at(T0),
        mapping: 1,
        state: "{}".to_owned(),
    };
    store
        .commit(at, vec![batch], Arc::new(NoFailpoints))
        .await
        .unwrap()[0]
}

fn ids(store: &Store) -> Vec<String> {
    texts(store, "SELECT id FROM orders ORDER BY id")
}

#[tokio::test]
async fn a_pushed_order_and_a_pulled_one_are_one_order() {
    for pushed_first in [true, false] {
        let store = fresh().await;
        let both = [order(None, "S1", "push"), order(Some("101"), "S1", "pull")];
        let [first, second] = match pushed_first {
            true => both,
            false => {
                let [push, pull] = both;
                [pull, push]
            }
        };
        put(&store, first).await;
        let counts = put(&store, second).await;
        assert_eq!((counts.new, counts.changed, counts.reused), (0, 1, 0));
        assert_eq!(ids(&store), ["101"], "pushed first: {pushed_first}");
        let history = store.history(&account(), "101").await.unwrap();
        let what: Vec<_> = history.iter().map(|row| row.what.as_str()).collect();
        assert_eq!(what, ["new", "changed"]);
        let amounts = "SELECT count(*) FROM amounts WHERE order_id <> '101'";
        assert_eq!(number(&store, amounts), 0);
    }
}

#[tokio::test]
async fn an_id_that_comes_back_with_another_number_is_another_order() {
    let store = fresh().await;
    put(&store, order(Some("101"), "S1", "first")).await;
    for _ in 0..2 {
        let counts = put(&store, order(Some("101"), "S2", "second")).await;
        assert_eq!(counts.reused, 1);
    }
    assert_eq!(ids(&store), ["101", "no-id/7/S2/+"]);
    let first = &store.find("101").await.unwrap()[0];
    assert_eq!(&*first.raw, b"{\"from\":\"first\"}");
}

#[tokio::test]
async fn a_sale_and_its_correction_are_two_orders() {
    let store = fresh().await;
    put(&store, order(None, "S1", "sale")).await;
    let mut correction = order(None, "S1", "correction");
    correction.key = Some("7/S1/-".to_owned());
    correction.id = OrderRef::id_of_key("7/S1/-");
    let counts = put(&store, correction).await;
    assert_eq!(counts.new, 1);
    assert_eq!(ids(&store), ["no-id/7/S1/+", "no-id/7/S1/-"]);
}
