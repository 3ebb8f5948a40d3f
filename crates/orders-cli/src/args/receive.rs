//! The arguments of `orders receive`.

use clap::Args;

use super::account_args::Files;

/// Receive what the vendors push, and keep it with the orders
///
/// Listens for the pushes of all three vendors: POST /clink, GET and POST /linkbest, POST /shopline, each with the name
/// of an account behind it (/shopline/main), which may be left out where a vendor has one account. A push is verified over its
/// bytes, kept, applied to its order, and only then answered: what is answered is stored, and what is not is pushed
/// again. Pushes may come twice and in any order, and while a pull runs.
///
/// A newer version of an order is stored with its history; a refund or a dispute becomes an adjustment of its order; where
/// it is not certain which version is newer, the next pull requests the order. Everything else is kept in the table pushes.
/// So is a genuine push that cannot be read: orders remap reads it again. A push that the secret did not sign is refused.
///
/// Use it behind a proxy that speaks TLS. Ctrl-C ends it after the answers under way.
#[derive(Debug, Args)]
#[command(after_help = "\
The secrets that sign pushes: CLINK_WEBHOOK_SECRET, LINKBEST_PUSH_SECRET,
SHOPLINE_APP_SECRET in the environment; or in an account of orders.toml as
webhook_secret_file or webhook_secret_env (clink, shopline: the app secret),
push_secret_file or push_secret_env (linkbest).

Each push is one line on standard error; at the end, standard output has what
became of them. All exit codes: orders --help.")]
pub(crate) struct Receive {
    /// The address to listen at
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// An account of the configuration file; repeatable [default: all that have such a secret]
    #[arg(
        long = "account",
        value_name = "NAME",
        env = "ORDERS_ACCOUNT",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub(crate) accounts: Vec<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}
