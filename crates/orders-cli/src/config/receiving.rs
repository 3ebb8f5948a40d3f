//! The accounts whose pushes are received: each by the secret that signs them. No other credential is needed.

use std::path::Path;

use chrono::FixedOffset;
use orders_core::{Account as Name, Error};

use super::account::ENVIRONMENT;
use super::credentials::{DEFAULT_FILE, Environment, config, push_secret};
use super::file::{File, Profile};
use crate::place::Place;
use crate::vendor::Vendor;

/// An account whose pushes are received. It holds a secret, so it has no `Debug`.
pub(crate) struct Receiving {
    pub(crate) vendor: Vendor,
    pub(crate) name: Name,
    pub(crate) secret: String,
    /// The zone of Linkbest's local times.
    pub(crate) zone: Option<FixedOffset>,
    /// The file of orders, where the account has one of its own.
    pub(crate) output: Option<Place>,
    /// What is unsafe about its settings, for the user.
    pub(crate) warning: Option<String>,
}

/// The named accounts of the configuration file. Without names: all of them that have such a secret, and the vendors of
/// which the environment has one.
///
/// # Errors
/// `Config`; the message names what is missing or wrong, and where.
pub(crate) fn receiving(
    names: &[String],
    path: Option<&Path>,
    environment: Environment<'_>,
) -> Result<Vec<Receiving>, Error> {
    let file = File::find(path)?;
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let mut found = Vec::new();
    let named: Vec<(&str, &Profile)> = match names {
        [] => {
            let all = file.all();
            all.filter(|(_, profile)| profile.has(push_secret(profile.vendor)))
                .collect()
        }
        names => names
            .iter()
            .map(|name| Ok((name.as_str(), file.any(name)?)))
            .collect::<Result<_, Error>>()?,
    };
    for (label, profile) in named {
        profile.check()?;
        let field = push_secret(profile.vendor);
        found.push(Receiving {
            vendor: profile.vendor,
            name: Name::new(profile.vendor.name(), label),
            secret: file.credential(label, profile, field, &variable)?,
            zone: profile.settings.time_zone.or(file.defaults.time_zone),
            output: profile.settings.output.clone(),
            warning: file.open_to_others(profile, field),
        });
    }
    if names.is_empty() {
        let known = Vendor::ALL.into_iter();
        let known =
            known.filter_map(|vendor| Some((vendor, variable(push_secret(vendor).variable)?)));
        for (vendor, secret) in known {
            let name = Name::new(vendor.name(), ENVIRONMENT);
            if found.iter().all(|account: &Receiving| account.name != name) {
                found.push(Receiving {
                    vendor,
                    name,
                    secret,
                    zone: file.defaults.time_zone,
                    output: None,
                    warning: None,
                });
            }
        }
    }
    for account in &mut found {
        account.output = account
            .output
            .take()
            .or_else(|| file.defaults.output.clone());
    }
    if found.is_empty() {
        let fields = Vendor::ALL.map(|vendor| push_secret(vendor).variable);
        return Err(
            config("no secret that signs pushes is known").with_hint(format!(
                "export {}, or name one in an account of {DEFAULT_FILE}; see orders receive --help",
                fields.join(" or ")
            )),
        );
    }
    Ok(found)
}
