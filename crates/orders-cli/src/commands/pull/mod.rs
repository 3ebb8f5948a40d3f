//! `orders pull`: accounts into files, each going on where it stopped.

mod dry_run;
mod ended;
pub(super) mod options;
mod progress;
mod summary;
mod waits;
mod work;

use chrono::{DateTime, Utc};
use orders_core::{Account as Name, Error, OrderSource};
use orders_sync::{Mode, Options};

use super::files::{accounts, output};
use crate::args::Pull;
use crate::config::{Account, Chosen};
use crate::exit::{Exit, Failure};
use crate::stores::Output;
use crate::{seams, sources};

pub(crate) async fn run(args: Pull, json: bool) -> Result<Exit, Failure> {
    let now = seams::now()?;
    let chosen = accounts(&args.whose, &args.files)?;
    let alone = chosen.len() == 1;
    let tasks = chosen
        .into_iter()
        .map(|chosen| Task::new(chosen, &args, alone, now))
        .collect();
    match args.dry_run {
        true => dry_run::run(tasks, now, json).await,
        false => work::run(tasks, json).await,
    }
}

/// One account to pull, or why that is impossible.
struct Task {
    name: Name,
    ready: Result<Ready, Failure>,
}

/// What a pull of one account takes.
struct Ready {
    source: Box<dyn OrderSource>,
    options: Options,
    output: Output,
    /// Whether --since was an argument.
    since_given: bool,
    /// What a person should know before it begins.
    notes: Vec<String>,
}

impl Task {
    fn new(chosen: Chosen, args: &Pull, alone: bool, now: DateTime<Utc>) -> Self {
        let ready = chosen
            .account
            .and_then(|account| Ready::new(&account, args, alone, now));
        Self {
            name: chosen.name,
            ready: ready.map_err(Failure::from),
        }
    }
}

impl Ready {
    fn new(account: &Account, args: &Pull, alone: bool, now: DateTime<Utc>) -> Result<Self, Error> {
        let source = sources::source(account)?;
        let mut options = options::options(args, account, now)?;
        let mut notes = Vec::new();
        let timeless = source.capabilities().axes.is_empty() || !options.partitions.is_empty();
        let said =
            args.until.is_some() || args.lookback.is_some() || (alone && args.since.is_some());
        if timeless && said {
            let note = "nothing to filter by time here: all orders are pulled";
            notes.push(note.to_owned());
            // Beside other accounts; alone the engine refuses it.
            if !alone && matches!(options.mode, Mode::Window { .. }) {
                options.mode = Mode::Update;
            }
        }
        let output = output(&args.files, account);
        Ok(Self {
            source,
            options,
            output,
            since_given: args.since.is_some() && !timeless,
            notes,
        })
    }
}

/// The engine's failure, with the argument that is missing.
fn hinted(error: orders_sync::SyncError, options: &Options) -> Failure {
    let begins = matches!(options.mode, Mode::Update | Mode::Full) && options.since.is_none();
    match error {
        orders_sync::SyncError::Options { message, .. }
            if begins && options.partitions.is_empty() && options.axis.is_none() =>
        {
            Error::invalid_request(message)
                .with_hint(
                    "say where to begin with --since or --lookback, for example --lookback 90d",
                )
                .into()
        }
        other => other.into(),
    }
}
