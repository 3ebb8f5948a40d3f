//! Some stored orders, spread over an account.

use std::collections::BinaryHeap;

use chrono::NaiveDate;
use orders_core::Account;

use super::account;
use super::read::{REFERENCE, reference};
use super::value::Value;
use super::{Failed, Sql};
use crate::hash::short_hash;
use crate::stored::Sampled;

/// The orders whose ids, hashed with the day, come first.
pub(crate) async fn sample(
    sql: &mut dyn Sql,
    account: &Account,
    day: NaiveDate,
    limit: usize,
) -> Result<Vec<Sampled>, Failed> {
    let statement = "SELECT id FROM order_rows WHERE account = ?1 AND gone_at IS NULL AND id > ?2
                     AND id NOT LIKE 'content:%' AND id NOT LIKE 'no-id/%' ORDER BY id LIMIT 10000";
    let key = account::key(sql, account).await?;
    let salt = day.to_string();
    let mut first = BinaryHeap::new();
    let mut after = String::new();
    loop {
        let rows = sql
            .rows(statement, &[key.into(), after.as_str().into()])
            .await?;
        if rows.is_empty() {
            break;
        }
        for mut row in rows {
            after = row.text(0)?;
            first.push((
                short_hash([salt.as_bytes(), after.as_bytes()]),
                after.clone(),
            ));
            if first.len() > limit {
                first.pop();
            }
        }
    }
    let statement = format!(
        "SELECT {REFERENCE}, mapping, doubted_at IS NOT NULL, (SELECT raw FROM order_texts t WHERE t.key = o.key)
         FROM order_rows o WHERE account = ?1 AND id IN {{2}}"
    );
    let ids: Vec<String> = first
        .into_sorted_vec()
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    let rows = sql
        .rows(
            &statement,
            &[key.into(), Value::Texts(ids.as_slice().into())],
        )
        .await?;
    let sampled = rows.into_iter().map(|mut row| {
        let mapping = u32::try_from(row.int(4)?).unwrap_or(0);
        let mut stored = Sampled::new(reference(&mut row)?, row.raw(6)?, mapping);
        stored.doubted = row.flag(5)?;
        Ok(stored)
    });
    let mut sampled: Vec<Sampled> = sampled.collect::<Result<_, Failed>>()?;
    sampled.sort_by_key(|stored| ids.iter().position(|id| *id == stored.reference.id));
    Ok(sampled)
}
