//! The table `schedules`: which accounts are pulled when, and how it went.

use orders_core::Account as Name;
use serde::{Deserialize, Serialize};

use super::database::Database;
use crate::config::Entry;
use crate::exit::Failure;

/// The task of the queue that pulls an account.
pub(super) const PULL: &str = "orders_pull";

/// An account, as people and programs are shown it. Times are RFC 3339.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Scheduled {
    pub(crate) provider: String,
    pub(crate) account: String,
    /// In seconds.
    pub(crate) every: u64,
    pub(crate) priority: i32,
    pub(crate) next_at: String,
    /// running, waiting, parked, paused or scheduled.
    pub(crate) state: String,
    /// The worker that pulls it, or pulled it last.
    pub(crate) worker: Option<String>,
    pub(crate) ended_at: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) failures: u32,
    /// How long it has been due, in seconds; 0 where it is not.
    pub(crate) due_for: u64,
}

/// What a pull is done with.
#[derive(Debug, Deserialize)]
pub(super) struct Plan {
    pub(super) profile: String,
}

/// The state of an account by its row `s` and the row of its lease `a`.
pub(super) const STATE: &str = "CASE
    WHEN a.owner IS NOT NULL AND a.lease_until >= clock_timestamp() THEN 'running'
    WHEN s.paused_at IS NOT NULL THEN 'paused'
    WHEN s.parked_at IS NOT NULL THEN 'parked'
    WHEN least(s.due_since, s.next_at) <= now() THEN 'due'
    ELSE 'scheduled' END";

impl Database {
    /// All accounts, in the order of their names.
    pub(crate) async fn schedules(&self) -> Result<Vec<Scheduled>, Failure> {
        let statement = format!(
            "SELECT json_build_object('provider', s.provider, 'account', s.account, 'every', s.every,
                 'priority', s.priority, 'next_at', s.next_at, 'state', {STATE}, 'worker', s.worker,
                 'ended_at', s.ended_at, 'outcome', s.outcome,
                 'message', coalesce(s.parked_reason, s.message), 'failures', s.failures,
                 'due_for', CASE WHEN {STATE} = 'due'
                     THEN floor(extract(epoch FROM now() - least(s.due_since, s.next_at)))::bigint ELSE 0 END)::text
             FROM orders.schedules s LEFT JOIN orders.accounts a USING (provider, account)
             ORDER BY s.provider, s.account"
        );
        self.rows(&statement, &[]).await
    }

    /// Adds an account, or changes its profile and its schedule; it is due now.
    pub(crate) async fn schedule(
        &self,
        entry: &Entry,
        every: i64,
        priority: i16,
    ) -> Result<(), Failure> {
        let name = entry.name();
        let statement = "INSERT INTO orders.schedules (provider, account, profile, shares, every, priority)
             VALUES ($1, $2, $3, $4, $5::bigint, $6::integer)
             ON CONFLICT (provider, account) DO UPDATE SET profile = excluded.profile, shares = excluded.shares,
                 every = excluded.every, priority = excluded.priority, next_at = now(), parked_at = NULL,
                 parked_reason = NULL, failures = 0";
        let (every, priority) = (every.to_string(), priority.to_string());
        let values = [
            &name.provider,
            &name.label,
            entry.text(),
            &entry.shares()?,
            &every,
            &priority,
        ];
        self.execute(statement, &values.map(Some)).await?;
        Ok(())
    }

    /// Changes one account; `false`: there is none of this name.
    pub(crate) async fn change(&self, name: &Name, change: Change) -> Result<bool, Failure> {
        let statement = match change {
            Change::Pause => "UPDATE orders.schedules SET paused_at = coalesce(paused_at, now())",
            Change::Resume => {
                "UPDATE orders.schedules SET paused_at = NULL, parked_at = NULL, parked_reason = NULL, failures = 0,
                     next_at = now()"
            }
            Change::Remove => "DELETE FROM orders.schedules",
        };
        let statement = format!("{statement} WHERE provider = $1 AND account = $2");
        let values = [Some(name.provider.as_str()), Some(name.label.as_str())];
        Ok(self.execute(&statement, &values).await? == 1)
    }

    /// What the account is to be pulled with; none where nobody is to pull it. Notes that this worker begins.
    pub(super) async fn begin(&self, name: &Name, worker: &str) -> Result<Option<Plan>, Failure> {
        let statement =
            "UPDATE orders.schedules SET started_at = now(), worker = $3, due_since = NULL
             WHERE provider = $1 AND account = $2 AND paused_at IS NULL AND parked_at IS NULL
             RETURNING json_build_object('profile', profile)::text";
        let values = [&*name.provider, &*name.label, worker].map(Some);
        Ok(self.rows(statement, &values).await?.pop())
    }

    /// Nobody pulls the account until somebody mends what is wrong with it.
    pub(super) async fn park(&self, name: &Name, why: &str) -> Result<(), Failure> {
        let statement =
            "UPDATE orders.schedules SET parked_at = now(), parked_reason = $3, ended_at = now(),
                 outcome = 'failed', message = $3 WHERE provider = $1 AND account = $2";
        let values = [&*name.provider, &*name.label, why].map(Some);
        self.execute(statement, &values).await.map(drop)
    }

    /// What ended the last pull early.
    pub(super) async fn note(&self, name: &Name, why: &str) -> Result<(), Failure> {
        let statement =
            "UPDATE orders.schedules SET message = $3 WHERE provider = $1 AND account = $2";
        let values = [&*name.provider, &*name.label, why].map(Some);
        self.execute(statement, &values).await.map(drop)
    }

    /// The pull failed: the next one is later and later.
    pub(super) async fn failed(
        &self,
        name: &Name,
        outcome: &str,
        why: &str,
    ) -> Result<(), Failure> {
        let statement = format!(
            "UPDATE orders.schedules SET ended_at = now(), outcome = $3, message = $4, {LATER}
             WHERE provider = $1 AND account = $2"
        );
        let values = [&*name.provider, &*name.label, outcome, why].map(Some);
        self.execute(&statement, &values).await.map(drop)
    }

    /// Hands accounts that are due to the queue, and answers how many. Those that a run is at work on wait for its end.
    pub(super) async fn enqueue(&self) -> Result<u64, Failure> {
        let statement = format!(
            "WITH due AS (
                 SELECT s.provider, s.account FROM orders.schedules s
                 LEFT JOIN orders.accounts a USING (provider, account)
                 WHERE s.next_at <= now() AND s.paused_at IS NULL AND s.parked_at IS NULL
                 AND (a.owner IS NULL OR a.lease_until < clock_timestamp())
                 ORDER BY s.priority, s.next_at LIMIT {TOGETHER} FOR UPDATE OF s SKIP LOCKED
             ), moved AS (
                 UPDATE orders.schedules s SET due_since = least(s.due_since, s.next_at),
                     next_at = now() + s.every * (1 + random() / 10) * interval '1 s'
                 FROM due WHERE s.provider = due.provider AND s.account = due.account
                 RETURNING s.provider, s.account, s.shares, s.priority
             )
             SELECT count({})::text FROM moved",
            add_job("moved", "moved.priority", "now()")
        );
        let counts: Vec<u64> = self.rows(&statement, &[]).await?;
        Ok(counts.first().copied().unwrap_or_default())
    }

    /// How many jobs could begin now.
    pub(super) async fn waiting(&self) -> Result<u64, Failure> {
        let statement = "SELECT count(*)::text FROM graphile_worker._private_jobs
             WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now()";
        let counts: Vec<u64> = self.rows(statement, &[]).await?;
        Ok(counts.first().copied().unwrap_or_default())
    }

    /// Hands one account to the queue, to be pulled in so many seconds.
    pub(super) async fn again(&self, name: &Name, seconds: u32) -> Result<(), Failure> {
        let at = format!("now() + interval '{seconds} s'");
        let statement = again(&at, ("$1", "$2"));
        let values = [&*name.provider, &*name.label].map(Some);
        self.execute(&statement, &values).await.map(drop)
    }
}

/// What is done with one account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Pause,
    Resume,
    Remove,
}

/// So many accounts are handed over in one transaction: each key is a lock of the server's until it ends.
const TOGETHER: u32 = 500;

/// Each failure in a row doubles the time until the next pull, up to six hours.
pub(super) const LATER: &str = "failures = failures + 1,
    next_at = greatest(next_at, now() + least(every * 2 ^ least(failures, 20), 21600) * interval '1 s')";

/// Hands an account to the queue. One job of it waits at most; accounts that share a limit follow one after the other.
fn add_job(row: &str, priority: &str, run_at: &str) -> String {
    format!(
        "graphile_worker.add_job('{PULL}', json_build_object('provider', {row}.provider, 'account', {row}.account),
         queue_name := CASE WHEN (SELECT count(*) FROM orders.schedules o WHERE o.shares = {row}.shares) > 1
             THEN {row}.shares END,
         run_at := {run_at}, job_key := 'pull ' || {row}.provider || '/' || {row}.account,
         priority := {priority}, job_key_mode := 'replace')"
    )
}

/// Hands the account of these values to the queue, unless nobody is to pull it.
pub(super) fn again(run_at: &str, (provider, account): (&str, &str)) -> String {
    let job = add_job("s", "s.priority", run_at);
    format!(
        "WITH s AS (
             UPDATE orders.schedules SET due_since = now()
             WHERE provider = {provider} AND account = {account} AND paused_at IS NULL AND parked_at IS NULL
             RETURNING *
         )
         SELECT count({job}) FROM s"
    )
}
