//! The sandbox's accounts, as the program's clients need them.

use chrono::{DateTime, TimeDelta};
use orders_core::{Query, TimeAxis, Window};
use orders_sandbox::Sandbox;

use crate::config::{Account, Settings};
use crate::vendor::Vendor;

/// The label of these accounts.
pub(super) const ACCOUNT: &str = "sandbox";

pub(super) fn theirs(vendor: Vendor) -> orders_sandbox::Vendor {
    match vendor {
        Vendor::Clink => orders_sandbox::Vendor::Clink,
        Vendor::Linkbest => orders_sandbox::Vendor::Linkbest,
        Vendor::Shopline => orders_sandbox::Vendor::Shopline,
    }
}

pub(super) fn account(vendor: Vendor, sandbox: &Sandbox) -> Account {
    let (base_url, credentials) = match vendor {
        Vendor::Clink => (
            sandbox.clink_base_url(),
            vec![("api_key", sandbox.clink_api_key())],
        ),
        Vendor::Linkbest => (
            sandbox.linkbest_base_url(),
            vec![
                ("app_key", sandbox.linkbest_app_key()),
                ("app_secret", sandbox.linkbest_app_secret()),
            ],
        ),
        Vendor::Shopline => (
            sandbox.shopline_base_url(),
            vec![
                ("handle", sandbox.shopline_handle()),
                ("access_token", sandbox.shopline_access_token()),
            ],
        ),
    };
    let credentials = credentials
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()));
    Account {
        vendor,
        label: ACCOUNT.to_owned(),
        base_url: Some(base_url),
        credentials: credentials.collect(),
        settings: Settings::default(),
        warnings: Vec::new(),
        tokens: None,
    }
}

/// A query for everything that the vendor has, in a form that the vendor supports.
pub(super) fn query(vendor: Vendor, sandbox: &Sandbox) -> Query {
    let (from, to) = sandbox.linkbest_range();
    match vendor {
        Vendor::Clink => Query::default(),
        Vendor::Linkbest => Query::everything()
            .with_window(Window::new(from, to))
            .with_axis(Some(TimeAxis::Updated)),
        // The whole store, with archived orders and those of guests.
        Vendor::Shopline => Query::everything()
            .with_window(Window::new(
                DateTime::UNIX_EPOCH,
                sandbox.virtual_now() + TimeDelta::days(1),
            ))
            .with_axis(Some(TimeAxis::Updated)),
    }
}
