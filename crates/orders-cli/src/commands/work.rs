//! `orders work`: pulls the accounts of a database as they become due.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use orders_core::{Error, ErrorKind};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::signals::Signals;
use crate::args;
use crate::exit::{Exit, Failure};
use crate::output::say;
use crate::report;
use crate::workers::database::Database;
use crate::workers::{self, Work};

/// Connections of the queue beside one for each job.
const MORE: usize = 5;

pub(super) async fn run(args: args::Work, json: bool) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let jobs = usize::from(args.jobs);
    let database = Database::open(&args.database.place, jobs + MORE).await?;
    let work = Work {
        jobs,
        budget: args.budget.to_std().unwrap_or(Duration::MAX),
        once: args.once,
    };
    let (end, ending) = watch::channel(false);
    if let Some(address) = &args.metrics {
        metrics(address, database.clone(), json).await?;
    }
    if !json {
        say(&format!(
            "working on {}, {jobs} accounts at once; Ctrl-C ends it",
            args.database.place
        ));
    }
    let mut working = tokio::spawn(workers::work(database, work, ending));
    let mut signal = None;
    loop {
        tokio::select! {
            biased;
            exit = signals.next() => {
                if signal.is_some() {
                    // What is not stored is pulled again.
                    return Ok(exit);
                }
                signal = Some(exit);
                let _ = end.send(true);
                if !json {
                    say("ending: what is under way is stored; a second signal ends it at once");
                }
            }
            ended = &mut working => {
                let ended = ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
                return ended.map(|()| Exit::Ok);
            }
        }
    }
}

/// Answers `GET /metrics` from now on.
async fn metrics(address: &str, database: Database, json: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let message = format!("cannot listen at {address}: {error}");
        Error::new(ErrorKind::Config, message)
            .with_hint("name a free address of this machine: --metrics 127.0.0.1:9187")
            .with_source(error)
    })?;
    if let Ok(address) = listener.local_addr() {
        match json {
            true => say(
                &serde_json::json!({ "metrics": format!("http://{address}/metrics") }).to_string(),
            ),
            false => say(&format!("metrics at http://{address}/metrics")),
        }
    }
    let router = Router::new()
        .route("/metrics", get(shown))
        .with_state(database);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}

async fn shown(State(database): State<Database>) -> (StatusCode, String) {
    match database.fleet().await {
        Ok(fleet) => (StatusCode::OK, fleet.unwrap_or_default().metrics()),
        Err(failure) => (StatusCode::SERVICE_UNAVAILABLE, report::line_of(&failure)),
    }
}
