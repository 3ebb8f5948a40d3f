//! One account lives through trouble; in the end it has the truth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::OrderSource;
use orders_sandbox::Sandbox;
use orders_sync::{
    Clock, Context, Failpoints, Mode, Options, Outcome, Point, SqliteStore, Store, SyncError, pull,
};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::trouble::{self, Trouble};

/// How many runs a quiet vendor may take until a pull is complete.
const RUNS: usize = 6;

/// What a scenario saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many orders there are in the end.
    pub orders: usize,
    /// How often each fault and race fired.
    pub fired: Vec<(&'static str, u64)>,
    /// How many runs were killed.
    pub killed: u64,
}

/// Lives through the troubles of a seed: five runs with faults, races, life and kills, then quiet.
///
/// # Errors
/// Where the account never becomes complete, or has something else than the truth.
pub async fn live_through(wire: Wire, way: Way, seed: u64) -> Result<Seen> {
    let troubles = trouble::of_seed(way, seed);
    let named: Vec<_> = troubles.iter().map(ToString::to_string).collect();
    let seen = troubled(wire, way, seed, &troubles).await;
    seen.map_err(|why| format!("{way:?}, seed {seed} ({}): {why}", named.join(", ")))
}

async fn troubled(wire: Wire, way: Way, seed: u64, troubles: &[Trouble]) -> Result<Seen> {
    let builder = Sandbox::builder()
        .seed(seed)
        .orders(230)
        .small(true)
        .life(15);
    let sandbox = wire.start(builder).await?;
    let source = wire.source(&sandbox, way, seed)?;
    let mut store = SqliteStore::in_memory().map_err(|error| error.to_string())?;
    let mut random = Random::new(seed, 1);
    let mut seen = Seen::default();
    let mut interrupted = false;
    for _ in 0..5 {
        trouble::unleash(&sandbox, way, troubles, &mut random);
        let kill = random.percent(60).then(|| 1 + random.below(50));
        let tools = Context {
            failpoints: Arc::new(Kill::at(kill)),
            ..tools(&sandbox)
        };
        let before = compare::truth(&sandbox, way);
        let outcome = match pull(&*source, &mut store, &options(way, &sandbox), &tools).await {
            Ok(report) => Some(report.summary.outcome),
            Err(SyncError::Vendor(_)) => None,
            Err(SyncError::Failpoint(_)) => {
                seen.killed += 1;
                None
            }
            Err(error) => return Err(error.to_string()),
        };
        let complete = outcome == Some(Outcome::Complete);
        // A reading of partitions that was interrupted is complete as of its beginning.
        if complete && !(interrupted && way == Way::ShoplineCustomers) {
            nothing_missing(&store, &sandbox, way, &before)?;
        }
        interrupted = !complete;
        sandbox.advance(TimeDelta::seconds(
            i64::try_from(random.below(30 * 3600)).unwrap_or(0),
        ));
    }
    seen.fired = sandbox.fired();
    sandbox.clear_faults();
    sandbox.clear_races();
    // Beyond the week after which a list is passed in full.
    sandbox.advance(TimeDelta::days(8));
    until_complete(&*source, &mut store, &options(way, &sandbox), &sandbox).await?;
    if troubles.iter().any(Trouble::alters) {
        let again = Options {
            mode: Mode::Full,
            ..options(way, &sandbox)
        };
        until_complete(&*source, &mut store, &again, &sandbox).await?;
    }
    let truth = compare::truth(&sandbox, way);
    compare::assert_equal(&store, &truth)?;
    never_gone(&store)?;
    seen.orders = truth.len();
    Ok(seen)
}

/// A run that calls itself complete has stored all that was there before it; but for what a race has moved into a later
/// window meanwhile.
fn nothing_missing(
    store: &SqliteStore,
    sandbox: &Sandbox,
    way: Way,
    before: &BTreeMap<String, String>,
) -> Result<()> {
    let stored = compare::stored(store)?;
    let now = compare::truth(sandbox, way);
    let still = |id: &String, json: &String| way == Way::Clink || now.get(id) == Some(json);
    let missing: Vec<_> = before
        .iter()
        .filter(|(id, json)| !stored.contains_key(*id) && still(id, json))
        .map(|(id, _)| id)
        .collect();
    match missing.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "called complete with {} missing, {first} among them",
            missing.len()
        )),
    }
}

/// The sandbox deletes nothing, so that nothing may ever have been called gone.
fn never_gone(store: &SqliteStore) -> Result<()> {
    let sql = "SELECT count(*) FROM history WHERE what = 'gone'";
    let gone = store
        .connection()
        .query_row(sql, [], |row| row.get::<_, i64>(0));
    match gone.map_err(|error| error.to_string())? {
        0 => Ok(()),
        gone => Err(format!("{gone} orders were called gone")),
    }
}

/// A regular pull of everything in which new windows alone have to bring all: what is read again later would hide a
/// loss.
#[must_use]
pub fn options(way: Way, sandbox: &Sandbox) -> Options {
    Options {
        since: Some(beginning(way, sandbox)),
        partitions: way.partitions(sandbox),
        at_once: 3,
        lookback: TimeDelta::zero(),
        open_every: TimeDelta::days(1000),
        // Nothing in the sandbox comes late to its index.
        safety_lag: TimeDelta::zero(),
        ..Options::default()
    }
}

/// Before everything that the sandbox holds of the way's vendor.
#[must_use]
pub fn beginning(way: Way, sandbox: &Sandbox) -> DateTime<Utc> {
    let before = match way {
        Way::Linkbest => TimeDelta::days(1),
        _ => TimeDelta::days(1000),
    };
    sandbox.linkbest_range().0 - before
}

/// Context with the sandbox's virtual now.
#[must_use]
pub fn tools(sandbox: &Arc<Sandbox>) -> Context {
    Context {
        clock: Arc::new(Virtual(Arc::clone(sandbox))),
        ..Context::default()
    }
}

/// Pulls until it is complete.
///
/// # Errors
/// Where six runs are not enough for that.
pub async fn until_complete(
    source: &dyn OrderSource,
    store: &mut SqliteStore,
    options: &Options,
    sandbox: &Arc<Sandbox>,
) -> Result<()> {
    for _ in 0..RUNS {
        let report = pull(source, store, options, &tools(sandbox)).await;
        let report = report.map_err(|error| error.to_string())?;
        if report.summary.outcome == Outcome::Complete {
            return Ok(());
        }
    }
    let status = store
        .status(source.account())
        .map_err(|error| error.to_string())?;
    Err(format!("never complete: {status:?}"))
}

/// The sandbox's virtual now.
#[derive(Debug)]
struct Virtual(Arc<Sandbox>);

impl Clock for Virtual {
    fn now(&self) -> DateTime<Utc> {
        self.0.virtual_now()
    }
}

/// Ends the run at the nth point that it passes.
#[derive(Debug)]
struct Kill(AtomicU64);

impl Kill {
    fn at(nth: Option<u64>) -> Self {
        Self(AtomicU64::new(nth.unwrap_or(u64::MAX)))
    }
}

impl Failpoints for Kill {
    fn pass(&self, point: Point) -> std::result::Result<(), SyncError> {
        match self.0.fetch_sub(1, Ordering::SeqCst) {
            1 => Err(SyncError::Failpoint(point)),
            _ => Ok(()),
        }
    }
}
