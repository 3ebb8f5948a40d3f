//! From arguments and settings to what the engine is asked to do.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Error, TimeAxis, Window};
use orders_sync::{Mode, Options};

use crate::args::{Part, Pull};
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
    let mut options = regular(&args.part, account)?;
    options.mode = mode(args)?;
    options.max_orders = args.max_orders;
    if matches!(options.mode, Mode::Window { .. }) {
        // The axis of one window is not that of the regular pull.
        options.axis = account.settings.axis;
    } else if args.since.is_some() {
        options.since = args.since;
    }
    if let Some(lookback) = args.lookback {
        options.since = now.checked_sub_signed(lookback);
        options.warm = lookback;
        options.warm_every = TimeDelta::zero();
    }
    Ok(options)
}

/// The regular pull of an account.
///
/// # Errors
/// `InvalidRequest`, where a file of customers cannot be read.
pub(in crate::commands) fn regular(part: &Part, account: &Account) -> Result<Options, Error> {
    let settings = &account.settings;
    let default = Options::default();
    let partitions = partitions(part, account)?;
    let usual_at_once = match partitions.is_empty() {
        true => default.at_once,
        false => CUSTOMERS_AT_ONCE,
    };
    let at_once = settings.at_once.and_then(|n| usize::try_from(n).ok());
    let budget = settings.wait_budget.and_then(|time| time.to_std().ok());
    Ok(Options {
        axis: part.axis.map(TimeAxis::from).or(settings.axis),
        since: settings.since,
        partitions,
        safety_lag: settings.safety_lag.unwrap_or(default.safety_lag),
        warm: settings.lookback.unwrap_or(default.warm),
        warm_every: settings.lookback_every.unwrap_or(default.warm_every),
        open_every: settings.open_every.unwrap_or(default.open_every),
        horizon: settings.horizon.unwrap_or(default.horizon),
        full_every: settings.full_every.unwrap_or(default.full_every),
        at_once: at_once.unwrap_or(usual_at_once),
        wait_budget: budget.unwrap_or(default.wait_budget),
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
        axis: args.part.axis.map(TimeAxis::from),
        window,
    })
}

/// The customers of the arguments, else of the settings.
fn partitions(part: &Part, account: &Account) -> Result<Vec<String>, Error> {
    if !part.customers.is_empty() {
        return customers::given(&part.customers);
    }
    let settings = &account.settings;
    match (&settings.customers, &settings.customers_file) {
        (Some(ids), _) => Ok(customers::each_once(ids.clone())),
        (None, Some(path)) => customers::of_file(path),
        (None, None) => Ok(Vec::new()),
    }
}
