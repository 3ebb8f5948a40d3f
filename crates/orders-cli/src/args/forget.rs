//! The arguments of `orders forget`.

use clap::{ArgGroup, Args};

use super::account_args::Files;
use crate::vendor::Vendor;

/// Erase what is stored of a person, or of a whole account
///
/// Erases orders with their texts, amounts, lines and history, records that could not be read, and pushes; of an account also
/// its state, gaps and runs. An e-mail address is looked for in the texts, too. The file is written anew, so that nothing of it
/// is left there.
///
/// Salted hashes of the orders' ids are kept: a later pull counts such an order as shown, so that it can still prove that
/// nothing is missing, and does not store it again. What was exported or copied is not reached, nor is a backup, nor is
/// what the vendor has.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whom").required(true).multiple(true).args(["customer", "account"])))]
pub(crate) struct Forget {
    /// Only accounts of this vendor
    pub(crate) vendor: Option<Vendor>,

    /// The person: the vendor's id, or an e-mail address
    #[arg(long, value_name = "ID|EMAIL")]
    pub(crate) customer: Option<String>,

    /// Only this account; without --customer everything that is stored of it
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Do not ask for confirmation; required without a terminal
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) files: Files,
}
