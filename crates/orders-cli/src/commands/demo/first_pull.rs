//! The first pull of the demo: all vendors at once, into one file of JSON lines.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use orders_core::{Error, ErrorKind, OrderSource, Query};
use orders_sandbox::Sandbox;
use tokio::task::JoinSet;

use super::accounts::{account, query};
use super::comparison;
use super::target::Target;
use crate::exit::Failure;
use crate::progress::Bars;
use crate::read_query::{RETRIES, read_query};
use crate::sources;
use crate::vendor::Vendor;

/// The result of one vendor's pull.
pub(super) struct Pulled {
    pub(super) vendor: Vendor,
    pub(super) elapsed: Duration,
    pub(super) error: Option<Error>,
}

/// Pulls from all vendors at once. An error of one vendor does not stop the others; an error of the file stops all.
pub(super) async fn pull_all(
    sandbox: &Sandbox,
    target: &Target,
    orders: u64,
) -> Result<Vec<Pulled>, Failure> {
    let bars = Bars::default();
    let mut tasks = JoinSet::new();
    for vendor in Vendor::ALL {
        let source: Arc<dyn OrderSource> =
            Arc::from(sources::source(&account(vendor, sandbox), None)?);
        let query = query(vendor, sandbox);
        let bar = bars.add(vendor, orders);
        let writer = Arc::clone(&target.writer);
        tasks.spawn(async move {
            let started = Instant::now();
            let result = pull_one(source, &query, &writer, &bar).await;
            bar.finish_with_message("done");
            (vendor, started.elapsed(), result)
        });
    }
    let mut pulls = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (vendor, elapsed, result) = ended
            .map_err(|error| Error::new(ErrorKind::Other, "a pull broke off").with_source(error))?;
        let error = match result {
            Ok(()) => None,
            Err(PullError::Source(Failure::Error(error))) => Some(error),
            Err(PullError::Source(other)) => return Err(other),
            Err(PullError::File(error)) => return Err(target.writing(error)),
        };
        pulls.push(Pulled {
            vendor,
            elapsed,
            error,
        });
    }
    bars.clear();
    pulls.sort_by_key(|pull| pull.vendor);
    Ok(pulls)
}

enum PullError {
    Source(Failure),
    File(std::io::Error),
}

async fn pull_one(
    source: Arc<dyn OrderSource>,
    query: &Query,
    writer: &Mutex<BufWriter<File>>,
    bar: &ProgressBar,
) -> Result<(), PullError> {
    let mut broken = None;
    let pulled = read_query(source, query, RETRIES, &|_, _| {}, |order| {
        let line = comparison::line(&order?)?;
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = writeln!(writer, "{line}") {
            broken = Some(error);
            return Ok(ControlFlow::Break(()));
        }
        bar.inc(1);
        Ok(ControlFlow::Continue(()))
    })
    .await;
    match broken {
        Some(error) => Err(PullError::File(error)),
        None => pulled.map(drop).map_err(PullError::Source),
    }
}
