//! Orders that did not come: what is to be looked up, doubted, or confirmed as gone.

use chrono::{DateTime, NaiveDate, Utc};
use orders_core::{Account, OrderRef, Window};

use super::account::{self, AccountRow};
use super::open::close_records;
use super::read::{CREATED, REFERENCE, day_of, reference};
use super::rows::Writer;
use super::value::{Value, millis};
use super::{Failed, Sql, one, tombstones};
use crate::batch::{Batch, Commit, DoneReading, ReadingOf};
use crate::stored::{Doubted, Doubts};

/// What ends the doubts about an order, as a part of an UPDATE.
const NO_DOUBT: &str =
    "unshown_at = NULL, doubted_at = NULL, doubted_from = NULL, absent_at = NULL";

/// Orders that a reading which began at ?2 should have shown and did not, as a condition, and the values from ?3 on.
fn was_not_shown(of: &ReadingOf) -> (String, Vec<Value>) {
    let span = |column: &str, window: &Window| {
        let condition = format!("seen_at < ?2 AND {column} >= ?3 AND {column} < ?4");
        let values = vec![millis(window.from).into(), millis(window.to).into()];
        (condition, values)
    };
    match of {
        ReadingOf::List { mark, proven } => {
            let named = "id NOT LIKE 'content:%' AND id NOT LIKE 'no-id/%'";
            let of = if *proven { "" } else { named };
            let and = if *proven { "" } else { " AND " };
            (
                format!("coalesce(mark, 0) < ?3{and}{of}"),
                vec![(*mark).into()],
            )
        }
        ReadingOf::Created(window) => {
            let (condition, values) = span(CREATED, window);
            (format!("created_at IS NOT NULL AND {condition}"), values)
        }
        ReadingOf::Updated(window) => span("updated_at", window),
        ReadingOf::Changed(window) => {
            let (condition, values) = span(CREATED, window);
            let known = "created_at IS NOT NULL AND updated_at IS NULL";
            (format!("{known} AND {condition}"), values)
        }
        ReadingOf::Customers(customers) => {
            let values = vec![Value::Texts(customers.as_slice().into())];
            ("seen_at < ?2 AND customer_id IN {3}".to_owned(), values)
        }
    }
}

/// Notes what a reading should have shown and did not.
pub(super) async fn read(sql: &mut dyn Sql, account: i64, batch: &Batch) -> Result<(), Failed> {
    let Some(DoneReading { began, of }) = &batch.read else {
        return Ok(());
    };
    if let ReadingOf::List { mark, proven: true } = of {
        tombstones::not_shown(sql, account, *mark).await?;
    }
    let (condition, more) = was_not_shown(of);
    let statement = format!(
        "UPDATE order_rows SET unshown_at = ?2 WHERE account = ?1 AND gone_at IS NULL AND first_seen_at < ?2
         AND {condition}"
    );
    let mut values = vec![account.into(), millis(*began).into()];
    values.extend(more);
    sql.execute(&statement, &values).await.map(drop)
}

/// Orders that a reading did not show, and that the vendor does not have either, are doubted.
pub(super) async fn absent(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    batch: &Batch,
) -> Result<(), Failed> {
    if batch.absent.is_empty() {
        return Ok(());
    }
    let which = "account = ?1 AND id IN {2} AND unshown_at IS NOT NULL";
    let values = [
        writer.account.key.into(),
        Value::Texts(batch.absent.as_slice().into()),
    ];
    let statement =
        format!("SELECT key FROM order_rows WHERE {which} AND doubted_at IS NULL ORDER BY id");
    for mut row in sql.rows(&statement, &values).await? {
        writer.note(row.int(0)?, "doubted", None);
    }
    // That a record of theirs could not be read is settled.
    let statement = format!("SELECT id FROM order_rows WHERE {which}");
    let ids = sql.rows(&statement, &values).await?.into_iter();
    let ids: Vec<String> = ids.map(|mut row| row.text(0)).collect::<Result<_, _>>()?;
    close_records(sql, writer.at, ids).await?;
    let statement = format!(
        "UPDATE order_rows SET doubted_from = coalesce(doubted_from, unshown_at), absent_at = unshown_at,
         doubted_at = coalesce(doubted_at, ?3), unshown_at = NULL WHERE {which}"
    );
    let [account, ids] = values;
    let values = [account, ids, millis(writer.at.now).into()];
    sql.execute(&statement, &values).await.map(drop)
}

/// Marks orders that the vendor no longer has; answers how many.
pub(super) async fn gone(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    batch: &Batch,
) -> Result<u64, Failed> {
    if batch.gone.is_empty() {
        return Ok(0);
    }
    let which = "account = ?1 AND id IN {2} AND gone_at IS NULL";
    let values = [
        writer.account.key.into(),
        Value::Texts(batch.gone.as_slice().into()),
    ];
    are_gone(sql, writer, which, &values).await
}

async fn are_gone(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    which: &str,
    values: &[Value],
) -> Result<u64, Failed> {
    let statement = format!("SELECT key FROM order_rows WHERE {which} ORDER BY id");
    let mut keys = Vec::new();
    for mut row in sql.rows(&statement, values).await? {
        let key = row.int(0)?;
        writer.note(key, "gone", None);
        keys.push(key);
    }
    let gone = keys.len() as u64;
    let statement =
        format!("UPDATE order_rows SET gone_at = ?2, due_at = NULL, {NO_DOUBT} WHERE key IN {{1}}");
    let values = [Value::Ints(keys.into()), millis(writer.at.now).into()];
    sql.execute(&statement, &values).await?;
    Ok(gone)
}

/// The user confirms that the doubted orders are gone: noted in the history with run 0.
pub(crate) async fn confirm(
    sql: &mut dyn Sql,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<u64, Failed> {
    let row = AccountRow::take(sql, account).await?;
    let key = row.key;
    let at = Commit {
        account: account.clone(),
        run: 0,
        now,
        mapping: 0,
        state: String::new(),
    };
    let mut writer = Writer::new(row, &at);
    let which = "account = ?1 AND doubted_at IS NOT NULL AND gone_at IS NULL";
    let gone = are_gone(sql, &mut writer, which, &[key.into()]).await?;
    writer.flush(sql).await?;
    Ok(gone)
}

/// Some orders that a reading should have shown and did not.
pub(crate) async fn unshown(
    sql: &mut dyn Sql,
    account: &Account,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<OrderRef>, Failed> {
    let statement = format!(
        "SELECT {REFERENCE} FROM order_rows WHERE account = ?1 AND unshown_at IS NOT NULL AND id > ?2
         ORDER BY id LIMIT ?3"
    );
    let key = account::key(sql, account).await?;
    let values = [
        key.into(),
        after.unwrap_or_default().into(),
        (limit as u64).into(),
    ];
    let rows = sql.rows(&statement, &values).await?;
    rows.into_iter()
        .map(|mut row| reference(&mut row))
        .collect()
}

/// Some orders that are doubted.
pub(crate) async fn doubted(
    sql: &mut dyn Sql,
    account: &Account,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Doubted>, Failed> {
    let statement = format!(
        "SELECT {REFERENCE}, doubted_at, absent_at FROM order_rows WHERE account = ?1 AND doubted_at IS NOT NULL
         AND id > ?2 ORDER BY id LIMIT ?3"
    );
    let key = account::key(sql, account).await?;
    let values = [
        key.into(),
        after.unwrap_or_default().into(),
        (limit as u64).into(),
    ];
    let rows = sql.rows(&statement, &values).await?;
    let doubted = rows.into_iter().map(|mut row| {
        let order = reference(&mut row)?;
        Ok(Doubted::new(order, row.time(4)?, row.time(5)?))
    });
    doubted.collect()
}

/// How many orders are doubted, beside how many others.
pub(crate) async fn doubts(sql: &mut dyn Sql, account: &Account) -> Result<Option<Doubts>, Failed> {
    // From an index of the doubted ones: there are few, most often none.
    let statement = "SELECT count(*), min(doubted_at), min(doubted_from) FROM order_rows
                     WHERE account = ?1 AND doubted_at IS NOT NULL";
    let key = account::key(sql, account).await?;
    let mut row = one(sql, statement, &[key.into()]).await?;
    let (doubted, first_at, from) = (row.count(0)?, row.opt_time(1)?, row.opt_int(2)?);
    let Some(first_at) = first_at else {
        return Ok(None);
    };
    let statement =
        "SELECT count(*), count(*) FILTER (WHERE doubted_at IS NULL AND first_seen_at < ?2)
                     FROM order_rows WHERE account = ?1 AND gone_at IS NULL";
    let mut row = one(sql, statement, &[key.into(), from.into()]).await?;
    Ok(Some(Doubts {
        live: row.count(0)?,
        doubted,
        others: row.count(1)?,
        first_at,
    }))
}

/// The ids of some orders, each with the day (UTC) on which it was created.
pub(crate) async fn days(
    sql: &mut dyn Sql,
    account: &Account,
    ids: Vec<String>,
) -> Result<Vec<(String, NaiveDate)>, Failed> {
    let statement = "SELECT id, created_at FROM order_rows WHERE account = ?1 AND created_at IS NOT NULL AND id IN {2}
                     ORDER BY id";
    let key = account::key(sql, account).await?;
    let rows = sql
        .rows(statement, &[key.into(), Value::Texts(ids.into())])
        .await?;
    let days = rows
        .into_iter()
        .map(|mut row| Ok((row.text(0)?, day_of(row.time(1)?))));
    days.collect()
}
