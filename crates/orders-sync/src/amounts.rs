//! The amounts of an order, as they are stored.

use orders_core::{Adjustment, AdjustmentStatus, Amount, Decimal, Money, Order, Sums};

/// One amount of an order, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredAmount {
    /// What the amount means: `grand`, `tax`, `current:<field>`, `other:<field>`, `commission_estimated`, ...
    pub(crate) kind: String,
    /// `single`, or one side of a pair: `shop`, `presentment`.
    pub(crate) side: String,
    /// The amount in major units, exactly as sent: its digits, its sign, its trailing zeros.
    pub(crate) amount: String,
    /// The currency code in upper case; empty where none was sent.
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
            push(&mut found, &kind_of(adjustment), amount);
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

/// `adjustment:<kind>`, and the status where it says that no money moved, or may not have: a sum by kind is of what moved.
fn kind_of(adjustment: &Adjustment) -> String {
    let kind = &adjustment.kind;
    match adjustment.status.as_ref().map(|status| status.normal) {
        None | Some(AdjustmentStatus::Succeeded) => format!("adjustment:{kind}"),
        Some(status) => format!("adjustment:{kind}:{status}"),
    }
}

/// One sum of an order as three columns: the exact text, the currency, the minor units. All `None`: not known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) amount: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) minor: Option<i64>,
}

impl Column {
    pub(crate) fn of(money: Option<&Money>) -> Self {
        let Some(money) = money else {
            return Self::default();
        };
        let stored = stored("", "", money);
        Self {
            amount: Some(stored.amount),
            currency: Some(stored.currency),
            minor: stored.minor,
        }
    }

    /// Money back: nothing is a zero without a currency. A sum of several currencies is none: its parts are amounts.
    pub(crate) fn of_sums(sums: &Sums) -> Self {
        match sums {
            Sums::Known(sums) if sums.is_empty() => Self {
                amount: Some(Decimal::ZERO.to_string()),
                currency: None,
                minor: Some(0),
            },
            sums => Self::of(sums.single().as_ref()),
        }
    }
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

#[cfg(test)]
mod tests {
    use orders_core::AdjustmentKind;

    use super::*;

    #[test]
    fn a_sum_by_kind_is_of_money_that_moved() {
        for (kind, status, word) in [
            (
                AdjustmentKind::Refund,
                Some(AdjustmentStatus::Succeeded),
                "adjustment:refund",
            ),
            (
                AdjustmentKind::Refund,
                Some(AdjustmentStatus::Pending),
                "adjustment:refund:pending",
            ),
            (
                AdjustmentKind::Refund,
                Some(AdjustmentStatus::Unknown),
                "adjustment:refund:unknown",
            ),
            (
                AdjustmentKind::Chargeback,
                Some(AdjustmentStatus::Failed),
                "adjustment:chargeback:failed",
            ),
            (AdjustmentKind::Return, None, "adjustment:return"),
        ] {
            let adjustment = Adjustment::new(kind);
            let adjustment = match status {
                Some(status) => adjustment.with_status("", status),
                None => adjustment,
            };
            assert_eq!(kind_of(&adjustment), word);
        }
    }

    #[test]
    fn what_is_not_known_is_no_number() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        assert_eq!(Column::of(None), Column::default());
        let usd = Column::of(Some(&money("19.90 usd")));
        assert_eq!(usd.amount.as_deref(), Some("19.90"));
        assert_eq!(
            (usd.currency.as_deref(), usd.minor),
            (Some("USD"), Some(1990))
        );
        assert_eq!(Column::of_sums(&Sums::Unknown), Column::default());
        let nothing = Column::of_sums(&Sums::of([]));
        assert_eq!(
            (nothing.amount.as_deref(), nothing.minor),
            (Some("0"), Some(0))
        );
        let two = [money("1 USD"), money("1 EUR")];
        assert_eq!(Column::of_sums(&Sums::of(&two)), Column::default());
        assert_eq!(Column::of_sums(&Sums::of(&two[..1])).minor, Some(100));
    }
}
