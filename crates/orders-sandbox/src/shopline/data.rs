//! SHOPLINE's orders: invented, oldest first, by customer.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::changes::{State, UNCHANGED};
use super::order_json::{self, Subject};
use super::paging::{Direction, Page, PageInfo, StatusFilter, by_number};
use crate::bodies::{Bodies, Written};
use crate::random::Random;
use crate::setup::Setup;
use crate::truth::TruthOrder;
use crate::vendor::Vendor;

/// The age of the oldest order: 180 days, in milliseconds.
const REACH: i64 = 180 * 86_400_000;
/// The age of the newest order, so that its parcel was shipped before now: two hours, in milliseconds.
const SETTLING: i64 = 2 * 3_600_000;
/// The last change of an order comes within 30 days, in milliseconds.
const CHANGES: i64 = 30 * 86_400_000;

/// The facts by which an order is found.
pub(crate) struct Head {
    /// 26 decimal digits, growing with time.
    pub(crate) id: String,
    pub(super) customer: usize,
    /// When it was cancelled.
    pub(super) cancelled: Option<i64>,
    pub(super) archived: bool,
    /// Milliseconds since the epoch.
    pub(super) created: i64,
    /// Milliseconds since the epoch: the last change, never after now.
    pub(super) updated: i64,
}

/// All orders of the store. The number of an order is its place by id.
pub(crate) struct Store {
    pub(super) seed: u64,
    /// Whether orders are small.
    pub(super) small: bool,
    pub(crate) heads: Vec<Head>,
    /// The changes of orders since the start.
    pub(super) states: HashMap<usize, State>,
    pub(crate) deleted: HashSet<usize>,
    pub(super) customers: Vec<Customer>,
    places: HashMap<String, usize>,
    /// Time of the last change, and number.
    by_update: BTreeSet<(i64, usize)>,
    pub(super) bodies: Bodies,
}

/// A customer, and the numbers of its orders, ascending.
pub(super) struct Customer {
    pub(super) id: String,
    pub(super) orders: Vec<usize>,
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
        // Few customers, so that a demo's requests fit into the burst; more of them with more orders.
        let crowd = (orders.isqrt() * 3 / 2).max(1);
        let mut customers: Vec<_> = (0..crowd)
            .map(|place| Customer {
                id: customer_id(place),
                orders: Vec::new(),
            })
            .collect();
        let step = REACH / i64::try_from(orders.max(1)).unwrap_or(i64::MAX);
        let end = now.timestamp() * 1000;
        let start = end - SETTLING - step * i64::try_from(orders).unwrap_or(0);
        let mut heads = Vec::with_capacity(orders);
        for number in 0..orders {
            let oldest = start + step * i64::try_from(number).unwrap_or(0);
            let head = Head::invent(seed, number, crowd, (oldest, oldest + step - 1), end);
            customers[head.customer].orders.push(number);
            heads.push(head);
        }
        let places = customers
            .iter()
            .enumerate()
            .map(|(place, customer)| (customer.id.clone(), place))
            .collect();
        let updated = heads.iter().enumerate();
        let by_update = updated.map(|(number, head)| (head.updated, number));
        Self {
            seed,
            small,
            by_update: by_update.collect(),
            heads,
            states: HashMap::new(),
            deleted: HashSet::new(),
            customers,
            places,
            bodies: Bodies::new(orders),
        }
    }

    pub(crate) fn customers(&self) -> Vec<String> {
        let buyers = self
            .customers
            .iter()
            .filter(|customer| !customer.orders.is_empty());
        buyers.map(|customer| customer.id.clone()).collect()
    }

    /// The page of a request. Empty for an unknown customer (inferred).
    pub(super) fn page(&self, ask: &PageInfo) -> Page {
        let orders = self
            .places
            .get(&ask.customer)
            .map_or(&[][..], |place| &self.customers[*place].orders[..]);
        let floor = by_number(&ask.floor);
        let listed = |number: &&usize| {
            let head = &self.heads[**number];
            by_number(&head.id) > floor && fits(head, ask.status) && !self.deleted.contains(number)
        };
        let take = usize::try_from(ask.limit).unwrap_or(0);
        let since = by_number(&ask.since);
        let (numbers, start, end): (Vec<usize>, usize, usize) = match ask.direction {
            Direction::Next => {
                let start =
                    orders.partition_point(|number| by_number(&self.heads[*number].id) <= since);
                let numbers: Vec<_> = orders[start..]
                    .iter()
                    .filter(listed)
                    .take(take)
                    .copied()
                    .collect();
                let end = numbers.last().map_or(start, |last| {
                    orders.partition_point(|number| number <= last)
                });
                (numbers, start, end)
            }
            Direction::Previous => {
                let end =
                    orders.partition_point(|number| by_number(&self.heads[*number].id) < since);
                let mut numbers: Vec<_> = orders[..end]
                    .iter()
                    .rev()
                    .filter(listed)
                    .take(take)
                    .copied()
                    .collect();
                numbers.reverse();
                let start = numbers
                    .first()
                    .map_or(end, |first| orders.partition_point(|number| number < first));
                (numbers, start, end)
            }
        };
        let edges = numbers.first().zip(numbers.last());
        let edges = edges
            .map(|(first, last)| (self.heads[*first].id.clone(), self.heads[*last].id.clone()));
        Page {
            edges,
            more_before: orders[..start].iter().rev().any(|number| listed(&number)),
            more_after: orders[end..].iter().any(|number| listed(&number)),
            numbers,
        }
    }

    pub(crate) fn written(&self, number: usize) -> Arc<Written> {
        self.bodies
            .get(number, || order_json::write(&self.subject(number)))
    }

    /// The input for the text of an order.
    pub(super) fn subject(&self, number: usize) -> Subject<'_> {
        let head = &self.heads[number];
        Subject {
            seed: self.seed,
            small: self.small,
            number,
            head,
            customer: &self.customers[head.customer].id,
            state: self.states.get(&number).unwrap_or(&UNCHANGED),
        }
    }

    /// The number of an order, read from its id.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let number: usize = id.get(16..)?.parse().ok()?;
        let is_it = self.heads.get(number)?.id == id && !self.deleted.contains(&number);
        is_it.then_some(number)
    }

    /// Takes an order out of every answer.
    pub(super) fn delete(&mut self, number: usize) {
        self.by_update.remove(&(self.heads[number].updated, number));
        self.deleted.insert(number);
    }

    /// The place of a customer.
    pub(super) fn customer(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Sets the last change of an order to now (milliseconds since the epoch).
    pub(super) fn touch(&mut self, number: usize, now: i64) {
        let before = std::mem::replace(&mut self.heads[number].updated, now);
        self.by_update.remove(&(before, number));
        self.by_update.insert((now, number));
    }

    /// The numbers of the orders last changed within a time span (milliseconds since the epoch), ascending. None if
    /// there are more than `most`.
    pub(super) fn updated(&self, time: Range<i64>, most: usize) -> Option<Vec<usize>> {
        if time.is_empty() {
            return Some(Vec::new());
        }
        let found = self.by_update.range((time.start, 0)..(time.end, 0));
        let mut numbers: Vec<_> = found.take(most + 1).map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        (numbers.len() <= most).then_some(numbers)
    }

    /// The numbers of the orders created within a time span (milliseconds since the epoch).
    pub(super) fn created(&self, time: Range<i64>) -> Range<usize> {
        let first = |from: i64| self.heads.partition_point(|head| head.created < from);
        first(time.start)..first(time.end)
    }

    /// A customer with orders, chosen by the dice. After some attempts the first customer.
    pub(super) fn any_customer(&self, dice: &mut Random) -> usize {
        let ordered = |place: &usize| !self.customers[*place].orders.is_empty();
        let tries = (0..20).map(|_| dice.below(self.customers.len() as u64) as usize);
        tries.into_iter().find(ordered).unwrap_or(0)
    }

    /// Creates an order of a customer now (milliseconds since the epoch).
    pub(super) fn append(&mut self, now: i64, customer: usize, state: State) -> usize {
        let number = self.heads.len();
        let head = Head {
            customer,
            cancelled: None,
            archived: false,
            updated: now,
            ..Head::invent(self.seed, number, 1, (now, now), now)
        };
        self.customers[customer].orders.push(number);
        self.by_update.insert((now, number));
        self.heads.push(head);
        self.states.insert(number, state);
        self.bodies.grow(self.heads.len());
        number
    }

    /// The numbers of all orders, which are in the order of ids.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let all = 0..self.heads.len();
        all.filter(|number| !self.deleted.contains(number))
            .collect()
    }

    pub(crate) fn truth(&self, number: usize) -> TruthOrder {
        let id = self.heads[number].id.clone();
        self.written(number).truth(Vendor::Shopline, id)
    }
}

/// `open` and `cancelled` exclude archived orders; `any` includes them (documented).
fn fits(head: &Head, status: StatusFilter) -> bool {
    match status {
        StatusFilter::Any => true,
        StatusFilter::Open => !head.archived && head.cancelled.is_none(),
        StatusFilter::Cancelled => !head.archived && head.cancelled.is_some(),
    }
}

/// Ten digits as in the documented sample, or as long as the recorded ones.
fn customer_id(place: usize) -> String {
    if place % 3 == 2 {
        format!("42016080{place:018}")
    } else {
        format!("2002{place:06}")
    }
}

/// Whether the seed cancelled an order.
pub(super) fn born_cancelled(number: usize) -> bool {
    number % 9 == 4
}

impl Head {
    fn invent(
        seed: u64,
        number: usize,
        crowd: usize,
        (oldest, newest): (i64, i64),
        now: i64,
    ) -> Self {
        let mut random = Random::of(seed, "shopline", number);
        let created = random.between(oldest, newest);
        let updated = random.between(created + SETTLING, (created + CHANGES).min(now));
        // One customer has many more orders than the others, so that its list has several pages.
        let customer = if random.chance(25) {
            0
        } else {
            random.below(crowd as u64) as usize
        };
        Self {
            id: format!("21{created:014}{number:010}"),
            customer,
            cancelled: born_cancelled(number).then_some(updated),
            archived: number % 8 == 7,
            created,
            updated,
        }
    }
}
