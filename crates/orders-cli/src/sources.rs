//! From an account to a source of orders. What comes out is only known as an [`OrderSource`].

use orders_core::{Error, OrderSource};

use crate::config::Account;
use crate::vendor::Vendor;

/// The real client of the account's vendor.
///
/// # Errors
/// `Config`, where a credential or the base URL cannot be used.
pub(crate) fn source(account: &Account) -> Result<Box<dyn OrderSource>, Error> {
    match account.vendor {
        Vendor::Clink => {
            let mut builder = clink_api::Client::builder(account.credential("api_key"));
            if let Some(url) = &account.base_url {
                builder = builder.base_url(url);
            }
            Ok(Box::new(builder.account(&account.label).build()?))
        }
        Vendor::Linkbest => {
            let (key, secret) = (
                account.credential("app_key"),
                account.credential("app_secret"),
            );
            let mut builder = linkbest_api::Client::builder(key, secret);
            if let Some(url) = &account.base_url {
                builder = builder.base_url(url);
            }
            Ok(Box::new(builder.account(&account.label).build()?))
        }
        Vendor::Shopline => {
            let (handle, token) = (
                account.credential("handle"),
                account.credential("access_token"),
            );
            let mut builder = shopline_api::Client::builder(handle, token);
            if let Some(url) = &account.base_url {
                builder = builder.base_url(url);
            }
            Ok(Box::new(builder.account(&account.label).build()?))
        }
    }
}
