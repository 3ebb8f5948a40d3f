//! Stored orders that are read again and compared.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use orders_core::{Account, Error, ErrorKind, Money, Order, Total};
use orders_sync::{
    Clock, Context, Event, Mode, Observer, Options, Phase, Sample, Store, SyncError, Unit,
    Verification, verify,
};

use crate::bench::{TestStore, execute, fresh, number, options, run, tools};
use crate::sim::{DAY, Kind, Sim};
use crate::world::Row;

async fn pulled(orders: usize) -> (Sim, TestStore) {
    let sim = Sim::new(Kind::NewestFirst, 90).filled(orders, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    {
        let mut world = sim.world();
        let read = |row: &Row| (row.raw(), row.order(&sim.account, sim.hours));
        world.texts = world.rows.iter().map(read).collect();
    }
    (sim, store)
}

/// Changes how the stored text of the first order is read.
fn reread(sim: &Sim, change: impl FnOnce(&mut Order)) {
    let id = first(sim);
    let mut world = sim.world();
    let order = world.texts.values_mut().find(|order| order.id == id);
    change(order.unwrap());
}

async fn verified(sim: &Sim, store: &Store, size: usize) -> Verification {
    let mine = options(sim.kind);
    let found = verify(sim, store, &mine, size, &tools(sim)).await;
    found.unwrap()
}

async fn sampled(sim: &Sim, store: &Store) -> (Option<bool>, Sample) {
    let found = verified(sim, store, 100).await;
    (found.agrees(), found.sample.unwrap())
}

/// Notes the progress of look-ups, and the seconds of waits.
#[derive(Default)]
struct Seen {
    far: Mutex<Vec<(u64, Option<u64>)>>,
    waits: Mutex<Vec<u64>>,
}

impl Observer for Seen {
    fn event(&self, _: &Account, event: &Event<'_>) {
        match event {
            Event::Progress(far) if far.phase == Phase::Verify && far.unit == Unit::Orders => {
                self.far.lock().unwrap().push((far.done, far.left));
            }
            Event::Waiting { wait, .. } => self.waits.lock().unwrap().push(wait.as_secs()),
            _ => {}
        }
    }
}

/// Makes every stored order another one than the vendor has.
fn alter_all(sim: &Sim) {
    let mut world = sim.world();
    assert!(world.texts.len() > 1);
    world
        .texts
        .values_mut()
        .for_each(|order| order.totals.clear());
}

/// Writes into the stored orders by hand.
fn alter(store: &Store, sql: &str) {
    assert_eq!(execute(store, sql), 1, "{sql}");
}

fn first(sim: &Sim) -> String {
    sim.world().rows[0].name()
}

/// The orders of a sample, in its order.
async fn ids(store: &Store, sim: &Sim, days: i64, size: usize) -> Vec<String> {
    let day = (sim.clock.now() + TimeDelta::days(days)).date_naive();
    let found = store.sample(&sim.account, day, size).await.unwrap();
    found.into_iter().map(|one| one.reference.id).collect()
}

#[tokio::test(start_paused = true)]
async fn as_many_orders_are_read_again_as_requested_and_agree() {
    let (sim, store) = pulled(60).await;
    let calls = sim.calls();
    let found = verified(&sim, &store, 7).await;
    let sample = found.sample.as_ref().unwrap();
    assert_eq!((sample.read, sample.same, found.requests), (7, 7, 8));
    assert_eq!((found.agrees(), sim.calls() - calls), (Some(true), 7));
    let found = verified(&sim, &store, 0).await;
    assert!(found.sample.is_none() && sim.calls() - calls == 7);
    let (agrees, all) = sampled(&sim, &store).await;
    assert_eq!((agrees, all.read, all.same), (Some(true), 60, 60));
}

#[tokio::test(start_paused = true)]
async fn a_sample_is_the_same_for_a_day_and_another_one_the_next() {
    let (sim, store) = pulled(200).await;
    let today = ids(&store, &sim, 0, 20).await;
    assert_eq!(today.len(), 20);
    assert_eq!(ids(&store, &sim, 0, 20).await, today);
    assert_eq!(ids(&store, &sim, 0, 5).await, today[..5]);
    let tomorrow = ids(&store, &sim, 1, 20).await;
    let both = today.iter().filter(|id| tomorrow.contains(id)).count();
    assert!(both < 10, "{both} of 20 on both days");
    // Spread over the account: some of each quarter.
    let mut all = ids(&store, &sim, 0, 200).await;
    all.sort();
    for quarter in all.chunks(50) {
        assert!(quarter.iter().any(|id| today.contains(id)), "{quarter:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_or_has_no_id_of_its_own_is_not_read_again() {
    let (sim, store) = pulled(5).await;
    let all = ids(&store, &sim, 0, 9).await;
    for (id, change) in [
        (&all[0], "gone_at = 1700000000000"),
        (&all[1], "id = 'no-id/' || id"),
        (&all[2], "id = 'content:' || id"),
    ] {
        alter(
            &store,
            &format!("UPDATE order_rows SET {change} WHERE id = '{id}'"),
        );
    }
    assert_eq!(ids(&store, &sim, 0, 9).await, all[3..]);
}

#[tokio::test(start_paused = true)]
async fn an_order_of_the_same_update_time_that_is_another_differs() {
    let (sim, store) = pulled(9).await;
    let id = first(&sim);
    reread(&sim, |order| {
        let kind = order.totals[0].kind.clone();
        order.totals[0] = Total::new(kind, Money::parse("1.51", "USD").unwrap());
    });
    let before = number(&store, "SELECT count(*) FROM history");
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!(
        (agrees, sample.read, sample.same, sample.changed),
        (Some(false), 9, 8, 0)
    );
    assert_eq!(sample.differ.len(), 1);
    assert_eq!(sample.differ[0].id, id);
    assert!(
        sample.differ[0].path.starts_with("totals[0]."),
        "{:?}",
        sample.differ
    );
    assert_eq!(number(&store, "SELECT count(*) FROM history"), before);
}

#[tokio::test(start_paused = true)]
async fn an_order_with_a_later_update_time_has_changed_since() {
    let (sim, store) = pulled(9).await;
    for row in sim.world().rows.iter_mut().take(5) {
        row.status = (row.status + 1) % 4;
        row.updated += DAY;
    }
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!(
        (agrees, sample.same, sample.changed),
        (Some(true), 4, 5),
        "{sample:?}"
    );
    assert!(sample.differ.is_empty() && sample.changed_ids.len() == 3);
}

#[tokio::test(start_paused = true)]
async fn an_order_without_an_update_time_has_changed_since() {
    let (sim, store) = pulled(9).await;
    let id = first(&sim);
    reread(&sim, |order| order.updated_at = None);
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!(
        (agrees, sample.same, sample.changed_ids),
        (Some(true), 8, vec![id])
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_the_vendor_had_later_than_it_has_now_differs() {
    let (sim, store) = pulled(9).await;
    sim.world().rows[0].updated -= DAY;
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!((agrees, sample.differ.len()), (Some(false), 1));
    assert_eq!(sample.differ[0].path, "updated_at");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_the_vendor_does_not_know_is_named() {
    let (sim, store) = pulled(9).await;
    let id = first(&sim);
    sim.world().rows.remove(0);
    sim.insert(sim.clock.seconds() - DAY);
    let found = verified(&sim, &store, 100).await;
    assert_eq!(found.checks[0].agrees(), Some(true), "the counts agree");
    assert_eq!(found.agrees(), Some(false));
    let sample = found.sample.unwrap();
    assert_eq!((sample.same, sample.unknown), (8, vec![id]));
}

#[tokio::test(start_paused = true)]
async fn a_doubted_order_that_the_vendor_does_not_know_is_counted_and_no_difference() {
    let (sim, store) = pulled(9).await;
    sim.world().rows.remove(0);
    sim.clock.advance(DAY);
    let full = Options {
        mode: Mode::Full,
        ..options(sim.kind)
    };
    run(&sim, &store, &full).await;
    assert_eq!(store.status(&sim.account).await.unwrap().doubted, 1);
    let found = verified(&sim, &store, 100).await;
    // A doubted order counts as one of the vendor's.
    assert_eq!(found.checks[0].agrees(), Some(false));
    let sample = found.sample.unwrap();
    let counts = (sample.read, sample.same, sample.doubted);
    assert_eq!((sample.agrees(), counts), (Some(true), (9, 8, 1)));
    assert!(sample.unknown.is_empty(), "{sample:?}");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_read_now_is_not_compared() {
    let (sim, store) = pulled(9).await;
    let odd = sim.world().rows[0].id;
    sim.world().odd.insert(odd);
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!((agrees, sample.read, sample.same), (Some(true), 9, 8));
    assert_eq!(sample.not_compared[0].id, first(&sim));
    assert!(sample.not_compared[0].reason.contains("rows[0].amount"));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_fails_fails_as_itself() {
    let (sim, store) = pulled(9).await;
    let next = sim.calls() + 3;
    let refused = || Error::new(ErrorKind::Auth, "no");
    sim.world().script.push((next, refused));
    let mine = options(sim.kind);
    let failed = verify(&sim, &store, &mine, 9, &tools(&sim)).await;
    let error = failed.unwrap_err();
    assert!(
        matches!(&error, SyncError::Vendor(error) if error.kind() == ErrorKind::Auth),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn look_ups_go_side_by_side_and_one_that_fails_in_passing_is_sent_again() {
    let (sim, store) = pulled(40).await;
    let cut = || Error::decode("order", "the text is cut off");
    let down = || Error::new(ErrorKind::Server, "busy").retryable();
    let next = sim.calls();
    sim.world().script = vec![(next + 3, cut), (next + 9, down)];
    let seen = Arc::new(Seen::default());
    let tools = Context {
        observer: seen.clone(),
        ..tools(&sim)
    };
    sim.most_at_once.store(0, Ordering::SeqCst);
    let mine = Options {
        at_once: 4,
        ..options(sim.kind)
    };
    let found = verify(&sim, &store, &mine, 40, &tools).await.unwrap();
    assert_eq!(found.sample.unwrap().same, 40);
    assert_eq!(sim.calls() - next, 42, "two were sent again");
    assert_eq!(sim.most_at_once.load(Ordering::SeqCst), 4);
    let far: Vec<_> = (1..=40).map(|done| (done, Some(40 - done))).collect();
    assert_eq!(*seen.far.lock().unwrap(), far);
    assert_eq!(*seen.waits.lock().unwrap(), [1, 2]);
}

/// The order of the answers is not the order of the sample.
#[tokio::test(start_paused = true)]
async fn a_sample_is_the_same_however_many_look_ups_go_side_by_side() {
    let (sim, store) = pulled(30).await;
    alter_all(&sim);
    let mut found = Vec::new();
    for at_once in [1, 7] {
        let next = sim.calls() + 1;
        sim.world().script = vec![(next, || Error::decode("order", "cut off"))];
        let mine = Options {
            at_once,
            ..options(sim.kind)
        };
        let sample = verify(&sim, &store, &mine, 30, &tools(&sim)).await;
        found.push(sample.unwrap().sample.unwrap());
    }
    assert_eq!(found[0].differ.len(), 30);
    assert_eq!(found[0], found[1]);
}

#[tokio::test(start_paused = true)]
async fn where_single_orders_cannot_be_requested_no_sample_is_read() {
    let (sim, store) = pulled(9).await;
    sim.fetches.store(false, Ordering::SeqCst);
    let (agrees, sample) = sampled(&sim, &store).await;
    assert_eq!((agrees, sample.read), (Some(true), 0), "by the count");
    assert!(sample.note.unwrap().contains("single order"));
}
