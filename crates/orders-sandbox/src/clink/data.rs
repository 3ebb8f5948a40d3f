//! Clink's orders: invented, newest first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::changes::State;
use super::order_json::write;
use super::{refund_json, small_json};
use crate::bodies::{Bodies, Written};
use crate::random::Random;
use crate::setup::Setup;
use crate::truth::{TruthOrder, TruthRefund};
use crate::vendor::Vendor;

/// The age of the oldest order: 90 days, in milliseconds.
const REACH: i64 = 90 * 86_400_000;
/// A payment is final within 15 minutes, and the newest order is at least that old: in milliseconds.
pub(super) const PAYING: i64 = 900_000;

/// All orders of the account. An order from the seed has its place in the list as its number, 0 the newest. Later
/// orders get the next numbers.
pub(crate) struct Store {
    pub(super) seed: u64,
    /// Whether orders are small.
    pub(super) small: bool,
    /// The virtual now at the start, in milliseconds since the epoch.
    pub(super) start: i64,
    /// The number of orders from the seed.
    pub(super) seeded: usize,
    pub(crate) heads: Vec<Head>,
    /// The changes of orders since the start.
    pub(super) states: HashMap<usize, State>,
    pub(crate) deleted: HashSet<usize>,
    by_customer: Index,
    by_subscription: Index,
    by_reference: Index,
    pub(super) bodies: Bodies,
}

type Index = HashMap<String, Vec<usize>>;

/// The facts by which orders are found.
pub(crate) struct Head {
    pub(crate) id: String,
    /// Milliseconds since the epoch.
    pub(super) created: i64,
    pub(super) customer: String,
    pub(super) subscription: Option<String>,
    /// Not unique and not always useful: the text `null` is recorded.
    pub(super) reference: Option<String>,
}

/// The filters of a request. An order must match all that are set.
pub(super) struct Filter<'a> {
    pub(super) customer: Option<&'a str>,
    pub(super) subscription: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
}

impl Store {
    pub(crate) fn new(setup: &Setup) -> Self {
        let Setup {
            seed,
            orders,
            now,
            small,
            ..
        } = *setup;
        let step = REACH / i64::try_from(orders.max(1)).unwrap_or(i64::MAX);
        let mut oldest_of_step = now.timestamp() * 1000 - PAYING;
        let heads: Vec<Head> = (0..orders)
            .map(|number| {
                oldest_of_step -= step;
                Head::invent((seed, small), number, orders, oldest_of_step, step)
            })
            .collect();
        Self {
            seed,
            small,
            start: now.timestamp() * 1000,
            seeded: orders,
            states: HashMap::new(),
            deleted: HashSet::new(),
            by_customer: index(&heads, |head| Some(&head.customer)),
            by_subscription: index(&heads, |head| head.subscription.as_ref()),
            by_reference: index(&heads, |head| head.reference.as_ref()),
            bodies: Bodies::new(orders),
            heads,
        }
    }

    /// The number of matching orders, and the numbers of those on one page.
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
            let total = self.heads.len() - self.deleted.len();
            return (total, self.listed().skip(skip).take(take).collect());
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
        !self.deleted.contains(&number)
            && filter.customer.is_none_or(|id| head.customer == id)
            && filter
                .subscription
                .is_none_or(|id| head.subscription.as_deref() == Some(id))
            && filter
                .reference
                .is_none_or(|id| head.reference.as_deref() == Some(id))
    }

    pub(crate) fn written(&self, number: usize) -> Arc<Written> {
        self.bodies.get(number, || {
            let state = self.states.get(&number);
            let head = &self.heads[number];
            match self.small {
                true => small_json::write(self, number, head, state),
                false => write(self.seed, number, head, state),
            }
        })
    }

    /// The number of the order at a place of the whole list, the newest first.
    fn at(&self, place: usize) -> usize {
        let later = self.heads.len() - self.seeded;
        if place < later {
            self.heads.len() - 1 - place
        } else {
            place - later
        }
    }

    /// The numbers of all orders, the newest first.
    fn listed(&self) -> impl Iterator<Item = usize> {
        let all = (0..self.heads.len()).map(|place| self.at(place));
        all.filter(|number| !self.deleted.contains(number))
    }

    /// The number of an order, read from its id.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let hex = id.strip_prefix("order_")?.get(18..)?;
        let number = usize::from_str_radix(hex, 16).ok()?;
        let is_it = self.heads.get(number)?.id == id && !self.deleted.contains(&number);
        is_it.then_some(number)
    }

    /// Creates an order now (milliseconds since the epoch).
    pub(super) fn append(&mut self, now: i64, state: State) -> usize {
        let number = self.heads.len();
        let head = Head::invent((self.seed, self.small), number, self.seeded, now, 1);
        let newest_first = |index: &mut Index, key: &String| {
            index.entry(key.clone()).or_default().insert(0, number);
        };
        newest_first(&mut self.by_customer, &head.customer);
        if let Some(key) = &head.subscription {
            newest_first(&mut self.by_subscription, key);
        }
        if let Some(key) = &head.reference {
            newest_first(&mut self.by_reference, key);
        }
        self.heads.push(head);
        self.states.insert(number, state);
        self.bodies.grow(self.heads.len());
        number
    }

    /// All refunds, by the place of their order in the list and then by age.
    pub(crate) fn all_refunds(&self) -> Vec<TruthRefund> {
        (0..self.heads.len())
            .flat_map(|place| refund_json::all(self, self.at(place)))
            .collect()
    }

    /// The numbers of all orders, the newest first.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        self.listed().collect()
    }

    pub(crate) fn truth(&self, number: usize) -> TruthOrder {
        let id = self.heads[number].id.clone();
        self.written(number).truth(Vendor::Clink, id)
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
    fn invent(
        (seed, small): (u64, bool),
        number: usize,
        orders: usize,
        oldest: i64,
        step: i64,
    ) -> Self {
        let mut random = Random::of(seed, "clink", number);
        let recurring = number.is_multiple_of(3) && !small;
        let crowd = (orders as u64 / 6).max(1);
        Self {
            // The number in the id keeps it unique, whatever the dice give.
            id: format!("order_{}{number:x}", random.letters(18)),
            created: oldest + random.between(0, step - 1),
            customer: format!("cus_sandbox{:05}", random.below(crowd)),
            subscription: recurring.then(|| format!("sub_sandbox{:05}", random.below(crowd))),
            reference: match number % 7 {
                _ if small => None,
                0 => None,
                1 => Some("null".to_owned()),
                2 => Some(format!("ref-{:03}", random.below(crowd))),
                _ => Some(format!("ref-{}", random.hex(12))),
            },
        }
    }
}
