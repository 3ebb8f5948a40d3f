//! The arguments of `orders pull`.

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;

use super::account_args::{AccountArgs, Files, Part};
use crate::times;

/// Pull the orders of an account into a file, and resume where the last pull stopped
///
/// Run it as often as you like, with the same arguments each time. The first run reads everything (linkbest and
/// shopline: from --since). Every later run reads new orders, the last days again, open gaps of earlier runs, and
/// stored orders that are not final yet. An order is stored once; each change of it is a row of its history.
///
/// A run that is stopped or killed loses nothing: the next run resumes after the last stored page.
#[derive(Debug, Args)]
#[command(after_help = PULL_HELP)]
pub(crate) struct Pull {
    #[command(flatten)]
    pub(crate) accounts: AccountArgs,

    /// Where the first pull begins (linkbest, shopline): 2026-02-01, 2026-02-01T08:00, with or without zone, or 36h,
    /// 90d ago
    #[arg(long, value_name = "TIME", value_parser = times::parse_bound)]
    pub(crate) since: Option<DateTime<Utc>>,

    /// With --since: read only this window; the regular pull is not affected
    #[arg(long, value_name = "TIME", value_parser = times::parse_bound, requires = "since", conflicts_with = "customers")]
    pub(crate) until: Option<DateTime<Utc>>,

    /// Read the last days again in this run (90d, 36h); on a first pull: where it begins
    #[arg(long, value_name = "DURATION", value_parser = times::parse_back, conflicts_with_all = ["until", "only_open", "full"])]
    pub(crate) lookback: Option<TimeDelta>,

    /// Only request the stored orders that are not final
    #[arg(long, conflicts_with_all = ["since", "full"])]
    pub(crate) only_open: bool,

    /// Read everything again, from the beginning (or from --since if that is earlier)
    #[arg(long, conflicts_with_all = ["until", "only_open"])]
    pub(crate) full: bool,

    /// Another credential, or another address, is that of the same account: do not look up stored orders with it
    #[arg(long)]
    pub(crate) same_account: bool,

    #[command(flatten)]
    pub(crate) part: Part,

    #[command(flatten)]
    pub(crate) files: Files,

    /// Stop after about this many orders of each account; the next run resumes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_orders: Option<u64>,

    /// Show what a run would do, without changing anything
    #[arg(long)]
    pub(crate) dry_run: bool,
}

const PULL_HELP: &str = "\
Which orders:
  clink     all: a full scan once a week, and new orders in between
  linkbest  windows of time; the first pull needs --since or --lookback
  shopline  windows of time over the whole store (the first pull needs --since or
            --lookback), or the orders of --customer, customer by customer
  --since sets only where the first pull begins; later runs may repeat it. To read
  one window again: --since with --until. To read the last days again: --lookback.
  To begin earlier: --full --since.

Several accounts are pulled at once, into one SQLite file or into separate files;
or into a Postgres database: -o postgres://USER@HOST:PORT/DATABASE, its password in
PGPASSWORD. Over TLS, unless the host is this machine or ?sslmode=disable is there.
A failure of one account, or a wrong setting of it, does not stop the others.

Exit codes:
    0  complete (also if --max-orders ended it)
    1  failed: the store, or a vendor that cannot be reached
    2  wrong usage
    3  partial: the run ended early with its state saved; run it again to resume.
       With several accounts: they ended with different codes
    4  the vendor refuses the credential
    5  configuration: a credential or a setting is missing or wrong, or the
       credential is that of another account than the stored orders
    6  the vendor's rate limit lasted longer than the run may wait
    7  incomplete: something could not be read. It is stored as a gap, and every
       run retries it (orders status). Or the clocks of this machine and of the
       vendor are a day or more apart: nothing counts as read
    8  another run works on the account: nothing was done
  130  interrupted with the state saved (143: terminated). A second signal ends
       the run at once; stored orders stay

Accounts and settings in orders.toml (credentials: orders list --help):
  [defaults]                      # for all accounts
  output = \"orders.db\"            # beside this file; or postgres://...
  lookback = \"3d\"                 # the last days that are read again...
  lookback_every = \"1d\"           # ... and how often
  open_every = \"7d\"               # how often open orders are requested...
  horizon = \"180d\"                # ... and up to which age
  safety_lag = \"5m\"               # windows end this long before now
  wait_budget = \"15m\"             # how long a run may wait for the vendor in total

  [accounts.ads]
  vendor = \"linkbest\"
  app_key = \"...\"
  app_secret_file = \"ads.secret\"
  since = 2026-01-01              # where the first pull begins
  axis = \"updated\"                # or created, settled
  time_zone = \"+08:00\"            # of the vendor's local times
  sign_joining = \"both_sides\"     # or prefix, suffix
  sign_place = \"query\"            # or header, body

  [accounts.store]
  vendor = \"shopline\"
  handle = \"my-store\"
  access_token_env = \"STORE_TOKEN\"
  version = \"v20260301\"
  customers_file = \"ids.txt\"      # or customers = [\"...\"]; else the whole store
  at_once = 4                     # customers or windows at the same time
  requests_per_second = 4         # this program's share of the vendor's limit
  burst = 40

  Also: base_url, full_every (clink: how often everything is read).
A flag overrides the environment, the environment overrides the file, and an
account overrides [defaults].";
