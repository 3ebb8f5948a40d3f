//! Who works on an account: a lease in its row, with a number that fences off whoever had it before.

use chrono::{DateTime, Utc};
use orders_core::Account;

use crate::sql::{Failed, Sql, Value, first, make_account, names, one};

/// The owner's backend is there. Where the time of its beginning may not be read, its number is taken for it.
const IS_THERE: &str = "EXISTS (SELECT FROM pg_stat_activity s WHERE s.pid = accounts.owner_pid
     AND (s.backend_start = accounts.owner_started OR s.backend_start IS NULL))";
/// What a transaction of the owner's writes into the row: the account is the owner's for another minute from then.
const RENEWED: &str =
    "lease_until = clock_timestamp() + interval '60 s', owner_pid = pg_backend_pid(),
     owner_started = (SELECT s.backend_start FROM pg_stat_get_activity(pg_backend_pid()) s)";

/// An account that was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) key: i64,
    pub(super) epoch: i64,
}

/// Who has an account, and until when.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) owner: Option<String>,
    pub(super) until: Option<DateTime<Utc>>,
}

/// Takes the account where it is free: nobody has it, the lease has ended, or the owner's backend has.
pub(super) async fn take(
    sql: &mut dyn Sql,
    account: &Account,
    owner: String,
) -> Result<Result<Taken, Holder>, Failed> {
    make_account(sql, account).await?;
    // Held first: what is seen of the owner is newer than the row then.
    let held =
        "SELECT owner, lease_until FROM accounts WHERE provider = ?1 AND account = ?2 FOR UPDATE";
    let mut row = one(sql, held, &names(account)).await?;
    let holder = Holder {
        owner: row.opt_text(0)?,
        until: row.opt_time(1)?,
    };
    let statement = format!(
        "UPDATE accounts SET owner = ?3, epoch = epoch + 1, {RENEWED} WHERE provider = ?1 AND account = ?2
         AND (owner IS NULL OR lease_until < clock_timestamp() OR NOT {IS_THERE}) RETURNING key, epoch"
    );
    let [provider, label] = names(account);
    let values = [provider, label, owner.into()];
    let taken = match first(sql, &statement, &values).await? {
        None => return Ok(Err(holder)),
        Some(mut row) => Taken {
            key: row.int(0)?,
            epoch: row.int(1)?,
        },
    };
    Ok(Ok(taken))
}

/// Renews the lease: what each transaction of the owner's begins with. It writes one row, or the account is taken over.
/// The row is held until the transaction ends, so its changes become visible in their order.
pub(super) fn fence(taken: Taken) -> String {
    let Taken { key, epoch } = taken;
    format!("UPDATE accounts SET {RENEWED} WHERE key = {key} AND epoch = {epoch}")
}

/// Gives the account back.
pub(super) async fn release(sql: &mut dyn Sql, taken: Taken) -> Result<(), Failed> {
    let statement = "UPDATE accounts SET owner = NULL, lease_until = NULL, owner_pid = NULL, owner_started = NULL
                     WHERE key = ?1 AND epoch = ?2";
    let values: [Value; 2] = [taken.key.into(), taken.epoch.into()];
    sql.execute(statement, &values).await.map(drop)
}

/// Whether a run has the account now. A standby does not see the backends of its primary.
pub(super) async fn is_held(sql: &mut dyn Sql, account: &Account) -> Result<bool, Failed> {
    let statement = format!(
        "SELECT owner IS NOT NULL AND lease_until >= clock_timestamp()
         AND (pg_is_in_recovery() OR {IS_THERE}) FROM accounts
         WHERE provider = ?1 AND account = ?2"
    );
    let row = first(sql, &statement, &names(account)).await?;
    row.map_or(Ok(false), |mut row| row.flag(0))
}
