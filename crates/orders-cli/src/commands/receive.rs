//! `orders receive`: what the vendors push, into the file of orders.

mod account;
mod routes;
mod verified;

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use orders_core::{Error, ErrorKind};
use orders_sync::Store;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use self::account::Account;
use super::signals::Signals;
use crate::args::Receive;
use crate::config::{self, Receiving};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, say};
use crate::place::Place;
use crate::test_hooks;

/// How long answers under way may take after a signal.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(args: Receive, json: bool) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let chosen = config::receiving(&args.accounts, args.files.config.as_deref(), &|name| {
        std::env::var(name).ok()
    })?;
    let accounts = open(chosen, &args, json).await?;
    let listener = TcpListener::bind(&args.listen).await.map_err(|error| {
        let message = format!("cannot listen at {}: {error}", args.listen);
        Error::new(ErrorKind::Config, message)
            .with_hint("name a free address of this machine: --listen 127.0.0.1:8080")
            .with_source(error)
    })?;
    let paths = routes::paths(&accounts);
    announce(&listener, &paths, json);
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let serve = axum::serve(listener, routes::router(paths))
        .with_graceful_shutdown(async move { stopped.notified().await });
    let mut serving = tokio::spawn(serve.into_future());
    tokio::select! {
        _ = signals.next() => {
            stop.notify_one();
            let _ = tokio::time::timeout(PATIENCE, &mut serving).await;
        }
        ended = &mut serving => {
            if let Ok(Err(error)) = ended {
                let message = format!("the listener failed: {error}");
                return Err(Error::new(ErrorKind::Other, message).with_source(error).into());
            }
        }
    }
    let mut out = Out::new();
    match json {
        true => {
            let accounts: Vec<_> = accounts.iter().map(|account| account.summary()).collect();
            out.line(&output::json(&serde_json::json!({ "accounts": accounts }))?)?;
        }
        false => accounts
            .iter()
            .try_for_each(|account| out.line(&account.line()))?,
    }
    out.flush()?;
    // A signal is the normal end.
    Ok(Exit::Ok)
}

/// The accounts with their stores, each opened once.
async fn open(
    chosen: Vec<Receiving>,
    args: &Receive,
    json: bool,
) -> Result<Vec<Arc<Account>>, Failure> {
    let clock = test_hooks::clock()?;
    let mut stores: BTreeMap<Place, Arc<Store>> = BTreeMap::new();
    let mut accounts = Vec::new();
    for one in chosen {
        if let Some(warning) = &one.warning {
            output::warn(warning, json);
        }
        let named = args.files.output.as_ref().or(one.output.as_ref());
        let place = named.cloned().unwrap_or_default().checked()?;
        let store = match stores.get(&place) {
            Some(store) => Arc::clone(store),
            None => {
                let store = Arc::new(place.open().await?);
                stores.insert(place, Arc::clone(&store));
                store
            }
        };
        let clock = Arc::clone(&clock);
        accounts.push(Arc::new(Account::new(one, store, clock, json)));
    }
    Ok(accounts)
}

fn announce(listener: &TcpListener, paths: &[(String, Arc<Account>)], json: bool) {
    let address = listener.local_addr().map_or_else(
        |_| "the address".to_owned(),
        |address| format!("http://{address}"),
    );
    let paths: Vec<_> = paths.iter().map(|(path, _)| path.as_str()).collect();
    match json {
        true => say(&serde_json::json!({ "listening": address, "paths": paths }).to_string()),
        false => say(&format!("listening on {address}: {}", paths.join(", "))),
    }
}
