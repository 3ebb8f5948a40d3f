//! Which accounts a command is about, where it can be about several.

use std::path::{Path, PathBuf};

use orders_core::{Account as Name, Error, ErrorKind};

use super::file::{File, Profile};
use super::{Account, DEFAULT_FILE, Environment, Wanted, config, in_environment, read};
use crate::vendor::Vendor;

/// Whose accounts were asked for on the command line.
pub(crate) struct Whose<'a> {
    /// `None`: of any vendor.
    pub(crate) vendor: Option<Vendor>,
    /// Their names; empty: all of them, or the vendor's only one.
    pub(crate) names: &'a [String],
    pub(crate) config: Option<&'a Path>,
    pub(crate) base_url: Option<&'a str>,
}

/// One account that was asked for: its own trouble is no other account's.
pub(crate) struct Chosen {
    pub(crate) name: Name,
    pub(crate) account: Result<Account, Error>,
}

/// The accounts that were asked for, at least one.
///
/// Of one vendor without a name: as [`account`](super::account) finds it. Of any vendor: the named ones, all of the
/// file, or, where the file has none, all of the environment.
///
/// # Errors
/// `Config`, where the file cannot be read, a name is not in it, or nobody is left.
pub(crate) fn accounts(
    whose: &Whose<'_>,
    environment: Environment<'_>,
) -> Result<Vec<Chosen>, Error> {
    match whose.vendor {
        Some(vendor) if whose.names.len() < 2 => {
            one(whose, vendor, environment).map(|one| vec![one])
        }
        _ => several(whose, environment),
    }
}

fn one(whose: &Whose<'_>, vendor: Vendor, environment: Environment<'_>) -> Result<Chosen, Error> {
    let wanted = Wanted {
        vendor,
        account: whose.names.first().map(String::as_str),
        config: whose.config,
        base_url: whose.base_url,
    };
    let account = super::account(&wanted, environment)?;
    Ok(Chosen {
        name: name(vendor, &account.label),
        account: Ok(account),
    })
}

fn several(whose: &Whose<'_>, environment: Environment<'_>) -> Result<Vec<Chosen>, Error> {
    let file = File::find(whose.config)?;
    let mut profiles: Vec<(&str, &Profile)> = match whose.names {
        [] => file.all().collect(),
        names => names
            .iter()
            .map(|name| Ok((name.as_str(), file.any(name)?)))
            .collect::<Result<_, Error>>()?,
    };
    if let Some(vendor) = whose.vendor {
        for (name, _) in &profiles {
            file.named(name, vendor)?;
        }
    }
    profiles.sort_by_key(|(name, profile)| (profile.vendor, *name));
    profiles.dedup_by_key(|(name, _)| *name);
    let make = |vendor, profile: Option<(&str, &Profile)>| Chosen {
        name: name(vendor, profile.map_or(super::ENVIRONMENT, |(name, _)| name)),
        account: read(vendor, &file, profile, whose.base_url, environment),
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

/// The files of orders that the configuration names, each once; none where it names none.
///
/// # Errors
/// `Config`, where the file cannot be read.
pub(crate) fn outputs(config: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
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

impl File {
    /// The account of this name, whoever's it is.
    fn any(&self, name: &str) -> Result<&Profile, Error> {
        let found = self.all().find(|(own, _)| *own == name);
        found.map(|(_, profile)| profile).ok_or_else(|| {
            let names: Vec<_> = self.all().map(|(name, _)| name).collect();
            let hint = match names.is_empty() {
                true => format!("there are no accounts in {DEFAULT_FILE}; see orders pull --help"),
                false => format!("the file has: {}", names.join(", ")),
            };
            Error::new(
                ErrorKind::Config,
                format!("no account {name} in the configuration file"),
            )
            .with_hint(hint)
        })
    }
}
