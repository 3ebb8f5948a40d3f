//! Gaps into rows, and the unreadable records.

use std::collections::HashSet;

use orders_core::Error;

use super::account::names;
use super::known::Known;
use super::open::close_records;
use super::rows::{Writer, number};
use super::tombstones::Tombstones;
use super::value::{Value, json, millis};
use super::{Failed, Sql};
use crate::batch::{Batch, Commit, Counts, NewGap, Shown};
use crate::gap::{Missing, record_hash, record_key};

/// A slice was read to its end: closes its records that did not come again.
pub(super) async fn ended(
    sql: &mut dyn Sql,
    at: &Commit,
    account: i64,
    batch: &Batch,
) -> Result<(), Failed> {
    let Some((slice, shown)) = &batch.ended else {
        return Ok(());
    };
    let statement = "SELECT key, run, mark FROM unreadable WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL
                     AND slice = ?3";
    let [provider, label] = names(&at.account);
    let mut keys = Vec::new();
    for mut row in sql
        .rows(statement, &[provider, label, json(slice).into()])
        .await?
    {
        let (key, run, mark) = (row.text(0)?, row.int(1)?, row.opt_int(2)?);
        let mark = mark.and_then(|mark| u64::try_from(mark).ok()).unwrap_or(0);
        let absent = match shown {
            Shown::SinceRun(since) => run < *since,
            Shown::SinceMark(since) => mark < *since,
        };
        if absent {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    if matches!(shown, Shown::SinceMark(_)) {
        let stored = Known::of_ids(sql, account, keys.clone()).await?;
        keys.retain(|key| !stored.by_id.contains_key(key));
    }
    close_records(sql, at, keys).await
}

/// Notes the gaps of a batch, and what it fills.
pub(super) async fn gaps(
    sql: &mut dyn Sql,
    at: &Commit,
    batch: &Batch,
    noted: &mut HashSet<String>,
) -> Result<(), Failed> {
    let filled = batch
        .filled
        .iter()
        .filter(|it| !matches!(it, Missing::Order(_)));
    let filled: Vec<String> = filled.map(json).collect();
    if !filled.is_empty() {
        let statement =
            "UPDATE gaps SET filled_at = ?4 WHERE provider = ?1 AND account = ?2 AND missing IN {3}
                         AND filled_at IS NULL";
        let [provider, account] = names(&at.account);
        let values = [
            provider,
            account,
            Value::Texts(filled.into()),
            at.now.into(),
        ];
        sql.execute(statement, &values).await?;
    }
    for gap in &batch.gaps {
        note_gap(sql, at, gap, false, noted).await?;
    }
    Ok(())
}

/// Notes a gap. One that the user accepted is open again where what is missing changed, or the kind of the failure.
async fn note_gap(
    sql: &mut dyn Sql,
    at: &Commit,
    gap: &NewGap,
    changed: bool,
    noted: &mut HashSet<String>,
) -> Result<(), Failed> {
    let statement = "INSERT INTO gaps (provider, account, missing, kind, path, reason, first_at, last_at, tries)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1)
         ON CONFLICT (provider, account, missing) DO UPDATE SET kind = excluded.kind, path = excluded.path,
         reason = excluded.reason, last_at = excluded.last_at, filled_at = NULL,
         accepted_at = CASE WHEN gaps.filled_at IS NULL AND gaps.kind = excluded.kind AND NOT ?9
             THEN gaps.accepted_at END,
         accepted_reason = CASE WHEN gaps.filled_at IS NULL AND gaps.kind = excluded.kind AND NOT ?9
             THEN gaps.accepted_reason END,
         first_at = CASE WHEN gaps.filled_at IS NULL THEN gaps.first_at ELSE excluded.first_at END,
         tries = CASE WHEN gaps.filled_at IS NULL THEN gaps.tries + ?8 ELSE 1 END";
    let missing = json(&gap.missing);
    let more = i64::from(noted.insert(missing.clone()));
    let [provider, account] = names(&at.account);
    let values = [
        provider,
        account,
        missing.into(),
        Value::from(&gap.kind),
        gap.path.as_deref().into(),
        Value::from(&gap.reason),
        at.now.into(),
        more.into(),
        changed.into(),
    ];
    sql.execute(statement, &values).await.map(drop)
}

/// Keeps the records that could not be read, and a gap for each. An order that is stored is still at the vendor.
pub(super) async fn unreadable(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    batch: &Batch,
    counts: &mut Counts,
    noted: &mut HashSet<String>,
) -> Result<(), Failed> {
    let at = writer.at;
    for record in &batch.unreadable {
        let hash = record_hash(record);
        let key = record_key(record, &hash);
        let created = record.time.map(|time| time.to_utc());
        let named = [(key.as_str(), None)].into_iter();
        let mut graves = Tombstones::of(sql, &writer.account, named).await?;
        if let Some(grave) = graves.find(&key, None) {
            let mark = number(batch, graves.mark(&grave), created, &mut counts.marked);
            graves.shown(sql, writer.account.key, grave, mark).await?;
            continue;
        }
        let mut known = Known::of_ids(sql, writer.account.key, vec![key.clone()]).await?;
        let order = known.by_id.remove(&key);
        let [provider, account] = names(&at.account);
        let statement = "SELECT content_hash, mark FROM unreadable WHERE provider = ?1 AND account = ?2 AND key = ?3";
        let values = [provider.clone(), account.clone(), Value::from(&key)];
        let before = match super::first(sql, statement, &values).await? {
            Some(mut row) => Some((row.text(0)?, row.opt_int(1)?)),
            None => None,
        };
        let carried = before.as_ref().and_then(|before| before.1);
        let carried = carried.and_then(|mark| u64::try_from(mark).ok());
        let carried = carried.max(order.as_ref().and_then(|order| order.mark));
        let mark = number(batch, carried, created, &mut counts.marked);
        if let Some(order) = &order {
            if order.away {
                counts.back += 1;
                writer.note(order.key, "back", None);
            }
            let statement = "UPDATE order_rows SET seen_at = ?2, mark = coalesce(?3, mark), gone_at = NULL,
                             unshown_at = NULL, doubted_at = NULL, doubted_from = NULL, absent_at = NULL WHERE key = ?1";
            let values = [order.key.into(), millis(at.now).into(), mark.into()];
            sql.execute(statement, &values).await?;
        }
        // Counted once: at the order, where one is stored.
        let mark = mark.filter(|_| order.is_none());
        let statement = "INSERT INTO unreadable (provider, account, key, id, time, path, reason, raw, content_hash,
             slice, run, first_seen_at, seen_at, mark)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)
             ON CONFLICT (provider, account, key) DO UPDATE SET id = excluded.id, time = excluded.time,
             path = excluded.path, reason = excluded.reason, raw = excluded.raw, content_hash = excluded.content_hash,
             slice = coalesce(excluded.slice, unreadable.slice), run = excluded.run, seen_at = excluded.seen_at,
             first_seen_at = CASE WHEN unreadable.closed_at IS NULL THEN unreadable.first_seen_at
                 ELSE excluded.first_seen_at END,
             closed_at = NULL, mark = coalesce(excluded.mark, unreadable.mark)";
        let values = [
            provider,
            account,
            Value::from(&key),
            record.id.as_deref().into(),
            record.time.map(|time| time.to_utc()).into(),
            Value::from(&record.path),
            Value::from(&record.reason),
            Value::Raw(record.raw.clone().into()),
            Value::from(&hash),
            batch.piece.as_ref().map(json).into(),
            at.run.into(),
            at.now.into(),
            mark.into(),
        ];
        sql.execute(statement, &values).await?;
        let changed = before.is_some_and(|before| before.0 != hash);
        let error = Error::unreadable(record.clone());
        let gap = NewGap::of(Missing::Record(key), &error);
        note_gap(sql, at, &gap, changed, noted).await?;
    }
    Ok(())
}
