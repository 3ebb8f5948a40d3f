//! The arguments of the commands that read the store.

use clap::{Args, Subcommand};

use super::account_args::{AccountArgs, Files, Part};
use crate::vendor::Vendor;

/// Show the progress of each account, and what is missing
///
/// For each account: the stored orders, the vendor's own count if there is one, open orders, gaps with their reasons,
/// the time up to which everything was read, and the last run. Reads only the store: no credentials of a vendor.
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

/// List what could not be read, and accept what need not be
///
/// A gap makes every pull incomplete (exit code 7) until it is read or accepted. The text of an order that came and could
/// not be read is stored: the next pull reads it, if this program has learned how to.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Gaps {
    #[command(subcommand)]
    pub(crate) action: Option<GapsAction>,

    #[command(flatten)]
    pub(crate) list: OfAccounts,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GapsAction {
    /// List the gaps with their ids: what is missing, where it failed and why, since when, how often it was tried
    List(OfAccounts),
    Accept(AcceptGap),
}

/// Of which accounts something is listed.
#[derive(Debug, Args)]
pub(crate) struct OfAccounts {
    /// Only accounts of this vendor
    pub(crate) vendor: Option<Vendor>,

    /// Only this account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Accept a gap: it is shown and counted apart, and no longer makes a pull incomplete
///
/// The gap is open again when the vendor's text changes, or when it fails in another way.
#[derive(Debug, Args)]
pub(crate) struct AcceptGap {
    /// The gap's id, as orders gaps lists it
    pub(crate) id: i64,

    /// Why it need not be read
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// List the orders that are doubted, and confirm that they are deleted
///
/// A pull doubts an order where a reading did not show it that should have, and the vendor does not have it where it is
/// looked up. A reading a day later decides. Only a whole account is never marked as deleted by that: it may be the
/// credential of another one.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Gone {
    #[command(subcommand)]
    pub(crate) action: Option<GoneAction>,

    #[command(flatten)]
    pub(crate) list: OfAccounts,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GoneAction {
    /// List the doubted orders, each with since when, and when the last reading began that did not show it
    List(OfAccounts),
    Confirm(ConfirmGone),
}

/// Mark the doubted orders of an account as deleted at the vendor; they stay in the file
#[derive(Debug, Args)]
pub(crate) struct ConfirmGone {
    /// The vendor, if several have such an account
    pub(crate) vendor: Option<Vendor>,

    /// The account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,

    /// Do not ask for confirmation; required without a terminal
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Read the stored texts again, with the mapping of this version
///
/// A later version of this program may read more of an order, or read it better. Each order keeps the vendor's text, so
/// nothing is requested: the common view, the amounts and the other columns are made anew, in place. An order that
/// changed gets one row in orders history (remapped). A run that was killed is continued by the next one. orders status
/// says how many orders an older version read.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 7 if a stored text cannot be read by this version; that order stays as it is. All codes: orders --help."
)]
pub(crate) struct Remap {
    /// Only accounts of this vendor
    pub(crate) vendor: Option<Vendor>,

    /// Only this account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Show a stored order: the common view, the vendor's words, and the vendor's text
///
/// Reads only the file. --json prints one object, with the vendor's text under "raw", digit for digit.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) which: Which,

    /// Print only the vendor's text, byte for byte
    #[arg(long, conflicts_with = "json")]
    pub(crate) raw: bool,
}

/// Show the changes of a stored order, and when they were observed
///
/// One row per changed value, from and to, in the vendor's words. Reads only the file.
#[derive(Debug, Args)]
pub(crate) struct History {
    #[command(flatten)]
    pub(crate) which: Which,

    /// Show each value of what was added or removed, not their number
    #[arg(long)]
    pub(crate) all: bool,
}

/// One stored order.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The order's id, its number, or the seller's own reference
    pub(crate) id: String,

    /// The vendor, if several have such an order
    #[arg(long)]
    pub(crate) vendor: Option<Vendor>,

    /// The account, if several have such an order
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    #[command(flatten)]
    pub(crate) files: Files,
}

/// Count the stored orders and read some again, and compare with the vendor
///
/// This is no pull. For clink it requests the number of orders; for linkbest and shopline it counts each month of
/// creation, as far as was pulled. Then it requests some stored orders one by one, others each day. One that is not what
/// is stored differs where the vendor says that it was not updated since; where the vendor says otherwise or nothing
/// (clink, linkbest), it is shown as changed since. Nothing is changed in the file.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 if what was compared agrees, 7 if a count or an order differs, the
vendor does not know an order, a gap is open or the pull has not ended, 1 if
nothing was pulled or the vendor cannot be reached, 4 and 5 as with orders pull,
3 if several accounts end differently.")]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) accounts: AccountArgs,

    /// How many stored orders of each account are read again; 0: none
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) sample: usize,

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

/// Discard the progress of an account, with its gaps; stored orders and their history stay
///
/// Needed when a pull reports that the saved state cannot be used: it is damaged, or belongs to another time axis or
/// another list of customers. The next pull starts from the beginning (--since) and stores nothing twice.
#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// The vendor
    pub(crate) vendor: Vendor,

    /// The account [default: the vendor's only one in the file]
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Do not ask for confirmation; required without a terminal
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) files: Files,
}
