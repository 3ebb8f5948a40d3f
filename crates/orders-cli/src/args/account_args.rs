//! Which accounts, and which files: the same words for several commands.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::axis::Axis;
use crate::vendor::Vendor;

/// The accounts of a vendor, or of all.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("selected").required(true).multiple(true).args(["vendor", "all", "accounts"]))
)]
pub(crate) struct AccountArgs {
    /// Whose orders
    pub(crate) vendor: Option<Vendor>,

    /// All accounts of the configuration file; without one, of all vendors whose credentials the environment has
    #[arg(long, conflicts_with = "vendor")]
    pub(crate) all: bool,

    /// Which account of the configuration file; repeatable
    #[arg(
        long = "account",
        value_name = "NAME",
        env = "ORDERS_ACCOUNT",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub(crate) accounts: Vec<String>,

    /// Where the vendor's API is, for a sandbox or a proxy [default: the vendor's production]
    #[arg(long, value_name = "URL", conflicts_with = "all")]
    pub(crate) base_url: Option<String>,
}

/// What is pulled of an account: part of its state, so each run says the same.
#[derive(Debug, Default, Args)]
pub(crate) struct Part {
    /// Which time of an order windows are about [default: updated, where the vendor has it]
    #[arg(long)]
    pub(crate) axis: Option<Axis>,

    /// Only orders of this customer (shopline, clink); repeatable; @FILE: one id a line
    #[arg(long = "customer", value_name = "ID|@FILE")]
    pub(crate) customers: Vec<String>,
}

/// The file of orders, and the file of settings.
#[derive(Clone, Debug, Args)]
pub(crate) struct Files {
    /// The file of orders (SQLite) [default: orders.db]
    #[arg(
        short,
        long,
        value_name = "FILE",
        env = "ORDERS_OUTPUT",
        hide_env_values = true
    )]
    pub(crate) output: Option<PathBuf>,

    /// The configuration file [default: orders.toml, where there is one]
    #[arg(
        long,
        value_name = "FILE",
        env = "ORDERS_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
}
