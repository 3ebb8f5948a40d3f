//! Accounts and files, as several commands take them.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{ArgGroup, Args};

use super::axis::Axis;
use crate::place::Place;
use crate::vendor::Vendor;

/// The accounts of a vendor, or of all.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("selected").required(true).multiple(true).args(["vendor", "all", "accounts"]))
)]
pub(crate) struct AccountArgs {
    /// The vendor
    pub(crate) vendor: Option<Vendor>,

    /// All accounts of the configuration file; without a file, all vendors with credentials in the environment
    #[arg(long, conflicts_with = "vendor")]
    pub(crate) all: bool,

    /// An account of the configuration file; repeatable
    #[arg(
        long = "account",
        value_name = "NAME",
        env = "ORDERS_ACCOUNT",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub(crate) accounts: Vec<String>,

    /// The base URL of the vendor's API, for a sandbox or a proxy [default: the vendor's production]
    #[arg(long, value_name = "URL", conflicts_with = "all")]
    pub(crate) base_url: Option<String>,
}

/// Which orders of an account are pulled. It is part of the account's state, so every run must give the same.
#[derive(Debug, Default, Args)]
pub(crate) struct Part {
    /// The time axis of windows [default: updated, if the vendor has it]
    #[arg(long)]
    pub(crate) axis: Option<Axis>,

    /// Only orders of this customer (shopline, clink); repeatable; @FILE has one id per line
    #[arg(long = "customer", value_name = "ID|@FILE")]
    pub(crate) customers: Vec<String>,
}

/// The store of orders, and the configuration file.
#[derive(Clone, Debug, Args)]
pub(crate) struct Files {
    /// Where orders are stored: a file (SQLite), or postgres://USER@HOST/DATABASE [default: orders.db]
    #[arg(
        short,
        long,
        value_name = "STORE",
        value_parser = PathBufValueParser::new().map(Place::from),
        env = "ORDERS_OUTPUT",
        hide_env_values = true
    )]
    pub(crate) output: Option<Place>,

    /// The configuration file [default: orders.toml, if it exists]
    #[arg(
        long,
        value_name = "FILE",
        env = "ORDERS_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
}
