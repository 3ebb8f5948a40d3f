//! One account lives through trouble; in the end it has the truth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::OrderSource;
use orders_sandbox::{Fault, Habits, Race, Sandbox};
use orders_sync::{
    Clock, Context, Failpoints, Mode, Options, Outcome, Point, SqliteStore, Store, SyncError, pull,
};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::odd;
use crate::random::Random;
use crate::trouble::{self, Trouble};

/// How many runs a quiet vendor may take until a pull is complete.
const RUNS: usize = 6;

/// What a scenario saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many orders there are in the end.
    pub orders: usize,
    /// How often each trouble happened.
    pub fired: BTreeMap<&'static str, u64>,
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
    let has = |wanted: fn(&Trouble) -> bool| troubles.iter().any(wanted);
    // Once: two readings a day apart that show nothing, with look-ups that find nothing, are a deletion.
    let nothing_at = has(|it| matches!(it, Trouble::NothingOpen)).then(|| 1 + random.below(4));
    for round in 0..5 {
        trouble::unleash(&sandbox, way, troubles, &mut random);
        if has(|it| matches!(it, Trouble::Stranger)) && odd::stranger(&mut store, way, seed).await?
        {
            *seen.fired.entry("stranger").or_default() += 1;
        }
        if nothing_at == Some(round) {
            odd::nothing_open(&*source, &mut store, way, &sandbox).await?;
            *seen.fired.entry("nothing_open").or_default() += 1;
            trouble::unleash(&sandbox, way, troubles, &mut random);
        }
        let ahead = match has(|it| matches!(it, Trouble::Clock)) {
            true => odd::wrong_by(&mut random),
            false => TimeDelta::zero(),
        };
        let happened = [
            ("clock", ahead != TimeDelta::zero()),
            ("capped", has(|it| matches!(it, Trouble::Capped(_)))),
            ("empty_lists", has(|it| matches!(it, Trouble::EmptyLists))),
        ];
        for (name, _) in happened.iter().filter(|(_, happened)| *happened) {
            *seen.fired.entry(name).or_default() += 1;
        }
        let kill = random.percent(60).then(|| 1 + random.below(50));
        let tools = Context {
            failpoints: Arc::new(Kill::at(kill)),
            clock: Arc::new(Virtual(Arc::clone(&sandbox), ahead)),
            ..Context::default()
        };
        let before = compare::truth(&sandbox, way);
        let mut dated = false;
        let outcome = match pull(&*source, &mut store, &options(way, &sandbox), &tools).await {
            Ok(report) => {
                // Where nothing came, no clock was seen.
                dated = report.summary.windows > 0;
                Some(report.summary.outcome)
            }
            Err(SyncError::Vendor(_)) => None,
            Err(SyncError::Failpoint(_)) => {
                seen.killed += 1;
                None
            }
            Err(error) => return Err(error.to_string()),
        };
        let complete = outcome == Some(Outcome::Complete);
        if complete && dated && ahead.abs() >= TimeDelta::days(1) {
            return Err(format!(
                "called complete with a clock that is wrong by {ahead}"
            ));
        }
        // A reading of partitions that was interrupted is complete as of its beginning, and one with a slow clock as
        // of that clock.
        let as_of_before = interrupted && way == Way::ShoplineCustomers;
        if complete && !as_of_before && ahead >= TimeDelta::zero() {
            compare::nothing_missing(&store, &sandbox, way, &before)?;
        }
        interrupted = !complete;
        sandbox.advance(TimeDelta::seconds(
            i64::try_from(random.below(30 * 3600)).unwrap_or(0),
        ));
    }
    for (name, times) in sandbox.fired() {
        *seen.fired.entry(name).or_default() += times;
    }
    // The means of a trouble, not one of its own.
    seen.fired.remove(Fault::EmptyPage.name());
    sandbox.clear_faults();
    sandbox.clear_races();
    sandbox.set_habits(way.vendor(), Habits::new());
    // Beyond the week after which a list is passed in full.
    sandbox.advance(TimeDelta::days(8));
    until_complete(&*source, &mut store, &options(way, &sandbox), &sandbox).await?;
    let again = Options {
        mode: Mode::Full,
        ..options(way, &sandbox)
    };
    if troubles.iter().any(Trouble::alters) {
        until_complete(&*source, &mut store, &again, &sandbox).await?;
    }
    if has(|it| matches!(it, Trouble::Race(Race::Delete))) {
        // Two readings a day apart show what the vendor has no more, of what was created since they begin.
        let since = Some(beginning(way, &sandbox) - TimeDelta::days(60));
        for _ in 0..2 {
            sandbox.advance(TimeDelta::hours(25));
            let again = Options {
                mode: Mode::Full,
                since,
                ..options(way, &sandbox)
            };
            until_complete(&*source, &mut store, &again, &sandbox).await?;
        }
    }
    let mut truth = compare::truth(&sandbox, way);
    if way == Way::ShoplineCustomers {
        // Whose list should have shown them is not known.
        truth.extend(compare::of_nobody(&store, &truth)?);
    }
    compare::assert_equal(&store, &truth)?;
    compare::gone_only_where_deleted(&store, &truth)?;
    seen.orders = truth.len();
    Ok(seen)
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
        clock: Arc::new(Virtual(Arc::clone(sandbox), TimeDelta::zero())),
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

/// The sandbox's virtual now, and how far ahead of it the clock is.
#[derive(Debug)]
struct Virtual(Arc<Sandbox>, TimeDelta);

impl Clock for Virtual {
    fn now(&self) -> DateTime<Utc> {
        self.0.virtual_now() + self.1
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
