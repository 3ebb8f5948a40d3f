//! When an order counts as deleted: two readings a day apart that should have shown it, each with the vendor's word.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use orders_sync::{Mode, Options, Outcome, Store, Summary, verify};

use crate::bench::{TestStore, assert_truth, fresh, options, run, tools};
use crate::odd::{Fault, Faulty};
use crate::sim::{DAY, KINDS, Kind, Sim};

const HOUR: i64 = 3600;

async fn gone(store: &Store, sim: &Sim) -> u64 {
    store.status(&sim.account).await.unwrap().gone
}

/// What a run says of orders that did not come: gone and back in it, doubted at its end.
fn said(summary: &Summary) -> (Outcome, u64, u64, u64) {
    let counts = &summary.counts;
    (summary.outcome, summary.doubted, counts.gone, counts.back)
}

fn full(kind: Kind) -> Options {
    Options {
        mode: Mode::Full,
        ..options(kind)
    }
}

fn only_open(kind: Kind) -> Options {
    Options {
        mode: Mode::OnlyOpen,
        open_every: TimeDelta::zero(),
        ..options(kind)
    }
}

/// A vendor with so many orders that answers look-ups, and a store into which it was pulled once.
async fn pulled(kind: Kind, seed: u64, orders: usize) -> (Sim, TestStore) {
    let sim = Sim::new(kind, seed).filled(orders, 20, 0);
    sim.fetches.store(true, Ordering::SeqCst);
    let store = fresh().await;
    let summary = run(&sim, &store, &options(kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    (sim, store)
}

/// By windows of update time, by lists, customer by customer, and by a cursor over the whole store.
#[tokio::test(start_paused = true)]
async fn a_deleted_order_of_a_shop_is_gone_after_two_full_readings_a_day_apart() {
    for kind in KINDS {
        for fetches in [true, false] {
            let (sim, store) = pulled(kind, 510, 60).await;
            sim.fetches.store(fetches, Ordering::SeqCst);
            let deleted = sim.world().rows.remove(20);
            for (hours, doubted, now_gone) in [(1, 1, 0), (12, 1, 0), (13, 0, 1), (24, 0, 0)] {
                sim.clock.advance(hours * HOUR);
                let summary = run(&sim, &store, &full(kind)).await.summary;
                let expected = (Outcome::Complete, doubted, now_gone, 0);
                assert_eq!(said(&summary), expected, "{kind:?}, {fetches}, {hours}");
                let status = store.status(&sim.account).await.unwrap();
                assert_eq!(status.doubted, doubted, "{kind:?}");
            }
            assert_truth(&store, &sim, "it is gone");
            // As it was, and yet it is back.
            sim.world().rows.push(deleted);
            sim.clock.advance(DAY);
            let summary = run(&sim, &store, &full(kind)).await.summary;
            assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 1), "{kind:?}");
            assert_eq!(summary.counts.changed, 0);
            assert_truth(&store, &sim, "it is back");
        }
    }
}

/// The usual runs of a timer find out by themselves: the days of what is doubted are read again.
#[tokio::test(start_paused = true)]
async fn a_deleted_open_order_is_gone_without_a_full_pull() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst] {
        let (sim, store) = pulled(kind, 511, 60).await;
        sim.world().rows.remove(20);
        for _ in 0..12 {
            sim.clock.advance(DAY);
            let summary = run(&sim, &store, &options(kind)).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
        }
        assert_eq!(gone(&store, &sim).await, 1, "{kind:?}");
        assert_truth(&store, &sim, "a week later");
    }
}

/// What came back is no longer doubted, and a doubt that begins anew needs two readings again.
#[tokio::test(start_paused = true)]
async fn an_order_that_comes_back_between_two_readings_is_not_doubted() {
    for kind in [Kind::Windows, Kind::OldestFirst] {
        let (sim, store) = pulled(kind, 512, 60).await;
        for _ in 0..3 {
            let hidden = sim.world().rows.remove(7);
            sim.clock.advance(2 * DAY);
            let summary = run(&sim, &store, &full(kind)).await.summary;
            assert_eq!(said(&summary), (Outcome::Complete, 1, 0, 0), "{kind:?}");
            sim.world().rows.push(hidden);
            sim.clock.advance(2 * DAY);
            let summary = run(&sim, &store, &full(kind)).await.summary;
            assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 1), "{kind:?}");
            sim.world().rows.sort_by_key(|row| row.id);
        }
        assert_truth(&store, &sim, "nothing was deleted");
    }
}

/// More than three, and more than a tenth: the run is not complete before a second reading.
#[tokio::test(start_paused = true)]
async fn many_doubted_orders_leave_a_run_incomplete_until_the_second_reading() {
    for kind in [Kind::Windows, Kind::NewestFirst, Kind::Store] {
        let (sim, store) = pulled(kind, 502, 400).await;
        sim.world().rows.retain(|row| row.id > 150);
        sim.clock.advance(HOUR);
        let summary = run(&sim, &store, &full(kind)).await.summary;
        let expected = (Outcome::Incomplete, 150, 0, 0);
        assert_eq!(said(&summary), expected, "{kind:?}");
        assert_eq!(summary.gaps, 0, "{kind:?}: a doubt is no gap");
        let note = summary.notes.iter().find(|note| note.contains("doubted"));
        assert!(note.unwrap().contains("150 of 400"), "{note:?}");
        sim.clock.advance(60);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(said(&summary), expected, "{kind:?}");
        sim.clock.advance(DAY);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(said(&summary), (Outcome::Complete, 0, 150, 0), "{kind:?}");
        assert_truth(&store, &sim, "after the second");
    }
}

/// Partitions are not counted: only the doubts, which made the run incomplete, show that orders may be deleted.
#[tokio::test(start_paused = true)]
async fn verify_does_not_agree_while_many_orders_are_doubted() {
    let kind = Kind::Cursor;
    let (sim, store) = pulled(kind, 519, 400).await;
    sim.world().rows.retain(|row| row.id > 150);
    for (wait, agrees) in [(HOUR, false), (DAY, true)] {
        sim.clock.advance(wait);
        run(&sim, &store, &full(kind)).await;
        let mine = options(kind);
        let found = verify(&sim, &store, &mine, 60, &tools(&sim)).await.unwrap();
        assert_eq!(found.agrees(), Some(agrees), "{found:?}");
        assert_eq!(found.unfinished.is_empty(), agrees);
    }
}

/// The key of another account, with an order of its own.
#[tokio::test(start_paused = true)]
async fn a_test_account_never_makes_all_orders_gone() {
    for kind in KINDS {
        for orders in [15, 120] {
            let (sim, store) = pulled(kind, 501, orders).await;
            let test = std::mem::take(&mut sim.world().rows);
            sim.insert(sim.clock.seconds() - HOUR);
            sim.world().rows[0].id = 9_999;
            for _ in 0..4 {
                sim.clock.advance(8 * DAY);
                let summary = run(&sim, &store, &full(kind)).await.summary;
                let expected = (Outcome::Incomplete, orders as u64, 0, 0);
                assert_eq!(said(&summary), expected, "{kind:?}");
            }
            // The right key again.
            let other = std::mem::replace(&mut sim.world().rows, test);
            sim.world().rows.extend(other);
            sim.clock.advance(60);
            let summary = run(&sim, &store, &full(kind)).await.summary;
            let expected = (Outcome::Complete, 0, 0, orders as u64);
            assert_eq!(said(&summary), expected, "{kind:?}");
            assert_truth(&store, &sim, "with the right key");
        }
    }
}

/// The user knows that all of them are deleted.
#[tokio::test(start_paused = true)]
async fn a_whole_account_is_gone_where_the_user_confirms_it() {
    let (sim, store) = pulled(Kind::Windows, 513, 30).await;
    sim.world().rows.clear();
    for _ in 0..3 {
        sim.clock.advance(2 * DAY);
        run(&sim, &store, &full(sim.kind)).await;
    }
    let doubted = store.doubted(&sim.account, None, 100).await.unwrap();
    assert_eq!((doubted.len(), gone(&store, &sim).await), (30, 0));
    let confirmed = store.confirm_gone(&sim.account, doubted[0].absent_at).await;
    assert_eq!((confirmed.unwrap(), gone(&store, &sim).await), (30, 30));
    assert!(
        store
            .doubted(&sim.account, None, 100)
            .await
            .unwrap()
            .is_empty()
    );
    sim.clock.advance(60);
    let summary = run(&sim, &store, &full(sim.kind)).await.summary;
    assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 0));
}

/// For an hour the vendor shows nothing at all.
#[tokio::test(start_paused = true)]
async fn an_outage_leaves_no_order_gone() {
    for kind in KINDS {
        let (sim, store) = pulled(kind, 514, 60).await;
        sim.clock.advance(8 * DAY);
        let empty = Faulty::new(&sim, Fault::NothingAtAll);
        let summary = empty.run(&store, &full(kind)).await.summary;
        assert_eq!(said(&summary), (Outcome::Incomplete, 60, 0, 0), "{kind:?}");
        sim.clock.advance(HOUR);
        let summary = run(&sim, &store, &full(kind)).await.summary;
        assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 60), "{kind:?}");
        assert_truth(&store, &sim, "after the outage");
    }
}

/// The look-up service answers "no such order" to everything, for days: each order is on the page of its day.
#[tokio::test(start_paused = true)]
async fn a_look_up_alone_makes_no_order_gone() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst] {
        let (sim, store) = pulled(kind, 504, 60).await;
        let now = sim.clock.seconds();
        for index in 0..57 {
            sim.world().change(index, 2, now);
        }
        sim.clock.advance(HOUR);
        run(&sim, &store, &full(kind)).await;
        let blind = Faulty::new(&sim, Fault::FindsNothing);
        for _ in 0..4 {
            sim.clock.advance(2 * DAY);
            let summary = blind.run(&store, &only_open(kind)).await.summary;
            // Of a list only a full pull is a reading.
            let expected = match kind {
                Kind::NewestFirst => Outcome::Incomplete,
                _ => Outcome::Complete,
            };
            assert_eq!(said(&summary), (expected, 0, 0, 0), "{kind:?}");
            assert_eq!(summary.gaps, 0, "{kind:?}");
        }
        let summary = blind.run(&store, &options(kind)).await.summary;
        assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 0), "{kind:?}");
        assert_truth(&store, &sim, "nothing was deleted");
    }
}

/// The days of the open orders come back empty.
#[tokio::test(start_paused = true)]
async fn open_orders_answered_by_an_empty_page_are_doubted() {
    for kind in [Kind::Windows, Kind::Store] {
        for (fault, outcome, doubted, gaps) in [
            // Look-ups find them.
            (Fault::EmptyPages, Outcome::Complete, 0, 0),
            // They do not: known again with the next run.
            (Fault::NothingAtAll, Outcome::Incomplete, 24, 0),
            // They fail.
            (Fault::LookUpsFail, Outcome::Complete, 0, 0),
        ] {
            let sim = Sim::new(kind, 515);
            for nth in 0..24 {
                sim.insert(sim.clock.seconds() - DAY + nth * 60);
            }
            let store = fresh().await;
            run(&sim, &store, &options(kind)).await;
            sim.clock.advance(2 * DAY);
            let odd = Faulty::new(&sim, fault);
            let summary = odd.run(&store, &only_open(kind)).await.summary;
            let found = (summary.outcome, summary.doubted, summary.gaps);
            assert_eq!(found, (outcome, doubted, gaps), "{kind:?}, {fault:?}");
            sim.clock.advance(HOUR);
            let summary = run(&sim, &store, &only_open(kind)).await.summary;
            let expected = (Outcome::Complete, 0, 0, doubted);
            assert_eq!(said(&summary), expected, "{kind:?}, {fault:?}");
        }
    }
}

/// Neither its day nor a look-up shows the order: it is a gap, until a page brings it.
#[tokio::test(start_paused = true)]
async fn a_failed_look_up_is_a_gap_that_any_page_closes() {
    for kind in [Kind::Windows, Kind::Store] {
        let (sim, store) = pulled(kind, 516, 2).await;
        sim.clock.advance(DAY);
        let down = Faulty::new(&sim, Fault::Down);
        let summary = down.run(&store, &only_open(kind)).await.summary;
        assert_eq!((summary.outcome, summary.gaps), (Outcome::Incomplete, 2));
        sim.clock.advance(60);
        let blind = Faulty::new(&sim, Fault::LookUpsFail);
        let summary = blind.run(&store, &full(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Complete, 0),
            "{kind:?}: {:?}",
            store.gaps(&sim.account).await
        );
    }
}

/// The look-up of a deleted order failed, and the next run looks it up before it reads: what the reading decides counts.
#[tokio::test(start_paused = true)]
async fn an_order_that_is_decided_upon_leaves_no_run_incomplete() {
    for kind in KINDS {
        let (sim, store) = pulled(kind, 518, 60).await;
        sim.world().rows.remove(20);
        let blind = Faulty::new(&sim, Fault::LookUpsFail);
        for (doubted, now_gone) in [(1, 0), (0, 1)] {
            sim.clock.advance(DAY + HOUR);
            let summary = blind.run(&store, &full(kind)).await.summary;
            assert_eq!((summary.outcome, summary.gaps), (Outcome::Incomplete, 1));
            let summary = run(&sim, &store, &full(kind)).await.summary;
            let expected = (Outcome::Complete, doubted, now_gone, 0);
            assert_eq!(said(&summary), expected, "{kind:?}: {:?}", summary.notes);
        }
        assert_truth(&store, &sim, "it is gone");
    }
}

/// A look-up brought an order that cannot be read, and it was deleted since: a doubt is no gap.
#[tokio::test(start_paused = true)]
async fn a_record_that_could_not_be_read_and_is_deleted_leaves_no_run_incomplete() {
    for kind in KINDS {
        let (sim, store) = pulled(kind, 519, 60).await;
        let row = sim.world().rows[20].clone();
        sim.world().odd.insert(row.id);
        sim.clock.advance(DAY + HOUR);
        let summary = run(&sim, &store, &only_open(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Incomplete, 1),
            "{kind:?}"
        );
        sim.world().rows.remove(20);
        for (doubted, now_gone) in [(1, 0), (0, 1)] {
            sim.clock.advance(DAY + HOUR);
            let summary = run(&sim, &store, &full(kind)).await.summary;
            let expected = (Outcome::Complete, doubted, now_gone, 0);
            let gaps = store.gaps(&sim.account).await;
            assert_eq!(said(&summary), expected, "{kind:?}: {gaps:?}");
        }
        assert_truth(&store, &sim, "it is gone");
    }
}

/// Nobody can ask for it by an id: it is read again with its day or its list, and gone when two of these do not show it.
#[tokio::test(start_paused = true)]
async fn an_order_without_an_id_is_never_looked_up() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst] {
        let sim = Sim::new(kind, 517).filled(30, 20, 0);
        let nameless = Faulty::new(&sim, Fault::Nameless(7));
        let store = fresh().await;
        nameless.run(&store, &options(kind)).await;
        for _ in 0..3 {
            sim.clock.advance(4 * DAY);
            let summary = nameless.run(&store, &only_open(kind)).await.summary;
            assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 0), "{kind:?}");
            let summary = nameless.run(&store, &options(kind)).await.summary;
            assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 0), "{kind:?}");
        }
        sim.world().rows.retain(|row| row.id != 7);
        for (doubted, now_gone) in [(1, 0), (0, 1)] {
            sim.clock.advance(DAY + HOUR);
            let summary = nameless.run(&store, &full(kind)).await.summary;
            let expected = (Outcome::Complete, doubted, now_gone, 0);
            assert_eq!(said(&summary), expected, "{kind:?}");
        }
        assert_truth(&store, &sim, "without it");
    }
}

/// An order can be settled, taken back and settled again, and a vendor that gives no ids says the same twice.
#[tokio::test(start_paused = true)]
async fn two_orders_without_an_id_and_of_one_text_are_two() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst] {
        let sim = Sim::new(kind, 521).filled(9, 20, 0);
        let ids = {
            let mut world = sim.world();
            let first = world.rows[6].clone();
            let second = &mut world.rows[7];
            (second.created, second.updated) = (first.created, first.updated);
            [first.id, second.id]
        };
        let twins = Faulty::new(&sim, Fault::Twins(ids));
        let store = fresh().await;
        for new in [9, 0, 0] {
            let summary = twins.run(&store, &full(kind)).await.summary;
            let counts = (summary.outcome, summary.counts.new, summary.counts.changed);
            assert_eq!(counts, (Outcome::Complete, new, 0), "{kind:?}");
            assert_eq!(store.live(&sim.account).await.unwrap(), 9, "{kind:?}");
            sim.clock.advance(DAY);
        }
    }
}

/// What the client does not send fails with every run: it is no gap, and the day of the order is read instead.
#[tokio::test(start_paused = true)]
async fn a_look_up_that_the_client_refuses_is_no_gap() {
    for kind in [Kind::Windows, Kind::Store, Kind::NewestFirst] {
        let (sim, store) = pulled(kind, 518, 3).await;
        sim.clock.advance(2 * DAY);
        let refuses = Faulty::new(&sim, Fault::Refuses(2));
        let summary = refuses.run(&store, &only_open(kind)).await.summary;
        assert_eq!(said(&summary), (Outcome::Complete, 0, 0, 0), "{kind:?}");
        assert_eq!((summary.gaps, summary.retries), (0, 0), "{kind:?}");
    }
}

/// A second reading that failed in part shows nothing.
#[tokio::test(start_paused = true)]
async fn a_window_that_cannot_be_read_is_no_evidence() {
    let (sim, store) = pulled(Kind::Windows, 519, 60).await;
    let deleted = sim.world().rows.remove(20);
    for _ in 0..3 {
        sim.world().poison = Some(deleted.updated);
        sim.clock.advance(DAY + HOUR);
        let summary = run(&sim, &store, &full(sim.kind)).await.summary;
        let expected = (Outcome::Incomplete, 0, 0, 0);
        assert_eq!(said(&summary), expected, "{:?}", summary.notes);
    }
}
