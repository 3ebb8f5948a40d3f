//! From arguments and settings to what the engine is asked to do.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Error, TimeAxis, Window};
use orders_sync::{Mode, Options};

use crate::args::Pull;
use crate::config::Account;
use crate::customers;
use crate::sources::pace;

/// How many customers are asked for at once, where nothing else is said. The rate limit holds all the same.
const CUSTOMERS_AT_ONCE: usize = 4;

/// What the engine is asked to do for an account: the arguments, then its settings, then the engine's own defaults.
///
/// # Errors
/// `InvalidRequest`, where the arguments contradict themselves or a file of customers cannot be read.
pub(super) fn options(
    args: &Pull,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<Options, Error> {
    let settings = &account.settings;
    let default = Options::default();
    let mode = mode(args)?;
    let axis = args.axis.map(TimeAxis::from);
    let partitions = partitions(args, account)?;
    let at_once = match partitions.is_empty() {
        true => default.at_once,
        false => CUSTOMERS_AT_ONCE,
    };
    let since = match args.lookback {
        Some(lookback) => now.checked_sub_signed(lookback),
        None => args.since,
    };
    Ok(Options {
        // The axis of one window is not that of the regular pull.
        axis: axis
            .filter(|_| !matches!(mode, Mode::Window { .. }))
            .or(settings.axis),
        mode,
        since: since.or(settings.since),
        partitions,
        safety_lag: settings.safety_lag.unwrap_or(default.safety_lag),
        warm: args.lookback.or(settings.lookback).unwrap_or(default.warm),
        warm_every: match args.lookback {
            Some(_) => TimeDelta::zero(),
            None => settings.lookback_every.unwrap_or(default.warm_every),
        },
        open_every: settings.open_every.unwrap_or(default.open_every),
        horizon: settings.horizon.unwrap_or(default.horizon),
        full_every: settings.full_every.unwrap_or(default.full_every),
        at_once: settings
            .at_once
            .and_then(|at_once| usize::try_from(at_once).ok())
            .unwrap_or(at_once),
        max_orders: args.max_orders,
        wait_budget: settings
            .wait_budget
            .and_then(|budget| budget.to_std().ok())
            .unwrap_or(default.wait_budget),
        pace: pace(account),
        ..default
    })
}

fn mode(args: &Pull) -> Result<Mode, Error> {
    if args.only_open {
        return Ok(Mode::OnlyOpen);
    }
    if args.full {
        return Ok(Mode::Full);
    }
    let (Some(since), Some(until)) = (args.since, args.until) else {
        return Ok(Mode::Update);
    };
    let window = Window::new(since, until)
        .ok_or_else(|| Error::invalid_request("--until must be after --since"))?;
    Ok(Mode::Window {
        axis: args.axis.map(TimeAxis::from),
        window,
    })
}

/// The customers of the arguments, else of the settings.
fn partitions(args: &Pull, account: &Account) -> Result<Vec<String>, Error> {
    if !args.customers.is_empty() {
        return customers::given(&args.customers);
    }
    let settings = &account.settings;
    match (&settings.customers, &settings.customers_file) {
        (Some(ids), _) => Ok(customers::each_once(ids.clone())),
        (None, Some(path)) => customers::of_file(path),
        (None, None) => Ok(Vec::new()),
    }
}
