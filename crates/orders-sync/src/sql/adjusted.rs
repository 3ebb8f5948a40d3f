//! What was pushed of the amounts of orders: refunds and disputes that no order's own text lists.

use std::collections::HashMap;

use orders_core::{Account, Adjustment, Order};

use super::account::names;
use super::value::Value;
use super::{Failed, Sql};
use crate::stored::Receipt;

/// What happened to the amounts of some orders, as pushed, oldest first.
pub(super) async fn adjustments(
    sql: &mut dyn Sql,
    account: &Account,
    ids: Vec<String>,
) -> Result<HashMap<String, Vec<Adjustment>>, Failed> {
    let statement = "SELECT order_id, adjustment FROM pushes WHERE provider = ?1 AND account = ?2 AND order_id IN {3}
                     AND adjustment IS NOT NULL ORDER BY at IS NULL DESC, at, seq";
    let [provider, label] = names(account);
    let values = [provider, label, Value::Texts(ids.into())];
    let mut found: HashMap<String, Vec<Adjustment>> = HashMap::new();
    for mut row in sql.rows(statement, &values).await? {
        found.entry(row.text(0)?).or_default().push(row.json(1)?);
    }
    Ok(found)
}

/// Adds to an order what was pushed of its amounts.
pub(super) fn adjusted(order: &Order, adjustments: &[Adjustment]) -> Order {
    let mut order = order.clone();
    for adjustment in adjustments {
        order.adjust(adjustment.clone());
    }
    order
}

/// Some orders are stored now: what was pushed of their amounts waits no longer.
pub(super) async fn settle(
    sql: &mut dyn Sql,
    account: &Account,
    ids: Vec<String>,
) -> Result<(), Failed> {
    let statement =
        "UPDATE pushes SET state = 'applied', reason = ?4 WHERE provider = ?1 AND account = ?2
                     AND order_id IN {3} AND adjustment IS NOT NULL AND state = 'waiting'";
    let [provider, label] = names(account);
    let reason = Receipt::Adjusted.reason();
    let values = [provider, label, Value::Texts(ids.into()), reason.into()];
    sql.execute(statement, &values).await.map(drop)
}
