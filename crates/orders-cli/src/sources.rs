//! From an account to a source of orders. What comes out is only known as an [`OrderSource`].

use std::time::Duration;

use linkbest_api::Md5Signing;
use orders_core::{Error, OrderSource};
use orders_sync::Pace;
use shopline_api::http::RateLimit;

use crate::config::{Account, Settings};
use crate::vendor::Vendor;

/// The real client of the account's vendor.
///
/// # Errors
/// `Config`, where a credential, a setting or the base URL cannot be used.
pub(crate) fn source(account: &Account) -> Result<Box<dyn OrderSource>, Error> {
    match account.vendor {
        Vendor::Clink => clink(account),
        Vendor::Linkbest => linkbest(account),
        Vendor::Shopline => shopline(account),
    }
}

fn clink(account: &Account) -> Result<Box<dyn OrderSource>, Error> {
    let mut builder = clink_api::Client::builder(account.credential("api_key"));
    if let Some(url) = &account.base_url {
        builder = builder.base_url(url);
    }
    builder = builder.rate_limit(limit(account));
    Ok(Box::new(builder.account(&account.label).build()?))
}

fn linkbest(account: &Account) -> Result<Box<dyn OrderSource>, Error> {
    let (key, secret) = (
        account.credential("app_key"),
        account.credential("app_secret"),
    );
    let mut builder = linkbest_api::Client::builder(key, secret);
    if let Some(url) = &account.base_url {
        builder = builder.base_url(url);
    }
    let settings = &account.settings;
    if let Some(zone) = settings.time_zone {
        builder = builder.zone(zone);
    }
    let joining = settings.sign_joining.unwrap_or_default();
    let place = settings.sign_place.unwrap_or_default();
    builder = builder
        .signing(Md5Signing::new(joining, place))
        .rate_limit(limit(account));
    Ok(Box::new(builder.account(&account.label).build()?))
}

fn shopline(account: &Account) -> Result<Box<dyn OrderSource>, Error> {
    let (handle, token) = (
        account.credential("handle"),
        account.credential("access_token"),
    );
    let mut builder = shopline_api::Client::builder(handle, token);
    if let Some(url) = &account.base_url {
        builder = builder.base_url(url);
    }
    if let Some(version) = &account.settings.version {
        builder = builder.version(version);
    }
    builder = builder.rate_limit(limit(account));
    Ok(Box::new(builder.account(&account.label).build()?))
}

/// The account's limit: its settings, else the documented one (SHOPLINE: 4 a second, 40 at once; the others document
/// no number).
fn limit(account: &Account) -> Option<RateLimit> {
    let Settings {
        requests_per_second,
        burst,
        ..
    } = account.settings;
    let documented = (account.vendor == Vendor::Shopline).then_some((4, 40));
    let per_second = requests_per_second.or(documented.map(|(rate, _)| rate))?;
    let burst = burst
        .or(documented.map(|(_, burst)| burst))
        .unwrap_or(per_second);
    RateLimit::new(per_second, burst)
}

/// The same limit, for estimates of time.
pub(crate) fn pace(account: &Account) -> Option<Pace> {
    limit(account).map(|limit| Pace {
        requests: limit.per_second.get(),
        per: Duration::from_secs(1),
        burst: limit.burst.get(),
    })
}
