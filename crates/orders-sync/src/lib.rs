#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod amounts;
mod asked;
mod at_end;
mod batch;
mod clock;
mod committer;
mod context;
mod database;
mod deletions;
mod diff;
mod error;
mod estimate;
mod events;
mod evidence;
mod failpoints;
mod full_scan;
mod gap;
mod hash;
mod job;
mod list_scan;
mod lock;
mod lookup;
mod options;
mod person;
mod phase;
mod place;
mod plan;
mod planner;
mod point;
#[cfg(feature = "postgres")]
mod postgres;
mod progress;
mod pull;
mod reading;
mod recheck;
mod recognise;
mod recovery;
mod retry;
mod run;
mod sample;
mod scheduler;
mod single;
mod slices;
mod sort_order;
mod sql;
mod sqlite;
mod state;
mod step_back;
mod store;
mod stored;
mod strategy;
mod summary;
mod times;
mod unconfirmed;
mod upgrade;
mod vendor_clock;
mod verify;
mod window_times;

pub use at_end::Statement;
pub use batch::{
    Batch, Commit, Counts, DoneReading, Marked, NewGap, ReadingOf, Received, ScanMark, Shown,
};
pub use clock::{Clock, Randomness, Stop, SystemClock, SystemRandomness};
pub use context::Context;
pub use diff::{Change, changes};
pub use error::{StateFault, StoreFault, StorePlace, SyncError};
pub use events::{Event, NoObserver, Observer, Progress, Unit};
pub use failpoints::{Failpoints, NoFailpoints};
pub use gap::{Acceptance, Gap, Missing};
pub use options::{EARLIEST, Mode, Options, Pace, Retries};
pub use phase::Phase;
pub use plan::{Plan, Task};
pub use planner::plan;
pub use point::Point;
#[cfg(feature = "pool")]
pub use postgres::pool;
pub use pull::{Report, pull};
pub use sample::{DifferentOrder, NotCompared, Sample};
pub use sql::{Forgotten, HistoryRow, Remapped, StoredOrder};
pub use store::Store;
pub use stored::{Doubted, Doubts, DueDay, DueFilter, KeptPush, PushState, Receipt, Sampled};
pub use summary::{Outcome, Status, Summary};
pub use verify::{Check, Verification, verify};
