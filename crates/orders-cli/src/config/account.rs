//! One account: its credentials, its address and its settings.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use orders_core::Error;
use shopline_api::tokens::TokenStore;

use super::credentials::{
    APP_KEY, Environment, Field, app_fields, base_url_variable, fields, in_environment, missing,
};
use super::file::{File, Profile};
use super::settings::Settings;
use crate::vendor::Vendor;

/// The label of the account whose credentials come from the environment.
pub(super) const ENVIRONMENT: &str = "default";

/// The account that the command line names.
pub(crate) struct Wanted<'a> {
    pub(crate) vendor: Vendor,
    pub(crate) account: Option<&'a str>,
    pub(crate) config: Option<&'a Path>,
    pub(crate) base_url: Option<&'a str>,
}

/// One account, ready to build a client. It holds secrets, so it has no `Debug`.
pub(crate) struct Account {
    pub(crate) vendor: Vendor,
    pub(crate) label: String,
    /// `None` is the vendor's production.
    pub(crate) base_url: Option<String>,
    pub(crate) credentials: BTreeMap<&'static str, String>,
    pub(crate) settings: Settings,
    /// What is unsafe about its settings, for the user.
    pub(crate) warnings: Vec<String>,
    /// Where the tokens of a public app are kept; none: each process gets its own.
    pub(crate) tokens: Option<Arc<dyn TokenStore>>,
}

impl Account {
    /// Whether it gets its tokens as a public app.
    #[cfg(feature = "workers")]
    pub(crate) fn is_of_an_app(&self) -> bool {
        self.vendor == Vendor::Shopline && self.credentials.contains_key(APP_KEY)
    }

    /// A credential by its name in the file (`api_key`).
    pub(crate) fn credential(&self, name: &str) -> &str {
        self.credentials.get(name).map_or("", String::as_str)
    }
}

/// Finds the account. The credentials of one account are never mixed with another's: they all come from the
/// environment, or all from one account of the file.
///
/// # Errors
/// `Config`; the message names what is missing or wrong, and where.
pub(crate) fn account(wanted: &Wanted<'_>, environment: Environment<'_>) -> Result<Account, Error> {
    let file = File::find(wanted.config)?;
    let profile = match wanted.account {
        Some(name) => Some((name, file.named(name, wanted.vendor)?)),
        None if in_environment(wanted.vendor, environment) => None,
        None => file.only(wanted.vendor)?,
    };
    read(wanted.vendor, &file, profile, wanted.base_url, environment)
}

/// Reads the account of a profile, or the one of the environment.
pub(super) fn read(
    vendor: Vendor,
    file: &File,
    profile: Option<(&str, &Profile)>,
    base_url: Option<&str>,
    environment: Environment<'_>,
) -> Result<Account, Error> {
    if let Some((_, profile)) = profile {
        profile.check()?;
    }
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let (mut credentials, mut warnings) = (BTreeMap::new(), Vec::new());
    for field in wanted(vendor, profile.map(|(_, profile)| profile), &variable) {
        if let Some((_, profile)) = profile {
            warnings.extend(file.open_to_others(profile, field));
        }
        let value = match profile {
            Some((name, profile)) => file.credential(name, profile, field, &variable)?,
            None => variable(field.variable).ok_or_else(|| missing(vendor, field))?,
        };
        credentials.insert(field.name, value);
    }
    let base_url = base_url
        .map(str::to_owned)
        .or_else(|| variable(base_url_variable(vendor)))
        .or_else(|| profile.and_then(|(_, profile)| profile.base_url.clone()));
    let own = profile.map(|(_, profile)| profile.settings.clone());
    Ok(Account {
        vendor,
        label: profile.map_or(ENVIRONMENT, |(name, _)| name).to_owned(),
        base_url,
        credentials,
        settings: own.unwrap_or_default().or(&file.defaults),
        warnings,
        tokens: None,
    })
}

/// The credentials that an account has: those of a public app where its key is named, else the usual ones.
fn wanted(
    vendor: Vendor,
    profile: Option<&Profile>,
    variable: Environment<'_>,
) -> &'static [Field] {
    let app = app_fields(vendor);
    let Some(key) = app.iter().find(|field| field.name == APP_KEY) else {
        return fields(vendor);
    };
    let is_set = |field: &Field| match profile {
        Some(profile) => profile.given(field).is_some(),
        None => variable(field.variable).is_some(),
    };
    // A token that is there is used, whatever else the environment has.
    let token = fields(vendor)
        .iter()
        .any(|field| !field.open && is_set(field));
    match is_set(key) && !token {
        true => app,
        false => fields(vendor),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use orders_core::ErrorKind;

    use super::*;
    use crate::config::credentials::config;

    const FILE: &str = r#"
        [accounts.main]
        vendor = "clink"
        api_key_env = "MAIN_KEY"
        base_url = "https://main.example.com/"

        [accounts.ads]
        vendor = "linkbest"
        app_key = "app"
        app_secret_file = "ads.secret"

        [accounts.one]
        vendor = "shopline"
        handle = "one"
        access_token_env = "ONE"

        [accounts.two]
        vendor = "shopline"
        handle = "two"
        access_token_env = "TWO"
    "#;

    struct Case {
        folder: tempfile::TempDir,
        variables: Vec<(&'static str, &'static str)>,
    }

    impl Case {
        fn new(variables: &[(&'static str, &'static str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("orders.toml"), FILE).unwrap();
            std::fs::write(folder.path().join("ads.secret"), "hush\n").unwrap();
            Self {
                folder,
                variables: variables.to_vec(),
            }
        }

        fn account(
            &self,
            vendor: Vendor,
            account: Option<&str>,
            base_url: Option<&str>,
        ) -> Result<Account, Error> {
            let path = self.folder.path().join("orders.toml");
            let wanted = Wanted {
                vendor,
                account,
                config: Some(&path),
                base_url,
            };
            super::account(&wanted, &|name| {
                let found = self
                    .variables
                    .iter()
                    .find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        }
    }

    fn refused(result: Result<Account, Error>) -> String {
        let error = result.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    }

    #[test]
    fn the_environment_goes_before_the_file_and_a_flag_before_both() {
        let case = Case::new(&[("CLINK_API_KEY", "from-env"), ("MAIN_KEY", "from-file")]);
        let account = case.account(Vendor::Clink, None, None).unwrap();
        assert_eq!(
            (account.label.as_str(), account.credential("api_key")),
            ("default", "from-env")
        );
        assert_eq!(
            account.base_url, None,
            "the file's address belongs to the file's key"
        );

        let account = case.account(Vendor::Clink, Some("main"), None).unwrap();
        assert_eq!(
            (account.label.as_str(), account.credential("api_key")),
            ("main", "from-file")
        );
        assert_eq!(
            account.base_url.as_deref(),
            Some("https://main.example.com/")
        );

        let case = Case::new(&[
            ("MAIN_KEY", "k"),
            ("CLINK_BASE_URL", "https://env.example.com/"),
        ]);
        let base = |flag| {
            case.account(Vendor::Clink, None, flag)
                .unwrap()
                .base_url
                .unwrap()
        };
        assert_eq!(base(None), "https://env.example.com/");
        assert_eq!(
            base(Some("https://flag.example.com/")),
            "https://flag.example.com/"
        );
    }

    #[test]
    fn key_files_stand_beside_the_configuration() {
        let account = Case::new(&[])
            .account(Vendor::Linkbest, None, None)
            .unwrap();
        assert_eq!(
            (
                account.credential("app_key"),
                account.credential("app_secret")
            ),
            ("app", "hush")
        );
    }

    #[test]
    fn one_account_is_never_mixed_with_another() {
        let case = Case::new(&[("LINKBEST_APP_KEY", "other")]);
        let why = refused(case.account(Vendor::Linkbest, None, None));
        assert!(why.contains("LINKBEST_APP_SECRET is not set"), "{why}");
    }

    #[test]
    fn an_app_has_its_key_and_secret_in_place_of_a_token() {
        let text = "[accounts.app]\nvendor = \"shopline\"\nhandle = \"tea\"\napp_key = \"k\"\napp_secret_env = \"APP\"";
        let read = |text: &str| {
            let file = File::read(text, Path::new("orders.toml"))?;
            let profile = Some(("app", file.named("app", Vendor::Shopline)?));
            let environment = |name: &str| Some(format!("of {name}"));
            read(Vendor::Shopline, &file, profile, None, &environment)
        };
        let account = read(text).unwrap();
        assert_eq!(account.credential("app_secret"), "of APP");
        assert_eq!(account.credential("access_token"), "");
        let both = format!("{text}\naccess_token_env = \"ONE\"");
        let why = refused(read(&both));
        assert!(why.contains("access_token and app_key contradict"), "{why}");

        let app = [
            ("SHOPLINE_HANDLE", "tea"),
            ("SHOPLINE_APP_KEY", "k"),
            ("SHOPLINE_APP_SECRET", "s"),
        ];
        let environment = |variables: &'static [(&'static str, &'static str)]| {
            move |name: &str| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            }
        };
        let wanted = Wanted {
            vendor: Vendor::Shopline,
            account: None,
            config: None,
            base_url: None,
        };
        let variables: &'static [_] = Box::leak(Box::new(app));
        let account = super::account(&wanted, &environment(variables)).unwrap();
        assert_eq!(account.credential("app_key"), "k");
        let mut token = app.to_vec();
        token.push(("SHOPLINE_ACCESS_TOKEN", "t"));
        let account = super::account(&wanted, &environment(token.leak())).unwrap();
        assert_eq!(account.credential("access_token"), "t");
    }

    #[test]
    fn what_is_missing_is_named() {
        let case = Case::new(&[("ONE", "1")]);
        for (vendor, account, expected) in [
            (
                Vendor::Shopline,
                None,
                "choose one with --account (config); the file has: one, two",
            ),
            (Vendor::Shopline, Some("two"), "account two: TWO is not set"),
            (Vendor::Shopline, Some("three"), "no account three"),
            (Vendor::Shopline, Some("main"), "belongs to clink"),
            (Vendor::Clink, None, "account main: MAIN_KEY is not set"),
        ] {
            let why = refused(case.account(vendor, account, None));
            assert!(why.contains(expected), "{why}");
        }
        assert_eq!(
            case.account(Vendor::Shopline, Some("one"), None)
                .unwrap()
                .credential("access_token"),
            "1"
        );
    }

    #[test]
    fn a_file_is_read_strictly_and_its_lines_are_never_quoted() {
        for (text, expected) in [
            (
                "[accounts.a]\nvendor = \"clink\"\napi_key = \"hush\"",
                "in plain text",
            ),
            (
                "[accounts.a]\nvendor = \"clink\"\nhandle = \"x\"",
                "clink has no setting handle",
            ),
            ("[accounts.a]\nvendor = \"klink\"", "orders.toml, line"),
            ("\n\napi_key = \"hush", "orders.toml, line 3"),
            ("api_key = \"hush\"", "orders.toml, line 1"),
        ] {
            let why = refused(File::read(text, Path::new("orders.toml")).and_then(|file| {
                file.all().try_for_each(|(_, profile)| profile.check())?;
                Err(config("read"))
            }));
            assert!(why.contains(expected) && !why.contains("hush"), "{why}");
        }
    }
}
