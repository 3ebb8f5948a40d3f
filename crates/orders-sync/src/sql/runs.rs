//! The state of an account, its runs, and what one commit changes.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use orders_core::Account;

use super::account::names;
use super::account::{self, AccountRow};
use super::open::Open;
use super::rows::Writer;
use super::value::json;
use super::{Failed, Sql, Value, doubts, first, gaps, one, tombstones};
use crate::at_end::Statement;
use crate::batch::{Batch, Commit, Counts};
use crate::failpoints::Failpoints;
use crate::point::Point;
use crate::summary::Summary;

/// Stores batches, one after the other, and the state after them, within a transaction of the caller's. `noted` are the
/// gaps that the run found before.
pub(crate) async fn commit(
    sql: &mut dyn Sql,
    at: &Commit,
    batches: &[Batch],
    noted: &Mutex<HashSet<String>>,
    failpoints: &dyn Failpoints,
) -> Result<Vec<Counts>, Failed> {
    // Taken out, so that nothing is locked while a database works.
    let lock = || noted.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = std::mem::take(&mut *lock());
    let done = store(sql, at, batches, &mut found).await;
    *lock() = found;
    let counts = done?;
    failpoints.pass(Point::RowsFlushed)?;
    save_state(sql, at).await?;
    failpoints.pass(Point::CheckpointWritten)?;
    Ok(counts)
}

async fn store(
    sql: &mut dyn Sql,
    at: &Commit,
    batches: &[Batch],
    noted: &mut HashSet<String>,
) -> Result<Vec<Counts>, Failed> {
    let mut writer = Writer::new(AccountRow::take(sql, &at.account).await?, at);
    let mut all = Vec::with_capacity(batches.len());
    for (place, batch) in batches.iter().enumerate() {
        let mut counts = Counts::default();
        let mut open = Open::before(sql, &at.account, batch).await?;
        let next = &batches[place..];
        writer.orders(sql, next, &mut open, &mut counts).await?;
        for missing in &batch.filled {
            open.fill_missing(missing);
        }
        open.close(sql, at).await?;
        if has_more(batch) {
            // These read what the rows say.
            writer.flush(sql).await?;
            gaps::unreadable(sql, &mut writer, batch, &mut counts, noted).await?;
            gaps::ended(sql, at, writer.account.key, batch).await?;
            doubts::read(sql, writer.account.key, batch).await?;
            doubts::absent(sql, &mut writer, batch).await?;
            counts.gone = doubts::gone(sql, &mut writer, batch).await?;
            writer.flush(sql).await?;
        }
        gaps::gaps(sql, at, batch, noted).await?;
        all.push(counts);
    }
    writer.flush(sql).await?;
    Ok(all)
}

/// Whether a batch has more than orders and gaps.
fn has_more(batch: &Batch) -> bool {
    let absent = !(batch.absent.is_empty() && batch.gone.is_empty());
    absent || !batch.unreadable.is_empty() || batch.ended.is_some() || batch.read.is_some()
}

async fn save_state(sql: &mut dyn Sql, at: &Commit) -> Result<(), Failed> {
    let statement = "INSERT INTO checkpoints (provider, account, state, updated_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (provider, account) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at";
    let [provider, label] = names(&at.account);
    let values = [provider, label, at.state.as_str().into(), at.now.into()];
    sql.execute(statement, &values).await.map(drop)
}

pub(crate) async fn state(sql: &mut dyn Sql, account: &Account) -> Result<Option<String>, Failed> {
    let statement = "SELECT state FROM checkpoints WHERE provider = ?1 AND account = ?2";
    let row = first(sql, statement, &names(account)).await?;
    row.map(|mut row| row.text(0)).transpose()
}

/// Discards where the pull of an account stands. Marks begin anew with the state, so the old ones go, and so do doubts.
/// Gaps are closed: whatever they are, the next pull requests it again.
pub(crate) async fn reset(
    sql: &mut dyn Sql,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<(), Failed> {
    let key = account::key(sql, account).await?;
    let orders = "UPDATE order_rows SET mark = NULL, unshown_at = NULL, doubted_at = NULL, doubted_from = NULL,
                  absent_at = NULL WHERE account = ?1";
    sql.execute(orders, &[key.into()]).await?;
    tombstones::no_marks(sql, key).await?;
    let [provider, label] = names(account);
    let gaps =
        "UPDATE gaps SET filled_at = ?3 WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL";
    sql.execute(gaps, &[provider, label, now.into()]).await?;
    for statement in [
        "UPDATE unreadable SET mark = NULL WHERE provider = ?1 AND account = ?2",
        "DELETE FROM checkpoints WHERE provider = ?1 AND account = ?2",
    ] {
        sql.execute(statement, &names(account)).await?;
    }
    Ok(())
}

pub(crate) async fn begin_run(
    sql: &mut dyn Sql,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<i64, Failed> {
    let statement =
        "INSERT INTO runs (provider, account, started_at) VALUES (?1, ?2, ?3) RETURNING id";
    let [provider, label] = names(account);
    one(sql, statement, &[provider, label, now.into()])
        .await?
        .int(0)
}

pub(crate) async fn end_run(sql: &mut dyn Sql, run: i64, summary: &Summary) -> Result<(), Failed> {
    let statement = "UPDATE runs SET ended_at = ?2, outcome = ?3, summary = ?4 WHERE id = ?1";
    let outcome = summary.outcome.as_str();
    let values = [
        run.into(),
        summary.ended_at.into(),
        outcome.into(),
        json(summary).into(),
    ];
    sql.execute(statement, &values).await.map(drop)
}

/// Runs statements that somebody else adds to a transaction.
pub(crate) async fn run_all(sql: &mut dyn Sql, statements: Vec<Statement>) -> Result<(), Failed> {
    for Statement { sql: text, values } in statements {
        let values: Vec<Value> = values.into_iter().map(Value::from).collect();
        // It may answer rows, which nobody reads.
        sql.rows(&text, &values).await?;
    }
    Ok(())
}

/// The latest time at which a run of the account began or ended.
pub(crate) async fn last_run(
    sql: &mut dyn Sql,
    account: &Account,
) -> Result<Option<DateTime<Utc>>, Failed> {
    let statement =
        "SELECT max(started_at), max(ended_at) FROM runs WHERE provider = ?1 AND account = ?2";
    let mut row = one(sql, statement, &names(account)).await?;
    Ok(row.opt_time(0)?.max(row.opt_time(1)?))
}

/// The watermark that the newest run left which ended at or before a time.
pub(crate) async fn reached_by(
    sql: &mut dyn Sql,
    account: &Account,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Failed> {
    let statement =
        "SELECT summary FROM runs WHERE provider = ?1 AND account = ?2 AND ended_at <= ?3
                     AND summary IS NOT NULL ORDER BY id DESC LIMIT 1";
    let [provider, label] = names(account);
    let row = first(sql, statement, &[provider, label, at.into()]).await?;
    let summary: Option<Summary> = row.map(|mut row| row.json(0)).transpose()?;
    Ok(summary.and_then(|summary| summary.watermark))
}

/// The accounts that have a state, had a run, or were pushed anything of.
pub(crate) async fn accounts(sql: &mut dyn Sql) -> Result<Vec<Account>, Failed> {
    let statement =
        "SELECT provider, account FROM checkpoints UNION SELECT provider, account FROM runs
                     UNION SELECT provider, account FROM pushes
                     ORDER BY provider, account";
    let rows = sql.rows(statement, &[]).await?;
    let accounts = rows
        .into_iter()
        .map(|mut row| Ok(Account::new(row.text(0)?, row.text(1)?)));
    accounts.collect()
}
