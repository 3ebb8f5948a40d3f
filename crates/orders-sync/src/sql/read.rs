//! Reading what is stored.

use std::fmt;
use std::ops::RangeInclusive;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use orders_core::{Account, Adjustment, OrderRef, Slice, Unreadable, Window};
use serde::{Deserialize, Serialize};

use super::account;
use super::account::names;
use super::value::{Row, Value, millis, time_text};
use super::{Failed, Sql, adjusted, first, one};
use crate::diff::Change;
use crate::gap::{Acceptance, Gap, Missing};
use crate::hash::hex;
use crate::state::Facts;
use crate::stored::{DueDay, DueFilter};
use crate::summary::{Status, Summary};

/// When an order was created, or first seen where that is unknown; indexed as it is written here.
pub(super) const CREATED: &str = "coalesce(created_at, first_seen_at)";
/// The columns of [`reference`].
pub(super) const REFERENCE: &str = "id, number, program_id, identity";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What finds an order at the vendor.
pub(super) fn reference(row: &mut Row) -> Result<OrderRef, Failed> {
    let mut reference = OrderRef::new(row.text(0)?);
    reference.number = row.opt_text(1)?;
    reference.program_id = row.opt_text(2)?;
    reference.key = row.opt_text(3)?;
    Ok(reference)
}

pub(super) fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.date_naive()
}

/// A stored order: the newest version of its text, and when we saw what. `Debug` does not show the text.
#[derive(Clone)]
#[non_exhaustive]
pub struct StoredOrder {
    /// The account.
    pub account: Account,
    /// The id of its row: the vendor's, or one made of the key or the text of an order without one.
    pub id: String,
    /// The number that people use, where it differs from the id.
    pub number: Option<String>,
    /// The seller's own reference for the order.
    pub merchant_reference: Option<String>,
    /// The exact text that the vendor sent.
    pub raw: Bytes,
    /// The version of the mapping that made the columns of its row.
    pub mapping: u32,
    /// SHA-256 of the raw text, in hex.
    pub content_hash: String,
    /// When it first came, RFC 3339 UTC.
    pub first_seen_at: String,
    /// When its content last changed, RFC 3339 UTC.
    pub changed_at: String,
    /// When a pull has shown it last, RFC 3339 UTC; `None`: only a push did.
    pub seen_at: Option<String>,
    /// Since when the vendor no longer has it, RFC 3339 UTC.
    pub gone_at: Option<String>,
    /// Since when it is doubted that the vendor has it, RFC 3339 UTC.
    pub doubted_at: Option<String>,
    /// When the stored version was pushed, RFC 3339 UTC; `None`: a pull has shown it.
    pub pushed_at: Option<String>,
    /// What was pushed of its amounts, oldest first: to be [added](orders_core::Order::adjust) to what its text says.
    pub adjustments: Vec<Adjustment>,
}

impl fmt::Debug for StoredOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredOrder")
            .field("account", &self.account)
            .field("id", &self.id)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .field("content_hash", &self.content_hash)
            .field("changed_at", &self.changed_at)
            .finish_non_exhaustive()
    }
}

/// One change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryRow {
    /// When we saw it, RFC 3339 UTC.
    pub at: String,
    /// In which run.
    pub run: i64,
    /// `new`, `changed`, `remapped` (the same text, read by a later version), `adjusted` (a refund or a dispute was pushed),
    /// `doubted`, `gone` or `back`.
    pub what: String,
    /// What changed, in the vendor's words.
    pub changes: Vec<Change>,
}

/// The orders that are due, as a condition over ?1, the account, and the values from ?2 on.
fn is_due(filter: DueFilter) -> (String, Vec<Value>) {
    let account = "account = ?1 AND gone_at IS NULL";
    match filter {
        DueFilter::Open {
            created_since,
            seen_before,
        } => (
            format!("{account} AND NOT terminal AND {CREATED} >= ?2 AND seen_at < ?3"),
            vec![millis(created_since).into(), millis(seen_before).into()],
        ),
        DueFilter::Horizon {
            created_since,
            created_before,
            age,
        } => (
            format!(
                "{account} AND terminal AND {CREATED} >= ?2 AND {CREATED} < ?3 AND seen_at < {CREATED} + ?4"
            ),
            vec![
                created_since.map_or(i64::MIN, millis).into(),
                millis(created_before).into(),
                age.num_milliseconds().into(),
            ],
        ),
        // Of doubted orders readings decide, unless a push came since.
        DueFilter::Pushed => (
            format!(
                "{account} AND due_at IS NOT NULL AND (doubted_at IS NULL OR due_at > absent_at)"
            ),
            Vec::new(),
        ),
        // Those that two readings did not show are not decided by a third.
        DueFilter::Doubted { doubted_until } => (
            format!(
                "{account} AND doubted_at IS NOT NULL AND doubted_at <= ?2 AND absent_at < doubted_at + {DAY}"
            ),
            vec![millis(doubted_until).into()],
        ),
    }
}

pub(crate) async fn orders(sql: &mut dyn Sql, id: &str) -> Result<Vec<StoredOrder>, Failed> {
    let statement = "SELECT a.provider, a.account, o.id, t.raw, o.mapping, o.content_hash, o.first_seen_at,
         o.changed_at, nullif(o.seen_at, 0), o.gone_at, o.doubted_at, o.number, o.merchant_reference, o.pushed_at
         FROM order_rows o JOIN accounts a ON a.key = o.account JOIN order_texts t ON t.key = o.key
         WHERE o.id = ?1 OR o.number = ?1 OR o.merchant_reference = ?1 ORDER BY a.provider, a.account, o.id";
    let mut orders = Vec::new();
    for mut row in sql.rows(statement, &[id.into()]).await? {
        let account = Account::new(row.text(0)?, row.text(1)?);
        let id = row.text(2)?;
        let pushed = adjusted::adjustments(sql, &account, vec![id.clone()]).await?;
        orders.push(StoredOrder {
            account,
            adjustments: pushed.into_values().flatten().collect(),
            pushed_at: row.opt_time(13)?.map(time_text),
            id,
            number: row.opt_text(11)?,
            merchant_reference: row.opt_text(12)?,
            raw: row.raw(3)?,
            mapping: u32::try_from(row.int(4)?).unwrap_or(0),
            content_hash: hex(&row.blob(5)?),
            first_seen_at: time_text(row.time(6)?),
            changed_at: time_text(row.time(7)?),
            seen_at: row.opt_time(8)?.map(time_text),
            gone_at: row.opt_time(9)?.map(time_text),
            doubted_at: row.opt_time(10)?.map(time_text),
        });
    }
    Ok(orders)
}

pub(crate) async fn history(
    sql: &mut dyn Sql,
    account: &Account,
    id: &str,
) -> Result<Vec<HistoryRow>, Failed> {
    let statement = "SELECT h.at, h.run, h.what, h.changes FROM history_rows h JOIN order_rows o ON o.key = h.key
                     WHERE o.account = ?1 AND o.id = ?2 ORDER BY h.seq";
    let key = account::key(sql, account).await?;
    let rows = sql.rows(statement, &[key.into(), id.into()]).await?;
    let history = rows.into_iter().map(|mut row| {
        Ok(HistoryRow {
            at: time_text(row.time(0)?),
            run: row.int(1)?,
            what: row.text(2)?,
            changes: row.json(3)?,
        })
    });
    history.collect()
}

pub(crate) async fn gaps(sql: &mut dyn Sql, account: &Account) -> Result<Vec<Gap>, Failed> {
    let statement = "SELECT id, missing, kind, path, reason, first_at, last_at, tries, accepted_at, accepted_reason
         FROM gaps WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL ORDER BY first_at, id";
    let rows = sql.rows(statement, &names(account)).await?;
    let gaps = rows.into_iter().map(|mut row| {
        let accepted = match row.opt_time(8)? {
            Some(at) => Some(Acceptance {
                at,
                reason: row.opt_text(9)?.unwrap_or_default(),
            }),
            None => None,
        };
        Ok(Gap {
            id: row.int(0)?,
            missing: row.json(1)?,
            kind: row.text(2)?,
            path: row.opt_text(3)?,
            reason: row.text(4)?,
            first_at: row.time(5)?,
            last_at: row.time(6)?,
            tries: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
            accepted,
        })
    });
    gaps.collect()
}

/// Accepts a gap; `false` where there is none.
pub(crate) async fn accept_gap(
    sql: &mut dyn Sql,
    id: i64,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Failed> {
    let statement = "UPDATE gaps SET accepted_at = ?2, accepted_reason = ?3 WHERE id = ?1 AND filled_at IS NULL";
    let values = [id.into(), now.into(), reason.into()];
    Ok(sql.execute(statement, &values).await? > 0)
}

pub(crate) async fn unreadable(
    sql: &mut dyn Sql,
    account: &Account,
) -> Result<Vec<Unreadable>, Failed> {
    let statement = "SELECT id, path, reason, raw FROM unreadable
                     WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL ORDER BY key";
    let rows = sql.rows(statement, &names(account)).await?;
    let records = rows.into_iter().map(|mut row| {
        let (path, reason) = (row.text(1)?, row.text(2)?);
        Ok(Unreadable::new(path, reason, row.raw(3)?).with_id(row.opt_text(0)?))
    });
    records.collect()
}

/// The slices of open records that are due: about as much time has passed since they were seen as had before, at most a
/// week.
pub(crate) async fn due_slices(
    sql: &mut dyn Sql,
    account: &Account,
    run: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Slice>, Failed> {
    let accepted = gaps(sql, account)
        .await?
        .into_iter()
        .filter(|gap| gap.accepted.is_some());
    let accepted: Vec<Missing> = accepted.map(|gap| gap.missing).collect();
    let statement = "SELECT key, slice, first_seen_at, seen_at FROM unreadable WHERE provider = ?1 AND account = ?2
                     AND closed_at IS NULL AND slice IS NOT NULL AND run < ?3 ORDER BY slice";
    let [provider, label] = names(account);
    let mut slices: Vec<Slice> = Vec::new();
    for mut row in sql.rows(statement, &[provider, label, run.into()]).await? {
        let (key, slice) = (row.text(0)?, row.json(1)?);
        let (first, last) = (row.time(2)?, row.time(3)?);
        let known = (last - first).min(TimeDelta::weeks(1));
        let due = now - last >= known * 9 / 10;
        if due && !accepted.contains(&Missing::Record(key)) && !slices.contains(&slice) {
            slices.push(slice);
        }
    }
    Ok(slices)
}

pub(crate) async fn due_orders(
    sql: &mut dyn Sql,
    account: &Account,
    filter: DueFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<OrderRef>, Failed> {
    let (due, more) = is_due(filter);
    let n = more.len() + 2;
    let statement = format!(
        "SELECT {REFERENCE} FROM order_rows WHERE {due}
         AND key > coalesce((SELECT key FROM order_rows WHERE account = ?1 AND id = ?{n}), 0) ORDER BY key LIMIT ?{}",
        n + 1
    );
    let mut values = vec![account::key(sql, account).await?.into()];
    values.extend(more);
    values.extend([after.unwrap_or_default().into(), (limit as u64).into()]);
    let rows = sql.rows(&statement, &values).await?;
    rows.into_iter()
        .map(|mut row| reference(&mut row))
        .collect()
}

pub(crate) async fn due_days(
    sql: &mut dyn Sql,
    account: &Account,
    filter: DueFilter,
) -> Result<Vec<DueDay>, Failed> {
    let key = account::key(sql, account).await?;
    // The days of the orders that are due first, then how much is stored on each.
    let (due, more) = is_due(filter);
    let mut values = vec![key.into()];
    values.extend(more);
    let statement = format!(
        "SELECT created_at / {DAY}, count(*) FROM order_rows WHERE {due} GROUP BY 1 ORDER BY 1"
    );
    let mut days = Vec::new();
    for mut row in sql.rows(&statement, &values).await? {
        let (day, due) = (row.opt_int(0)?, row.count(1)?);
        let stored = match day {
            Some(day) => {
                let statement = format!(
                    "SELECT count(*) FROM order_rows WHERE account = ?1 AND created_at IS NOT NULL
                     AND {CREATED} >= ?2 AND {CREATED} < ?3"
                );
                let values = [key.into(), (day * DAY).into(), ((day + 1) * DAY).into()];
                one(sql, &statement, &values).await?.count(0)?
            }
            None => due,
        };
        days.push(DueDay {
            day: day
                .and_then(|day| DateTime::from_timestamp_millis(day * DAY))
                .map(day_of),
            due,
            stored,
        });
    }
    // Unknown days first, in every database.
    days.sort_by_key(|day| day.day);
    Ok(days)
}

pub(crate) async fn created_offset(
    sql: &mut dyn Sql,
    account: &Account,
) -> Result<Option<FixedOffset>, Failed> {
    let statement = format!(
        "SELECT created_offset FROM order_rows WHERE account = ?1 AND created_at IS NOT NULL
         ORDER BY {CREATED} DESC LIMIT 1"
    );
    let key = account::key(sql, account).await?;
    let Some(mut row) = first(sql, &statement, &[key.into()]).await? else {
        return Ok(None);
    };
    let seconds = row
        .opt_int(0)?
        .and_then(|seconds| i32::try_from(seconds).ok());
    Ok(seconds.and_then(FixedOffset::east_opt))
}

pub(crate) async fn newest(
    sql: &mut dyn Sql,
    account: &Account,
    limit: usize,
) -> Result<Vec<OrderRef>, Failed> {
    let statement = format!(
        "SELECT {REFERENCE} FROM order_rows WHERE account = ?1 AND gone_at IS NULL AND id NOT LIKE 'no-id/%'
         ORDER BY {CREATED} DESC, id LIMIT ?2"
    );
    let key = account::key(sql, account).await?;
    let rows = sql
        .rows(&statement, &[key.into(), (limit as u64).into()])
        .await?;
    rows.into_iter()
        .map(|mut row| reference(&mut row))
        .collect()
}

/// How many different rows carry one of these numbers.
pub(crate) async fn marked(
    sql: &mut dyn Sql,
    account: &Account,
    numbers: RangeInclusive<u64>,
) -> Result<u64, Failed> {
    let (from, to) = (Value::from(*numbers.start()), Value::from(*numbers.end()));
    let orders = "SELECT count(*) FROM order_rows WHERE account = ?1 AND mark BETWEEN ?2 AND ?3";
    let key = account::key(sql, account).await?;
    let orders = one(sql, orders, &[key.into(), from.clone(), to.clone()])
        .await?
        .count(0)?;
    let records = "SELECT count(*) FROM unreadable WHERE provider = ?1 AND account = ?2 AND mark BETWEEN ?3 AND ?4";
    let [provider, label] = names(account);
    let records = one(sql, records, &[provider, label, from.clone(), to.clone()])
        .await?
        .count(0)?;
    let forgotten = "SELECT count(*) FROM tombstones WHERE account = ?1 AND mark BETWEEN ?2 AND ?3";
    let forgotten = one(sql, forgotten, &[key.into(), from, to])
        .await?
        .count(0)?;
    Ok(orders + records + forgotten)
}

/// How many orders are stored and not gone.
pub(crate) async fn live(sql: &mut dyn Sql, account: &Account) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM order_rows WHERE account = ?1 AND gone_at IS NULL";
    let key = account::key(sql, account).await?;
    one(sql, statement, &[key.into()]).await?.count(0)
}

/// How many orders are stored, not gone, and known by a push alone: no pull has shown them.
pub(crate) async fn pushed(sql: &mut dyn Sql, account: &Account) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM order_rows WHERE account = ?1 AND gone_at IS NULL AND pushed_at IS NOT NULL
                     AND seen_at = 0";
    let key = account::key(sql, account).await?;
    one(sql, statement, &[key.into()]).await?.count(0)
}

/// How many records could not be read whose orders are not stored.
pub(crate) async fn unread(sql: &mut dyn Sql, account: &Account) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM unreadable WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL
                     AND NOT EXISTS (SELECT 1 FROM order_rows o WHERE o.account = ?3 AND o.id = unreadable.key
                         AND o.gone_at IS NULL)";
    let key = account::key(sql, account).await?;
    let [provider, label] = names(account);
    one(sql, statement, &[provider, label, key.into()])
        .await?
        .count(0)
}

/// How many orders created within a window are stored and not gone.
pub(crate) async fn created(
    sql: &mut dyn Sql,
    account: &Account,
    window: Window,
) -> Result<u64, Failed> {
    let statement = format!(
        "SELECT count(*) FROM order_rows WHERE account = ?1 AND gone_at IS NULL AND created_at IS NOT NULL
         AND {CREATED} >= ?2 AND {CREATED} < ?3"
    );
    let key = account::key(sql, account).await?;
    let values = [
        key.into(),
        millis(window.from).into(),
        millis(window.to).into(),
    ];
    one(sql, &statement, &values).await?.count(0)
}

/// How many orders an older version of the mapping read.
pub(crate) async fn older(
    sql: &mut dyn Sql,
    account: &Account,
    version: u32,
) -> Result<u64, Failed> {
    let statement = "SELECT count(*) FROM order_rows WHERE account = ?1 AND mapping < ?2";
    let key = account::key(sql, account).await?;
    one(sql, statement, &[key.into(), version.into()])
        .await?
        .count(0)
}

pub(crate) async fn status(
    sql: &mut dyn Sql,
    account: &Account,
    facts: Facts,
) -> Result<Status, Failed> {
    let statement =
        "SELECT count(*), count(gone_at), count(*) FILTER (WHERE NOT terminal AND gone_at IS NULL),
                     count(doubted_at) FROM order_rows WHERE account = ?1";
    let key = account::key(sql, account).await?;
    let mut row = one(sql, statement, &[key.into()]).await?;
    let statement =
        "SELECT summary FROM runs WHERE provider = ?1 AND account = ?2 AND summary IS NOT NULL
                     ORDER BY id DESC LIMIT 1";
    let last_run: Option<Summary> = match first(sql, statement, &names(account)).await? {
        Some(mut row) => Some(row.json(0)?),
        None => None,
    };
    Ok(Status {
        account: account.clone(),
        stored: row.count(0)?,
        gone: row.count(1)?,
        doubted: row.count(3)?,
        open: row.count(2)?,
        vendor_count: facts.vendor_count,
        unproven: facts.unproven,
        watermark: facts.watermark,
        interrupted: facts.interrupted,
        gaps: gaps(sql, account).await?,
        last_run,
    })
}
