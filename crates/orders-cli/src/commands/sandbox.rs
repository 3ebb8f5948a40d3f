//! `orders sandbox`: the three vendors on this machine, until a signal.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Error, ErrorKind};
use orders_sandbox::Sandbox as Server;

use super::signals::Signals;
use crate::args::Sandbox;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, program, say};
use crate::{test_hooks, times};

/// The oldest order of the sandbox is younger than this, counted from the sandbox's time.
const BEGINNING: TimeDelta = TimeDelta::days(300);
/// How long open requests may take after a signal.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) async fn run(args: Sandbox, json: bool) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let clock = test_hooks::clock()?;
    let now = clock.now();
    let start = Server::builder()
        .date(move |_| clock.now())
        .port(args.port)
        .seed(args.world.seed)
        .orders(args.world.orders)
        .now(args.now.unwrap_or(now))
        .life(args.life);
    let server = start.start().await.map_err(|error| {
        let message = format!("cannot listen on port {}: {error}", args.port);
        Error::new(ErrorKind::Config, message)
            .with_hint("choose another port, or --port 0 for a free one")
            .with_source(error)
    })?;
    tokio::select! {
        // In this order: a program that has read the lines may send the signal at once.
        biased;
        _ = signals.next() => {}
        failure = announce(&server, args.world.orders, now, json) => return Err(failure),
    }
    if !json {
        say("stopped");
    }
    let _ = tokio::time::timeout(PATIENCE, server.shutdown()).await;
    // A signal is the normal end.
    Ok(Exit::Ok)
}

/// Prints the URLs and credentials. Fails only if standard output cannot be written.
async fn announce(server: &Server, orders: usize, now: DateTime<Utc>, json: bool) -> Failure {
    let print = || -> Result<(), Failure> {
        let mut out = Out::new();
        for line in lines(server, json)? {
            out.line(&line)?;
        }
        out.flush()
    };
    if let Err(failure) = print() {
        return failure;
    }
    if !json {
        say(&usage(server, orders, now));
    }
    std::future::pending().await
}

/// The variables that `orders list` and `orders receive` need: for a shell (no value contains a quote), or as one
/// JSON object.
fn lines(server: &Server, json: bool) -> Result<Vec<String>, Error> {
    let (since, until) = server.linkbest_range();
    let customer = server.shopline_customers().into_iter().next();
    let values = [
        ("CLINK_BASE_URL", server.clink_base_url()),
        ("CLINK_API_KEY", server.clink_api_key().to_owned()),
        (
            "CLINK_WEBHOOK_SECRET",
            server.clink_webhook_secret().to_owned(),
        ),
        ("LINKBEST_BASE_URL", server.linkbest_base_url()),
        ("LINKBEST_APP_KEY", server.linkbest_app_key().to_owned()),
        (
            "LINKBEST_APP_SECRET",
            server.linkbest_app_secret().to_owned(),
        ),
        (
            "LINKBEST_PUSH_SECRET",
            server.linkbest_push_secret().to_owned(),
        ),
        ("LINKBEST_SINCE", since.to_rfc3339()),
        ("LINKBEST_UNTIL", until.to_rfc3339()),
        ("SHOPLINE_BASE_URL", server.shopline_base_url()),
        ("SHOPLINE_HANDLE", server.shopline_handle().to_owned()),
        (
            "SHOPLINE_ACCESS_TOKEN",
            server.shopline_access_token().to_owned(),
        ),
        ("SHOPLINE_APP_KEY", server.shopline_app_key().to_owned()),
        (
            "SHOPLINE_APP_SECRET",
            server.shopline_app_secret().to_owned(),
        ),
        ("SHOPLINE_CUSTOMER", customer.unwrap_or_default()),
    ];
    if json {
        return Ok(vec![output::json(&BTreeMap::from(values))?]);
    }
    let line = |(name, value)| format!("export {name}='{value}'");
    Ok(values.into_iter().map(line).collect())
}

/// Commands to try with the sandbox.
fn usage(server: &Server, orders: usize, now: DateTime<Utc>) -> String {
    let (program, address) = (program(), server.address());
    let control = format!("http://{address}/_sandbox");
    let post = |route: &str, body: &str| {
        format!(
            "curl -sS -X POST {control}/{route} -H 'content-type: application/json' -d '{body}'"
        )
    };
    let stands = server.virtual_now();
    let since = (stands - BEGINNING).format("%Y-%m-%d");
    // If the sandbox's time lies in the past, a later pull finds what happened since.
    let behind = (now - stands).num_days();
    let time = match behind {
        1.. => format!(
            "To advance it, and read everything again:\n\n  {}\n  {program} pull --all --full",
            post(
                "clock/advance",
                &format!(r#"{{"by":"{}d"}}"#, behind.min(45))
            )
        ),
        _ => format!(
            "To advance it:\n\n  {}\n\n\
             A pull reads only up to this machine's clock. To pull several weeks of changes, start in the past:\n\n  \
             {program} sandbox --now 60d --life 3",
            post("clock/advance", r#"{"by":"1h"}"#)
        ),
    };
    format!(
        "
The sandbox listens on http://{address} and holds {orders} invented orders per vendor.
With the lines above in another shell:

  {program} list clink --format table
  {program} list linkbest --format table --since $LINKBEST_SINCE --until $LINKBEST_UNTIL
  {program} list shopline --format table --customer $SHOPLINE_CUSTOMER
  {program} pull --all --since {since}
  {program} status

Its time stands at {now}. {time}

To inject faults ({control}/races, /truth?vendor=clink, /requests, /reset too):

  {faults}

Ctrl-C ends it.",
        now = times::show(&stands),
        faults = post(
            "faults",
            r#"{"rules":[{"fault":"too_many_requests","percent":20}]}"#
        )
    )
}
