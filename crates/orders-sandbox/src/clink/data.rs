//! Clink's orders: invented, newest first.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::order_json::write;
use crate::random::Random;
use crate::texts::{Texts, Written};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;

/// Orders reach back so far: 90 days, in milliseconds.
const REACH: i64 = 90 * 86_400_000;
/// A payment is final within 15 minutes, and the newest order is at least so old: in milliseconds.
pub(super) const PAYING: i64 = 900_000;

/// All orders of the account. The number of an order is its place, 0 the newest.
pub(crate) struct Store {
    seed: u64,
    heads: Vec<Head>,
    by_customer: Index,
    by_subscription: Index,
    by_reference: Index,
    texts: Texts,
}

type Index = HashMap<String, Vec<usize>>;

/// What orders are found by.
pub(super) struct Head {
    pub(super) id: String,
    /// Milliseconds since the epoch.
    pub(super) created: i64,
    pub(super) customer: String,
    pub(super) subscription: Option<String>,
    /// Neither unique nor always useful: the text `null` is recorded.
    pub(super) reference: Option<String>,
}

/// The filters of a request; all given ones must fit.
pub(super) struct Filter<'a> {
    pub(super) customer: Option<&'a str>,
    pub(super) subscription: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
}

impl Store {
    pub(crate) fn new(seed: u64, orders: usize, now: DateTime<Utc>) -> Self {
        let step = REACH / i64::try_from(orders.max(1)).unwrap_or(i64::MAX);
        let mut oldest_of_step = now.timestamp() * 1000 - PAYING;
        let heads: Vec<Head> = (0..orders)
            .map(|number| {
                oldest_of_step -= step;
                Head::invent(seed, number, orders, oldest_of_step, step)
            })
            .collect();
        Self {
            seed,
            by_customer: index(&heads, |head| Some(&head.customer)),
            by_subscription: index(&heads, |head| head.subscription.as_ref()),
            by_reference: index(&heads, |head| head.reference.as_ref()),
            texts: Texts::new(orders),
            heads,
        }
    }

    /// How many orders fit, and the numbers of those on one page.
    pub(super) fn page(
        &self,
        filter: &Filter<'_>,
        skip: usize,
        take: usize,
    ) -> (usize, Vec<usize>) {
        let keyed = [
            filter.subscription.map(|key| self.by_subscription.get(key)),
            filter.reference.map(|key| self.by_reference.get(key)),
            filter.customer.map(|key| self.by_customer.get(key)),
        ];
        let Some(found) = keyed.into_iter().flatten().next() else {
            let total = self.heads.len();
            return (total, (0..total).skip(skip).take(take).collect());
        };
        let fitting: Vec<usize> = found
            .into_iter()
            .flatten()
            .copied()
            .filter(|number| self.fits(*number, filter))
            .collect();
        (
            fitting.len(),
            fitting.into_iter().skip(skip).take(take).collect(),
        )
    }

    fn fits(&self, number: usize, filter: &Filter<'_>) -> bool {
        let head = &self.heads[number];
        filter.customer.is_none_or(|id| head.customer == id)
            && filter
                .subscription
                .is_none_or(|id| head.subscription.as_deref() == Some(id))
            && filter
                .reference
                .is_none_or(|id| head.reference.as_deref() == Some(id))
    }

    pub(super) fn written(&self, number: usize) -> Arc<Written> {
        self.texts
            .get(number, || write(self.seed, number, &self.heads[number]))
    }

    pub(crate) fn truth(&self) -> Vec<TruthOrder> {
        let truth = |(number, head): (usize, &Head)| {
            let written = self.written(number);
            TruthOrder {
                vendor: Vendor::Clink,
                id: head.id.clone(),
                json: written.json.clone(),
                lines: written.lines,
                totals: written.totals.clone(),
            }
        };
        self.heads.iter().enumerate().map(truth).collect()
    }
}

fn index<'a>(heads: &'a [Head], key: impl Fn(&'a Head) -> Option<&'a String>) -> Index {
    let mut index = Index::new();
    for (number, head) in heads.iter().enumerate() {
        if let Some(key) = key(head) {
            index.entry(key.clone()).or_default().push(number);
        }
    }
    index
}

impl Head {
    fn invent(seed: u64, number: usize, orders: usize, oldest: i64, step: i64) -> Self {
        let mut random = Random::of(seed, "clink", number);
        let recurring = number.is_multiple_of(3);
        let crowd = (orders as u64 / 6).max(1);
        Self {
            // The number in it keeps it unique whatever the dice say.
            id: format!("order_{}{number:x}", random.letters(18)),
            created: oldest + random.between(0, step - 1),
            customer: format!("cus_sandbox{:05}", random.below(crowd)),
            subscription: recurring.then(|| format!("sub_sandbox{:05}", random.below(crowd))),
            reference: match number % 7 {
                0 => None,
                1 => Some("null".to_owned()),
                2 => Some(format!("ref-{:03}", random.below(crowd))),
                _ => Some(format!("ref-{}", random.hex(12))),
            },
        }
    }
}
