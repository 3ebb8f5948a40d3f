//! `orders demo`: everything at once, on this machine, proven by content.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use orders_core::{Error, ErrorKind, OrderSource, Query, TimeAxis, Window};
use orders_sandbox::Sandbox;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::args::Demo;
use crate::config::Account;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, say};
use crate::progress::Bars;
use crate::pull::pull;
use crate::sums::{Sum, Sums};
use crate::vendor::Vendor;
use crate::verify::{self, Differences, Found};
use crate::{report, sources};

/// The label of the sandbox's accounts.
const ACCOUNT: &str = "sandbox";
const FILE: &str = "orders.jsonl";

pub(crate) async fn run(args: Demo, json: bool) -> Result<Exit, Failure> {
    let builder = Sandbox::builder()
        .seed(args.world.seed)
        .orders(args.world.orders);
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
    match json {
        true => out.line(&summary(&results, &target, complete)?)?,
        false => out.line(&text(&results))?,
    }
    out.flush()?;
    if !json {
        for error in results
            .iter()
            .filter_map(|result| result.pull.error.as_ref())
        {
            say(&report::error_text(error, false));
        }
        say(&next(&target, complete));
    }
    Ok(match complete {
        true => Exit::Ok,
        false => Exit::Integrity,
    })
}

fn unreadable(error: std::io::Error) -> Failure {
    Error::new(
        ErrorKind::Other,
        format!("cannot read the written file again: {error}"),
    )
    .with_source(error)
    .into()
}

/// The file while it is written: under a name that does not look complete.
struct Target {
    complete: PathBuf,
    partial: PathBuf,
    writer: Arc<Mutex<BufWriter<File>>>,
}

impl Target {
    fn create(folder: &Path) -> Result<Self, Failure> {
        let complete = folder.join(FILE);
        let partial = folder.join(format!("{FILE}.partial"));
        let created = std::fs::create_dir_all(folder).and_then(|()| File::create(&partial));
        let file =
            created.map_err(|error| Failure::writing(&partial.display().to_string(), error))?;
        Ok(Self {
            complete,
            partial,
            writer: Arc::new(Mutex::new(BufWriter::new(file))),
        })
    }

    fn writing(&self, error: std::io::Error) -> Failure {
        Failure::writing(&self.partial.display().to_string(), error)
    }

    /// Everything to the disk, so that the comparison reads what is there.
    fn flush(&self) -> Result<(), Failure> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let flushed = writer.flush().and_then(|()| writer.get_ref().sync_all());
        flushed.map_err(|error| self.writing(error))
    }

    fn keep(&self) -> Result<(), Failure> {
        std::fs::rename(&self.partial, &self.complete).map_err(|error| self.writing(error))
    }
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
    if source.capabilities().needs_partitions && query.partitions.is_empty() {
        // An empty store has no customers, and no customers have no orders.
        return Ok(());
    }
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
    }
}

/// Everything that the vendor has, in the terms that it can be asked in.
fn query(vendor: Vendor, sandbox: &Sandbox) -> Query {
    let (from, to) = sandbox.linkbest_range();
    match vendor {
        Vendor::Clink => Query::default(),
        Vendor::Linkbest => Query {
            axis: Some(TimeAxis::Updated),
            window: Window::new(from, to),
            ..Query::default()
        },
        Vendor::Shopline => Query {
            partitions: sandbox.shopline_customers(),
            ..Query::default()
        },
    }
}

/// One vendor's pull beside the truth.
struct Outcome {
    pull: Pulled,
    found: Found,
    truth: u64,
    requests: u64,
}

impl Outcome {
    fn new(pull: Pulled, found: &mut HashMap<Vendor, Found>, sandbox: &Sandbox) -> Self {
        let vendor = theirs(pull.vendor);
        let asked = sandbox.requests();
        Self {
            found: found.remove(&pull.vendor).unwrap_or_default(),
            truth: sandbox.truth(vendor).len() as u64,
            requests: asked
                .iter()
                .filter(|request| request.vendor == Some(vendor))
                .count() as u64,
            pull,
        }
    }

    fn is_complete(&self) -> bool {
        self.pull.error.is_none() && self.found.differences.is_empty()
    }

    fn verdict(&self) -> String {
        let vendor = self.pull.vendor;
        if self.is_complete() {
            let n = self.truth;
            return format!("✓ {vendor:<9} complete: {n} of {n} orders, each once, byte for byte");
        }
        let mut facts: Vec<_> = self.found.differences.iter().map(difference).collect();
        if self.pull.error.is_some() {
            facts.insert(0, "the pull failed".to_owned());
        }
        format!("✗ {vendor:<9} DIFFERS: {}", facts.join("; "))
    }
}

fn difference((word, ids): (&'static str, &verify::Ids)) -> String {
    let more = if ids.count > ids.first.len() as u64 {
        ", ..."
    } else {
        ""
    };
    format!("{} {word} ({}{more})", ids.count, ids.first.join(", "))
}

/// The table and the verdicts.
fn text(results: &[Outcome]) -> String {
    let headings = [
        "vendor", "orders", "lines", "amounts", "", "requests", "time",
    ];
    let mut table = output::table(&headings, &[1, 2, 5, 6]);
    for result in results {
        let (words, amounts) = amounts(&result.found.sums);
        table.add_row([
            result.pull.vendor.name().to_owned(),
            result.found.orders.to_string(),
            result.found.lines.to_string(),
            words,
            amounts,
            result.requests.to_string(),
            format!("{:.2} s", result.pull.elapsed.as_secs_f64()),
        ]);
    }
    let verdicts: Vec<_> = results.iter().map(Outcome::verdict).collect();
    format!("{}\n\n{}", table.trim_fmt(), verdicts.join("\n"))
}

/// The sums, a few beside each other: the words of their meanings, and the amounts.
fn amounts(sums: &Sums) -> (String, String) {
    const BESIDE: usize = 2;
    let sums: Vec<Sum> = sums.iter().collect();
    let width = sums.iter().map(|sum| sum.amount().len()).max().unwrap_or(0);
    let (mut words, mut lines) = (Vec::new(), Vec::new());
    for group in sums.chunk_by(|a, b| a.what == b.what) {
        for (index, row) in group.chunks(BESIDE).enumerate() {
            let first = group.first().filter(|_| index == 0);
            words.push(first.map_or("", |sum| sum.what.word()));
            let cell = |sum: &Sum| format!("{:>width$} {:<3}", sum.amount(), sum.currency);
            lines.push(row.iter().map(cell).collect::<Vec<_>>().join("  "));
        }
    }
    (words.join("\n"), lines.join("\n"))
}

fn next(target: &Target, complete: bool) -> String {
    if !complete {
        return format!(
            "\nWhat came is in {}; it was not renamed to {FILE}, since it is not complete.",
            target.partial.display()
        );
    }
    let file = target.complete.display();
    format!(
        "
Written to {file}: one line an order, the common view with the vendor's exact text under \"raw\".

What to try next:
  head -n 1 {file}             look at an order
  orders sandbox               the same three vendors, for your own program
  orders list clink --help     the orders of an account of yours
  orders decode clink FILE     a response body that you kept"
    )
}

fn summary(results: &[Outcome], target: &Target, complete: bool) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Summary<'a> {
        complete: bool,
        file: String,
        vendors: Vec<VendorSummary<'a>>,
    }
    #[derive(Serialize)]
    struct VendorSummary<'a> {
        vendor: Vendor,
        complete: bool,
        orders: u64,
        expected: u64,
        lines: u64,
        amounts: Vec<Sum>,
        requests: u64,
        elapsed_ms: u128,
        differences: &'a Differences,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    let vendors = results.iter().map(|result| VendorSummary {
        vendor: result.pull.vendor,
        complete: result.is_complete(),
        orders: result.found.orders,
        expected: result.truth,
        lines: result.found.lines,
        amounts: result.found.sums.iter().collect(),
        requests: result.requests,
        elapsed_ms: result.pull.elapsed.as_millis(),
        differences: &result.found.differences,
        error: result.pull.error.as_ref().map(Error::to_string),
    });
    let file = if complete {
        &target.complete
    } else {
        &target.partial
    };
    output::json(&Summary {
        complete,
        file: file.display().to_string(),
        vendors: vendors.collect(),
    })
}
