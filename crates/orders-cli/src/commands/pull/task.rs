//! One account of a pull: its source, its options and its store.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use orders_core::{Account as Name, Error, OrderSource};
use orders_sync::{Mode, Options};

use super::options::options;
use super::waits::Waits;
use crate::args::Pull;
use crate::commands::files::output;
use crate::config::{Account, Chosen};
use crate::exit::Failure;
use crate::place::Place;

/// One account to pull, or the reason why that is impossible.
pub(super) struct Task {
    pub(super) name: Name,
    pub(super) ready: Result<Ready, Failure>,
}

/// The parts of one account's pull.
pub(super) struct Ready {
    pub(super) source: Box<dyn OrderSource>,
    /// What its client waits for.
    pub(super) waits: Arc<Waits>,
    pub(super) options: Options,
    pub(super) output: Place,
    /// Whether --since was an argument.
    pub(super) since_given: bool,
    /// Notes for the user, shown before the pull begins.
    pub(super) notes: Vec<String>,
}

impl Task {
    pub(super) fn new(chosen: Chosen, args: &Pull, alone: bool, now: DateTime<Utc>) -> Self {
        let ready = chosen
            .account
            .and_then(|account| Ready::new(&chosen.name, &account, args, alone, now));
        Self {
            name: chosen.name,
            ready: ready.map_err(Failure::from),
        }
    }
}

impl Ready {
    fn new(
        name: &Name,
        account: &Account,
        args: &Pull,
        alone: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let waits = Waits::new(name.clone());
        let source = waits.source(account)?;
        let mut options = options(args, account, now)?;
        let mut notes = Vec::new();
        let timeless = source.capabilities().axes.is_empty() || !options.partitions.is_empty();
        let filtered =
            args.until.is_some() || args.lookback.is_some() || (alone && args.since.is_some());
        if timeless && filtered {
            let note = "no filter by time is possible here: all orders are pulled";
            notes.push(note.to_owned());
            // With several accounts all orders are pulled. With only this account the engine refuses the window.
            if !alone && matches!(options.mode, Mode::Window { .. }) {
                options.mode = Mode::Update;
            }
        }
        let output = output(&args.files, account)?;
        Ok(Self {
            source,
            waits,
            options,
            output,
            since_given: args.since.is_some() && !timeless,
            notes,
        })
    }
}

/// The engine's failure, with a hint at the missing argument.
pub(super) fn hinted(error: orders_sync::SyncError, options: &Options) -> Failure {
    let begins = matches!(options.mode, Mode::Update | Mode::Full) && options.since.is_none();
    match error {
        orders_sync::SyncError::Options { message, .. }
            if begins && options.partitions.is_empty() && options.axis.is_none() =>
        {
            Error::invalid_request(message)
                .with_hint(
                    "set where to begin with --since or --lookback, for example --lookback 90d",
                )
                .into()
        }
        other => other.into(),
    }
}
