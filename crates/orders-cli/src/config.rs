//! Which account, with which credentials, at which address. A flag overrides the environment, the environment overrides
//! the configuration file, and the file overrides the default.

mod account;
mod choose;
mod credentials;
#[cfg(feature = "workers")]
mod entry;
mod file;
mod receiving;
mod settings;

pub(crate) use self::account::{Account, Wanted, account};
pub(crate) use self::choose::{Chosen, Selection, accounts, outputs, time_zone};
#[cfg(feature = "workers")]
pub(crate) use self::entry::Entry;
pub(crate) use self::receiving::{Receiving, receiving};
pub(crate) use self::settings::Settings;
