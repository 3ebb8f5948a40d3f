//! Totals by currency. Amounts in two currencies are never added, nor are an estimate and its confirmation.

use std::collections::BTreeMap;

use orders_core::{Currency, Money, MoneyError, Order, TotalKind};
use serde::Serialize;

/// The amount of an order that a sum adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Grand,
    /// The present cost of the order: SHOPLINE has no other total of everything.
    Current,
    Estimated,
    Confirmed,
}

impl What {
    const ALL: [Self; 4] = [Self::Grand, Self::Current, Self::Estimated, Self::Confirmed];

    fn is(self, kind: &TotalKind) -> bool {
        match self {
            Self::Grand => *kind == TotalKind::Grand,
            Self::Current => {
                matches!(kind, TotalKind::Current(name) if name == "current_total_price")
            }
            Self::Estimated => *kind == TotalKind::Estimated,
            Self::Confirmed => *kind == TotalKind::Confirmed,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Grand => "total",
            Self::Current => "current",
            Self::Estimated => "estimated",
            Self::Confirmed => "confirmed",
        }
    }
}

/// The amounts of an order that can be added, in the currency of the seller's books.
pub(crate) fn amounts(order: &Order) -> impl Iterator<Item = (What, &Money)> {
    What::ALL.into_iter().filter_map(|what| {
        let total = order.totals.iter().find(|total| what.is(&total.kind))?;
        Some((what, total.amount.shop()?))
    })
}

/// Sums by meaning and currency.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<(What, Currency), Result<Money, MoneyError>>);

impl Sums {
    pub(crate) fn add(&mut self, order: &Order) {
        for (what, money) in amounts(order) {
            let key = (what, money.currency.clone());
            match self.0.get_mut(&key) {
                None => {
                    self.0.insert(key, Ok(money.clone()));
                }
                Some(sum) => {
                    let next = sum.as_ref().map_err(Clone::clone);
                    *sum = next.and_then(|sum| sum.checked_add(money));
                }
            }
        }
    }

    /// Each sum with its meaning and currency. The amount is `None` if it cannot be computed exactly.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Sum> + '_ {
        self.0.iter().map(|((what, currency), sum)| Sum {
            what: *what,
            currency: currency.to_string(),
            amount: sum.as_ref().ok().map(|money| money.amount.to_string()),
        })
    }
}

/// A sum, to be shown.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Sum {
    pub(crate) what: What,
    pub(crate) currency: String,
    pub(crate) amount: Option<String>,
}

impl Sum {
    /// The amount, or why there is none.
    pub(crate) fn amount(&self) -> &str {
        let unknown = if self.currency.is_empty() {
            "no currency"
        } else {
            "too large"
        };
        self.amount.as_deref().unwrap_or(unknown)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use orders_core::Total;

    fn order(totals: &[(TotalKind, &str, &str)]) -> Order {
        let mut order = Order::new("clink", "main", "1");
        for (kind, amount, currency) in totals {
            let money = Money::parse(amount, *currency).unwrap();
            order.totals.push(Total::new(kind.clone(), money));
        }
        order
    }

    #[test]
    fn sums_keep_currencies_and_meanings_apart_and_stay_exact() {
        let mut sums = Sums::default();
        sums.add(&order(&[
            (TotalKind::Grand, "0.10", "USD"),
            (TotalKind::Tax, "9", "USD"),
        ]));
        sums.add(&order(&[(TotalKind::Grand, "0.2", "USD")]));
        sums.add(&order(&[
            (TotalKind::Estimated, "5", "CNY"),
            (TotalKind::Confirmed, "4", "USD"),
        ]));
        let shown: Vec<_> = sums
            .iter()
            .map(|sum| format!("{} {} {}", sum.what.word(), sum.amount(), sum.currency))
            .collect();
        assert_eq!(
            shown,
            ["total 0.30 USD", "estimated 5 CNY", "confirmed 4 USD"]
        );
    }

    #[test]
    fn what_has_no_exact_sum_is_said() {
        let mut sums = Sums::default();
        for _ in 0..2 {
            sums.add(&order(&[(TotalKind::Grand, "1", "")]));
            sums.add(&order(&[(
                TotalKind::Grand,
                "79228162514264337593543950335",
                "USD",
            )]));
        }
        let shown: Vec<_> = sums.iter().map(|sum| sum.amount().to_owned()).collect();
        assert_eq!(shown, ["no currency", "too large"]);
    }
}
