//! `orders status`: the progress of each account, and what is missing.

use orders_core::{Account, Error, ErrorKind};
use orders_sync::{Gap, Status, Store};
use serde::Serialize;

use super::files::{is_named, look};
use super::gap_words;
use crate::args;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::vendor::Vendor;
use crate::{report, times};

/// How many gaps of an account are listed for people.
const GAPS: usize = 10;

pub(super) async fn run(args: &args::Status, json: bool) -> Result<Exit, Failure> {
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (output, store) in look(&args.files).await? {
        for name in store.accounts().await? {
            if !is_named(&name, args.vendor, args.account.as_deref()) {
                continue;
            }
            match store.status(&name).await {
                Ok(status) => found.push({
                    let running = store.is_at_work(&name).await?;
                    Row {
                        file: output.to_string(),
                        older_mapping: older(&store, &name).await?,
                        running,
                        // What a run is at work on is not interrupted.
                        status: Status {
                            interrupted: status.interrupted && !running,
                            ..status
                        },
                    }
                }),
                // A damaged account does not hide the others.
                Err(error) => failed.push((name, Failure::from(error))),
            }
        }
    }
    if found.is_empty() && failed.is_empty() && (args.vendor.is_some() || args.account.is_some()) {
        let error = Error::new(ErrorKind::NotFound, "no such account in the file");
        return Err(error.with_hint("orders status lists all").into());
    }
    let mut out = Out::new();
    let workers = match args.vendor.is_none() && args.account.is_none() {
        true => workers(&args.files).await?,
        false => None,
    };
    match json {
        true => out.line(&output::json(&Object::of(&found, workers))?)?,
        false if found.is_empty() && !failed.is_empty() => {}
        false => {
            out.line(&text(&found))?;
            workers.map_or(Ok(()), |workers| out.line(&workers.lines()))?;
        }
    }
    out.flush()?;
    for (name, failure) in &failed {
        match json {
            true => say(&report::object(failure, Some(&name.to_string()))),
            false => say(&report::block_of(failure)),
        }
    }
    Ok(match failed.is_empty() {
        true => Exit::Ok,
        false => Exit::Failed,
    })
}

/// An account, and the file that contains it.
#[derive(Serialize)]
struct Row {
    file: String,
    /// Orders that an older version of the mapping read.
    older_mapping: u64,
    /// A run works on the account now.
    running: bool,
    #[serde(flatten)]
    status: Status,
}

/// The one object of `--json`.
#[derive(Serialize)]
struct Object<'a> {
    stored: u64,
    open: u64,
    /// Those that the user accepted are counted apart.
    open_gaps: usize,
    accepted_gaps: usize,
    accounts: &'a [Row],
    /// Where accounts are pulled by workers.
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<Workers>,
}

#[cfg(feature = "workers")]
type Workers = crate::workers::fleet::Fleet;

/// What is to be seen of workers, where there are any.
#[cfg(feature = "workers")]
async fn workers(files: &args::Files) -> Result<Option<Workers>, Failure> {
    use crate::place::Place;
    use crate::workers::database::Database;
    match &files.output {
        Some(Place::Database(address)) => Database::look(address).await?.fleet().await,
        _ => Ok(None),
    }
}

#[cfg(not(feature = "workers"))]
#[derive(Serialize)]
enum Workers {}

#[cfg(not(feature = "workers"))]
impl Workers {
    fn lines(&self) -> String {
        match *self {}
    }
}

#[cfg(not(feature = "workers"))]
async fn workers(_: &args::Files) -> Result<Option<Workers>, Failure> {
    Ok(None)
}

impl<'a> Object<'a> {
    fn of(accounts: &'a [Row], workers: Option<Workers>) -> Self {
        let all = || accounts.iter().map(|row| &row.status);
        Self {
            stored: all().map(|status| status.stored).sum(),
            open: all().map(|status| status.open).sum(),
            open_gaps: all().map(|status| open(status).count()).sum(),
            accepted_gaps: all()
                .map(|status| status.gaps.len() - open(status).count())
                .sum(),
            accounts,
            workers,
        }
    }
}

fn text(found: &[Row]) -> String {
    if found.is_empty() {
        return "no such account in the file".to_owned();
    }
    let headings = [
        "account",
        "stored",
        "vendor's count",
        "open",
        "gone",
        "gaps",
        "read up to",
        "last run",
    ];
    let mut table = output::rows(&headings, &[1, 2, 3, 4, 5]);
    for Row { status, .. } in found {
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        table.add_row([
            plain(&status.account.to_string()).into_owned(),
            status.stored.to_string(),
            number(status.vendor_count).unwrap_or_else(|| "none".to_owned()),
            status.open.to_string(),
            status.gone.to_string(),
            open(status).count().to_string(),
            status
                .watermark
                .as_ref()
                .map(times::show)
                .unwrap_or_default(),
            last_run(status),
        ]);
    }
    let mut lines = vec![table.trim_fmt()];
    for Row {
        status,
        older_mapping,
        running,
        ..
    } in found
    {
        if *older_mapping > 0 {
            lines.push(format!(
                "{}: an older version read {older_mapping} orders; orders remap reads their texts again",
                status.account
            ));
        }
        if *running {
            lines.push(format!("{}: a run is at work", status.account));
        }
        if status.interrupted {
            lines.push(format!(
                "{}: a pull was interrupted; the next one resumes it, and until it ends not all before \"read up to\" \
                 is stored",
                status.account
            ));
        }
        if status.doubted > 0 {
            lines.push(format!(
                "{}: {} orders are doubted: a reading did not show them (orders gone list)",
                status.account, status.doubted
            ));
        }
        if status.unproven {
            lines.push(format!(
                "{}: the vendor gives no total: nothing proves that all orders came",
                status.account
            ));
        }
        let shown = open(status).take(GAPS).map(gap_words::line);
        lines.extend(shown.map(|text| format!("{}: missing {}", status.account, plain(&text))));
        let all = open(status).count();
        if all > GAPS {
            lines.push(format!(
                "{}: and {} more (orders gaps lists all)",
                status.account,
                all - GAPS
            ));
        }
        match status.gaps.len() - all {
            0 => {}
            1 => lines.push(format!("{}: 1 gap is accepted", status.account)),
            n => lines.push(format!("{}: {n} gaps are accepted", status.account)),
        }
    }
    lines.join("\n")
}

async fn older(store: &Store, account: &Account) -> Result<u64, Failure> {
    let version = Vendor::named(&account.provider).map(Vendor::mapping_version);
    Ok(store.older(account, version.unwrap_or_default()).await?)
}

/// The gaps that make a pull incomplete.
fn open(status: &Status) -> impl Iterator<Item = &Gap> {
    status.gaps.iter().filter(|gap| gap.is_open())
}

fn last_run(status: &Status) -> String {
    let Some(run) = &status.last_run else {
        return "none ended".to_owned();
    };
    let at = run.ended_at.as_ref().map(times::show);
    format!("{}, {}", run.outcome.as_str(), at.unwrap_or_default())
}
