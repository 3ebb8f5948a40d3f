#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod absent;
mod again;
mod ahead;
mod clock;
mod doubt;
mod engine;
mod error;
mod estimate;
mod events;
mod fetch;
mod judge;
mod listing;
mod lock;
mod options;
mod pass;
mod place;
mod plan;
mod points;
mod progress;
mod record;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod store;
mod summary;
mod trouble;
mod verify;
mod walk;

pub use clock::{Clock, Stop, SystemClock};
pub use engine::{Report, pull};
pub use error::{StateFault, StoreFault, SyncError};
pub use events::{Event, NoObserver, Observer, Progress, Unit};
pub use options::{Mode, Options, Pace, Tools};
pub use plan::{Plan, Task, plan};
pub use points::{Failpoints, NoFailpoints, Point};
pub use record::{Change, changes};
#[cfg(feature = "sqlite")]
pub use sqlite::{HistoryRow, SqliteStore, StoredOrder};
pub use state::Tier;
pub use store::{Batch, Counts, DueDay, DueFilter, Gap, Missing, Store};
pub use summary::{Outcome, Status, Summary};
pub use verify::{Check, Verification, verify};
