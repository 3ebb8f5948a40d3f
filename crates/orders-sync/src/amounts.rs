//! The amounts of an order, as they are stored.

use orders_core::{Amount, Money, Order};

/// One amount of an order, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredAmount {
    /// What the amount means: `grand`, `tax`, `current:<field>`, `other:<field>`, `commission_estimated`, ...
    pub(crate) kind: String,
    /// `single`, or one side of a pair: `shop`, `presentment`.
    pub(crate) side: String,
    /// The amount in major units, exactly as sent: its digits, its sign, its trailing zeros.
    pub(crate) amount: String,
    /// The currency code as sent; empty where none was sent.
    pub(crate) currency: String,
    /// The amount in the currency's minor unit, where ISO 4217 knows the currency, nothing is cut off, and it fits.
    pub(crate) minor: Option<i64>,
}

/// All amounts of an order but those of its lines (which are in the core view).
pub(crate) fn amounts(order: &Order) -> Vec<StoredAmount> {
    let mut found = Vec::new();
    for total in &order.totals {
        push(&mut found, &total.kind.to_string(), &total.amount);
    }
    for adjustment in &order.adjustments {
        if let Some(amount) = &adjustment.amount {
            push(
                &mut found,
                &format!("adjustment:{}", adjustment.kind),
                amount,
            );
        }
    }
    if let Some(commission) = &order.commission {
        for (kind, money) in [
            ("commission_estimated", &commission.estimated),
            ("commission_confirmed", &commission.confirmed),
        ] {
            let money = money.iter();
            found.extend(money.map(|money| stored(kind, "single", money)));
        }
    }
    found
}

fn push(found: &mut Vec<StoredAmount>, kind: &str, amount: &Amount) {
    let sides = amount.sides();
    found.extend(sides.map(|(side, money)| stored(kind, side, money)));
}

fn stored(kind: &str, side: &str, money: &Money) -> StoredAmount {
    let minor = money.minor_units();
    StoredAmount {
        kind: kind.to_owned(),
        side: side.to_owned(),
        amount: money.amount.to_string(),
        currency: money.currency.as_str().to_owned(),
        minor: minor.and_then(|minor| i64::try_from(minor).ok()),
    }
}
