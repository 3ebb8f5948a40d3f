//! What was pushed: kept once, and applied to the order that it is about.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Account, Meaning, Order, Push, Version};

use super::account::{AccountRow, names};
use super::adjusted::settle;
use super::columns::PUSHED;
use super::known::{Known, Stored};
use super::remap::Mapping;
use super::rows::Writer;
use super::tombstones::Tombstones;
use super::value::{Value, json, millis};
use super::{Failed, Sql, first};
use crate::batch::Received;
use crate::hash::{content_hash, unhex, view_hash};
use crate::stored::{KeptPush, PushState, Receipt};

/// So many pushes are read again in one transaction.
const AT_ONCE: i64 = 500;

/// Keeps a push and applies it, within a transaction of the caller's.
pub(crate) async fn receive(
    sql: &mut dyn Sql,
    mapping: &Mapping,
    push: &Push,
) -> Result<Receipt, Failed> {
    let mut account = AccountRow::take(sql, &mapping.account).await?;
    if is_forgotten(sql, &account, push).await? {
        return Ok(Receipt::Forgotten);
    }
    let seq = account.push();
    let Some(key) = key(sql, &mapping.account, push, seq).await? else {
        return Ok(Receipt::Repeated);
    };
    let [provider, label] = names(&mapping.account);
    let statement = "INSERT INTO pushes (provider, account, seq, key, event, order_id, at, received_at, raw, state, reason,
                     adjustment, mapping) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'waiting', '', ?10, ?11)
                     ON CONFLICT (provider, account, key) DO NOTHING";
    let values = [
        provider,
        label,
        seq.into(),
        Value::from(&key),
        Value::from(&push.event),
        push.order.as_deref().into(),
        push.at.into(),
        mapping.now.into(),
        Value::Raw(push.raw.clone().into()),
        adjustment(push),
        mapping.version.into(),
    ];
    if sql.execute(statement, &values).await? == 0 {
        return Ok(Receipt::Repeated);
    }
    let at = mapping.commit();
    let mut writer = Writer::new(account, &at);
    let receipt = apply(sql, &mut writer, mapping, push, mapping.now).await?;
    writer.flush_as(sql, &PUSHED).await?;
    note(sql, &mapping.account, &key, &receipt).await?;
    Ok(receipt)
}

/// Whether a push is about an order that was forgotten.
async fn is_forgotten(
    sql: &mut dyn Sql,
    account: &AccountRow,
    push: &Push,
) -> Result<bool, Failed> {
    let Some(id) = &push.order else {
        return Ok(false);
    };
    let key = match &push.meaning {
        Meaning::Order(order, _) => order.key.as_deref(),
        _ => None,
    };
    let named = [(id.as_str(), key)].into_iter();
    let graves = Tombstones::of(sql, account, named).await?;
    Ok(graves.find(id, key).is_some())
}

/// The key under which a push is kept; `None` where it is a repetition.
async fn key(
    sql: &mut dyn Sql,
    account: &Account,
    push: &Push,
    seq: i64,
) -> Result<Option<String>, Failed> {
    if push.key.is_empty() {
        return Ok(Some(format!("unread/{}", content_hash(&push.raw))));
    }
    if !push.may_recur {
        return Ok(Some(push.key.clone()));
    }
    let statement = "SELECT key FROM pushes WHERE provider = ?1 AND account = ?2 AND order_id = ?3
                     ORDER BY seq DESC LIMIT 1";
    let [provider, label] = names(account);
    let values = [provider, label, push.order.as_deref().into()];
    let newest = match first(sql, statement, &values).await? {
        Some(mut row) => Some(row.text(0)?),
        None => None,
    };
    let same = newest.as_deref().and_then(|key| key.rsplit_once('#'));
    Ok(match same {
        Some((state, _)) if state == push.key => None,
        _ => Some(format!("{}#{seq}", push.key)),
    })
}

fn adjustment(push: &Push) -> Value {
    match &push.meaning {
        Meaning::Adjustment(adjustment) => json(adjustment).into(),
        _ => Value::Null,
    }
}

async fn note(
    sql: &mut dyn Sql,
    account: &Account,
    key: &str,
    receipt: &Receipt,
) -> Result<(), Failed> {
    let statement = "UPDATE pushes SET state = ?4, reason = ?5 WHERE provider = ?1 AND account = ?2 AND key = ?3";
    let [provider, label] = names(account);
    let (state, reason) = (receipt.state().as_str(), receipt.reason());
    let values = [provider, label, key.into(), state.into(), reason.into()];
    sql.execute(statement, &values).await.map(drop)
}

/// Does what follows from a push that was received at some time.
async fn apply(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    mapping: &Mapping,
    push: &Push,
    received: DateTime<Utc>,
) -> Result<Receipt, Failed> {
    match (&push.meaning, &push.order) {
        (Meaning::Order(order, version), Some(_)) => {
            of_order(sql, writer, order, *version, received).await
        }
        (Meaning::Due, Some(id)) => {
            let mut known = Known::of_ids(sql, writer.account.key, vec![id.clone()]).await?;
            match known.by_id.remove(id) {
                Some(stored) => due(sql, &stored, received).await,
                None => Ok(Receipt::NotStored),
            }
        }
        (Meaning::Adjustment(_), Some(id)) => adjust(sql, writer, mapping, id, received).await,
        (Meaning::Unread(reason), _) => Ok(Receipt::Unread(reason.clone())),
        _ => Ok(Receipt::Waits),
    }
}

/// The next pull requests an order, unless it was requested since, or is gone.
async fn due(
    sql: &mut dyn Sql,
    stored: &Stored,
    received: DateTime<Utc>,
) -> Result<Receipt, Failed> {
    if !stored.times.may_be_due(millis(received)) {
        return Ok(Receipt::Older);
    }
    let statement = "UPDATE order_rows SET due_at = ?2 WHERE key = ?1";
    let values = [stored.key.into(), millis(received).into()];
    sql.execute(statement, &values).await?;
    Ok(Receipt::Due)
}

/// A pushed version of an order: stored where it is newer than the stored one.
async fn of_order(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    order: &Order,
    version: Version,
    received: DateTime<Utc>,
) -> Result<Receipt, Failed> {
    let hash = unhex(&Received::new(order.clone()).content_hash);
    let account = &writer.at.account;
    let mut known = Known::of_orders(sql, writer.account.key, &[order]).await?;
    let (id, _) = known.place(order, &mut 0);
    known.adjust(sql, account, vec![id.clone()]).await?;
    let order = known.adjusted(&id, order);
    let Some(stored) = known.by_id.get_mut(&id) else {
        if is_unreadable(sql, account, &id).await? {
            return Ok(Receipt::Unreadable);
        }
        let as_of = match version {
            Version::Updated => order.updated_at.map_or(0, |at| millis(at.to_utc())),
            Version::At(at) => millis(at.min(received)),
            _ => 0,
        };
        let due = version != Version::Updated;
        writer.insert_pushed(&order, &id, hash, as_of, due);
        settle(sql, account, vec![id]).await?;
        return Ok(Receipt::New);
    };
    // When it was so, and whether that is newer than what is stored.
    let updated = order.updated_at.map(|at| millis(at.to_utc()));
    let (at, newer) = match version {
        Version::Updated => match (updated, stored.times.updated_at) {
            (Some(at), Some(stored)) => (at, Some(at > stored)),
            _ => (0, None),
        },
        // Not later than now, whatever the vendor's clock says.
        Version::At(at) => {
            let at = millis(at.min(received));
            (at, Some(at > stored.times.as_of))
        }
        _ => (millis(received), None),
    };
    // The vendor pushes it, later than it was found to be gone.
    if stored.times.gone_at.is_some_and(|gone| gone < at) {
        stored.times.gone_at = None;
        writer.note(stored.key, "back", None);
        let statement = "UPDATE order_rows SET gone_at = NULL WHERE key = ?1";
        sql.execute(statement, &[stored.key.into()]).await?;
    }
    if newer == Some(true) {
        stored.times.as_of = at;
        stored.times.pushed_at = Some(millis(received));
        if version != Version::Updated {
            stored.times.due_at = Some(millis(received));
        }
        return Ok(match stored.hash == hash {
            // As stored: only its time is news.
            true => {
                set_version(sql, stored).await?;
                Receipt::Older
            }
            false => {
                writer.update(stored, &order, view_hash(&order), hash, false);
                Receipt::Changed
            }
        });
    }
    let settled = version == Version::Updated && newer.is_some();
    if settled || stored.hash == hash {
        return Ok(Receipt::Older);
    }
    // Which of the two is newer is not known, or known by two clocks only.
    due(sql, stored, received).await
}

async fn set_version(sql: &mut dyn Sql, stored: &Stored) -> Result<(), Failed> {
    let statement = "UPDATE order_rows SET as_of = ?2, pushed_at = ?3, due_at = ?4 WHERE key = ?1";
    let [as_of, pushed_at, due_at] = stored.times.version();
    sql.execute(statement, &[stored.key.into(), as_of, pushed_at, due_at])
        .await
        .map(drop)
}

/// Whether a record of the order came that could not be read, and nothing of it since.
async fn is_unreadable(sql: &mut dyn Sql, account: &Account, id: &str) -> Result<bool, Failed> {
    let statement = "SELECT 1 FROM unreadable WHERE provider = ?1 AND account = ?2 AND key = ?3 AND closed_at IS NULL";
    let [provider, label] = names(account);
    let found = first(sql, statement, &[provider, label, id.into()]).await?;
    Ok(found.is_some())
}

/// Something happened to the amounts of an order: it is read again from its text, with all that was pushed of it.
async fn adjust(
    sql: &mut dyn Sql,
    writer: &mut Writer<'_>,
    mapping: &Mapping,
    id: &str,
    received: DateTime<Utc>,
) -> Result<Receipt, Failed> {
    let mut known = Known::of_ids(sql, writer.account.key, vec![id.to_owned()]).await?;
    known
        .adjust(sql, &mapping.account, vec![id.to_owned()])
        .await?;
    let Some(mut stored) = known.by_id.remove(id) else {
        return Ok(Receipt::NotStored);
    };
    let statement = "SELECT raw FROM order_texts WHERE key = ?1";
    let raw = match first(sql, statement, &[stored.key.into()]).await? {
        Some(mut row) => row.raw(0)?,
        None => Bytes::new(),
    };
    let Ok(order) = (mapping.read)(&raw) else {
        return Ok(Receipt::TextUnread);
    };
    let order = known.adjusted(id, &order);
    if stored.times.may_be_due(millis(received)) {
        stored.times.due_at = Some(millis(received));
    }
    writer.read_again(stored, "adjusted", &order);
    Ok(Receipt::Adjusted)
}

/// How a version reads a push that was kept. `None`: it cannot.
pub(crate) type ReadPush = dyn Fn(&KeptPush) -> Result<Push, String> + Send + Sync;

/// Reads some pushes again, behind a number, within a transaction of the caller's: those that wait or could not be read, and
/// the adjustments that an older version read. Answers how many are applied now that were not, and the last number;
/// `None`: there are no more.
pub(crate) async fn again(
    sql: &mut dyn Sql,
    mapping: &Mapping,
    read: &ReadPush,
    after: i64,
) -> Result<(u64, Option<i64>), Failed> {
    let statement = "SELECT seq, key, event, order_id, at, received_at, raw, state FROM pushes
                     WHERE provider = ?1 AND account = ?2 AND seq > ?3 AND (state <> 'applied' OR mapping < ?4 AND adjustment IS NOT NULL)
                     ORDER BY seq LIMIT ?5";
    let [provider, label] = names(&mapping.account);
    let values = [
        provider,
        label,
        after.into(),
        mapping.version.into(),
        AT_ONCE.into(),
    ];
    let (mut applied, mut last) = (0, None);
    for mut row in sql.rows(statement, &values).await? {
        last = Some(row.int(0)?);
        let was = row.text(7)?;
        let kept = KeptPush {
            key: row.text(1)?,
            event: row.text(2)?,
            order: row.opt_text(3)?,
            at: row.opt_time(4)?,
            received_at: row.time(5)?,
            raw: row.raw(6)?,
        };
        let receipt = match read(&kept) {
            Ok(push) => {
                let statement = "UPDATE pushes SET event = ?4, order_id = ?5, at = ?6, adjustment = ?7, mapping = ?8
                                 WHERE provider = ?1 AND account = ?2 AND key = ?3";
                let [provider, label] = names(&mapping.account);
                let values = [
                    provider,
                    label,
                    Value::from(&kept.key),
                    Value::from(&push.event),
                    push.order.as_deref().into(),
                    push.at.into(),
                    adjustment(&push),
                    mapping.version.into(),
                ];
                sql.execute(statement, &values).await?;
                let at = mapping.commit();
                let mut writer = Writer::new(AccountRow::take(sql, &mapping.account).await?, &at);
                let received = kept.received_at;
                let receipt = apply(sql, &mut writer, mapping, &push, received).await?;
                writer.flush_as(sql, &PUSHED).await?;
                receipt
            }
            Err(reason) => Receipt::Unread(reason),
        };
        let is_applied = receipt.state() == PushState::Applied;
        applied += u64::from(is_applied && was != PushState::Applied.as_str());
        note(sql, &mapping.account, &kept.key, &receipt).await?;
    }
    Ok((applied, last))
}
