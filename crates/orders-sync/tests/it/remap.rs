//! Stored texts through a later mapping: in place, without the vendor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use orders_core::{Error, Mapped, Money, Order, PaymentStatus, Total, TotalKind, Unreadable};
use orders_sync::{Outcome, Remapped, Store};

use crate::bench::{TestStore, fresh, number, options, run};
use crate::sim::{DAY, Kind, Sim, at};

/// A mapping that knows more: what is paid, and how much.
fn better(sim: &Sim, text: &Bytes) -> Result<Order, Error> {
    let world = sim.world();
    let row = world.rows.iter().find(|row| row.raw().as_bytes() == text);
    let row = row.ok_or_else(|| {
        let record = Unreadable::new("", "no such text", text.clone());
        Error::unreadable(record)
    })?;
    let mut order = Order::new("sim", "main", row.name());
    order.payment = Some(Mapped::new("ok", PaymentStatus::Paid));
    let money: Money = "12.50 USD".parse().unwrap();
    order.totals = vec![Total::new(TotalKind::Grand, money)];
    order.raw = text.clone();
    Ok(order)
}

async fn pulled(orders: usize) -> (Arc<Sim>, TestStore) {
    let sim = Arc::new(Sim::new(Kind::NewestFirst, 720).filled(orders, 10, 0));
    let store = fresh().await;
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    (sim, store)
}

async fn remap(sim: &Arc<Sim>, store: &Store, version: u32) -> Remapped {
    let now = at(sim.clock.seconds());
    let with = Arc::clone(sim);
    let done = store.remap(&sim.account, version, now, move |text| better(&with, text));
    done.await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_columns_follow_the_mapping_and_the_rest_stays() {
    let (sim, store) = pulled(60).await;
    let kept =
        "SELECT count(*) FROM orders WHERE seen_at = changed_at AND mark IS NOT NULL AND raw <> ''";
    assert_eq!(store.older(&sim.account, 3).await.unwrap(), 60);
    sim.clock.advance(DAY);
    let calls = sim.calls();
    let done = remap(&sim, &store, 3).await;
    assert_eq!((done.read, done.changed, done.kept), (60, 60, 0));
    assert_eq!(sim.calls(), calls, "nothing is requested");
    assert_eq!(number(&store, kept), 60);
    let paid = "SELECT sum(minor) FROM amounts JOIN orders ON id = order_id WHERE payment = 'paid'";
    assert_eq!(number(&store, paid), 60 * 1250);
    let remapped =
        "SELECT count(*) FROM history WHERE what = 'remapped' AND changes LIKE '%payment%'";
    assert_eq!(number(&store, remapped), 60);
    assert_eq!(store.older(&sim.account, 3).await.unwrap(), 0);
    // Once is enough, and what gives the same order again is noted as read and leaves no history.
    assert_eq!(remap(&sim, &store, 3).await, Remapped::default());
    let done = remap(&sim, &store, 4).await;
    assert_eq!((done.read, done.changed), (60, 0));
    assert_eq!(number(&store, remapped), 60);
    // And what it holds is what the next pull goes on with.
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_killed_is_continued() {
    let (sim, store) = pulled(1200).await;
    let left = AtomicU32::new(700);
    let now = at(sim.clock.seconds());
    let read = {
        let sim = Arc::clone(&sim);
        move |text: &Bytes| {
            assert!(left.fetch_sub(1, Ordering::SeqCst) > 1, "killed");
            better(&sim, text)
        }
    };
    let killed = store.remap(&sim.account, 1, now, read).await;
    assert!(killed.is_err());
    let older = store.older(&sim.account, 1).await.unwrap();
    assert_eq!(older, 700, "one transaction of 500 is done");
    let done = remap(&sim, &store, 1).await;
    assert_eq!((done.read, done.changed), (700, 700));
    let twice = "SELECT count(*) FROM (SELECT order_id FROM history WHERE what = 'remapped'
                 GROUP BY order_id HAVING count(*) > 1) AS twice";
    assert_eq!(number(&store, twice), 0);
}

/// A text that this version cannot read stays as it was read before; one that no version could read becomes an order.
#[tokio::test(start_paused = true)]
async fn nothing_is_lost_by_reading_again() {
    let sim = Arc::new(Sim::new(Kind::NewestFirst, 721).filled(60, 10, 0));
    let odd = sim.world().rows[7].id;
    sim.world().odd.insert(odd);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    assert_eq!(store.gaps(&sim.account).await.unwrap().len(), 1);
    let lost = sim.world().rows.remove(30).name();
    let done = remap(&sim, &store, 1).await;
    assert_eq!((done.read, done.kept, done.filled), (58, 1, 1));
    assert_eq!(store.gaps(&sim.account).await.unwrap(), []);
    assert_eq!(store.live(&sim.account).await.unwrap(), 60);
    assert_eq!(store.older(&sim.account, 1).await.unwrap(), 1);
    assert_eq!(store.find(&lost).await.unwrap()[0].mapping, 0);
}
