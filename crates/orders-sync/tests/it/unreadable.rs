//! One record of a page that cannot be read: it is kept, and costs nothing else.

use orders_core::Slice;
use orders_sync::{Gap, Missing, Outcome, Store, Summary};

use crate::bench::{
    KillAt, assert_no_duplicates, assert_truth, fresh, is_postgres, number, options, run, stored,
    texts, tools,
};
use crate::odd::{Fault, Faulty};
use crate::sim::{DAY, Kind, Sim};

const ALL: usize = 150;
const WAYS: [Kind; 4] = [Kind::NewestFirst, Kind::Windows, Kind::Cursor, Kind::Store];

/// A vendor with one order that cannot be read, and its name.
fn vendor(kind: Kind) -> (Sim, u64, String) {
    let sim = Sim::new(kind, 700).filled(ALL, 10, 0);
    let row = sim.world().rows[70].clone();
    sim.world().odd.insert(row.id);
    (sim, row.id, row.name())
}

/// Runs; answers the summary, and how many requests it took.
async fn counted(sim: &Sim, store: &Store) -> (Summary, u64) {
    let before = sim.calls();
    let summary = run(sim, store, &options(sim.kind)).await.summary;
    (summary, sim.calls() - before)
}

/// The texts of the open records, or of that of one order.
fn kept(store: &Store, id: Option<&str>) -> Vec<String> {
    let raw = if is_postgres() {
        "raw_text(raw)"
    } else {
        "raw"
    };
    let of = id.map_or(String::new(), |id| format!(" AND id = '{id}'"));
    let sql = format!("SELECT {raw} FROM unreadable WHERE closed_at IS NULL{of}");
    texts(store, &sql)
}

async fn gap(store: &Store, sim: &Sim) -> Gap {
    let mut gaps = store.gaps(&sim.account).await.unwrap();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    gaps.remove(0)
}

#[tokio::test(start_paused = true)]
async fn one_record_that_cannot_be_read_costs_no_other_and_no_request() {
    for kind in WAYS {
        let (sim, id, name) = vendor(kind);
        let (good, other) = (Sim::new(kind, 700).filled(ALL, 10, 0), fresh().await);
        let store = fresh().await;
        for day in 0..4 {
            let (summary, requests) = counted(&sim, &store).await;
            let (_, usual) = counted(&good, &other).await;
            let gaps = store.gaps(&sim.account).await.unwrap();
            // Its slice is read again by the next run and after two days, but not with each run.
            match day {
                1 | 2 => assert!(requests >= usual, "{kind:?}, day {day}: {requests}"),
                _ => assert_eq!(requests, usual, "{kind:?}, day {day}: {gaps:?}"),
            }
            assert_eq!(
                (summary.outcome, summary.gaps),
                (Outcome::Incomplete, 1),
                "{kind:?}"
            );
            assert_eq!(stored(&store).len(), ALL - 1, "{kind:?}");
            let gap = gap(&store, &sim).await;
            assert_eq!(gap.missing, Missing::Record(name.clone()));
            assert_eq!(gap.kind, "decode");
            let path = gap.path.unwrap();
            assert!(
                path.starts_with("rows[") && path.ends_with("].amount"),
                "{path}"
            );
            assert!(gap.reason.contains(&path), "{}", gap.reason);
            let text = sim.world().rows[70].raw();
            assert_eq!(kept(&store, Some(&name)), [text], "{kind:?}");
            for sim in [&sim, &good] {
                sim.clock.advance(DAY);
            }
        }
        // A later page shows it as it can be read.
        sim.world().odd.remove(&id);
        let now = sim.clock.seconds() - 600;
        sim.world().change(70, 1, now);
        sim.clock.advance(8 * DAY);
        let (summary, _) = counted(&sim, &store).await;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Complete, 0),
            "{kind:?}"
        );
        assert_truth(&store, &sim, &format!("{kind:?}"));
        assert_no_duplicates(&store, "read after all");
        assert_eq!(
            number(
                &store,
                "SELECT count(*) FROM unreadable WHERE closed_at IS NULL"
            ),
            0
        );
    }
}

/// It moves the watermark, and a scan with it is as complete as another.
#[tokio::test(start_paused = true)]
async fn a_list_with_an_unreadable_record_is_scanned_to_its_end() {
    let (sim, ..) = vendor(Kind::NewestFirst);
    let store = fresh().await;
    let (summary, requests) = counted(&sim, &store).await;
    assert!(summary.watermark.is_some());
    assert_eq!(requests, 8, "pages of 20");
    assert_eq!(
        store.status(&sim.account).await.unwrap().vendor_count,
        Some(150)
    );
    for full in [8, 8, 3] {
        sim.clock.advance(DAY);
        let (_, requests) = counted(&sim, &store).await;
        assert!(requests <= full, "only the tail is read: {requests}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_accepted_gap_is_counted_apart_until_the_text_changes() {
    for kind in WAYS {
        let (sim, _, name) = vendor(kind);
        let store = fresh().await;
        counted(&sim, &store).await;
        let id = gap(&store, &sim).await.id;
        let now = sim.clock.seconds();
        assert!(
            !store
                .accept_gap(id + 1, "no such", crate::sim::at(now))
                .await
                .unwrap()
        );
        assert!(
            store
                .accept_gap(id, "a test order", crate::sim::at(now))
                .await
                .unwrap()
        );
        sim.clock.advance(3600);
        let (summary, _) = counted(&sim, &store).await;
        let counts = (summary.outcome, summary.gaps, summary.accepted_gaps);
        assert_eq!(counts, (Outcome::Complete, 0, 1), "{kind:?}");
        assert_eq!(
            gap(&store, &sim).await.accepted.unwrap().reason,
            "a test order"
        );
        // The same text again changes nothing.
        sim.clock.advance(8 * DAY);
        let (summary, _) = counted(&sim, &store).await;
        assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
        let now = sim.clock.seconds();
        sim.world().change(70, 1, now);
        sim.clock.advance(8 * DAY);
        let (summary, _) = counted(&sim, &store).await;
        let counts = (summary.outcome, summary.gaps, summary.accepted_gaps);
        assert_eq!(counts, (Outcome::Incomplete, 1, 0), "{kind:?}");
        let gap = gap(&store, &sim).await;
        assert_eq!((gap.id, gap.missing), (id, Missing::Record(name)));
    }
}

/// A later version of the source reads the stored text: no page has to show the order again.
#[tokio::test(start_paused = true)]
async fn a_later_version_reads_the_stored_text() {
    for kind in WAYS {
        let (sim, ..) = vendor(kind);
        let store = fresh().await;
        counted(&sim, &store).await;
        sim.world().rereads = true;
        // No page that is read now shows it, and none could be read.
        sim.clock.advance(3600);
        let stop = orders_sync::Options {
            max_orders: Some(0),
            ..options(kind)
        };
        run(&sim, &store, &stop).await;
        assert_truth(&store, &sim, &format!("{kind:?}"));
        assert_eq!(store.gaps(&sim.account).await.unwrap(), [], "{kind:?}");
    }
}

/// A record that cannot be read is no order that the scan did not show.
#[tokio::test(start_paused = true)]
async fn a_stored_order_that_cannot_be_read_any_more_is_not_gone() {
    for fetches in [true, false] {
        let sim = Sim::new(Kind::OldestFirst, 701).filled(60, 10, 0);
        sim.fetches
            .store(fetches, std::sync::atomic::Ordering::SeqCst);
        let store = fresh().await;
        counted(&sim, &store).await;
        sim.world().odd.insert(7);
        sim.clock.advance(8 * DAY);
        let (summary, requests) = counted(&sim, &store).await;
        assert_eq!((summary.outcome, summary.gaps), (Outcome::Incomplete, 1));
        assert_eq!(requests, 3, "nothing is looked up");
        let status = store.status(&sim.account).await.unwrap();
        assert_eq!((status.stored, status.gone), (60, 0));
        // And when the vendor has it no more, a proven scan closes its gap.
        let sim_row = sim.world().rows.iter().position(|row| row.id == 7).unwrap();
        sim.world().rows.remove(sim_row);
        for _ in 0..2 {
            sim.clock.advance(8 * DAY);
            counted(&sim, &store).await;
        }
        assert_eq!(store.status(&sim.account).await.unwrap().gone, 1);
    }
}

/// A record without an id is known by its text; when the vendor has it no more, a proven scan closes its gap.
#[tokio::test(start_paused = true)]
async fn a_record_that_a_scan_no_longer_shows_is_closed() {
    let (sim, id, _) = vendor(Kind::NewestFirst);
    sim.world().nameless = true;
    let store = fresh().await;
    counted(&sim, &store).await;
    sim.world().rows.retain(|row| row.id != id);
    sim.clock.advance(8 * DAY);
    let (summary, _) = counted(&sim, &store).await;
    assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
}

/// A reading that goes over two runs ends: what its first half showed is still unreadable, for nothing showed it anew.
#[tokio::test(start_paused = true)]
async fn a_resumed_reading_closes_no_record_that_it_showed_itself() {
    let mut resumed = 0;
    for (kind, nth) in WAYS
        .into_iter()
        .flat_map(|kind| (3..9).map(move |nth| (kind, nth)))
    {
        let (sim, ..) = vendor(kind);
        let store = fresh().await;
        let killed = orders_sync::Context {
            failpoints: KillAt::nth(orders_sync::Point::Committed, nth),
            ..tools(&sim)
        };
        let first = orders_sync::pull(&sim, &store, &options(kind), &killed).await;
        let shown = number(&store, "SELECT count(*) FROM unreadable") == 1;
        resumed += u32::from(first.is_err() && shown);
        let (summary, _) = counted(&sim, &store).await;
        let counts = (summary.outcome, summary.gaps);
        assert_eq!(counts, (Outcome::Incomplete, 1), "{kind:?}, {nth}");
    }
    assert!(
        resumed >= 8,
        "only {resumed} were resumed behind the record"
    );
}

/// One answer without rows is no evidence that the record is not there any more.
#[tokio::test(start_paused = true)]
async fn one_empty_answer_closes_no_record() {
    for (kind, nth) in [Kind::Windows, Kind::Store, Kind::Cursor]
        .into_iter()
        .flat_map(|kind| (1..9).map(move |nth| (kind, nth)))
    {
        let sim = Sim::new(kind, 703).filled(1, 10, 0);
        let id = sim.world().rows[0].id;
        sim.world().odd.insert(id);
        sim.world().nameless = true;
        let store = fresh().await;
        counted(&sim, &store).await;
        sim.clock.advance(DAY);
        let faulty = Faulty::new(&sim, Fault::EmptyPage(nth));
        // Nothing but the slice of the record shows it again.
        let again = orders_sync::Options {
            lookback: chrono::TimeDelta::zero(),
            ..options(kind)
        };
        let summary = faulty.run(&store, &again).await.summary;
        let counts = (summary.outcome, summary.gaps);
        assert_eq!(counts, (Outcome::Incomplete, 1), "{kind:?}, {nth}");
    }
}

/// A slice that is read again and is empty twice holds the record no more; an empty answer alone closes nothing.
#[tokio::test(start_paused = true)]
async fn a_record_that_left_its_window_is_closed() {
    let sim = Sim::new(Kind::Windows, 702).filled(1, 10, 0);
    let id = sim.world().rows[0].id;
    sim.world().odd.insert(id);
    sim.world().nameless = true;
    let store = fresh().await;
    counted(&sim, &store).await;
    sim.world().odd.remove(&id);
    let now = sim.clock.seconds() + 3600;
    sim.world().change(0, 1, now);
    sim.clock.advance(DAY);
    let (summary, _) = counted(&sim, &store).await;
    assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
    assert_truth(&store, &sim, "left its window");
}

/// A look-up whose order cannot be read keeps its text in the same way, and is not repeated.
#[tokio::test(start_paused = true)]
async fn a_look_up_that_cannot_be_read_is_kept_too() {
    let sim = Sim::new(Kind::Windows, 702).filled(20, 10, 0);
    let store = fresh().await;
    counted(&sim, &store).await;
    let row = sim.world().rows[5].clone();
    sim.world().odd.insert(row.id);
    // Behind the back of every window: the weekly recheck looks it up.
    sim.world().rows[5].version += 1;
    let text = sim.world().rows[5].raw();
    sim.clock.advance(9 * DAY);
    let (summary, _) = counted(&sim, &store).await;
    assert_eq!((summary.outcome, summary.gaps), (Outcome::Incomplete, 1));
    assert_eq!(summary.retries, 0);
    assert_eq!(gap(&store, &sim).await.missing, Missing::Record(row.name()));
    assert_eq!(kept(&store, None), [text]);
    sim.world().odd.clear();
    sim.clock.advance(9 * DAY);
    let (summary, _) = counted(&sim, &store).await;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_truth(&store, &sim, "looked up");
}

/// The vendor answers a look-up with another order: that shows nothing of the one that was requested.
#[tokio::test(start_paused = true)]
async fn another_order_than_the_one_looked_up_is_a_gap() {
    let sim = Sim::new(Kind::Windows, 703).filled(20, 10, 0);
    let store = fresh().await;
    counted(&sim, &store).await;
    sim.clock.advance(9 * DAY);
    let odd = Faulty::new(&sim, Fault::FindsAnother);
    let summary = odd.run(&store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Incomplete);
    assert!(summary.gaps > 5, "{}", summary.gaps);
    let gaps = store.gaps(&sim.account).await.unwrap();
    let orders = gaps
        .iter()
        .all(|gap| matches!(&gap.missing, Missing::Order(_)));
    assert!(orders, "{gaps:?}");
    assert!(
        gaps[0].reason.contains("the vendor answered"),
        "{}",
        gaps[0].reason
    );
    sim.clock.advance(60);
    let (summary, _) = counted(&sim, &store).await;
    assert_eq!(summary.outcome, Outcome::Complete);
}

/// A page that cannot be read at all leaves the watermark where it is: of the first scan, and of a tail.
#[tokio::test(start_paused = true)]
async fn a_scan_with_a_gap_moves_no_watermark() {
    // The order that cannot be read is new, or it is stored already and the count of the tail is right.
    for new in [true, false] {
        let sim = Sim::new(Kind::NewestFirst, 704).filled(60, 10, 0);
        let newest = |sim: &Sim| sim.world().rows.iter().map(|row| row.updated).max();
        sim.world().poison = newest(&sim);
        let store = fresh().await;
        let (summary, _) = counted(&sim, &store).await;
        let first = (summary.outcome, summary.watermark);
        assert_eq!(first, (Outcome::Incomplete, None));
        sim.world().poison = None;
        let (summary, _) = counted(&sim, &store).await;
        let watermark = summary.watermark.unwrap();
        sim.clock.advance(DAY);
        if new {
            sim.insert(sim.clock.seconds() - 60);
        }
        sim.world().poison = newest(&sim);
        let (summary, _) = counted(&sim, &store).await;
        assert_eq!(summary.outcome, Outcome::Incomplete);
        assert_eq!(summary.watermark, Some(watermark), "new: {new}");
        let gaps = store.gaps(&sim.account).await.unwrap();
        assert_eq!(gaps[0].missing, Missing::Slice(Slice::pass()));
    }
}

/// A vendor that gives no total and cannot be asked for one order: what a reading did not show is not gone.
#[tokio::test(start_paused = true)]
async fn an_unproven_scan_says_nothing_about_deletions() {
    let sim = Sim::new(Kind::NewestFirst, 705).filled(60, 10, 0);
    sim.fetches
        .store(false, std::sync::atomic::Ordering::SeqCst);
    let silent = Faulty::new(&sim, Fault::NeverTotal);
    let store = fresh().await;
    let summary = silent.run(&store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.unproven),
        (Outcome::Complete, true)
    );
    sim.world().rows.remove(10);
    sim.clock.advance(8 * DAY);
    let summary = silent.run(&store, &options(sim.kind)).await.summary;
    assert!(summary.unproven);
    assert_eq!(store.status(&sim.account).await.unwrap().gone, 0);
}

/// The tail finds that the vendor counts fewer orders than are stored: a full scan shows which.
#[tokio::test(start_paused = true)]
async fn a_count_below_what_is_stored_brings_a_full_scan() {
    let sim = Sim::new(Kind::NewestFirst, 706).filled(100, 10, 0);
    let store = fresh().await;
    counted(&sim, &store).await;
    let oldest = sim
        .world()
        .rows
        .iter()
        .map(|row| row.created)
        .min()
        .unwrap();
    sim.world().rows.retain(|row| row.created != oldest);
    for (gone, doubted) in [(0, 1), (1, 0), (1, 0)] {
        sim.clock.advance(DAY);
        let (summary, requests) = counted(&sim, &store).await;
        assert_eq!(summary.outcome, Outcome::Complete);
        let status = store.status(&sim.account).await.unwrap();
        assert_eq!((status.gone, status.doubted), (gone, doubted));
        // What is decided is not scanned for again.
        assert_eq!(requests < 5, summary.counts.gone + doubted == 0);
    }
}

/// No index holds an id of any length: such an order is an unreadable record, and its neighbours are stored.
#[tokio::test(start_paused = true)]
async fn an_order_whose_id_is_too_long_costs_no_neighbour() {
    for kind in WAYS {
        let sim = Sim::new(kind, 700).filled(ALL, 10, 0);
        let row = sim.world().rows[70].clone();
        let store = fresh().await;
        let vendor = Faulty::new(&sim, Fault::LongId(row.id));
        let summary = vendor.run(&store, &options(kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Incomplete, "{kind:?}");
        assert_eq!(stored(&store).len(), ALL - 1, "{kind:?}");
        let gap = gap(&store, &sim).await;
        assert!(
            matches!(gap.missing, Missing::Record(_)),
            "{kind:?}: {gap:?}"
        );
        assert!(gap.reason.contains("more than 1024 bytes"), "{gap:?}");
        let kept = kept(&store, None);
        assert!(kept.len() == 1 && kept[0].contains(&row.name()), "{kept:?}");
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.gaps),
            (Outcome::Complete, 0),
            "{kind:?}"
        );
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}
