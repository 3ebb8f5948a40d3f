//! The vendor's clock beside this machine's: what was read counts up to the earlier of the two.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Order, OrderRef, OrderSource, Page, Query, Slice, Slices,
};
use orders_sync::{Clock, Context, Options, Outcome, Store, Summary, pull};

use crate::bench::{assert_truth, fresh, options};
use crate::sim::{DAY, Kind, Sim, at};
use crate::world::SimClock;

/// The simulated vendor, which dates its answers: by its own clock, or by an odd one.
#[derive(Debug)]
struct Dated<'a> {
    sim: &'a Sim,
    odd: Option<i64>,
}

#[async_trait::async_trait]
impl OrderSource for Dated<'_> {
    fn account(&self) -> &Account {
        self.sim.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.sim.slices(query, after).await
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let page = self.sim.page(slice, cursor).await?;
        let date = self.odd.unwrap_or_else(|| self.sim.clock.seconds());
        Ok(page.with_answered_at(Some(at(date))))
    }

    fn behind(&self, slice: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        self.sim.behind(slice, cursor)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.sim.fetch(reference).await
    }

    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.sim.count(slice).await
    }
}

/// This machine's clock, which is off by some seconds.
struct Machine {
    right: Arc<SimClock>,
    off: AtomicI64,
}

impl Clock for Machine {
    fn now(&self) -> DateTime<Utc> {
        at(self.right.seconds() + self.off.load(Ordering::SeqCst))
    }
}

async fn run_with(
    sim: &Sim,
    store: &Store,
    options: &Options,
    off: i64,
    odd: Option<i64>,
) -> Summary {
    let machine = Machine {
        right: sim.clock.clone(),
        off: AtomicI64::new(off),
    };
    let tools = Context {
        clock: Arc::new(machine),
        ..Context::default()
    };
    let report = pull(&Dated { sim, odd }, store, options, &tools).await;
    report.unwrap().summary
}

async fn run(sim: &Sim, store: &Store, off: i64) -> Summary {
    run_with(sim, store, &options(sim.kind), off, None).await
}

const KINDS: [Kind; 4] = [
    Kind::Windows,
    Kind::Store,
    Kind::NewestFirst,
    Kind::OldestFirst,
];

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_five_days_ahead_loses_no_day() {
    for kind in KINDS {
        for runs_before in [0, 1] {
            let sim = Sim::new(kind, 701).filled(60, 20, 0);
            let store = fresh().await;
            for _ in 0..runs_before {
                run(&sim, &store, 0).await;
            }
            sim.clock.advance(3600);
            let saved = store.status(&sim.account).await.unwrap().watermark;
            let ahead = run(&sim, &store, 5 * DAY).await;
            assert_eq!(ahead.outcome, Outcome::Incomplete, "{kind:?}");
            let note = ahead.notes.last().unwrap();
            assert!(note.contains("5 days apart") && note.contains("clock right"));
            assert_eq!(ahead.watermark, saved, "{kind:?}");
            for _ in 0..50 {
                sim.clock.advance(DAY / 100);
                sim.insert(sim.clock.seconds());
            }
            for day in [6, 1, 7] {
                sim.clock.advance(day * DAY);
                let right = run(&sim, &store, 0).await;
                assert_eq!(right.outcome, Outcome::Complete, "{kind:?}");
                assert_truth(&store, &sim, &format!("{kind:?}"));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_behind_or_a_date_that_is_absurd_leaves_the_state_as_it_was() {
    for kind in KINDS {
        let sim = Sim::new(kind, 702).filled(60, 20, 0);
        let store = fresh().await;
        for _ in 0..3 {
            sim.clock.advance(2 * DAY);
            run(&sim, &store, 0).await;
        }
        let saved = async || {
            let text = store.state(&sim.account).await.unwrap().unwrap();
            let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
            state["marks"] = 0.into();
            state
        };
        let before = saved().await;
        sim.insert(sim.clock.seconds());
        sim.clock.advance(3600);
        let far = [(-DAY * 3, None), (0, Some(784_111_777)), (0, Some(9 * DAY))];
        for (off, odd) in far {
            let summary = run_with(&sim, &store, &options(kind), off, odd).await;
            assert_eq!(summary.outcome, Outcome::Incomplete, "{kind:?} {off}");
            assert_eq!(saved().await, before, "{kind:?} {off} {odd:?}");
        }
        let right = run(&sim, &store, 0).await;
        assert_eq!(right.outcome, Outcome::Complete, "{kind:?}");
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_some_hours_ahead_is_noted_once_and_what_was_read_counts_to_the_vendors_time() {
    for kind in KINDS {
        let sim = Sim::new(kind, 703).filled(60, 20, 0);
        let store = fresh().await;
        let options = Options {
            lookback: TimeDelta::zero(),
            overlap: TimeDelta::zero(),
            ..options(kind)
        };
        for (off, words) in [
            (7 * 60, Some("7 minutes ahead of")),
            (3 * 3600, Some("3 hours ahead of")),
            (-600, Some("10 minutes behind")),
            (100, None),
        ] {
            sim.clock.advance(DAY);
            let began = at(sim.clock.seconds());
            let summary = run_with(&sim, &store, &options, off, None).await;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
            let noted = summary.notes.iter().filter(|note| note.contains("clock"));
            let noted: Vec<_> = noted.collect();
            assert_eq!(noted.len(), usize::from(words.is_some()), "{noted:?}");
            assert!(words.is_none_or(|words| noted[0].contains(words)));
            let reached = summary.watermark.unwrap();
            assert!(reached <= began + TimeDelta::seconds(60), "{kind:?} {off}");
            for minute in 1..30 {
                sim.insert(sim.clock.seconds() + minute * 60);
            }
            sim.clock.advance(4 * 3600);
            run_with(&sim, &store, &options, 0, None).await;
            assert_truth(&store, &sim, &format!("{kind:?} {off}"));
        }
    }
}

/// A run is stopped whose clock was ten hours ahead: its windows end ten hours ahead. The next run resumes it.
#[tokio::test(start_paused = true)]
async fn a_resumed_job_counts_to_the_time_at_which_the_vendor_first_answered() {
    for kind in [Kind::Windows, Kind::Store] {
        let sim = Sim::new(kind, 704).filled(60, 20, 0);
        let store = fresh().await;
        let none = TimeDelta::zero();
        let usual = Options {
            lookback: none,
            safety_lag: none,
            ..options(kind)
        };
        let short = Options {
            max_orders: Some(5),
            ..usual.clone()
        };
        let stopped = run_with(&sim, &store, &short, 10 * 3600, None).await;
        assert_eq!(stopped.outcome, Outcome::Stopped);
        for minute in 1..500 {
            sim.insert(sim.clock.seconds() + minute * 60);
        }
        sim.clock.advance(11 * 3600);
        let resumed = run_with(&sim, &store, &usual, 0, None).await;
        assert_eq!(resumed.outcome, Outcome::Complete);
        assert_truth(&store, &sim, &format!("{kind:?}"));
    }
}
