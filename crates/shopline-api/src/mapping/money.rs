//! Amounts: pairs of shop and presentment money, and plain ones in the currency of the shop.

use orders_core::{Amount, Money, MoneyPair};
use rust_decimal::Decimal;

use crate::orders::{MoneyAmount, MoneySet, Order};

/// The currency that the plain amounts of an order are in.
#[derive(Clone, Copy)]
pub(super) struct Books<'a>(&'a str);

impl<'a> Books<'a> {
    pub(super) fn of(order: &'a Order) -> Self {
        Self(order.currency.as_deref().unwrap_or_default())
    }

    /// A plain amount: in shop currency (documented).
    pub(super) fn plain(self, amount: Decimal) -> Money {
        Money::new(amount, self.0)
    }

    /// Both sides; a shop side that was not sent is the plain amount. A plain amount alone is a single one.
    pub(super) fn amount(self, set: Option<&MoneySet>, plain: Option<Decimal>) -> Option<Amount> {
        let plain = plain.map(|amount| self.plain(amount));
        let sides = set.map(|set| MoneyPair {
            shop: side(set.shop_money.as_ref()),
            presentment: side(set.presentment_money.as_ref()),
        });
        match sides {
            Some(pair) if pair != MoneyPair::default() => Some(Amount::Pair(MoneyPair {
                shop: pair.shop.or(plain),
                ..pair
            })),
            _ => plain.map(Amount::Single),
        }
    }

    /// The shop's side alone.
    pub(super) fn shop(self, set: Option<&MoneySet>, plain: Option<Decimal>) -> Option<Money> {
        self.amount(set, plain)?.shop().cloned()
    }
}

fn side(side: Option<&MoneyAmount>) -> Option<Money> {
    let side = side?;
    let currency = side.currency_code.clone().unwrap_or_default();
    Some(Money::new(side.amount?, currency))
}

/// The exact sum; `None` of nothing, of different currencies, or where a part is missing.
pub(super) fn sum(amounts: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    let mut whole: Option<Money> = None;
    for amount in amounts {
        let amount = amount?;
        whole = Some(match whole {
            Some(whole) => whole.checked_add(&amount).ok()?,
            None => amount,
        });
    }
    whole
}

/// The exact sum of each side; a side as [`sum`].
pub(super) fn sum_of_sides(amounts: &[Option<Amount>]) -> Option<Amount> {
    let side = |of: fn(&Amount) -> Option<&Money>| {
        sum(amounts.iter().map(|amount| of(amount.as_ref()?).cloned()))
    };
    let pair = MoneyPair {
        shop: side(Amount::shop),
        presentment: side(|amount| match amount {
            Amount::Pair(pair) => pair.presentment.as_ref(),
            _ => None,
        }),
    };
    match pair {
        MoneyPair {
            shop: None,
            presentment: None,
        } => None,
        MoneyPair {
            shop: Some(shop),
            presentment: None,
        } => Some(Amount::Single(shop)),
        pair => Some(Amount::Pair(pair)),
    }
}
