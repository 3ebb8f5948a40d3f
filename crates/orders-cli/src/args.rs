//! The command line. No argument takes a secret: the list of processes would show it.

mod account_args;
mod axis;
mod forget;
mod pull;
mod receive;
mod store_commands;
#[cfg(feature = "workers")]
mod work;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::account_args::{AccountArgs, Files, Part};
pub(crate) use self::axis::Axis;
pub(crate) use self::forget::Forget;
pub(crate) use self::pull::Pull;
pub(crate) use self::receive::Receive;
pub(crate) use self::store_commands::{
    AcceptGap, ConfirmGone, Gaps, GapsAction, Gone, GoneAction, History, OfAccounts, Remap, Reset,
    Show, State, StateAction, Status, Verify, Which,
};
#[cfg(feature = "workers")]
pub(crate) use self::work::{Accounts, AccountsAction, NamedAccounts, Schedule, Work};
use crate::kind::Kind;
use crate::times;
use crate::vendor::{Vendor, View};

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  failed: the vendor, the network, or input that cannot be read
    2  wrong usage
    3  partial: a pull ended early with its state saved; run it again to resume
    4  the vendor refuses the credential
    5  configuration: a credential or a setting is missing or wrong
    6  the vendor's rate limit is used up
    7  incomplete: orders are missing, or differ from what they should be
    8  another run works on the account
  130  interrupted (143: terminated)

Data go to standard output, everything else to standard error. Progress is shown
on a terminal only.";

/// Orders of Clink, Linkbest and SHOPLINE, exactly as the vendor sent them. Unofficial.
#[derive(Debug, Parser)]
#[command(name = "orders", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    /// Summaries, reports and errors as JSON objects, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Sandbox(Sandbox),
    Pull(Pull),
    Receive(Receive),
    /// Pull the accounts of a Postgres store as they become due, with as many workers as one likes
    Work(Work),
    /// The accounts that workers pull: which, how often, and with what
    Accounts(Accounts),
    Status(Status),
    Gaps(Gaps),
    Gone(Gone),
    Remap(Remap),
    Show(Show),
    History(History),
    Verify(Verify),
    State(State),
    Forget(Forget),
    List(List),
    Decode(Decode),
}

/// Whatever is asked of workers, where this program has none.
#[cfg(not(feature = "workers"))]
#[derive(Debug, Args)]
pub(crate) struct Work {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<String>,
}

#[cfg(not(feature = "workers"))]
type Accounts = Work;

/// Pull orders of all three vendors from a built-in sandbox, and prove that nothing is missing
///
/// Starts the sandbox on a free port of this machine. Pulls every order of the three vendors over HTTP with the real
/// clients, and writes them to DIR/orders.jsonl. Then reads that file again and compares it with the sandbox's data:
/// every order must be there, once, byte for byte. Needs no account and no network.
///
/// Until the comparison succeeds, the file is named orders.jsonl.partial.
///
/// After that it pulls the same orders into DIR/orders.db, as orders pull does. It advances the sandbox by 45 days, in
/// which orders are created, paid, shipped, refunded and settled, pulls again, and compares again.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 7 if an order is missing or differs; all codes: orders --help.")]
pub(crate) struct Demo {
    /// The folder for orders.jsonl and orders.db; created if it does not exist
    #[arg(long, value_name = "DIR", default_value = "orders-demo")]
    pub(crate) dir: PathBuf,

    #[command(flatten)]
    pub(crate) world: World,
}

/// Play the three vendors on this machine, until Ctrl-C
///
/// Prints the base URLs, the (invented) credentials and the secrets that sign pushes, as lines for a shell (--json: as
/// one object). SHOPLINE's documented rate limit applies: 4 requests per second, burst 40.
#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The TCP port on 127.0.0.1; 0 chooses a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    #[command(flatten)]
    pub(crate) world: World,

    /// The time in the sandbox; all orders are older. The same time gives the same bytes. It stands still until POST
    /// /_sandbox/clock/advance moves it. 60d means 60 days ago, so that later days can still be pulled [default: now]
    #[arg(long, value_name = "TIME", value_parser = times::parse_now)]
    pub(crate) now: Option<DateTime<Utc>>,

    /// How many new orders arrive each day while time advances; all orders are then paid, shipped, refunded and settled
    /// over time
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) life: u32,
}

/// The data of the sandbox.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct World {
    /// How many orders each vendor has
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub(crate) orders: usize,

    /// The seed of the invented orders; the same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Read a vendor's response body, or a single order, refund or other thing of the vendor's, from a file
///
/// Prints one JSON line for each thing in it. Everything is read before anything is printed: where a body cannot be
/// read, the error names its JSON path, and nothing is printed. An order that cannot be read costs no other order.
///
/// What the body holds is seen from it where that is certain: where it has a name that only one kind of thing has.
/// Otherwise name it with --kind.
#[derive(Debug, Args)]
#[command(after_help = "\
--drift lists unknown fields, unknown words and type differences against the
contract (the documented and recorded fields), once each with a count, on
standard error; with --json as one JSON object. Drift is not a failure: the exit
code stays 0. All codes: orders --help.")]
pub(crate) struct Decode {
    /// The vendor of the body
    pub(crate) vendor: Vendor,

    /// The file; - reads standard input
    #[arg(default_value = "-")]
    pub(crate) file: PathBuf,

    /// What the body holds [default: seen from the body]
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Kind>,

    /// The view in which a thing is printed [default: core for orders, typed for all else]
    #[arg(long = "as", value_name = "VIEW")]
    pub(crate) view: Option<View>,

    /// Report what the contract does not contain
    #[arg(long)]
    pub(crate) drift: bool,
}

/// List the orders of an account, from the vendor itself or from any base URL
///
/// Credentials come from the environment or from files, never from arguments.
#[derive(Debug, Args)]
#[command(after_help = LIST_HELP)]
pub(crate) struct List {
    /// The vendor
    pub(crate) vendor: Vendor,

    /// The account of the configuration file
    #[arg(
        long,
        value_name = "NAME",
        env = "ORDERS_ACCOUNT",
        hide_env_values = true
    )]
    pub(crate) account: Option<String>,

    /// The configuration file [default: orders.toml, if it exists]
    #[arg(
        long,
        value_name = "FILE",
        env = "ORDERS_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,

    /// The base URL of the vendor's API, for a sandbox or a proxy [default: the vendor's production]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// From this time (linkbest, shopline): 2026-02-01, 2026-02-01T08:00, with or without zone, or 36h, 7d ago
    #[arg(long, value_name = "TIME", value_parser = times::parse_bound)]
    pub(crate) since: Option<DateTime<Utc>>,

    /// Before this time [default: now]
    #[arg(long, value_name = "TIME", value_parser = times::parse_bound, requires = "since")]
    pub(crate) until: Option<DateTime<Utc>>,

    /// The time axis of --since and --until [default: the vendor's own]
    #[arg(long, requires = "since")]
    pub(crate) axis: Option<Axis>,

    /// Only orders of this customer (shopline, clink); repeatable; @FILE has one id per line
    #[arg(long = "customer", value_name = "ID|@FILE")]
    pub(crate) customers: Vec<String>,

    /// Stop after this many orders
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_orders: Option<u64>,

    /// The view in which an order is printed as a JSON line
    #[arg(long = "as", value_name = "VIEW", default_value_t = View::Core)]
    pub(crate) view: View,

    /// JSON lines, or a table for people
    #[arg(long, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,
}

const LIST_HELP: &str = "\
What is listed:
  clink     all orders, or those of --customer; there is no filter by time
  linkbest  --since (required) [--until] [--axis updated|settled|created]
  shopline  --since [--until] [--axis updated|created]: the orders of the whole
            store, with archived ones and those of guests (the fastest way);
            --customer: all orders of these customers;
            neither: all orders of all customers, at least one request each. The
            limit is 4 requests per second: a thousand customers take four
            minutes. Orders of guests may belong to no customer.

Credentials and base URLs in the environment:
  clink     CLINK_API_KEY                           CLINK_BASE_URL
  linkbest  LINKBEST_APP_KEY, LINKBEST_APP_SECRET   LINKBEST_BASE_URL
  shopline  SHOPLINE_HANDLE, SHOPLINE_ACCESS_TOKEN  SHOPLINE_BASE_URL

Or in orders.toml, with secrets in files or variables of their own:
  [accounts.main]
  vendor = \"clink\"
  api_key_file = \"secrets/clink.key\"    # or: api_key_env = \"MY_CLINK_KEY\"

A flag overrides the environment, and the environment overrides the file. An
account chosen with --account takes its credentials only from the file.
Exit codes: orders --help.";

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON line per order, printed page by page
    Jsonl,
    /// A table, printed at the end
    Table,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Jsonl => "jsonl",
            Self::Table => "table",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_argument_takes_a_secret() {
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                for word in ["key", "secret", "token", "password"] {
                    assert!(!name.contains(word), "{} {name}", command.get_name());
                }
            }
        }
    }
}
