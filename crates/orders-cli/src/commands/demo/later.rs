//! The second part of the demo: pulls the same vendors into a database, advances the sandbox by some weeks, and pulls
//! again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Error, ErrorKind, OrderSource};
use orders_sandbox::Sandbox;
use orders_sync::{Clock, Context, Counts, Options, Outcome, Report, Store, SyncError, pull};
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::accounts::{ACCOUNT, account, theirs};
use crate::exit::Failure;
use crate::output::plain;
use crate::sources;
use crate::vendor::Vendor;

/// How many days pass between the two pulls.
pub(super) const DAYS: i64 = 45;
const FILE: &str = "orders.db";

/// How many new orders arrive each day between the pulls.
pub(super) fn per_day(orders: usize) -> u32 {
    u32::try_from(orders.div_ceil(60)).unwrap_or(u32::MAX)
}

/// The result of one vendor after both pulls.
#[derive(Serialize)]
pub(super) struct Later {
    vendor: Vendor,
    pub(super) complete: bool,
    /// New orders of the second pull.
    new: u64,
    /// Changed orders of the second pull.
    changed: u64,
    /// Stored orders that equal the vendor's, byte for byte.
    orders: u64,
    /// The vendor's orders.
    expected: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Later {
    pub(super) fn line(&self) -> String {
        let (vendor, new, changed) = (self.vendor, self.new, self.changed);
        let (orders, expected) = (self.orders, self.expected);
        if self.complete {
            return format!(
                "✓ {vendor:<9} {DAYS} days later: {new} new, {changed} changed; {orders} of {expected} orders, each once, \
                 byte for byte"
            );
        }
        let why = self.error.as_deref().unwrap_or("the database differs");
        let why = plain(why);
        format!(
            "✗ {vendor:<9} {DAYS} days later DIFFERS: {orders} of {expected} orders are right; {why}"
        )
    }
}

/// Makes room for the database. Removes the database of an earlier demo, and no other file.
///
/// # Errors
/// The file exists and was not written by a demo.
pub(super) async fn room(folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(path);
    }
    let accounts = match Store::open_read_only(&path) {
        Ok(store) => store.accounts().await,
        Err(error) => Err(error),
    };
    let is_demo = accounts.is_ok_and(|all| all.iter().all(|account| account.label == ACCOUNT));
    if !is_demo {
        let message = format!(
            "{} was not written by a demo, and is left unchanged",
            path.display()
        );
        return Err(Error::new(ErrorKind::Config, message)
            .with_hint("choose another folder with --dir")
            .into());
    }
    let writing = |error| Failure::writing(&path.display().to_string(), error);
    std::fs::remove_file(&path).map_err(writing)?;
    for ending in ["-wal", "-shm"] {
        // These exist only after a killed demo.
        let _ = std::fs::remove_file(folder.join(format!("{FILE}{ending}")));
    }
    Ok(path)
}

/// Pulls all vendors into the file, advances the sandbox, pulls again, and compares with the vendors' orders.
///
/// # Errors
/// An error of the file. A vendor's failure stands in its result.
pub(super) async fn run(sandbox: &Sandbox, path: &Path) -> Result<Vec<Later>, Failure> {
    let mut sources: Vec<(Vendor, Arc<dyn OrderSource>)> = Vec::new();
    for vendor in Vendor::ALL {
        let source = sources::source(&account(vendor, sandbox), None)?;
        sources.push((vendor, Arc::from(source)));
    }
    pull_all(sandbox, &sources, path).await?;
    sandbox.advance(TimeDelta::days(DAYS));
    let mut pulled = pull_all(sandbox, &sources, path).await?;
    let store = Store::open_read_only(path)?;
    let mut all = Vec::new();
    for vendor in Vendor::ALL {
        let report = pulled.remove(&vendor);
        all.push(later(sandbox, &store, path, vendor, report)?);
    }
    Ok(all)
}

/// The time for the pulls: what the sandbox holds is older than the safety lag.
pub(super) fn clock(virtual_now: DateTime<Utc>) -> DateTime<Utc> {
    virtual_now + TimeDelta::minutes(10)
}

type Reports = HashMap<Vendor, Report>;

async fn pull_all(
    sandbox: &Sandbox,
    sources: &[(Vendor, Arc<dyn OrderSource>)],
    path: &Path,
) -> Result<Reports, Failure> {
    let now = clock(sandbox.virtual_now());
    let mut pulls = JoinSet::new();
    for (vendor, source) in sources {
        let (vendor, source, path) = (*vendor, Arc::clone(source), path.to_owned());
        let options = options(vendor, sandbox);
        let tools = Context {
            clock: Arc::new(At(now)),
            ..Context::default()
        };
        let handle = Handle::current();
        // A thread of its own: writing to a file blocks.
        pulls.spawn_blocking(move || -> Result<_, SyncError> {
            let store = Store::open(path)?;
            let report = pull(source.as_ref(), &store, &options, &tools);
            let report = handle.block_on(report)?;
            Ok((vendor, report))
        });
    }
    let mut reports = Reports::new();
    while let Some(ended) = pulls.join_next().await {
        let ended = ended
            .map_err(|error| Error::new(ErrorKind::Other, "a pull broke off").with_source(error))?;
        let (vendor, report) = ended?;
        reports.insert(vendor, report);
    }
    Ok(reports)
}

fn options(vendor: Vendor, sandbox: &Sandbox) -> Options {
    let (linkbest, _) = sandbox.linkbest_range();
    let default = Options::default();
    match vendor {
        Vendor::Clink => default,
        Vendor::Linkbest => Options {
            since: Some(linkbest),
            ..default
        },
        Vendor::Shopline => Options {
            since: Some(sandbox.virtual_now() - TimeDelta::days(1000)),
            // Windows of update times find every change here. A request for each open order would only wait for the
            // rate limit.
            open_every: TimeDelta::days(365),
            ..default
        },
    }
}

/// A clock that stands at this instant.
struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

fn later(
    sandbox: &Sandbox,
    store: &Store,
    path: &Path,
    vendor: Vendor,
    report: Option<Report>,
) -> Result<Later, Failure> {
    let mut stored = stored(store, path, vendor)?;
    let truth = sandbox.truth(theirs(vendor));
    let expected = truth.len() as u64;
    let right = truth.iter().filter(|order| {
        stored
            .remove(&order.id)
            .is_some_and(|raw| raw == order.json.as_bytes())
    });
    let orders = right.count() as u64;
    let outcome = report.as_ref().map(|report| report.summary.outcome);
    let Counts { new, changed, .. } = report
        .as_ref()
        .map(|report| report.summary.counts)
        .unwrap_or_default();
    Ok(Later {
        vendor,
        complete: outcome == Some(Outcome::Complete) && orders == expected && stored.is_empty(),
        new,
        changed,
        orders,
        expected,
        error: report.and_then(|report| report.error.map(|error| error.to_string())),
    })
}

/// The texts of a vendor's stored orders, by id.
fn stored(store: &Store, path: &Path, vendor: Vendor) -> Result<HashMap<String, Vec<u8>>, Failure> {
    let sql = "SELECT id, CAST(raw AS BLOB) FROM orders WHERE provider = ?1 AND gone_at IS NULL";
    let Some(file) = store.connection() else {
        return Ok(HashMap::new());
    };
    let read = file.prepare(sql).and_then(|mut rows| {
        let rows = rows.query_map([vendor.name()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    });
    read.map_err(|error| {
        let message = format!("cannot read {} again: {error}", path.display());
        Error::new(ErrorKind::Other, message).into()
    })
}
