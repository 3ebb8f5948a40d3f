//! One job: an account, pulled for a while into the store.

use std::sync::Arc;
use std::time::Duration;

use orders_core::{Account as Name, Error, ErrorKind, OrderSource};
use orders_sync::{
    Context, Options, Outcome, Report, Statement, Stop, StoreFault, Summary, SyncError, pull,
};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::database::Database;
use super::schedule::{LATER, again};
use super::tokens::{self, Tokens};
use crate::args::Part;
use crate::commands::regular;
use crate::config::Entry;
use crate::exit::Failure;
use crate::{report, sources, test_hooks};

/// Where another run has the account, it is tried again after so many seconds.
const LOCKED: u32 = 30;

/// What all jobs of a worker have in common.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    pub(super) database: Database,
    /// The name of this worker.
    pub(super) worker: String,
    pub(super) budget: Duration,
    /// `true`: the worker ends.
    pub(super) ending: watch::Receiver<bool>,
}

/// Pulls an account for as long as its budget allows. An error is for the queue: it is to give the job again.
pub(super) async fn run(tools: &Tools, name: &Name) -> Result<(), Failure> {
    let database = &tools.database;
    let Some(plan) = database.begin(name, &tools.worker).await? else {
        return Ok(());
    };
    let ready = Entry::kept(name, &plan.profile).and_then(|entry| ready(&entry, database));
    let (source, options) = match ready {
        Ok(ready) => ready,
        Err(error) => return database.park(name, &report::line_of(&error.into())).await,
    };
    let store = database.store().await?;
    let of = name.clone();
    store.at_end(move |summary| last_words(&of, summary));
    let report = pulled(tools, source, store, options).await;
    match report {
        Ok(report) => match report.error {
            Some(error) if is_for_a_person(&error) => {
                database.park(name, &report::line_of(&error.into())).await
            }
            Some(error) => database.note(name, &report::line_of(&error.into())).await,
            None => Ok(()),
        },
        Err(Failure::Sync(SyncError::Store {
            fault: StoreFault::Locked,
            ..
        })) => database.again(name, LOCKED).await,
        Err(failure) => {
            let why = report::line_of(&failure);
            match &failure {
                Failure::Sync(
                    SyncError::Options { .. }
                    | SyncError::State { .. }
                    | SyncError::OtherAccount { .. },
                ) => database.park(name, &why).await,
                // The store itself fails: nothing can be noted there now.
                Failure::Sync(SyncError::Store { .. }) => Err(failure),
                _ => database.failed(name, "failed", &why).await,
            }
        }
    }
}

fn ready(entry: &Entry, database: &Database) -> Result<(Box<dyn OrderSource>, Options), Error> {
    let environment = |name: &str| std::env::var(name).ok();
    let mut account = entry.account(&environment)?;
    if account.is_of_an_app() {
        let key = environment(tokens::KEY);
        account.tokens = Some(Tokens::of(database, &entry.name(), key.as_deref())?);
    }
    let silent = Arc::new(|_: &str| ());
    let source = sources::steady(&account, None, test_hooks::patience(), silent)?;
    Ok((source, regular(&Part::default(), &account)?))
}

async fn pulled(
    tools: &Tools,
    source: Box<dyn OrderSource>,
    store: orders_sync::Store,
    options: Options,
) -> Result<Report, Failure> {
    let stop = Stop::default();
    let context = Context {
        clock: test_hooks::clock()?,
        stop: stop.clone(),
        failpoints: test_hooks::points()?,
        ..Context::default()
    };
    let mut ending = tools.ending.clone();
    let budget = tools.budget;
    let watch = tokio::spawn(async move {
        // Where the sender is gone, the worker has ended.
        let _ = tokio::time::timeout(budget, ending.wait_for(|ending| *ending)).await;
        stop.stop();
    });
    let handle = Handle::current();
    // A thread of its own: a page is decoded at a stretch, and a bug in one account's pull fails only that account.
    let pulling = tokio::task::spawn_blocking(move || {
        handle.block_on(pull(&*source, &store, &options, &context))
    });
    let ended = pulling.await;
    watch.abort();
    let report = ended.map_err(|error| {
        Error::new(
            ErrorKind::Other,
            "this pull broke off: a bug of this program",
        )
        .with_source(error)
    })?;
    Ok(report?)
}

/// What stands in the schedule from the end of a pull on. A pull that was stopped has more to do: the next job of the account
/// is there exactly if this end is.
fn last_words(name: &Name, summary: &Summary) -> Vec<Statement> {
    let values = |more: &[&str]| {
        let texts = [&*name.provider, &*name.label]
            .into_iter()
            .chain(more.iter().copied());
        texts.map(|text| Some(text.to_owned())).collect()
    };
    let change = match summary.outcome {
        Outcome::Partial => LATER,
        _ => "failures = 0, message = NULL",
    };
    let mut words = vec![Statement {
        sql: format!(
            "UPDATE orders.schedules SET ended_at = now(), outcome = ?3, {change} WHERE provider = ?1 AND account = ?2"
        ),
        values: values(&[summary.outcome.as_str()]),
    }];
    if summary.outcome == Outcome::Stopped {
        words.push(Statement {
            sql: again("now()", ("?1", "?2")),
            values: values(&[]),
        });
    }
    words
}

/// Whether trying again makes no sense before somebody mends something.
fn is_for_a_person(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Auth | ErrorKind::Permission | ErrorKind::Config
    )
}
