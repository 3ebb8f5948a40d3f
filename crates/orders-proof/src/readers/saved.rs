//! What a pull saved: a state that is refused, or from which a plan is made.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chrono::DateTime;
use orders_core::OrderSource;
use orders_http::testing::MemoryTransport;
use orders_http::{ClientOptions, RetryPolicy};
use orders_sync::{Batch, Commit, NoFailpoints, Options, Store, SyncError, plan};

use super::in_time::ended;
use crate::Result;
use crate::connect::ACCOUNT;

/// In June 2026, after everything that a sandbox begins with.
const NOW: i64 = 1_780_800_000;

/// Kept from one text to the next: to make one takes longer than to read a state.
static STORE: Mutex<Option<Store>> = Mutex::new(None);

/// How many of the vendors' accounts a plan was made for.
pub(super) fn state(text: &Bytes) -> Result<usize> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Ok(0);
    };
    let mut kept = STORE.lock().unwrap_or_else(PoisonError::into_inner);
    let store = match kept.take() {
        Some(store) => store,
        None => Store::in_memory().map_err(|why| why.to_string())?,
    };
    let plans = ended(plans(&store, text))?;
    *kept = Some(store);
    plans
}

async fn plans(store: &Store, text: &str) -> Result<usize> {
    let mut made = 0;
    for source in sources().map_err(|why| why.to_string())? {
        match planned(&*source, store, text).await {
            Ok(()) => made += 1,
            Err(SyncError::State { .. } | SyncError::Options { .. }) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(made)
}

async fn planned(
    source: &dyn OrderSource,
    store: &Store,
    text: &str,
) -> std::result::Result<(), SyncError> {
    let account = source.account();
    let now = DateTime::from_timestamp(NOW, 0).unwrap_or_default();
    let at = Commit {
        account: account.clone(),
        run: store.begin_run(account, now).await?,
        now,
        mapping: 1,
        state: text.to_owned(),
    };
    store
        .commit(at, vec![Batch::default()], Arc::new(NoFailpoints))
        .await?;
    plan(source, store, &Options::default(), now)
        .await
        .map(drop)
}

/// Clients whose vendors cannot be reached.
fn sources() -> std::result::Result<[Box<dyn OrderSource>; 3], orders_core::Error> {
    let options = || {
        ClientOptions::new()
            .transport(Arc::new(MemoryTransport::new()))
            .retry(RetryPolicy::default().max_attempts(1))
            .no_rate_limit()
    };
    let clink = clink_api::Client::builder("key").account(ACCOUNT);
    let linkbest = linkbest_api::Client::builder("key", "secret").account(ACCOUNT);
    let shopline = shopline_api::Client::builder("tea", "token").account(ACCOUNT);
    Ok([
        Box::new(clink.options(options()).build()?),
        Box::new(linkbest.options(options()).build()?),
        Box::new(shopline.options(options()).build()?),
    ])
}
