//! Builds the engine's options from arguments and settings.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Error, ErrorKind, TimeAxis, Window};
use orders_sync::{Mode, Options};

use crate::args::{Part, Pull};
use crate::config::Account;
use crate::customers;
use crate::sources::pace;
use crate::test_hooks;

/// How many customers are read at once by default. The rate limit applies all the same.
const CUSTOMERS_AT_ONCE: usize = 4;

/// The engine's options for an account: from the arguments, else from its settings, else the engine's defaults.
///
/// # Errors
/// `InvalidRequest` if the arguments contradict each other, or a file of customers cannot be read (`Config` where a
/// setting names it).
pub(super) fn options(
    args: &Pull,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<Options, Error> {
    let mut options = regular(&args.part, account)?;
    options.mode = mode(args)?;
    options.max_orders = args.max_orders;
    options.same_account = args.same_account;
    if matches!(options.mode, Mode::Window { .. }) {
        // The axis of a single window does not affect the regular pull.
        options.axis = account.settings.axis;
    } else if args.since.is_some() {
        options.since = args.since;
    }
    if let Some(lookback) = args.lookback {
        // Where both are given, --since is where the first pull begins.
        options.since = args.since.or_else(|| now.checked_sub_signed(lookback));
        options.lookback = lookback;
        options.lookback_every = TimeDelta::zero();
    }
    Ok(options)
}

/// The options of an account's regular pull.
///
/// # Errors
/// `InvalidRequest` if a file of customers cannot be read (`Config` where a setting names it).
pub(crate) fn regular(part: &Part, account: &Account) -> Result<Options, Error> {
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
        lookback: settings.lookback.unwrap_or(default.lookback),
        lookback_every: settings.lookback_every.unwrap_or(default.lookback_every),
        open_every: settings.open_every.unwrap_or(default.open_every),
        horizon: settings.horizon.unwrap_or(default.horizon),
        full_every: settings.full_every.unwrap_or(default.full_every),
        at_once: at_once.unwrap_or(usual_at_once),
        retries: budget
            .map_or(default.retries, |waits| default.retries.with_waits(waits))
            .with_haste(test_hooks::haste()),
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

/// The customers: from the arguments, else from the settings.
fn partitions(part: &Part, account: &Account) -> Result<Vec<String>, Error> {
    if !part.customers.is_empty() {
        return customers::given(&part.customers);
    }
    let settings = &account.settings;
    // An account with both is refused where its settings are read.
    match (&settings.customers, &settings.customers_file) {
        (Some(ids), _) => Ok(customers::each_once(ids.clone())),
        (None, Some(path)) => customers::of_file(path).map_err(|error| {
            // A setting, not the request, names the file.
            let message = format!("customers_file: {}", error.message());
            Error::new(ErrorKind::Config, message)
        }),
        (None, None) => Ok(Vec::new()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};
    use crate::config::Settings;
    use crate::vendor::Vendor;

    fn now() -> DateTime<Utc> {
        "2026-03-01T00:00:00Z".parse().unwrap()
    }

    fn read(arguments: &[&str], settings: Settings) -> Result<Options, Error> {
        let words = ["orders", "pull", "linkbest"].iter().chain(arguments);
        let Command::Pull(args) = Cli::try_parse_from(words).unwrap().command else {
            unreachable!("the words say pull")
        };
        let account = Account {
            vendor: Vendor::Shopline,
            label: "x".into(),
            base_url: None,
            credentials: std::collections::BTreeMap::new(),
            settings,
            warnings: Vec::new(),
            tokens: None,
        };
        options(&args, &account, now())
    }

    #[test]
    fn arguments_go_before_settings_and_those_before_defaults() {
        let settings = Settings {
            since: "2026-01-01T00:00:00Z".parse().ok(),
            lookback: Some(TimeDelta::days(5)),
            axis: Some(TimeAxis::Created),
            at_once: Some(2),
            ..Settings::default()
        };
        let of_file = read(&[], settings.clone()).unwrap();
        assert_eq!((of_file.mode, of_file.at_once), (Mode::Update, 2));
        assert_eq!(
            (of_file.since, of_file.lookback),
            (settings.since, TimeDelta::days(5))
        );
        assert_eq!(of_file.lookback_every, Options::default().lookback_every);
        assert_eq!(of_file.horizon, TimeDelta::days(180));
        assert_eq!(of_file.pace.unwrap().burst, 40);

        let flags = ["--since", "2026-02-01T00:00:00Z", "--axis", "updated"];
        let of_flags = read(&flags, settings.clone()).unwrap();
        assert_eq!(of_flags.since, "2026-02-01T00:00:00Z".parse().ok());
        assert_eq!(of_flags.axis, Some(TimeAxis::Updated));

        let both = ["--since", "2026-02-01T00:00:00Z", "--lookback", "90d"];
        let both = read(&both, settings.clone()).unwrap();
        assert_eq!(both.since, "2026-02-01T00:00:00Z".parse().ok());
        assert_eq!(both.lookback, TimeDelta::days(90));

        let back = read(&["--lookback", "90d"], settings).unwrap();
        assert_eq!(back.mode, Mode::Update);
        assert_eq!(back.since, Some(now() - TimeDelta::days(90)));
        assert_eq!(
            (back.lookback, back.lookback_every),
            (TimeDelta::days(90), TimeDelta::zero())
        );
    }

    #[test]
    fn a_windows_axis_is_not_the_regular_pulls() {
        let words = [
            "--since",
            "2026-02-01T00:00:00Z",
            "--until",
            "2026-02-02T00:00:00Z",
            "--axis",
            "settled",
        ];
        let settings = Settings {
            axis: Some(TimeAxis::Created),
            ..Settings::default()
        };
        let options = read(&words, settings).unwrap();
        assert_eq!(options.axis, Some(TimeAxis::Created));
        let Mode::Window { axis, window } = options.mode else {
            unreachable!("{:?}", options.mode)
        };
        assert_eq!(
            (axis, window.length()),
            (Some(TimeAxis::Settled), TimeDelta::days(1))
        );
        let words = [
            "--since",
            "2026-02-02T00:00:00Z",
            "--until",
            "2026-02-01T00:00:00Z",
        ];
        assert!(read(&words, Settings::default()).is_err());
    }

    #[test]
    fn several_customers_are_read_at_once() {
        let options = read(
            &["--customer", "1", "--customer", "2", "--customer", "1"],
            Settings::default(),
        )
        .unwrap();
        assert_eq!(
            (options.partitions.len(), options.at_once),
            (2, CUSTOMERS_AT_ONCE)
        );
        let settings = Settings {
            customers: Some(vec!["7".into()]),
            ..Settings::default()
        };
        assert_eq!(read(&[], settings.clone()).unwrap().partitions, ["7"]);
        assert_eq!(
            read(&["--customer", "1"], settings).unwrap().partitions,
            ["1"]
        );
    }
}
