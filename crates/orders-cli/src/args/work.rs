//! The arguments of `orders work` and `orders accounts`.

use std::path::PathBuf;

use chrono::TimeDelta;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Subcommand};

use crate::place::Place;
use crate::times;
use crate::vendor::Vendor;

/// Pull the accounts of a database as they become due, until Ctrl-C or SIGTERM
///
/// Start it as often as you like, on as many machines as you like, with the same database: each account is pulled by one
/// worker at a time. orders accounts says which accounts there are, and when they are due. A pull takes the account for at
/// most --budget, then it goes to the end of the line. Workers may be stopped and killed at any time: what was stored
/// stays, and another worker resumes.
///
/// A worker that dies gives its accounts back within two minutes. A worker that was frozen and wakes up stores nothing
/// more of an account that another one has taken over. Where the database goes away, workers wait for it.
#[derive(Debug, Args)]
#[command(after_help = "\
An account whose credential or setting is refused is parked, and not pulled until
orders accounts resume. One that fails otherwise is tried again later and later,
up to every six hours. orders status shows them.

Ends with 0 after a signal. All exit codes: orders --help.")]
pub(crate) struct Work {
    #[command(flatten)]
    pub(crate) database: Database,

    /// How many accounts are pulled at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: u16,

    /// How long one account is pulled before it is the turn of another (10m, 90s)
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = times::parse_length)]
    pub(crate) budget: TimeDelta,

    /// Answer GET /metrics at this address, in the form of Prometheus: 127.0.0.1:9187
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<String>,

    /// Pull what is due now, then end
    #[arg(long)]
    pub(crate) once: bool,
}

/// The accounts that workers pull: which, how often, and with what
#[derive(Debug, Args)]
pub(crate) struct Accounts {
    #[command(subcommand)]
    pub(crate) action: AccountsAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsAction {
    /// List the accounts: when they are due, where they are pulled, how the last pull ended
    List(Database),
    Add(AddAccount),
    Import(ImportAccounts),
    /// Pull these accounts no longer, until they are resumed
    Pause(NamedAccounts),
    /// Pull these accounts again, now: also parked ones, whose credential or setting was mended
    Resume(NamedAccounts),
    /// Forget the schedule of these accounts; their orders stay
    Remove(NamedAccounts),
}

/// Add an account, or change the one of this name
///
/// No secret is stored: a credential is the name of a variable, or of a file, that each worker has.
#[derive(Debug, Args)]
#[command(after_help = "\
Settings are those of orders.toml (orders pull --help):
  orders accounts add clink main --set api_key_env=MAIN_KEY -o postgres://...
  orders accounts add linkbest ads --set app_key=123 --set app_secret_env=ADS \\
      --set since=90d --every 1h -o postgres://...")]
pub(crate) struct AddAccount {
    /// The vendor
    pub(crate) vendor: Vendor,

    /// The name of the account
    pub(crate) name: String,

    /// A setting or a credential, as in orders.toml; repeatable
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,

    #[command(flatten)]
    pub(crate) schedule: Schedule,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// Add all accounts of a configuration file, or change those of these names
///
/// Names of files in it stay relative to the folder in which a worker runs.
#[derive(Debug, Args)]
pub(crate) struct ImportAccounts {
    /// The configuration file
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) schedule: Schedule,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// When an account is pulled.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Schedule {
    /// How often; up to a tenth of it later, so that not all begin at once
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = times::parse_length)]
    pub(crate) every: TimeDelta,

    /// What is smaller goes first
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(i16).range(1..))]
    pub(crate) priority: i16,
}

/// Some accounts.
#[derive(Debug, Args)]
pub(crate) struct NamedAccounts {
    /// VENDOR/NAME, as orders accounts list shows it
    #[arg(required = true, value_name = "ACCOUNT")]
    pub(crate) accounts: Vec<String>,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// The store of the orders and the schedule.
#[derive(Clone, Debug, Args)]
pub(crate) struct Database {
    /// postgres://USER@HOST/DATABASE: where orders are stored; PGPASSWORD has the password
    #[arg(
        short = 'o',
        long = "output",
        value_name = "STORE",
        value_parser = PathBufValueParser::new().map(Place::from),
        env = "ORDERS_OUTPUT",
        hide_env_values = true
    )]
    pub(crate) place: Place,
}
