//! An account as a database keeps it: what a configuration file says of it, without the file.

use std::path::Path;

use orders_core::{Account as Name, Error};
use serde_json::{Value as Json, json};
use toml::Value;

use super::account::{Account, read};
use super::credentials::{Environment, config, fields};
use super::file::File;
use super::settings::Settings;
use crate::vendor::Vendor;

/// One account with its settings, and where its credentials are.
#[derive(Debug)]
pub(crate) struct Entry {
    vendor: Vendor,
    label: String,
    text: String,
}

impl Entry {
    /// The accounts of a file.
    ///
    /// # Errors
    /// `Config` for a file that cannot be read, or an account in it that cannot be used.
    pub(crate) fn all(path: &Path) -> Result<Vec<Self>, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| config(format!("cannot read {}: {error}", path.display())))?;
        // It says what is wrong, and in which line.
        let file = File::read(&text, path)?;
        let table: toml::Table = toml::from_str(&text)
            .map_err(|error| config(format!("{}: {}", path.display(), error.message())))?;
        let defaults = table.get("defaults").map_or(Json::Null, plain);
        let accounts = file.all().map(|(label, profile)| {
            profile.check()?;
            let section = table.get("accounts").and_then(|all| all.get(label));
            let section = section.map_or(Json::Null, plain);
            Ok(Self::of(profile.vendor, label, section, &defaults))
        });
        accounts.collect()
    }

    /// An account of settings as `NAME=VALUE`.
    ///
    /// # Errors
    /// `Config` for a setting that the vendor does not have, or a value that is refused.
    pub(crate) fn new(vendor: Vendor, label: &str, settings: &[String]) -> Result<Self, Error> {
        let mut section = serde_json::Map::new();
        section.insert("vendor".to_owned(), vendor.name().into());
        for setting in settings {
            let (name, value) = setting.split_once('=').ok_or_else(|| {
                // It may be a misplaced secret.
                config("a setting is not written as NAME=VALUE")
            })?;
            section.insert(name.to_owned(), plain(&typed(name, value)));
        }
        let entry = Self::of(vendor, label, section.into(), &Json::Null);
        let file = entry.file()?;
        file.named(label, vendor)?.check()?;
        Ok(entry)
    }

    /// An account as it was kept.
    ///
    /// # Errors
    /// `Config` for an account of another vendor.
    pub(crate) fn kept(name: &Name, text: &str) -> Result<Self, Error> {
        let vendor = Vendor::named(&name.provider)
            .ok_or_else(|| config(format!("{name}: this program does not know the vendor")))?;
        Ok(Self {
            vendor,
            label: name.label.clone(),
            text: text.to_owned(),
        })
    }

    fn of(vendor: Vendor, label: &str, section: Json, defaults: &Json) -> Self {
        let mut whole = json!({ "accounts": { label: section } });
        if !defaults.is_null() {
            whole["defaults"] = defaults.clone();
        }
        Self {
            vendor,
            label: label.to_owned(),
            text: whole.to_string(),
        }
    }

    pub(crate) fn name(&self) -> Name {
        Name::new(self.vendor.name(), &self.label)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the vendor counts requests of together: the same for accounts that share a limit, as far as their settings show
    /// it. No secret, but the name of one.
    pub(crate) fn shares(&self) -> Result<String, Error> {
        let file = self.file()?;
        let profile = file.named(&self.label, self.vendor)?;
        let of = fields(self.vendor)
            .first()
            .and_then(|field| profile.given(field));
        let base = profile.base_url.as_deref().unwrap_or_default();
        Ok(format!("{} {} {base}", self.vendor, of.unwrap_or_default())
            .trim_end()
            .to_owned())
    }

    /// The account with its credentials, from the environment and the files of this machine.
    ///
    /// # Errors
    /// `Config`; the message names what is missing or wrong.
    pub(crate) fn account(&self, environment: Environment<'_>) -> Result<Account, Error> {
        let file = self.file()?;
        let profile = file.named(&self.label, self.vendor)?;
        read(
            self.vendor,
            &file,
            Some((&self.label, profile)),
            None,
            environment,
        )
    }

    fn file(&self) -> Result<File, Error> {
        File::kept(&self.text)
    }
}

/// The value as the setting takes it: most are texts.
fn typed(name: &str, value: &str) -> Value {
    let text = Value::String(value.to_owned());
    if Settings::default().set(name, &text, Path::new("")).is_ok() {
        return text;
    }
    let line = format!("value = {value}");
    let table = toml::from_str::<toml::Table>(&line).ok();
    table
        .and_then(|mut table| table.remove("value"))
        .unwrap_or(text)
}

/// Times become texts, which settings take as well.
fn plain(value: &Value) -> Json {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(yes) => (*yes).into(),
        Value::Datetime(time) => time.to_string().into(),
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Table(table) => {
            let members = table
                .iter()
                .map(|(name, value)| (name.clone(), plain(value)));
            Json::Object(members.collect())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        (name == "KEY").then(|| "hush".to_owned())
    }

    #[test]
    fn an_account_is_kept_without_its_secret_and_read_again() {
        let settings = [
            "app_key=123",
            "app_secret_env=KEY",
            "since=90d",
            "at_once=4",
        ];
        let entry = Entry::new(Vendor::Linkbest, "ads", &settings.map(str::to_owned)).unwrap();
        assert!(!entry.text().contains("hush"), "{}", entry.text());
        let kept = Entry::kept(&entry.name(), entry.text()).unwrap();
        let account = kept.account(&environment).unwrap();
        assert_eq!(account.credential("app_key"), "123");
        assert_eq!(account.credential("app_secret"), "hush");
        assert_eq!(account.settings.at_once, Some(4));
        assert!(account.settings.since.is_some());
        assert_eq!(kept.shares().unwrap(), "linkbest 123");
    }

    #[test]
    fn a_file_is_taken_with_its_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.toml");
        let text = "[defaults]\nlookback = \"7d\"\n[accounts.main]\nvendor = \"shopline\"\nhandle = \"tea\"
            access_token_env = \"KEY\"\nsince = 2026-02-01\nbase_url = \"http://127.0.0.1:1/x\"\n";
        std::fs::write(&path, text).unwrap();
        let all = Entry::all(&path).unwrap();
        assert_eq!(all.len(), 1);
        let account = all[0].account(&environment).unwrap();
        assert_eq!(account.credential("access_token"), "hush");
        assert!(account.settings.since.is_some() && account.settings.lookback.is_some());
        assert_eq!(
            all[0].shares().unwrap(),
            "shopline tea http://127.0.0.1:1/x"
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused_and_a_secret_is_not_quoted() {
        let wrong = |setting: &str| {
            let settings = [setting.to_owned()];
            Entry::new(Vendor::Clink, "main", &settings)
                .unwrap_err()
                .to_string()
        };
        assert!(wrong("api_key=hush").contains("plain text"));
        for setting in ["api_key=hush", "hush", "at_once=hush", "handle=hush"] {
            assert!(!wrong(setting).contains("hush"), "{}", wrong(setting));
        }
    }
}
