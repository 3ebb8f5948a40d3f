//! The row of an account: it counts the rows and the changes of its orders.

use orders_core::Account;

use super::{Failed, Sql, Value, first, one};

/// So many rows and changes an account may have: the number of a row is that of its account, and its own.
const ROWS: i64 = 1 << 40;

/// The row of an account, held by a commit.
#[derive(Debug)]
pub(crate) struct AccountRow {
    /// The number of the account.
    pub(crate) key: i64,
    orders: i64,
    changes: i64,
    pushes: i64,
    /// The salt of its tombstones; `None`: nothing was forgotten.
    pub(crate) salt: Option<String>,
}

impl AccountRow {
    /// Finds the account, made where it is missing. Nobody else has its row until the transaction ends.
    pub(crate) async fn take(sql: &mut dyn Sql, account: &Account) -> Result<Self, Failed> {
        let name = names(account);
        make(sql, account).await?;
        let held = "UPDATE accounts SET changes = changes WHERE provider = ?1 AND account = ?2
                    RETURNING key, orders, changes, pushes, salt";
        let mut row = one(sql, held, &name).await?;
        Ok(Self {
            key: row.int(0)?,
            orders: row.int(1)?,
            changes: row.int(2)?,
            pushes: row.int(3)?,
            salt: row.opt_text(4)?,
        })
    }

    /// The number of a new row of orders.
    pub(crate) fn order(&mut self) -> i64 {
        self.orders += 1;
        self.key * ROWS + self.orders
    }

    /// The number of a new change.
    pub(crate) fn change(&mut self) -> i64 {
        self.changes += 1;
        self.key * ROWS + self.changes
    }

    /// The number of a new push, within the account.
    pub(crate) fn push(&mut self) -> i64 {
        self.pushes += 1;
        self.pushes
    }

    /// Keeps what was counted.
    pub(crate) async fn save(&self, sql: &mut dyn Sql) -> Result<(), Failed> {
        let kept = "UPDATE accounts SET orders = ?2, changes = ?3, pushes = ?4 WHERE key = ?1";
        let counted = [self.orders, self.changes, self.pushes].map(Value::from);
        let [orders, changes, pushes] = counted;
        let values = [self.key.into(), orders, changes, pushes];
        sql.execute(kept, &values).await.map(drop)
    }
}

/// Makes the row of an account where it is missing.
pub(crate) async fn make(sql: &mut dyn Sql, account: &Account) -> Result<(), Failed> {
    if key(sql, account).await? == 0 {
        let made = "INSERT INTO accounts (provider, account) VALUES (?1, ?2) ON CONFLICT (provider, account) DO NOTHING";
        sql.execute(made, &names(account)).await?;
    }
    Ok(())
}

/// The number of an account; none has 0.
pub(crate) async fn key(sql: &mut dyn Sql, account: &Account) -> Result<i64, Failed> {
    let find = "SELECT key FROM accounts WHERE provider = ?1 AND account = ?2";
    let name = names(account);
    first(sql, find, &name)
        .await?
        .map_or(Ok(0), |mut row| row.int(0))
}

/// The two names of an account, as the first values of a statement.
pub(crate) fn names(account: &Account) -> [Value; 2] {
    [Value::from(&account.provider), Value::from(&account.label)]
}
