//! Sums that may be unknown: what is not known is never zero.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{Adjustment, AdjustmentKind, AdjustmentStatus, Amount, Currency, Money, PaymentStatus};

/// A sum by currency, or that it is not known. Nothing is never shown where something is not known.
///
/// ```
/// use orders_core::{Money, MoneyError, Sums};
///
/// let (a, b, c) = ("1.50 EUR".parse()?, "2 EUR".parse()?, "1 USD".parse()?);
/// assert_eq!(Sums::of([&a, &b]).single(), Some("3.50 EUR".parse()?));
/// assert_eq!(Sums::of([&a, &c]).single(), None); // two currencies: match on `Sums::Known`
///
/// let charged: Money = "10 EUR".parse()?;
/// assert_eq!(Sums::of([&a, &b]).taken_from(&charged), Some("6.50 EUR".parse()?));
/// assert_eq!(Sums::Unknown.taken_from(&charged), None); // not known is not zero
/// assert!(Sums::of([]).is_nothing() && !Sums::Unknown.is_nothing());
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sums {
    /// The sum of each currency; empty where there is nothing to add up.
    Known(BTreeMap<Currency, Decimal>),
    /// The sum of each currency of what is known; there may be more.
    AtLeast(BTreeMap<Currency, Decimal>),
    /// Something moved, or may have moved, and the vendor did not say how much.
    Unknown,
}

impl Sums {
    /// Adds amounts up by currency. Unknown where two have no currency, or a sum does not fit an exact decimal.
    #[must_use]
    pub fn of<'a>(amounts: impl IntoIterator<Item = &'a Money>) -> Self {
        Money::sum_by_currency(amounts).map_or(Self::Unknown, Self::Known)
    }

    /// Whether the sum is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether it is known that there is nothing: no amount, or amounts of zero.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Known(sums) if sums.values().all(Decimal::is_zero))
    }

    /// The sum where it is of one currency; `None` where it is unknown, of several, or of none.
    #[must_use]
    pub fn single(&self) -> Option<Money> {
        let Self::Known(sums) = self else { return None };
        let mut each = sums.iter();
        let (currency, amount) = each.next()?;
        let single = Money::new(*amount, currency.clone());
        each.next().is_none().then_some(single)
    }

    /// What is left of an amount after this sum; `None` where the sum is not known, or is of another currency.
    #[must_use]
    pub fn taken_from(&self, amount: &Money) -> Option<Money> {
        match self {
            Self::Unknown | Self::AtLeast(_) => None,
            Self::Known(sums) if sums.is_empty() => Some(amount.clone()),
            Self::Known(_) => amount.checked_sub(&self.single()?).ok(),
        }
    }

    /// What is known of money back where there may be more: all of it only where everything that was charged went back.
    pub(crate) fn at_least(self, payment: Option<PaymentStatus>, charged: Option<&Money>) -> Self {
        let whole = payment == Some(PaymentStatus::Refunded)
            && charged.is_some_and(|charged| self.single().as_ref() == Some(charged));
        match self {
            Self::Known(sums) if !whole => Self::AtLeast(sums),
            sums => sums,
        }
    }
}

/// What was paid back by these adjustments, of an order whose payment stands there.
pub(crate) fn money_back(payment: Option<PaymentStatus>, adjustments: &[Adjustment]) -> Sums {
    let refunds = adjustments
        .iter()
        .filter(|a| a.kind == AdjustmentKind::Refund);
    let silent = adjustments
        .iter()
        .all(|a| a.kind == AdjustmentKind::Chargeback);
    let mut amounts = Vec::new();
    for refund in refunds {
        match (refund.normal_status(), &refund.amount) {
            (AdjustmentStatus::Succeeded, Some(amount)) => match in_one(amount) {
                Some(money) => amounts.push(money),
                None => return Sums::Unknown,
            },
            (AdjustmentStatus::Pending | AdjustmentStatus::Failed, _) => {}
            (AdjustmentStatus::Succeeded | AdjustmentStatus::Unknown, _) => return Sums::Unknown,
        }
    }
    let moved = amounts.iter().any(|money| !money.amount.is_zero());
    match payment {
        Some(PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded) if !moved => Sums::Unknown,
        None | Some(PaymentStatus::Unknown) if silent => Sums::Unknown,
        _ => Sums::of(amounts),
    }
}

/// The side of an amount that is summed: the seller's, else the buyer's.
fn in_one(amount: &Amount) -> Option<&Money> {
    amount.shop().or_else(|| amount.presentment())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn refund(amount: Option<&str>, status: AdjustmentStatus) -> Adjustment {
        let mut refund = Adjustment::new(AdjustmentKind::Refund).with_status("", status);
        refund.amount = amount.map(|text| money(text).into());
        refund
    }

    fn shown(sums: &Sums) -> String {
        match sums {
            Sums::Unknown => "unknown".into(),
            Sums::AtLeast(sums) => format!("at least {}", shown(&Sums::Known(sums.clone()))),
            Sums::Known(sums) => {
                let each = sums
                    .iter()
                    .map(|(currency, sum)| format!("{sum} {currency}"));
                each.collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn only_payments_that_succeeded_are_money_back() {
        use AdjustmentStatus::{Failed, Pending, Succeeded, Unknown};
        let paid = Some(PaymentStatus::Paid);
        let mut goods = Adjustment::new(AdjustmentKind::Return);
        goods.amount = Some(money("500 EUR").into());
        let mut less = Adjustment::new(AdjustmentKind::Discrepancy);
        less.amount = Some(money("500 EUR").into());
        let dispute = Adjustment::new(AdjustmentKind::Chargeback).with_status("lost", Succeeded);
        let all: Vec<(Vec<Adjustment>, Option<PaymentStatus>, &str)> = vec![
            (vec![], paid, ""),
            (vec![], Some(PaymentStatus::Unpaid), ""),
            (vec![], Some(PaymentStatus::Failed), ""),
            (vec![], None, "unknown"),
            (vec![], Some(PaymentStatus::Unknown), "unknown"),
            (vec![], Some(PaymentStatus::Refunded), "unknown"),
            (vec![], Some(PaymentStatus::PartiallyRefunded), "unknown"),
            (
                vec![refund(Some("20.00 EUR"), Succeeded)],
                paid,
                "20.00 EUR",
            ),
            (vec![refund(Some("20.00 EUR"), Pending)], paid, ""),
            (vec![refund(Some("20.00 EUR"), Failed)], None, ""),
            (vec![refund(Some("20.00 EUR"), Unknown)], paid, "unknown"),
            (vec![refund(None, Succeeded)], paid, "unknown"),
            (vec![refund(None, Unknown)], paid, "unknown"),
            (
                vec![
                    refund(Some("20.00 usd"), Succeeded),
                    refund(Some("5.00 USD"), Succeeded),
                    refund(Some("3 EUR"), Succeeded),
                    refund(Some("9 EUR"), Pending),
                ],
                Some(PaymentStatus::PartiallyRefunded),
                "3 EUR, 25.00 USD",
            ),
            (
                vec![refund(Some("1 EUR"), Succeeded), refund(None, Unknown)],
                paid,
                "unknown",
            ),
            (
                vec![refund(Some("0.0 EUR"), Succeeded)],
                Some(PaymentStatus::Refunded),
                "unknown",
            ),
            (
                vec![refund(Some("1"), Succeeded), refund(Some("1"), Succeeded)],
                paid,
                "unknown",
            ),
            (vec![dispute.clone()], None, "unknown"),
            (vec![goods.clone()], None, ""),
            (vec![goods, less, dispute], Some(PaymentStatus::Unpaid), ""),
        ];
        for (adjustments, payment, sum) in all {
            assert_eq!(
                shown(&money_back(payment, &adjustments)),
                sum,
                "{adjustments:?}"
            );
        }
    }

    #[test]
    fn refunds_that_come_one_by_one_are_all_where_everything_went_back() {
        let paid = |payment, refunds: &[&str]| {
            let mut order = crate::Order::new("clink", "main", "1");
            order.payment = Some(crate::Mapped::new("", payment));
            order.totals = vec![crate::Total::new(
                crate::TotalKind::Charged,
                money("20.0 EUR"),
            )];
            for (at, amount) in refunds.iter().enumerate() {
                let mut back = refund(Some(amount), AdjustmentStatus::Succeeded);
                back.id = Some(at.to_string());
                order.adjust(back);
            }
            let net = order.net().map(|net| net.to_string());
            (shown(&order.money_back()), net)
        };
        use PaymentStatus::{Paid, PartiallyRefunded, Refunded};
        let known = |sum: &str, net: &str| (sum.to_owned(), Some(net.to_owned()));
        let part = |sum: &str| (sum.to_owned(), None);
        assert_eq!(paid(Paid, &[]), known("", "20.0 EUR"));
        assert_eq!(
            paid(Refunded, &["15 EUR", "5.00 EUR"]),
            known("20.00 EUR", "0.00 EUR")
        );
        assert_eq!(paid(Refunded, &["15 EUR"]), part("at least 15 EUR"));
        assert_eq!(paid(Refunded, &["20 USD"]), part("at least 20 USD"));
        assert_eq!(
            paid(PartiallyRefunded, &["20 EUR"]),
            part("at least 20 EUR")
        );
        assert_eq!(paid(Paid, &["5 EUR"]), part("at least 5 EUR"));
        assert_eq!(paid(PartiallyRefunded, &[]), part("unknown"));
    }

    #[test]
    fn a_sum_is_taken_from_an_amount_of_its_own_currency_alone() {
        let of = |texts: &[&str]| Sums::of(&texts.iter().map(|t| money(t)).collect::<Vec<_>>());
        let left = |sums: &Sums, from: &str| sums.taken_from(&money(from)).map(|m| m.to_string());
        assert_eq!(left(&of(&[]), "5.00 EUR").as_deref(), Some("5.00 EUR"));
        assert_eq!(left(&of(&[]), "5.00").as_deref(), Some("5.00"));
        assert_eq!(
            left(&of(&["2 EUR"]), "5.00 eur").as_deref(),
            Some("3.00 EUR")
        );
        assert_eq!(
            left(&of(&["2 EUR", "1 EUR"]), "3 EUR").as_deref(),
            Some("0 EUR")
        );
        assert_eq!(left(&of(&["2 GBP"]), "5.00 EUR"), None);
        assert_eq!(left(&of(&["2 GBP", "1 EUR"]), "5.00 EUR"), None);
        assert_eq!(
            left(&of(&["2"]), "5.00"),
            None,
            "nothing says that both are one currency"
        );
        assert_eq!(left(&Sums::Unknown, "5.00 EUR"), None);
        assert!(of(&[]).is_nothing() && of(&["0.00 EUR"]).is_nothing());
        assert!(!Sums::Unknown.is_nothing() && !Sums::Unknown.is_known());
    }
}
