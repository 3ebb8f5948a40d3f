//! The queue: what this program tells graphile_worker, and how it bears with a database that goes away.

use std::time::Duration;

use graphile_worker::{
    CronBuilder, CrontabTimer, IntoTaskHandlerResult, TaskHandler, WorkerContext, WorkerOptions,
};
use orders_core::Account as Name;
use orders_sync::{StoreFault, SyncError};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::database::Database;
use super::job::{self, Tools};
use super::schedule::PULL;
use crate::exit::Failure;
use crate::output::say;
use crate::{report, test_hooks};

/// How often the queue is asked for work: each time one job for each place is begun, so that a worker begins some 30 jobs a
/// second at most, and asks as often where there is none.
const POLL_EACH: Duration = Duration::from_millis(30);
const POLL: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];
/// How often a worker says that it lives, how often others look, and after how long one is taken for dead. The lease of an
/// account lasts a minute as well.
const HEARTBEAT: Duration = Duration::from_secs(10);
const SWEEP: Duration = Duration::from_secs(15);
const DEAD: Duration = Duration::from_secs(60);
const RECOVERY: Duration = Duration::from_secs(1);
/// How long a job may take to end once its worker ends: the longest commit, and a request.
const GRACE: Duration = Duration::from_secs(45);
/// The waits for a database that went away.
const WAITS: std::ops::RangeInclusive<u64> = 1..=30;

/// What a worker does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    pub(crate) jobs: usize,
    pub(crate) budget: Duration,
    /// Ends when nothing is due any more.
    pub(crate) once: bool,
}

/// Pulls one account.
#[derive(Debug, Deserialize, Serialize)]
struct Pull {
    provider: String,
    account: String,
}

impl TaskHandler for Pull {
    const IDENTIFIER: &'static str = PULL;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(tools) = context.get_ext::<Tools>() else {
            return Err("this worker has no tools: a bug".to_owned());
        };
        let name = Name::new(self.provider, self.account);
        let done = job::run(tools, &name).await;
        done.map_err(|failure| {
            let why = report::line_of(&failure);
            say(&format!("{name}: {why}"));
            why
        })
    }
}

/// Hands the accounts that are due to the queue.
#[derive(Debug, Deserialize, Serialize)]
struct Due {}

impl TaskHandler for Due {
    const IDENTIFIER: &'static str = "orders_due";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(tools) = context.get_ext::<Tools>() else {
            return Err("this worker has no tools: a bug".to_owned());
        };
        all_due(&tools.database)
            .await
            .map_err(|failure| report::line_of(&failure))
    }
}

async fn all_due(database: &Database) -> Result<(), Failure> {
    while database.enqueue().await? > 0 {}
    Ok(())
}

/// Works until `ending` is true, or, once, until nothing is due.
///
/// # Errors
/// Where the database refuses this program: its credential, its privileges, a schema of something else or a newer version.
pub(crate) async fn work(
    database: Database,
    work: Work,
    mut ending: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let tools = Tools {
        database: database.clone(),
        worker: name(),
        budget: work.budget,
        ending: ending.clone(),
    };
    let mut waits = WAITS;
    loop {
        let worked = turn(&tools, work).await;
        if *ending.borrow() {
            return Ok(());
        }
        match worked {
            Ok(()) if work.once => return Ok(()),
            Ok(()) => waits = WAITS,
            Err(why) => say(&format!("the queue: {why}")),
        }
        // What the database refuses for good is seen by connecting.
        match database.store().await {
            Err(failure) if is_final(&failure) || work.once => return Err(failure),
            Err(failure) => say(&report::line_of(&failure)),
            Ok(_) => waits = WAITS,
        }
        let wait = Duration::from_secs(waits.next().unwrap_or(*WAITS.end()));
        let _ = tokio::time::timeout(wait, ending.wait_for(|ending| *ending)).await;
        if *ending.borrow() {
            return Ok(());
        }
    }
}

/// One life of the queue: it ends with an error where the database goes away.
async fn turn(tools: &Tools, work: Work) -> Result<(), String> {
    let haste = test_hooks::haste();
    let mut ending = tools.ending.clone();
    let options = WorkerOptions::default()
        .database(tools.database.pool().clone())
        .concurrency(work.jobs)
        .poll_interval(poll(work.jobs))
        .heartbeat_interval(HEARTBEAT / haste)
        .sweep_interval(SWEEP / haste)
        .sweep_threshold(DEAD / haste)
        .recovery_delay(RECOVERY / haste)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move {
            // Where the sender is gone, the program ends.
            let _ = ending.wait_for(|ending| *ending).await;
        })
        .shutdown_grace_period(GRACE)
        .add_extension(tools.clone())
        .define_job::<Pull>()
        .define_job::<Due>()
        .with_cron(CronBuilder::<Due>::new(CrontabTimer::every_minute()).id("orders_due"));
    let worker = options.init().await.map_err(|error| error.to_string())?;
    // Not only at the next minute.
    all_due(&tools.database)
        .await
        .map_err(|failure| report::line_of(&failure))?;
    if !work.once {
        return worker.run().await.map_err(|error| error.to_string());
    }
    loop {
        worker.run_once().await.map_err(|error| error.to_string())?;
        // A job may have handed its account on after the last look.
        let waiting = tools.database.waiting().await;
        let waiting = waiting.map_err(|failure| report::line_of(&failure))?;
        if waiting == 0 || *tools.ending.borrow() {
            return Ok(());
        }
    }
}

fn poll(jobs: usize) -> Duration {
    let [least, most] = POLL;
    let jobs = u32::try_from(jobs).unwrap_or(u32::MAX);
    POLL_EACH.saturating_mul(jobs).clamp(least, most)
}

fn is_final(failure: &Failure) -> bool {
    use StoreFault::{Denied, Foreign, ReadOnly, TooNew};
    matches!(
        failure,
        Failure::Sync(SyncError::Store {
            fault: Denied | Foreign | ReadOnly | TooNew,
            ..
        })
    )
}

/// Who pulls: for people, not for the lease.
fn name() -> String {
    let host = std::env::var("HOSTNAME")
        .ok()
        .filter(|name| !name.is_empty());
    let host = host.or_else(|| {
        Some(
            std::fs::read_to_string("/etc/hostname")
                .ok()?
                .trim()
                .to_owned(),
        )
    });
    format!(
        "{} {}",
        host.unwrap_or_else(|| "worker".to_owned()),
        std::process::id()
    )
}
