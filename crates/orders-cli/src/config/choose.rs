//! Selects the accounts of a command that works on several.

use std::path::Path;

use chrono::FixedOffset;
use orders_core::{Account as Name, Error};

use super::account::{self, Account, ENVIRONMENT, Wanted, read};
use super::credentials::{DEFAULT_FILE, Environment, config, in_environment};
use super::file::{File, Profile};
use crate::place::Place;
use crate::vendor::Vendor;

/// The accounts that the command line selects.
pub(crate) struct Selection<'a> {
    /// `None` means any vendor.
    pub(crate) vendor: Option<Vendor>,
    /// The names. Empty means all accounts, or the vendor's only one.
    pub(crate) names: &'a [String],
    pub(crate) config: Option<&'a Path>,
    pub(crate) base_url: Option<&'a str>,
}

/// One selected account. Its failure does not affect the others.
pub(crate) struct Chosen {
    pub(crate) name: Name,
    pub(crate) account: Result<Account, Error>,
}

/// The selected accounts, at least one.
///
/// One vendor without a name is found as by [`account::account`]. Without a vendor: the named accounts, else all
/// accounts of the file, else all accounts of the environment.
///
/// # Errors
/// `Config` if the file cannot be read, a name is not in it, or no account is found.
pub(crate) fn accounts(
    selection: &Selection<'_>,
    environment: Environment<'_>,
) -> Result<Vec<Chosen>, Error> {
    match selection.vendor {
        Some(vendor) if selection.names.len() < 2 => {
            one(selection, vendor, environment).map(|one| vec![one])
        }
        _ => several(selection, environment),
    }
}

fn one(
    selection: &Selection<'_>,
    vendor: Vendor,
    environment: Environment<'_>,
) -> Result<Chosen, Error> {
    let wanted = Wanted {
        vendor,
        account: selection.names.first().map(String::as_str),
        config: selection.config,
        base_url: selection.base_url,
    };
    let account = account::account(&wanted, environment)?;
    Ok(Chosen {
        name: name(vendor, &account.label),
        account: Ok(account),
    })
}

fn several(selection: &Selection<'_>, environment: Environment<'_>) -> Result<Vec<Chosen>, Error> {
    let file = File::find(selection.config)?;
    let mut profiles: Vec<(&str, &Profile)> = match selection.names {
        [] => file.all().collect(),
        names => names
            .iter()
            .map(|name| Ok((name.as_str(), file.any(name)?)))
            .collect::<Result<_, Error>>()?,
    };
    if let Some(vendor) = selection.vendor {
        for (name, _) in &profiles {
            file.named(name, vendor)?;
        }
    }
    profiles.sort_by_key(|(name, profile)| (profile.vendor, *name));
    profiles.dedup_by_key(|(name, _)| *name);
    let make = |vendor, profile: Option<(&str, &Profile)>| Chosen {
        name: name(vendor, profile.map_or(ENVIRONMENT, |(name, _)| name)),
        account: read(vendor, &file, profile, selection.base_url, environment),
    };
    let mut chosen: Vec<_> = profiles
        .into_iter()
        .map(|(name, profile)| make(profile.vendor, Some((name, profile))))
        .collect();
    if chosen.is_empty() {
        let known = Vendor::ALL.into_iter();
        let known = known.filter(|vendor| in_environment(*vendor, environment));
        chosen.extend(known.map(|vendor| make(vendor, None)));
    }
    if chosen.is_empty() {
        return Err(config("no account is known").with_hint(format!(
            "add accounts to {DEFAULT_FILE}, or export the credentials of a vendor; see orders pull --help"
        )));
    }
    Ok(chosen)
}

fn name(vendor: Vendor, label: &str) -> Name {
    Name::new(vendor.name(), label)
}

/// The zone of an account's local times, where the configuration says one; no credential is needed.
///
/// # Errors
/// `Config` if the file cannot be read.
pub(crate) fn time_zone(config: Option<&Path>, name: &Name) -> Result<Option<FixedOffset>, Error> {
    let file = File::find(config)?;
    let own = file
        .all()
        .find(|(label, profile)| *label == name.label && profile.vendor.name() == name.provider)
        .and_then(|(_, profile)| profile.settings.time_zone);
    Ok(own.or(file.defaults.time_zone))
}

/// The stores named in the configuration, each once.
///
/// # Errors
/// `Config` if the file cannot be read.
pub(crate) fn outputs(config: Option<&Path>) -> Result<Vec<Place>, Error> {
    let file = File::find(config)?;
    let own = file
        .all()
        .map(|(_, profile)| profile.settings.output.clone());
    let mut found: Vec<_> = own
        .chain([file.defaults.output.clone()])
        .flatten()
        .collect();
    found.sort();
    found.dedup();
    Ok(found)
}
