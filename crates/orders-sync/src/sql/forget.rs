//! Erases what is stored of a person or of an account, and keeps hashes of the orders.

use orders_core::Account;
use serde::{Deserialize, Serialize};

use super::account::{AccountRow, names};
use super::tombstones::{hash, no_marks};
use super::value::{Row, Value, json};
use super::{Failed, Sql};
use crate::diff::Change;
use crate::gap::Missing;
use crate::person::Person;

/// So many rows are looked through in one transaction.
const AT_ONCE: i64 = 500;

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Forgotten {
    /// Orders, with their texts, amounts, lines and adjustments.
    pub orders: u64,
    /// Rows of their history.
    pub changes: u64,
    /// Records that could not be read.
    pub unreadable: u64,
    /// Pushes.
    pub pushes: u64,
    /// Runs, where a whole account was forgotten.
    pub runs: u64,
    /// Whether nothing of it is left in the file and the files beside it; `false`: somebody else had them open. Forget
    /// again. A server overwrites old rows in its own time (`VACUUM FULL`), so there it is `false`.
    pub rewritten: bool,
}

/// The rows of a person.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The numbers of the orders.
    pub(crate) orders: Vec<i64>,
    /// The keys of the records that could not be read.
    pub(crate) unreadable: Vec<String>,
    /// The keys of the pushes.
    pub(crate) pushes: Vec<String>,
}

/// Which of an account's rows are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among {
    Orders,
    History,
    Unreadable,
    Pushes,
}

impl Among {
    pub(crate) const ALL: [Self; 4] = [Self::Orders, Self::History, Self::Unreadable, Self::Pushes];

    /// What is read: the place of a row, then what identifies it, then what it says.
    fn statement(self) -> &'static str {
        match self {
            Self::Orders => {
                "SELECT o.key, o.customer_id, o.customer_email, t.raw FROM order_rows o JOIN order_texts t ON t.key = o.key
                 WHERE o.account = ?3 AND o.key > ?4 AND ?1 <> '' AND ?2 <> '' ORDER BY o.key LIMIT ?5"
            }
            Self::History => {
                "SELECT h.seq, h.key, h.changes FROM history_rows h JOIN order_rows o ON o.key = h.key
                 WHERE o.account = ?3 AND h.seq > ?4 AND ?1 <> '' AND ?2 <> '' ORDER BY h.seq LIMIT ?5"
            }
            Self::Unreadable => {
                "SELECT key, raw FROM unreadable WHERE provider = ?1 AND account = ?2 AND ?3 > 0 AND key > ?4
                 ORDER BY key LIMIT ?5"
            }
            Self::Pushes => {
                "SELECT seq, key, event, raw FROM pushes WHERE provider = ?1 AND account = ?2 AND ?3 > 0 AND seq > ?4
                 ORDER BY seq LIMIT ?5"
            }
        }
    }

    /// The place before the first row.
    fn beginning(self) -> Value {
        match self {
            Self::Unreadable => "".into(),
            _ => Value::Int(0),
        }
    }
}

/// Looks through some rows behind a place. Answers the place of the last one; `None`: there are no more.
pub(crate) async fn look(
    sql: &mut dyn Sql,
    (account, person): (&Account, &mut Person),
    among: Among,
    after: Option<Value>,
    found: &mut Found,
) -> Result<Option<Value>, Failed> {
    let key = super::account::key(sql, account).await?;
    let [provider, label] = names(account);
    let after = after.unwrap_or_else(|| among.beginning());
    let values = [provider, label, key.into(), after, AT_ONCE.into()];
    let mut last = None;
    for mut row in sql.rows(among.statement(), &values).await? {
        last = Some(look_at(&mut row, person, among, found)?);
    }
    Ok(last)
}

fn look_at(
    row: &mut Row,
    person: &mut Person,
    among: Among,
    found: &mut Found,
) -> Result<Value, Failed> {
    Ok(match among {
        Among::Orders => {
            let key = row.int(0)?;
            let (id, email) = (row.opt_text(1)?, row.opt_text(2)?);
            if person.is(id.as_deref(), email.as_deref()) || person.has_email_in(&row.raw(3)?) {
                found.orders.push(key);
                person.has_email(email);
            }
            key.into()
        }
        Among::History => {
            let (seq, key) = (row.int(0)?, row.int(1)?);
            let changes: Vec<Change> = row.json(2)?;
            if changes.iter().any(|change| person.is_in_change(change)) {
                found.orders.push(key);
            }
            seq.into()
        }
        Among::Unreadable => {
            let key = row.text(0)?;
            if person.is_in("", &row.raw(1)?) {
                found.unreadable.push(key.clone());
            }
            key.into()
        }
        Among::Pushes => {
            let (seq, key, event) = (row.int(0)?, row.text(1)?, row.text(2)?);
            if person.is_in(&event, &row.raw(3)?) {
                found.pushes.push(key);
            }
            seq.into()
        }
    })
}

/// Erases rows, and keeps hashes of the orders, within a transaction of the caller's. `salt` is for an account that has none.
pub(crate) async fn forget(
    sql: &mut dyn Sql,
    account: &Account,
    salt: &str,
    found: Found,
) -> Result<Forgotten, Failed> {
    let row = AccountRow::take(sql, account).await?;
    let graves = Graves {
        account: row.key,
        salt: salted(sql, &row, salt).await?,
    };
    let mut done = Forgotten::default();
    let mut ids = Vec::new();
    for keys in found.orders.chunks(AT_ONCE as usize) {
        let statement = "SELECT id, identity, mark FROM order_rows WHERE key IN {1}";
        let values = [Value::Ints(keys.into())];
        for mut row in sql.rows(statement, &values).await? {
            let (id, key) = (row.text(0)?, row.opt_text(1)?);
            graves
                .add(sql, &id, key.as_deref(), row.opt_int(2)?)
                .await?;
            done.orders += 1;
            ids.push(id);
        }
        for table in ["amount_rows", "line_rows", "adjustment_rows", "order_texts"] {
            let statement = format!("DELETE FROM {table} WHERE key IN {{1}}");
            sql.execute(&statement, &values).await?;
        }
        done.changes += sql
            .execute("DELETE FROM history_rows WHERE key IN {1}", &values)
            .await?;
        sql.execute("DELETE FROM order_rows WHERE key IN {1}", &values)
            .await?;
    }
    let [provider, label] = names(account);
    let of = |texts: Vec<String>| [provider.clone(), label.clone(), Value::Texts(texts.into())];
    // A record that could not be read is counted, too.
    let records = [found.unreadable, ids.clone()].concat();
    let statement =
        "SELECT key, mark FROM unreadable WHERE provider = ?1 AND account = ?2 AND key IN {3}";
    let records = of(records);
    for mut row in sql.rows(statement, &records).await? {
        let key = row.text(0)?;
        graves.add(sql, &key, None, row.opt_int(1)?).await?;
        ids.push(key);
    }
    let statement = "DELETE FROM unreadable WHERE provider = ?1 AND account = ?2 AND key IN {3}";
    done.unreadable = sql.execute(statement, &records).await?;
    for (column, texts) in [("order_id", ids.clone()), ("key", found.pushes)] {
        let statement = format!(
            "DELETE FROM pushes WHERE provider = ?1 AND account = ?2 AND {column} IN {{3}}"
        );
        done.pushes += sql.execute(&statement, &of(texts)).await?;
    }
    let records = ids.iter().map(|key| json(&Missing::Record(key.clone())));
    let records = of(records.collect());
    let statement = "DELETE FROM gaps WHERE provider = ?1 AND account = ?2 AND missing IN {3}";
    sql.execute(statement, &records).await?;
    let statement = "SELECT id, missing FROM gaps WHERE provider = ?1 AND account = ?2";
    let mut gaps = Vec::new();
    for mut row in sql.rows(statement, &names(account)).await? {
        if let Missing::Order(order) = row.json(1)?
            && ids.contains(&order.id)
        {
            gaps.push(row.int(0)?);
        }
    }
    sql.execute(
        "DELETE FROM gaps WHERE id IN {1}",
        &[Value::Ints(gaps.into())],
    )
    .await?;
    Ok(done)
}

/// Erases a whole account with its state, its gaps and its runs, and keeps hashes of its orders.
pub(crate) async fn forget_account(
    sql: &mut dyn Sql,
    account: &Account,
    salt: &str,
) -> Result<Forgotten, Failed> {
    let key = super::account::key(sql, account).await?;
    let mut found = Found::default();
    for mut row in sql
        .rows(
            "SELECT key FROM order_rows WHERE account = ?1",
            &[key.into()],
        )
        .await?
    {
        found.orders.push(row.int(0)?);
    }
    let mut done = forget(sql, account, salt, found).await?;
    no_marks(sql, key).await?;
    let mut erased = [0; 5];
    for (erased, table) in
        erased
            .iter_mut()
            .zip(["unreadable", "pushes", "runs", "gaps", "checkpoints"])
    {
        let statement = format!("DELETE FROM {table} WHERE provider = ?1 AND account = ?2");
        *erased = sql.execute(&statement, &names(account)).await?;
    }
    let [unreadable, pushes, runs, ..] = erased;
    done.unreadable += unreadable;
    done.pushes += pushes;
    done.runs = runs;
    Ok(done)
}

/// The salt of an account, made where it has none.
async fn salted(sql: &mut dyn Sql, row: &AccountRow, salt: &str) -> Result<String, Failed> {
    if let Some(salt) = &row.salt {
        return Ok(salt.clone());
    }
    let statement = "UPDATE accounts SET salt = ?2 WHERE key = ?1";
    sql.execute(statement, &[row.key.into(), salt.into()])
        .await?;
    Ok(salt.to_owned())
}

/// Where hashes of orders are kept.
struct Graves {
    account: i64,
    salt: String,
}

impl Graves {
    async fn add(
        &self,
        sql: &mut dyn Sql,
        id: &str,
        key: Option<&str>,
        mark: Option<i64>,
    ) -> Result<(), Failed> {
        let statement =
            "INSERT INTO tombstones (account, id_hash, key_hash, mark) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (account, id_hash) DO NOTHING";
        let values = [
            self.account.into(),
            hash(&self.salt, id).into(),
            key.map(|key| hash(&self.salt, key)).into(),
            mark.into(),
        ];
        sql.execute(statement, &values).await.map(drop)
    }
}
