//! Selects accounts and stores from the arguments, for several commands.

use orders_core::{Account as Stored, Error, ErrorKind};
use orders_sync::Store;

use crate::args;
use crate::config::{self, Account, Chosen, Selection};
use crate::exit::Failure;
use crate::output;
use crate::place::Place;
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

/// The store of an account: from the argument, else from its settings, else the default.
///
/// # Errors
/// As [`Place::checked`].
pub(super) fn output(files: &args::Files, account: &Account) -> Result<Place, Error> {
    let named = files.output.as_ref().or(account.settings.output.as_ref());
    named.cloned().unwrap_or_default().checked()
}

/// Whether a stored account is one of those that the arguments name.
pub(super) fn is_named(account: &Stored, vendor: Option<Vendor>, label: Option<&str>) -> bool {
    vendor.is_none_or(|vendor| vendor.name() == account.provider)
        && label.is_none_or(|label| label == account.label)
}

/// An open store.
pub(super) type Opened = (Place, Store);

/// Opens stores for reading: the named one, else those of the configuration, else the default.
///
/// # Errors
/// `NotFound` if none of them exists; the error of a store that cannot be opened.
pub(super) async fn look(files: &args::Files) -> Result<Vec<Opened>, Failure> {
    let outputs = outputs(files)?;
    let mut found = Vec::new();
    for output in &outputs {
        if let Some(store) = output.look().await? {
            found.push((output.clone(), store));
        }
    }
    any(found, &outputs)
}

/// Opens the same stores for writing; an older schema is brought up to date.
///
/// # Errors
/// As [`look`].
pub(super) async fn change(files: &args::Files) -> Result<Vec<Opened>, Failure> {
    let outputs = outputs(files)?;
    let mut found = Vec::new();
    for output in &outputs {
        if let Some(store) = output.change().await? {
            found.push((output.clone(), store));
        }
    }
    any(found, &outputs)
}

fn outputs(files: &args::Files) -> Result<Vec<Place>, Error> {
    let mut named = match &files.output {
        Some(output) => vec![output.clone()],
        None => config::outputs(files.config.as_deref())?,
    };
    if named.is_empty() {
        named.push(Place::default());
    }
    named.into_iter().map(Place::checked).collect()
}

fn any(found: Vec<Opened>, outputs: &[Place]) -> Result<Vec<Opened>, Failure> {
    match (found.is_empty(), outputs.first()) {
        (true, Some(output)) => {
            let message = format!("nothing was pulled into {output} yet");
            Err(Error::new(ErrorKind::NotFound, message)
                .with_hint("pull first (orders pull --help), or name the store with -o")
                .into())
        }
        _ => Ok(found),
    }
}
