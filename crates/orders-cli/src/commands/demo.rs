//! `orders demo`: everything at once, on this machine, proven by content.

mod later;
mod outcome;
mod target;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta};
use indicatif::ProgressBar;
use orders_core::{Error, ErrorKind, OrderSource, Query, TimeAxis, Window};
use orders_sandbox::Sandbox;
use tokio::task::JoinSet;

use self::later::Later;
use self::outcome::{Outcome, next, summary, text};
use self::target::Target;
use crate::args::Demo;
use crate::config::{Account, Settings};
use crate::exit::{Exit, Failure};
use crate::output::{Out, say};
use crate::progress::Bars;
use crate::pull::pull;
use crate::vendor::Vendor;
use crate::verify;
use crate::{report, sources};

/// The label of the sandbox's accounts.
const ACCOUNT: &str = "sandbox";

pub(crate) async fn run(args: Demo, json: bool) -> Result<Exit, Failure> {
    let builder = Sandbox::builder()
        .seed(args.world.seed)
        .orders(args.world.orders)
        .life(later::per_day(args.world.orders));
    let sandbox = builder.start().await.map_err(|error| {
        Error::new(ErrorKind::Other, "cannot start the sandbox on this machine").with_source(error)
    })?;
    if !json {
        say(&format!(
            "Pulling {} orders a vendor over http://{} ...",
            args.world.orders,
            sandbox.address()
        ));
    }
    let database = later::room(&args.dir)?;
    let target = Target::create(&args.dir)?;
    let pulls = pull_all(&sandbox, &target, args.world.orders as u64).await?;
    target.flush()?;

    let file = BufReader::new(File::open(&target.partial).map_err(unreadable)?);
    let mut found = verify::compare(file, |vendor| sandbox.truth(theirs(vendor)))?;
    let results: Vec<_> = pulls
        .into_iter()
        .map(|pull| Outcome::new(pull, &mut found, &sandbox))
        .collect();
    let complete = results.iter().all(Outcome::is_complete);
    if complete {
        target.keep()?;
    }
    let mut out = Out::new();
    if !json {
        out.line(&text(&results))?;
        out.flush()?;
    }
    let later = match complete {
        true => second_act(&sandbox, &database, json).await?,
        false => Vec::new(),
    };
    let complete = complete && later.iter().all(|later| later.complete);
    if json {
        out.line(&summary(&results, &later, &target, &database, complete)?)?;
        out.flush()?;
    } else {
        for later in &later {
            out.line(&later.line())?;
        }
        out.flush()?;
        for error in results
            .iter()
            .filter_map(|result| result.pull.error.as_ref())
        {
            say(&report::block(error));
        }
        say(&next(&target, &database, complete));
    }
    Ok(match complete {
        true => Exit::Ok,
        false => Exit::Integrity,
    })
}

/// The same vendors into a database, before and after some weeks.
async fn second_act(sandbox: &Sandbox, database: &Path, json: bool) -> Result<Vec<Later>, Failure> {
    if !json {
        say(&format!(
            "\nPulling the same into {}, letting {} days pass in the sandbox, and pulling again ...",
            database.display(),
            later::DAYS
        ));
    }
    later::run(sandbox, database).await
}

fn unreadable(error: std::io::Error) -> Failure {
    Error::new(
        ErrorKind::Other,
        format!("cannot read the written file again: {error}"),
    )
    .with_source(error)
    .into()
}

/// One vendor's pull, ended.
struct Pulled {
    vendor: Vendor,
    elapsed: Duration,
    error: Option<Error>,
}

/// Pulls from all vendors at once. An error of one vendor does not stop the others; one of the file stops all.
async fn pull_all(sandbox: &Sandbox, target: &Target, orders: u64) -> Result<Vec<Pulled>, Failure> {
    let bars = Bars::default();
    let mut tasks = JoinSet::new();
    for vendor in Vendor::ALL {
        let source = sources::source(&account(vendor, sandbox))?;
        let query = query(vendor, sandbox);
        let bar = bars.add(vendor, orders);
        let writer = Arc::clone(&target.writer);
        tasks.spawn(async move {
            let started = Instant::now();
            let result = pull_one(source.as_ref(), &query, &writer, &bar).await;
            bar.finish_with_message("done");
            (vendor, started.elapsed(), result)
        });
    }
    let mut pulls = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (vendor, elapsed, result) = ended.map_err(|error| {
            Error::new(ErrorKind::Other, "a pull did not come to its end").with_source(error)
        })?;
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
    source: &dyn OrderSource,
    query: &Query,
    writer: &Mutex<BufWriter<File>>,
    bar: &ProgressBar,
) -> Result<(), PullError> {
    let mut broken = None;
    let pulled = pull(source, query, |orders| {
        let lines = orders
            .iter()
            .map(verify::line)
            .collect::<Result<Vec<_>, _>>()?;
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        for line in &lines {
            if let Err(error) = writeln!(writer, "{line}") {
                broken = Some(error);
                return Ok(ControlFlow::Break(()));
            }
        }
        bar.inc(lines.len() as u64);
        Ok(ControlFlow::Continue(()))
    })
    .await;
    match broken {
        Some(error) => Err(PullError::File(error)),
        None => pulled.map_err(PullError::Source),
    }
}

fn theirs(vendor: Vendor) -> orders_sandbox::Vendor {
    match vendor {
        Vendor::Clink => orders_sandbox::Vendor::Clink,
        Vendor::Linkbest => orders_sandbox::Vendor::Linkbest,
        Vendor::Shopline => orders_sandbox::Vendor::Shopline,
    }
}

fn account(vendor: Vendor, sandbox: &Sandbox) -> Account {
    let (base_url, credentials) = match vendor {
        Vendor::Clink => (
            sandbox.clink_base_url(),
            vec![("api_key", sandbox.clink_api_key())],
        ),
        Vendor::Linkbest => (
            sandbox.linkbest_base_url(),
            vec![
                ("app_key", sandbox.linkbest_app_key()),
                ("app_secret", sandbox.linkbest_app_secret()),
            ],
        ),
        Vendor::Shopline => (
            sandbox.shopline_base_url(),
            vec![
                ("handle", sandbox.shopline_handle()),
                ("access_token", sandbox.shopline_access_token()),
            ],
        ),
    };
    let credentials = credentials
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()));
    Account {
        vendor,
        label: ACCOUNT.to_owned(),
        base_url: Some(base_url),
        credentials: credentials.collect(),
        settings: Settings::default(),
    }
}

/// Everything that the vendor has, in the terms that it can be asked in.
fn query(vendor: Vendor, sandbox: &Sandbox) -> Query {
    let (from, to) = sandbox.linkbest_range();
    match vendor {
        Vendor::Clink => Query::default(),
        Vendor::Linkbest => Query::everything()
            .with_window(Window::new(from, to))
            .with_axis(Some(TimeAxis::Updated)),
        // The whole store, archived orders and those of guests too.
        Vendor::Shopline => Query::everything()
            .with_window(Window::new(
                DateTime::UNIX_EPOCH,
                sandbox.virtual_now() + TimeDelta::days(1),
            ))
            .with_axis(Some(TimeAxis::Updated)),
    }
}
