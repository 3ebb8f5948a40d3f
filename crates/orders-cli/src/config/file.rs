//! The configuration file, with its accounts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use orders_core::Error;
use serde::Deserialize;

use super::credentials::{
    APP_KEY, DEFAULT_FILE, Environment, Field, app_fields, config, fields, push_secret,
};
use super::settings::{Settings, is_for};
use crate::vendor::Vendor;

/// A hint for the user: where the settings are listed.
const SETTINGS: &str = "orders pull --help lists the settings";

/// The configuration file.
#[derive(Default)]
pub(super) struct File {
    accounts: BTreeMap<String, Profile>,
    /// The settings of all accounts, also of those in the environment.
    pub(super) defaults: Settings,
    /// The folder for relative file names.
    folder: PathBuf,
}

/// An account of the file.
pub(super) struct Profile {
    pub(super) vendor: Vendor,
    pub(super) base_url: Option<String>,
    pub(super) settings: Settings,
    credentials: BTreeMap<String, String>,
    /// Why this account cannot be used. The others can.
    wrong: Option<Error>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    accounts: BTreeMap<String, WrittenAccount>,
    #[serde(default)]
    defaults: toml::Table,
}

#[derive(Deserialize)]
struct WrittenAccount {
    vendor: Vendor,
    base_url: Option<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, toml::Value>,
}

impl File {
    /// The named file, or the default one if it exists.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, Error> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text, path),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(config(format!("cannot read {}: {error}", path.display()))
                .with_hint("name a readable configuration file")),
        }
    }

    pub(super) fn read(text: &str, path: &Path) -> Result<Self, Error> {
        // The parser's own display quotes the line, which may hold a secret. It is never shown.
        let written: Written = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            config(format!(
                "{}, line {line}: {}",
                path.display(),
                error.message()
            ))
        })?;
        Self::of(written, path.parent().unwrap_or(Path::new("")))
    }

    /// A part of a file as a database keeps it. Names of files in it are relative to the folder that this program runs in.
    #[cfg(feature = "workers")]
    pub(super) fn kept(text: &str) -> Result<Self, Error> {
        // Never its own words: they may quote.
        let written: Written = serde_json::from_str(text)
            .map_err(|_| config("what the database keeps of the account cannot be read"))?;
        Self::of(written, Path::new(""))
    }

    fn of(written: Written, folder: &Path) -> Result<Self, Error> {
        let mut defaults = Settings::default();
        for (name, value) in &written.defaults {
            if name.starts_with("customers") {
                return Err(config(format!(
                    "defaults: {name} is a setting of one account"
                )));
            }
            let known = defaults
                .set(name, value, folder)
                .map_err(|why| config(format!("defaults: {name} {why}")))?;
            if !known {
                return Err(
                    config(format!("defaults: there is no setting {name}")).with_hint(SETTINGS)
                );
            }
        }
        let accounts = written.accounts.into_iter();
        let accounts = accounts.map(|(name, written)| {
            let profile = Profile::read(&name, written, folder);
            (name, profile)
        });
        Ok(Self {
            accounts: accounts.collect(),
            defaults,
            folder: folder.to_owned(),
        })
    }

    /// All accounts, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.accounts
            .iter()
            .map(|(name, profile)| (name.as_str(), profile))
    }

    pub(super) fn named(&self, name: &str, vendor: Vendor) -> Result<&Profile, Error> {
        match self.accounts.get(name) {
            Some(profile) if profile.vendor == vendor => Ok(profile),
            Some(profile) => Err(config(format!(
                "account {name} belongs to {}, not to {vendor}",
                profile.vendor
            ))),
            None => Err(
                config(format!("no account {name} in the configuration file"))
                    .with_hint(self.names(vendor)),
            ),
        }
    }

    /// The account with this name, of any vendor.
    pub(super) fn any(&self, name: &str) -> Result<&Profile, Error> {
        let found = self.all().find(|(own, _)| *own == name);
        found.map(|(_, profile)| profile).ok_or_else(|| {
            let names: Vec<_> = self.all().map(|(name, _)| name).collect();
            let hint = match names.is_empty() {
                true => format!("there are no accounts in {DEFAULT_FILE}; see orders pull --help"),
                false => format!("the file has: {}", names.join(", ")),
            };
            config(format!("no account {name} in the configuration file")).with_hint(hint)
        })
    }

    /// The vendor's account, if there is exactly one.
    pub(super) fn only(&self, vendor: Vendor) -> Result<Option<(&str, &Profile)>, Error> {
        let mut own = self
            .accounts
            .iter()
            .filter(|(_, profile)| profile.vendor == vendor);
        let first = own.next().map(|(name, profile)| (name.as_str(), profile));
        if own.next().is_some() {
            let message = format!("several accounts of {vendor}: choose one with --account");
            return Err(config(message).with_hint(self.names(vendor)));
        }
        Ok(first)
    }

    fn names(&self, vendor: Vendor) -> String {
        let own = self
            .accounts
            .iter()
            .filter(|(_, profile)| profile.vendor == vendor);
        let names: Vec<_> = own.map(|(name, _)| name.as_str()).collect();
        match names.is_empty() {
            true => format!("the file has no account of {vendor}; see orders list --help"),
            false => format!("the file has: {}", names.join(", ")),
        }
    }

    fn secret_file(&self, profile: &Profile, field: &Field) -> Option<PathBuf> {
        let path = profile.credentials.get(&format!("{}_file", field.name))?;
        Some(self.folder.join(path))
    }

    /// A warning where others than its owner can read the file of a secret.
    pub(super) fn open_to_others(&self, profile: &Profile, field: &Field) -> Option<String> {
        let path = self.secret_file(profile, field).filter(|_| !field.open)?;
        let open = others_read(&std::fs::metadata(&path).ok()?);
        let name = path.display();
        open.then(|| format!("{name} can be read by others than its owner: chmod 600 {name}"))
    }

    pub(super) fn credential(
        &self,
        account: &str,
        profile: &Profile,
        field: &Field,
        variable: Environment<'_>,
    ) -> Result<String, Error> {
        let name = field.name;
        let given = |suffix: &str| profile.credentials.get(&format!("{name}{suffix}"));
        if let Some(value) = given("") {
            return Ok(value.clone());
        }
        if let Some(named) = given("_env") {
            return variable(named).ok_or_else(|| {
                config(format!("account {account}: {named} is not set"))
                    .with_hint(format!("export {named}=...; its {name} is read from there"))
            });
        }
        let Some(path) = self.secret_file(profile, field) else {
            return Err(config(format!(
                "account {account} has no {name}_file and no {name}_env"
            )));
        };
        let text = std::fs::read_to_string(&path).map_err(|error| {
            config(format!(
                "account {account}: cannot read {}: {error}",
                path.display()
            ))
        })?;
        match text.trim() {
            "" => Err(config(format!(
                "account {account}: {} is empty",
                path.display()
            ))),
            value => Ok(value.to_owned()),
        }
    }
}

#[cfg(unix)]
fn others_read(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o044 != 0
}

#[cfg(not(unix))]
fn others_read(_: &std::fs::Metadata) -> bool {
    false
}

/// What the file may name of a vendor's account: its credentials, and the secret of its pushes.
fn all_fields(vendor: Vendor) -> impl Iterator<Item = &'static Field> {
    let app = app_fields(vendor)
        .iter()
        .filter(|field| field.name != "handle");
    let all = fields(vendor).iter().chain(app);
    all.chain([push_secret(vendor)])
}

impl Profile {
    /// Reads an account. What is wrong with it fails only this account, when it is used.
    fn read(account: &str, written: WrittenAccount, folder: &Path) -> Self {
        let mut profile = Self {
            vendor: written.vendor,
            base_url: written.base_url,
            settings: Settings::default(),
            credentials: BTreeMap::new(),
            wrong: None,
        };
        for (name, value) in &written.rest {
            if let Err(error) = profile.set(account, name, value, folder) {
                profile.wrong.get_or_insert(error);
            }
        }
        if let Some(error) = profile.contradiction(account) {
            profile.wrong.get_or_insert(error);
        }
        profile
    }

    /// What is said of a credential: the value of an open one, or where a secret is.
    pub(super) fn given(&self, field: &Field) -> Option<&str> {
        let named = |suffix: &str| self.credentials.get(&format!("{}{suffix}", field.name));
        let mut ways = ["", "_env", "_file"].into_iter();
        ways.find_map(named).map(String::as_str)
    }

    /// Whether a credential is named.
    pub(super) fn has(&self, field: &Field) -> bool {
        let named = |suffix: &str| {
            self.credentials
                .contains_key(&format!("{}{suffix}", field.name))
        };
        named("_env") || named("_file")
    }

    /// Whether the account can be used.
    ///
    /// # Errors
    /// `Config` with the first thing that is wrong with it.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.wrong.clone().map_or(Ok(()), Err)
    }

    /// Refuses settings that the vendor does not use, and secrets in plain text.
    fn set(
        &mut self,
        account: &str,
        name: &str,
        value: &toml::Value,
        folder: &Path,
    ) -> Result<(), Error> {
        let vendor = self.vendor;
        let wrong = |why: &str| config(format!("account {account}: {name} {why}"));
        let settings = &mut self.settings;
        if is_for(name, vendor)
            && settings
                .set(name, value, folder)
                .map_err(|why| wrong(&why))?
        {
            return Ok(());
        }
        let known = all_fields(vendor).find(|field| {
            let rest = name.strip_prefix(field.name);
            matches!(rest, Some("" | "_env" | "_file"))
        });
        let Some(field) = known else {
            let message = format!("account {account}: {vendor} has no setting {name}");
            return Err(config(message).with_hint(SETTINGS));
        };
        if !field.open && name == field.name {
            return Err(wrong("stands in the file in plain text").with_hint(format!(
                "name a file with {name}_file, or a variable with {name}_env"
            )));
        }
        let value = value.as_str().ok_or_else(|| wrong("must be a text"))?;
        self.credentials.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Two settings for one thing: neither is preferred.
    fn contradiction(&self, account: &str) -> Option<Error> {
        let credentials = all_fields(self.vendor).map(|field| {
            let names = ["", "_env", "_file"].map(|end| format!("{}{end}", field.name));
            let given = |name: &String| self.credentials.contains_key(name);
            names.into_iter().filter(given).collect::<Vec<_>>()
        });
        let customers = [
            ("customers", self.settings.customers.is_some()),
            ("customers_file", self.settings.customers_file.is_some()),
        ];
        let customers = customers.into_iter().filter(|(_, given)| *given);
        let customers = customers.map(|(name, _)| name.to_owned()).collect();
        // A token of its own, and an app that gets one.
        let token = fields(self.vendor).iter().filter(|field| !field.open);
        let app = app_fields(self.vendor).iter();
        let ways = token.chain(app.filter(|field| field.name == APP_KEY));
        let ways = ways.filter(|field| self.given(field).is_some());
        let ways = match app_fields(self.vendor) {
            [] => Vec::new(),
            _ => ways.map(|field| field.name.to_owned()).collect(),
        };
        let several = credentials
            .chain([customers, ways])
            .find(|names| names.len() > 1)?;
        let message = format!("account {account}: {} contradict", several.join(" and "));
        Some(config(format!("{message} each other")).with_hint("keep one of them"))
    }
}
