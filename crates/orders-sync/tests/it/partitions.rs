//! Very many partitions: the state stays small, a killed run goes on at the right one, nothing is lost.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orders_core::Account;
use orders_sync::{
    Context, Event, Failpoints, Observer, Options, Outcome, Point, Retries, SyncError, pull,
};

use crate::bench::{assert_no_duplicates, fresh, options, run, stored, tools};
use crate::sim::{Kind, Sim};

const PARTITIONS: usize = 10_000;

fn vendor(seed: u64) -> (Sim, Options) {
    let mut sim = Sim::new(Kind::Cursor, seed);
    sim.listed = 500;
    sim.world().customers = PARTITIONS;
    let sim = sim.filled(4000, 20, 0);
    let options = Options {
        partitions: (0..PARTITIONS).map(|id| id.to_string()).collect(),
        at_once: 4,
        ..options(sim.kind)
    };
    (sim, options)
}

/// Kills the run at given commits.
struct KillsAt(Mutex<(u32, Vec<u32>)>);

impl Failpoints for KillsAt {
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        let (passed, kills) = &mut *self.0.lock().unwrap();
        if point == Point::Committed {
            *passed += 1;
            if kills.first() == Some(passed) {
                kills.remove(0);
                return Err(SyncError::Failpoint(point));
            }
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_partitions_four_at_once_are_all_read_once_over_several_kills() {
    let (sim, options) = vendor(111);
    let store = fresh().await;
    let kills = Arc::new(KillsAt(Mutex::new((0, vec![1, 700, 2501, 7003]))));
    let tools = Context {
        failpoints: kills.clone(),
        ..tools(&sim)
    };
    let mut largest = 0;
    loop {
        let report = pull(&sim, &store, &options, &tools).await;
        let state = store.state(&sim.account).await.unwrap().unwrap();
        largest = largest.max(state.len());
        match report {
            // What was on its way is dropped.
            Err(SyncError::Failpoint(_)) => sim.at_once.store(0, Ordering::SeqCst),
            Err(error) => panic!("{error}"),
            Ok(report) => {
                assert_eq!(report.summary.outcome, Outcome::Complete);
                break;
            }
        }
    }
    assert!(kills.0.lock().unwrap().1.is_empty(), "all kills happened");
    assert!(largest < 2500, "the state grew to {largest} bytes");
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "partitions");
    assert_eq!(sim.most_at_once.load(Ordering::SeqCst), 4);
    // No partition is read from its beginning twice but the four that were under way at a kill.
    let asked = sim.asked.lock().unwrap();
    let mut times: HashMap<&str, u32> = HashMap::new();
    for slice in &*asked {
        *times
            .entry(slice.partition.as_deref().unwrap())
            .or_default() += 1;
    }
    assert_eq!(times.len(), PARTITIONS, "every partition is asked for");
    let again: u32 = times.values().map(|times| times - 1).sum();
    assert!(again <= 4 * 4, "{again} requests were made again");
}

/// However many partitions fail, the state that is committed each time does not list them.
#[tokio::test(start_paused = true)]
async fn many_failed_partitions_are_gaps_and_not_in_the_state() {
    struct Gaps(Mutex<usize>);
    impl Observer for Gaps {
        fn event(&self, _: &Account, event: &Event<'_>) {
            if let Event::Gap { .. } = event {
                *self.0.lock().unwrap() += 1;
            }
        }
    }
    let mut sim = Sim::new(Kind::Cursor, 112);
    sim.listed = 500;
    sim.world().customers = 600;
    let sim = sim.filled(1200, 20, 0);
    let options = Options {
        partitions: (0..600).map(|id| id.to_string()).collect(),
        at_once: 4,
        retries: Retries::new(1, Duration::from_secs(900)),
        ..options(sim.kind)
    };
    let bad = || orders_core::Error::decode("orders[0].id", "a map");
    // Every second request, so that it is not the vendor that is down.
    sim.world().script = (0..200)
        .map(|nth| (nth * 2 + 1, bad as fn() -> orders_core::Error))
        .collect();
    let store = fresh().await;
    let seen = Arc::new(Gaps(Mutex::new(0)));
    let tools = Context {
        observer: seen.clone(),
        ..tools(&sim)
    };
    let part = Options {
        max_orders: Some(700),
        ..options.clone()
    };
    let report = pull(&sim, &store, &part, &tools).await.unwrap();
    assert_eq!(report.summary.outcome, Outcome::Stopped);
    assert_eq!((report.summary.gaps, *seen.0.lock().unwrap()), (200, 200));
    let state = store.state(&sim.account).await.unwrap().unwrap();
    assert!(state.len() < 2500, "{} bytes", state.len());
    let summary = run(&sim, &store, &options).await.summary;
    assert_eq!((summary.outcome, summary.gaps), (Outcome::Complete, 0));
    assert_eq!(stored(&store), sim.truth());
}
