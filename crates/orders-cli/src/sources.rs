//! Builds a source of orders from an account. The rest of the program knows it only as an [`OrderSource`].

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use clink_api::http::{BaseUrl, ClientOptions, Observer, RateLimit};
use linkbest_api::Md5Signing;
use orders_core::{Error, OrderSource};
use orders_sync::Pace;
use shopline_api::tokens::RefreshingToken;

use crate::buckets::Buckets;
use crate::config::Account;
use crate::steady::{Notify, Patience, Steady};
use crate::vendor::Vendor;

/// The buckets of this process.
static BUCKETS: LazyLock<Buckets> = LazyLock::new(Buckets::default);

/// The account's source as the commands use it: with patience, which `notify` shows to the user.
///
/// # Errors
/// As [`source`].
pub(crate) fn steady(
    account: &Account,
    observer: Option<Arc<dyn Observer>>,
    patience: Patience,
    notify: Notify,
) -> Result<Box<dyn OrderSource>, Error> {
    let source = source(account, observer)?;
    Ok(Box::new(Steady::new(source, patience, notify)))
}

/// The real client of the account's vendor; `observer` is notified of what it waits for. Accounts with the same credential
/// share a bucket.
///
/// # Errors
/// `Config` if a credential, a setting or the base URL cannot be used.
pub(crate) fn source(
    account: &Account,
    observer: Option<Arc<dyn Observer>>,
) -> Result<Box<dyn OrderSource>, Error> {
    let mut options = ClientOptions::new();
    if let Some(observer) = observer {
        options = options.observer(observer);
    }
    let limit = limit(account)?;
    if let Some(limit) = limit {
        options = options.rate_limit(limit);
    }
    if let Some(allow) = account.settings.allow_plain_http {
        options = options.allow_plain_http(allow);
    }
    match account.vendor {
        Vendor::Clink => {
            let client = clink(account, options)?;
            Ok(match limit.and_then(|limit| BUCKETS.of(&client, limit)) {
                Some(bucket) => {
                    Box::new(client.with_options(ClientOptions::new().limiter(bucket))?)
                }
                None => Box::new(client),
            })
        }
        Vendor::Linkbest => {
            let client = linkbest(account, options)?;
            Ok(match limit.and_then(|limit| BUCKETS.of(&client, limit)) {
                Some(bucket) => {
                    Box::new(client.with_options(ClientOptions::new().limiter(bucket))?)
                }
                None => Box::new(client),
            })
        }
        Vendor::Shopline => {
            let client = shopline(account, options)?;
            Ok(match limit.and_then(|limit| BUCKETS.of(&client, limit)) {
                Some(bucket) => {
                    Box::new(client.with_options(ClientOptions::new().limiter(bucket))?)
                }
                None => Box::new(client),
            })
        }
    }
}

fn clink(account: &Account, options: ClientOptions) -> Result<clink_api::Client, Error> {
    let mut builder = clink_api::Client::builder(account.credential("api_key"));
    if let Some(url) = &account.base_url {
        builder = builder.base_url(url);
    }
    builder = builder.account(&account.label).options(options);
    builder.build()
}

fn linkbest(account: &Account, options: ClientOptions) -> Result<linkbest_api::Client, Error> {
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
        .account(&account.label)
        .options(options);
    builder.build()
}

fn shopline(account: &Account, options: ClientOptions) -> Result<shopline_api::Client, Error> {
    let handle = account.credential("handle");
    let mut builder = match account.credential("app_key") {
        "" => shopline_api::Client::builder(handle, account.credential("access_token")),
        key => shopline_api::Client::builder_with(handle, tokens(account, key)?),
    };
    if let Some(url) = &account.base_url {
        builder = builder.base_url(url);
    }
    if let Some(version) = &account.settings.version {
        builder = builder.version(version);
    }
    builder = builder.account(&account.label).options(options);
    builder.build()
}

/// The tokens of a public app's account.
fn tokens(account: &Account, key: &str) -> Result<RefreshingToken, Error> {
    let (handle, secret) = (
        account.credential("handle"),
        account.credential("app_secret"),
    );
    let mut tokens = RefreshingToken::builder(handle, key, secret.to_owned());
    if let Some(url) = &account.base_url {
        tokens = tokens.base_url(url);
    }
    if let Some(store) = &account.tokens {
        tokens = tokens.store(Arc::clone(store));
    }
    if let Some(allow) = account.settings.allow_plain_http {
        tokens = tokens.options(ClientOptions::new().allow_plain_http(allow));
    }
    tokens.build()
}

/// The account's limit: from its settings, else the one that its client keeps by default. `None` if there is none.
fn limit(account: &Account) -> Result<Option<RateLimit>, Error> {
    let usual = match account.vendor {
        Vendor::Shopline => Some(shopline_api::DEFAULT_RATE_LIMIT),
        Vendor::Clink => Some(clink_api::DEFAULT_RATE_LIMIT),
        Vendor::Linkbest => Some(linkbest_api::DEFAULT_RATE_LIMIT),
    };
    // As the clients do: a pace of our own choice is for the vendor's host.
    let here = account.base_url.as_deref().map(BaseUrl::parse);
    let here = here.is_some_and(|base| base.is_ok_and(|base| base.is_loopback()));
    let usual = usual.filter(|_| !here || account.vendor == Vendor::Shopline);
    let settings = &account.settings;
    let per_second = settings
        .requests_per_second
        .or(usual.map(|limit| limit.per_second.get()));
    let Some(per_second) = per_second else {
        return Ok(None);
    };
    let burst = settings
        .burst
        .or(usual.map(|limit| limit.burst.get()))
        .unwrap_or(per_second);
    RateLimit::new(per_second, burst).map(Some)
}

/// The same limit, for estimates of time.
pub(crate) fn pace(account: &Account) -> Option<Pace> {
    limit(account).ok().flatten().map(|limit| Pace {
        requests: limit.per_second.get(),
        per: Duration::from_secs(1),
        burst: limit.burst.get(),
    })
}
