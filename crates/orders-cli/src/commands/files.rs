//! Selects accounts and files from the arguments, for several commands.

use orders_core::{Account as Stored, Error, ErrorKind};
use orders_sync::Store;

use crate::args;
use crate::config::{self, Account, Chosen, Selection};
use crate::exit::Failure;
use crate::output;
use crate::store_file::{self, StoreFile};
use crate::vendor::Vendor;

/// The selected accounts. What is unsafe about their settings is shown.
///
/// # Errors
/// As [`config::accounts`].
pub(super) fn accounts(
    args: &args::AccountArgs,
    files: &args::Files,
    json: bool,
) -> Result<Vec<Chosen>, Error> {
    let selection = Selection {
        vendor: args.vendor,
        names: &args.accounts,
        config: files.config.as_deref(),
        base_url: args.base_url.as_deref(),
    };
    let chosen = config::accounts(&selection, &|name| std::env::var(name).ok())?;
    let ready = chosen.iter().filter_map(|one| one.account.as_ref().ok());
    for warning in ready.flat_map(|account| &account.warnings) {
        output::warn(warning, json);
    }
    Ok(chosen)
}

/// The file of an account: from the argument, else from its settings, else the default.
///
/// # Errors
/// As [`StoreFile::at`].
pub(super) fn output(files: &args::Files, account: &Account) -> Result<StoreFile, Error> {
    let named = files.output.as_ref().or(account.settings.output.as_ref());
    named.map_or_else(|| StoreFile::at(store_file::DEFAULT), StoreFile::at)
}

/// Whether a stored account is one of those that the arguments name.
pub(super) fn is_named(account: &Stored, vendor: Option<Vendor>, label: Option<&str>) -> bool {
    vendor.is_none_or(|vendor| vendor.name() == account.provider)
        && label.is_none_or(|label| label == account.label)
}

/// An open file of orders.
pub(super) type Opened = (StoreFile, Store);

/// Opens files for reading: the named one, else those of the configuration, else the default.
///
/// # Errors
/// `NotFound` if none of them exists; the error of a file that cannot be opened.
pub(super) fn look(files: &args::Files) -> Result<Vec<Opened>, Failure> {
    let outputs = outputs(files)?;
    let mut found = Vec::new();
    for output in &outputs {
        if let Some(store) = output.look()? {
            found.push((output.clone(), store));
        }
    }
    match (found.is_empty(), outputs.first()) {
        (true, Some(output)) => Err(nothing(output).into()),
        _ => Ok(found),
    }
}

/// Opens the same files for writing; an older schema is brought up to date.
///
/// # Errors
/// As [`look`].
pub(super) fn change(files: &args::Files) -> Result<Vec<Opened>, Failure> {
    let outputs = outputs(files)?;
    let there = outputs.iter().filter(|output| output.path.is_file());
    let opened = there.map(|output| Ok((output.clone(), Store::open(&output.path)?)));
    let opened: Vec<Opened> = opened.collect::<Result<_, Failure>>()?;
    match (opened.is_empty(), outputs.first()) {
        (true, Some(output)) => Err(nothing(output).into()),
        _ => Ok(opened),
    }
}

fn outputs(files: &args::Files) -> Result<Vec<StoreFile>, Error> {
    if let Some(path) = &files.output {
        return Ok(vec![StoreFile::at(path)?]);
    }
    let mut named = config::outputs(files.config.as_deref())?;
    if named.is_empty() {
        named.push(store_file::DEFAULT.into());
    }
    named.into_iter().map(StoreFile::at).collect()
}

fn nothing(output: &StoreFile) -> Error {
    let message = format!("nothing was pulled into {} yet", output.path.display());
    Error::new(ErrorKind::NotFound, message)
        .with_hint("pull first (orders pull --help), or name the file with -o")
}
