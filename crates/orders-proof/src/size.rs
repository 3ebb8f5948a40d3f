//! What a pull of many orders costs: memory of the real program, and speed.

use std::path::Path;
use std::time::{Duration, Instant};

use orders_sandbox::Sandbox;

use crate::Result;
use crate::compare;
use crate::connect::Way;
use crate::program::Program;
use crate::stores::Place;

/// What one pull cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// The orders stored.
    pub orders: u64,
    /// The most memory that the program held, in KiB; `None` where the system does not say.
    pub peak_memory: Option<u64>,
    /// How long the program ran.
    pub time: Duration,
    /// The requests that the vendor answered.
    pub requests: u64,
    /// The size of the database, in bytes.
    pub file: u64,
}

impl Cost {
    /// Orders stored in a second, on average.
    #[must_use]
    pub fn orders_per_second(&self) -> u64 {
        let millis = u64::try_from(self.time.as_millis()).unwrap_or(u64::MAX);
        self.orders.saturating_mul(1000) / millis.max(1)
    }
}

/// Pulls so many small orders into a new SQLite file with the real program, and checks that all are there.
///
/// # Errors
/// Where the program fails, or orders are missing.
pub async fn pull(executable: &Path, way: Way, orders: usize) -> Result<Cost> {
    let builder = Sandbox::builder().date(|now| now).seed(5);
    let builder = builder.orders(orders).small(true);
    let sandbox = builder.shopline_rate_limit(None).start().await;
    let sandbox = sandbox.map_err(|error| error.to_string())?;
    let program = Program::new(executable, Place::Sqlite, way)?;
    tokio::task::block_in_place(|| {
        let started = Instant::now();
        let paused = program.pause_at(&sandbox, "run-ending", 1)?;
        let time = started.elapsed();
        let paused = paused.ok_or("the program ended before its end")?;
        let peak_memory = paused.peak_memory();
        paused.kill()?;
        let stored = program.tables()?;
        let truth = compare::truth(&sandbox, way);
        compare::assert_equal(&*stored, &truth)?;
        let requests = sandbox.requests().len() as u64;
        let file = std::fs::metadata(program.file()).map_or(0, |data| data.len());
        Ok(Cost {
            orders: truth.len() as u64,
            peak_memory,
            time,
            requests,
            file,
        })
    })
}
