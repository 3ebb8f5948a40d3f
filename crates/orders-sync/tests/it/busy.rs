//! Other programs at the same SQLite file: writers end the run clearly, readers do not touch it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orders_sync::{Context, Failpoints, Outcome, Point, Store, SyncError, pull};
use rusqlite::Connection;

use crate::bench::{assert_no_duplicates, is_left_out, options, run, stored, tools};
use crate::sim::{KINDS, Kind, Sim};

/// Another program begins to write to the file when the run passes a point for the nth time.
struct WriterAt {
    point: Point,
    file: PathBuf,
    rest: Mutex<u32>,
    other: Mutex<Option<Connection>>,
}

impl Failpoints for WriterAt {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        let mut rest = self.rest.lock().unwrap();
        if point == self.point {
            *rest = rest.saturating_sub(1);
            if *rest == 0 {
                let mut other = self.other.lock().unwrap();
                other.get_or_insert_with(|| writing(&self.file));
            }
        }
        Ok(())
    }
}

fn writing(file: &PathBuf) -> Connection {
    let other = Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

fn short(store: &Store) {
    store.wait_at_most(Duration::from_millis(20)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_writer_ends_the_run_as_busy_and_the_next_run_completes() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    for kind in KINDS {
        for (point, nth) in [
            (Point::RunBegun, 1),
            (Point::PageRead, 4),
            (Point::RunEnding, 1),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("orders.db");
            let sim = Sim::new(kind, 101).filled(150, 5, 0);
            let store = Store::open(&file).unwrap();
            short(&store);
            let writer = Arc::new(WriterAt {
                point,
                file: file.clone(),
                rest: Mutex::new(nth),
                other: Mutex::new(None),
            });
            let tools = Context {
                failpoints: writer.clone(),
                ..tools(&sim)
            };
            let error = pull(&sim, &store, &options(kind), &tools)
                .await
                .unwrap_err();
            let context = format!("{kind:?} {point:?}");
            assert_eq!(
                (error.kind(), error.is_retryable()),
                ("busy", true),
                "{context}"
            );
            assert!(
                error.to_string().contains("another program is writing"),
                "{error}"
            );
            assert!(error.next().contains("close the other program"), "{error}");
            // The state is whole, and says no more than what is stored.
            assert_eq!(
                store.status(&sim.account).await.unwrap().gaps,
                [],
                "{context}"
            );
            *writer.other.lock().unwrap() = None;
            let kept = stored(&store).len() as u64;
            let summary = run(&sim, &store, &options(kind)).await.summary;
            assert_eq!(
                (summary.outcome, summary.counts.new),
                (Outcome::Complete, 150 - kept)
            );
            assert_eq!(stored(&store), sim.truth(), "{context}");
            assert_no_duplicates(&store, &context);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_being_written_cannot_be_begun_with() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 102).filled(50, 5, 0);
    let store = Store::open(&file).unwrap();
    short(&store);
    let other = writing(&file);
    let error = pull(&sim, &store, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), sim.calls()),
        ("busy", 0),
        "nothing was asked"
    );
    assert_eq!(store.state(&sim.account).await.unwrap(), None);
    drop(other);
    assert_eq!(
        run(&sim, &store, &options(sim.kind)).await.summary.outcome,
        Outcome::Complete
    );
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stays_for_hours_stops_nobody() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 103).filled(200, 5, 0);
    let store = Store::open(&file).unwrap();
    short(&store);
    run(&sim, &store, &options(sim.kind)).await;
    let reader = Connection::open(&file).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let seen = |reader: &Connection| {
        reader
            .query_row("SELECT count(*) FROM orders", [], |row| {
                row.get::<_, i64>(0)
            })
            .unwrap()
    };
    assert_eq!(seen(&reader), 200);
    for _ in 0..3 {
        sim.clock.advance(crate::sim::DAY);
        for _ in 0..50 {
            sim.insert(sim.clock.seconds() - 3600);
        }
        let summary = run(&sim, &store, &options(sim.kind)).await.summary;
        assert_eq!(
            (summary.outcome, summary.counts.new),
            (Outcome::Complete, 50)
        );
    }
    assert_eq!(seen(&reader), 200, "it reads what there was when it began");
    assert_eq!(stored(&store), sim.truth());
}

/// Whoever opens a new file together with others finds it whole, or makes it.
#[tokio::test]
async fn a_new_file_is_opened_by_many_at_once() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    const MANY: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let file = folder.path().join(format!("{round}.db"));
        let together = std::sync::Barrier::new(MANY);
        let open = || {
            together.wait();
            Store::open(&file).map(drop)
        };
        std::thread::scope(|scope| {
            let opening: Vec<_> = (0..MANY).map(|_| scope.spawn(open)).collect();
            for one in opening {
                one.join().unwrap().unwrap();
            }
        });
        let store = Store::open_read_only(&file).unwrap();
        assert_eq!(store.accounts().await.unwrap(), [], "round {round}");
        let mode: String = store
            .connection()
            .unwrap()
            .query_row("PRAGMA journal_mode", [], |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }
}
