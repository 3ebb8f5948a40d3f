//! The credentials that each vendor needs, and their names in the file and in the environment.

use orders_core::{Error, ErrorKind};

use crate::vendor::Vendor;

/// The default configuration file.
pub(super) const DEFAULT_FILE: &str = "orders.toml";

/// A credential: its name in the file, its environment variable, and whether it may stand in the file in plain text.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    pub(super) open: bool,
}

const fn secret(name: &'static str, variable: &'static str) -> Field {
    Field {
        name,
        variable,
        open: false,
    }
}

const fn open(name: &'static str, variable: &'static str) -> Field {
    Field {
        name,
        variable,
        open: true,
    }
}

const CLINK: [Field; 1] = [secret("api_key", "CLINK_API_KEY")];
const LINKBEST: [Field; 2] = [
    open("app_key", "LINKBEST_APP_KEY"),
    secret("app_secret", "LINKBEST_APP_SECRET"),
];
const SHOPLINE: [Field; 2] = [
    open("handle", "SHOPLINE_HANDLE"),
    secret("access_token", "SHOPLINE_ACCESS_TOKEN"),
];

pub(super) fn fields(vendor: Vendor) -> &'static [Field] {
    match vendor {
        Vendor::Clink => &CLINK,
        Vendor::Linkbest => &LINKBEST,
        Vendor::Shopline => &SHOPLINE,
    }
}

/// What a public app has in place of a token: it gets tokens of some hours with these, and renews them.
pub(super) fn app_fields(vendor: Vendor) -> &'static [Field] {
    const SHOPLINE: [Field; 3] = [
        open("handle", "SHOPLINE_HANDLE"),
        open(APP_KEY, "SHOPLINE_APP_KEY"),
        secret("app_secret", "SHOPLINE_APP_SECRET"),
    ];
    match vendor {
        Vendor::Shopline => &SHOPLINE,
        _ => &[],
    }
}

/// By which an app is known; where it is named, the account is one of an app.
pub(crate) const APP_KEY: &str = "app_key";

/// The secret that signs what the vendor pushes.
pub(super) fn push_secret(vendor: Vendor) -> &'static Field {
    const CLINK: Field = secret("webhook_secret", "CLINK_WEBHOOK_SECRET");
    const LINKBEST: Field = secret("push_secret", "LINKBEST_PUSH_SECRET");
    const SHOPLINE: Field = secret("webhook_secret", "SHOPLINE_APP_SECRET");
    match vendor {
        Vendor::Clink => &CLINK,
        Vendor::Linkbest => &LINKBEST,
        Vendor::Shopline => &SHOPLINE,
    }
}

pub(super) fn base_url_variable(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Clink => "CLINK_BASE_URL",
        Vendor::Linkbest => "LINKBEST_BASE_URL",
        Vendor::Shopline => "SHOPLINE_BASE_URL",
    }
}

/// The variables of the environment, by name.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Whether the environment has any credential of the vendor.
pub(super) fn in_environment(vendor: Vendor, environment: Environment<'_>) -> bool {
    let is_set = |field: &Field| environment(field.variable).is_some_and(|value| !value.is_empty());
    let app = app_fields(vendor)
        .iter()
        .filter(|field| field.name == APP_KEY);
    fields(vendor).iter().chain(app).any(is_set)
}

pub(super) fn config(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message)
}

pub(super) fn missing(vendor: Vendor, field: &Field) -> Error {
    let hint = match field.open {
        true => format!(
            "export {}=..., or add an account to {DEFAULT_FILE}; see orders list --help",
            field.variable
        ),
        false => format!(
            "export {}=..., or add an account with {name}_file or {name}_env to {DEFAULT_FILE}; see orders list --help",
            field.variable,
            name = field.name
        ),
    };
    config(format!(
        "no credential for {vendor}: {} is not set",
        field.variable
    ))
    .with_hint(hint)
}
