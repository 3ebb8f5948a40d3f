//! One account lives through trouble; in the end it has the truth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::OrderSource;
use orders_sandbox::{Fault, FaultRule, Habits, Race, Sandbox};
use orders_sync::{
    Clock, Context, Failpoints, Mode, Options, Outcome, Point, Store, SyncError, pull,
};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::stores::{Kept, Place, Tables};
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
pub async fn live_through(wire: Wire, place: Place<'_>, way: Way, seed: u64) -> Result<Seen> {
    let troubles = trouble::of_seed(way, seed);
    let named: Vec<_> = troubles.iter().map(ToString::to_string).collect();
    let seen = troubled(wire, place, way, seed, &troubles).await;
    seen.map_err(|why| format!("{way:?}, seed {seed} ({}): {why}", named.join(", ")))
}

async fn troubled(
    wire: Wire,
    place: Place<'_>,
    way: Way,
    seed: u64,
    troubles: &[Trouble],
) -> Result<Seen> {
    let builder = Sandbox::builder()
        .seed(seed)
        .orders(230)
        .small(true)
        .life(15);
    let sandbox = wire.start(builder).await?;
    let source = wire.source(&sandbox, way, seed)?;
    let kept = place.empty().await?;
    let store = &kept.store;
    let mut random = Random::new(seed, 1);
    let mut seen = Seen::default();
    let mut interrupted = false;
    let has = |wanted: fn(&Trouble) -> bool| troubles.iter().any(wanted);
    // Once: two readings a day apart that show nothing, with look-ups that find nothing, are a deletion.
    let nothing_at = has(|it| matches!(it, Trouble::NothingOpen)).then(|| 1 + random.below(4));
    for round in 0..5 {
        trouble::unleash(&sandbox, way, troubles, &mut random);
        if has(|it| matches!(it, Trouble::Stranger)) && stranger(&kept, way, seed).await? {
            *seen.fired.entry("stranger").or_default() += 1;
        }
        if nothing_at == Some(round) {
            nothing_open(&*source, &kept, way, &sandbox).await?;
            *seen.fired.entry("nothing_open").or_default() += 1;
            trouble::unleash(&sandbox, way, troubles, &mut random);
        }
        let ahead = match has(|it| matches!(it, Trouble::Clock)) {
            true => wrong_by(&mut random),
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
        let outcome = match pull(&*source, store, &options(way, &sandbox), &tools).await {
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
            compare::nothing_missing(&kept, &sandbox, way, &before)?;
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
    until_complete(&*source, store, &options(way, &sandbox), &sandbox).await?;
    let again = Options {
        mode: Mode::Full,
        ..options(way, &sandbox)
    };
    if troubles.iter().any(Trouble::alters) {
        until_complete(&*source, store, &again, &sandbox).await?;
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
            until_complete(&*source, store, &again, &sandbox).await?;
        }
    }
    let mut truth = compare::truth(&sandbox, way);
    if way == Way::ShoplineCustomers {
        // Whose list should have shown them is not known.
        truth.extend(compare::of_nobody(&kept, &truth)?);
    }
    compare::assert_equal(&kept, &truth)?;
    compare::gone_only_where_deleted(&kept, &truth)?;
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
    store: &Store,
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
        .await
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
pub(crate) struct Kill(AtomicU64);

impl Kill {
    pub(crate) fn at(nth: Option<u64>) -> Self {
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

/// How far a clock is ahead of the vendor's: minutes, hours or days, or behind by as much.
fn wrong_by(random: &mut Random) -> TimeDelta {
    let minutes = [0, 0, 3, 130, 30 * 60, 5 * 24 * 60];
    let minutes = TimeDelta::minutes(*random.one(&minutes).unwrap_or(&0));
    match random.percent(50) {
        true => minutes,
        false => -minutes,
    }
}

/// Pulls with the key of another account under the same name. Where orders are stored, it is refused and nothing is
/// written. Answers whether it was.
///
/// # Errors
/// Where it is not refused, or something was written.
async fn stranger(kept: &Kept, way: Way, seed: u64) -> Result<bool> {
    let before = rows(kept)?;
    if before.first().is_none_or(|orders| orders == "0") {
        return Ok(false);
    }
    let builder = Sandbox::builder().seed(seed + 1_000_000).orders(30);
    let sandbox = Wire::Memory.start(builder.small(true)).await?;
    let source = Wire::Memory.source(&sandbox, way, seed)?;
    let pulled = pull(
        &*source,
        &kept.store,
        &options(way, &sandbox),
        &tools(&sandbox),
    )
    .await;
    match pulled {
        Ok(report) => return Err(format!("another account was pulled: {:?}", report.summary)),
        Err(SyncError::Vendor(error)) => return Err(error.to_string()),
        Err(_) => {}
    }
    match rows(kept)? == before {
        true => Ok(true),
        false => Err("a refused run wrote".to_owned()),
    }
}

/// How many orders, versions and runs are stored.
fn rows(kept: &Kept) -> Result<Vec<String>> {
    let sql = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM history),
                      (SELECT count(*) FROM runs)";
    Ok(kept.rows(sql)?.concat())
}

/// Requests the open orders again while every list of the vendor is empty: none may count as deleted, and a run that
/// calls itself complete knows each of them.
///
/// # Errors
/// Where it does not.
pub async fn nothing_open(
    source: &dyn OrderSource,
    kept: &Kept,
    way: Way,
    sandbox: &Arc<Sandbox>,
) -> Result<()> {
    sandbox.clear_races();
    let rule = FaultRule::new(Fault::EmptyPage).vendor(way.vendor());
    sandbox.set_faults(1, vec![rule]);
    let open = Options {
        mode: Mode::OnlyOpen,
        ..options(way, sandbox)
    };
    let now = tools(sandbox);
    let began = now.clock.now();
    let report = match pull(source, &kept.store, &open, &now).await {
        Ok(report) => report,
        // Nothing was pulled yet.
        Err(SyncError::Options { .. }) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    compare::gone_only_where_deleted(kept, &compare::truth(sandbox, way))?;
    if report.summary.outcome != Outcome::Complete {
        return Ok(());
    }
    // Of one that is really deleted a look-up has said so.
    let truth = compare::truth(sandbox, way);
    let mut unseen = compare::unseen_open(kept, began)?;
    unseen.retain(|id| truth.contains_key(id));
    match unseen.len() {
        0 => Ok(()),
        unseen => Err(format!(
            "called complete with {unseen} open orders that no answer showed"
        )),
    }
}
