//! The arguments of the commands about what is stored.

use clap::{Args, Subcommand};

use super::account_args::{AccountArgs, Files, Part};
use crate::vendor::Vendor;

/// Show how far each account is pulled, and what is missing
///
/// Per account: the stored orders, the vendor's own count where it tells, those still open, gaps with their reason,
/// how far everything was read, and the last run. Reads the file only: no credentials, no network.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Only accounts of this vendor
    pub(crate) vendor: Option<Vendor>,

    /// Only this account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Show a stored order: the common view, the vendor's words, the vendor's text
///
/// Reads the file only. --json: one object, with the vendor's text under "raw", digit for digit.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) which: Which,

    /// Only the vendor's text, byte for byte
    #[arg(long, conflicts_with = "json")]
    pub(crate) raw: bool,
}

/// Show what changed in a stored order, and when it was seen
///
/// One row a value, from and to, in the vendor's words. Reads the file only.
#[derive(Debug, Args)]
pub(crate) struct History {
    #[command(flatten)]
    pub(crate) which: Which,
}

/// One stored order.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The order's id, its number, or the seller's own reference
    pub(crate) id: String,

    /// Of this vendor, where several have such an order
    #[arg(long)]
    pub(crate) vendor: Option<Vendor>,

    /// Of this account, where several have such an order
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Count again: what is stored, beside what the vendor says there is
///
/// A count, not a pull: clink is asked for its number of orders; linkbest and shopline month by month of creation, as
/// far as was pulled. Nothing is changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 where every count is the same (or the vendor has none), 7 where one
differs, 4 and 5 as with orders pull; 3 where several accounts end differently.")]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) accounts: AccountArgs,

    #[command(flatten)]
    pub(crate) part: Part,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// The saved state of an account
#[derive(Debug, Args)]
pub(crate) struct State {
    #[command(subcommand)]
    pub(crate) action: StateAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StateAction {
    Reset(Reset),
}

/// Forget how far an account is pulled; stored orders and their history stay, its gaps go
///
/// Needed where a pull says that the saved state cannot be used: it is damaged, or of another time axis or list of
/// customers. The next pull begins anew (--since) and stores nothing twice.
#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// Whose state
    pub(crate) vendor: Vendor,

    /// Which account [default: the vendor's only one in the file]
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Do not ask first; needed where no terminal is
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) files: Files,
}
