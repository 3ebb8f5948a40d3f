//! A store that gives tokens `token-1`, `token-2`, ... and serves those it gave.

use shopline_api::http::ClientOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use orders_http::testing::{LongestWait, MemoryTransport, TestClock, response};
use shopline_api::Client;
use shopline_api::tokens::{AccessToken, RefreshingToken, RefreshingTokenBuilder};

use crate::play::{HANDLE, body};

pub(crate) const KEY: &str = "app-key-1";
pub(crate) const SECRET: &str = "app-s3cret-app-s3cret";
/// 2025-10-09T08:53:20Z, in milliseconds.
pub(crate) const NOW: u64 = 1_760_000_000_000;
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// So long after [`NOW`].
pub(crate) fn after(time: Duration) -> DateTime<FixedOffset> {
    let now = DateTime::from_timestamp_millis(NOW as i64).unwrap();
    (now + TimeDelta::from_std(time).unwrap()).fixed_offset()
}

pub(crate) fn answer(token: &str, expires: DateTime<FixedOffset>) -> String {
    let expires = expires.format("%Y-%m-%dT%H:%M:%S%.3f%:z");
    format!(
        r#"{{"code":200,"i18nCode":"SUCCESS","message":null,"data":{{"accessToken":"{token}","expireTime":"{expires}","scope":"read_orders,read_customers"}}}}"#
    )
}

pub(crate) fn failure(code: u32, name: &str) -> String {
    format!(r#"{{"code":{code},"i18nCode":"{name}","message":"what the vendor says","data":null}}"#)
}

pub(crate) fn builder(transport: &MemoryTransport) -> RefreshingTokenBuilder {
    RefreshingToken::builder(HANDLE, KEY, SECRET)
        .transport(Arc::new(transport.clone()))
        .options(
            ClientOptions::new()
                .clock(Arc::new(TestClock::at_unix_millis(NOW)))
                .randomness(Arc::new(LongestWait)),
        )
}

pub(crate) fn token(text: &str, expires: DateTime<FixedOffset>) -> AccessToken {
    AccessToken::new(text).unwrap().with_expiry(expires)
}

/// A client without a rate limit, whose tokens are these.
pub(crate) fn client(transport: &MemoryTransport, tokens: RefreshingToken) -> Client {
    Client::builder_with(HANDLE, tokens)
        .transport(Arc::new(transport.clone()))
        .options(
            ClientOptions::new()
                .randomness(Arc::new(LongestWait))
                .no_rate_limit(),
        )
        .build()
        .unwrap()
}

/// Gives a new token of ten hours for every token call, and orders to the newest.
pub(crate) fn serve(transport: &MemoryTransport) {
    let made = AtomicUsize::new(0);
    let clock = TestClock::at_unix_millis(NOW);
    transport.otherwise(move |request| {
        if request.uri().path().starts_with("/admin/oauth/token/") {
            let number = made.fetch_add(1, Ordering::SeqCst) + 1;
            let now: DateTime<chrono::Utc> = orders_http::Clock::now(&clock).into();
            let expires = (now + TimeDelta::hours(10)).fixed_offset();
            let token = answer(&format!("token-{number}"), expires);
            return Ok(response(200, &[], token));
        }
        let newest = format!("Bearer token-{}", made.load(Ordering::SeqCst));
        if request.headers()["authorization"] == newest {
            return Ok(response(200, &[], body(&["1"])));
        }
        Ok(response(401, &[], r#"{"errors":"wrong or expired"}"#))
    });
}

/// How many token calls and how many others were made.
pub(crate) fn calls(transport: &MemoryTransport) -> (usize, usize) {
    let sent = transport.requests();
    let tokens = sent.iter().filter(|request| is_token_call(request)).count();
    (tokens, sent.len() - tokens)
}

pub(crate) fn is_token_call(request: &http::Request<bytes::Bytes>) -> bool {
    request.uri().path().starts_with("/admin/oauth/token/")
}
