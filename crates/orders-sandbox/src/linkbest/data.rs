//! Linkbest's orders: invented, with an index for each time axis.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::order_json::{self, Draft};
use super::request::OrderQuery;
use super::small_json;
use crate::bodies::{Bodies, Written};
use crate::random::Random;
use crate::setup::Setup;
use crate::truth::TruthOrder;
use crate::vendor::Vendor;

const DAY: i64 = 86_400;
/// The range of update times: five days, in seconds.
const REACH: i64 = 5 * DAY;
/// The first id.
const FIRST_ID: u64 = 700_000_000;
/// The largest number of orders in the busiest second.
const BUSIEST_SECOND: usize = 250;

/// The axes that `OrderField` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Update,
    Charge,
    Creation,
}

/// The filters of a request. An order must match all that are set.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) status: Option<i8>,
    pub(super) website: Option<String>,
    pub(super) program: Option<String>,
    pub(super) sub: Option<String>,
}

/// The facts by which an order is found. Times are seconds since the epoch.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) id: u64,
    pub(super) status: i8,
    pub(super) website: &'static str,
    pub(super) program: usize,
    pub(super) sub: &'static str,
    pub(super) created: i64,
    /// Not in the order's JSON: no response field carries it (documented).
    pub(super) updated: i64,
    /// Settled orders only.
    pub(super) charged: Option<i64>,
    /// The merchant's status of every line, once it has changed.
    pub(super) merchant: Option<&'static str>,
}

/// All orders of the key.
pub(crate) struct Store {
    pub(super) seed: u64,
    /// Whether orders are small.
    pub(super) small: bool,
    now: DateTime<Utc>,
    /// The number of orders from the seed.
    pub(super) seeded: usize,
    pub(crate) heads: Vec<Head>,
    pub(crate) deleted: HashSet<usize>,
    by_update: Index,
    by_charge: Index,
    by_creation: Index,
    /// By order number. Made when first needed, since an order number exists only once the order is written.
    by_order_sn: OnceLock<HashMap<String, usize>>,
    bodies: Bodies,
}

/// Time and number of orders, sorted by time and then id.
type Index = BTreeSet<(i64, usize)>;

impl Store {
    pub(crate) fn new(setup: &Setup) -> Self {
        let Setup {
            seed,
            orders,
            now,
            small,
            ..
        } = *setup;
        let heads: Vec<Head> = (0..orders)
            .map(|number| Head::invent(seed, number, now.timestamp()))
            .collect();
        Self {
            seed,
            small,
            now,
            seeded: orders,
            deleted: HashSet::new(),
            by_update: index(&heads, |head| Some(head.updated)),
            by_charge: index(&heads, |head| head.charged),
            by_creation: index(&heads, |head| Some(head.created)),
            by_order_sn: OnceLock::new(),
            bodies: Bodies::new(orders),
            heads,
        }
    }

    /// The numbers of the orders on one page, by the axis and then by id.
    pub(super) fn page(&self, query: &OrderQuery) -> Vec<usize> {
        let index = match query.axis {
            Axis::Update => &self.by_update,
            Axis::Charge => &self.by_charge,
            Axis::Creation => &self.by_creation,
        };
        within(index, query.from, query.to)
            .filter(|number| query.filter.fits(&self.heads[*number]))
            .skip(query.skip)
            .take(query.take)
            .collect()
    }

    /// The numbers of the orders created between two seconds, both included, by creation and then by id.
    pub(super) fn created(&self, from: i64, to: i64) -> impl Iterator<Item = usize> {
        within(&self.by_creation, from, to)
    }

    /// The number of the order of a program by its order number.
    pub(super) fn by_order_sn(&self, program: &str, order_sn: &str) -> Option<usize> {
        let all = || {
            let named = |number| (self.order_sn(number), number);
            (0..self.heads.len()).map(named).collect()
        };
        let number = match self.small {
            true => small_json::number(order_sn).filter(|number| *number < self.heads.len())?,
            false => *self.by_order_sn.get_or_init(all).get(order_sn)?,
        };
        let is_it = order_json::program_id(self.heads[number].program) == program
            && !self.deleted.contains(&number);
        is_it.then_some(number)
    }

    pub(super) fn order_sn(&self, number: usize) -> String {
        match self.small {
            true => small_json::order_sn(number),
            false => self.draft(number).order_sn,
        }
    }

    /// The present amounts of an order.
    pub(super) fn draft(&self, number: usize) -> Draft {
        order_json::draft((self.seed, self.small), number, self.heads[number].status)
    }

    /// The number of an order, read from its id.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let number = id.parse::<u64>().ok()?.checked_sub(FIRST_ID)? / 3;
        let number = usize::try_from(number).ok()?;
        let is_it = self.heads.get(number)?.id.to_string() == id && !self.deleted.contains(&number);
        is_it.then_some(number)
    }

    /// Takes an order out of every answer.
    pub(super) fn delete(&mut self, number: usize) {
        let head = &self.heads[number];
        shift(&mut self.by_update, number, Some(head.updated), None);
        shift(&mut self.by_charge, number, head.charged, None);
        shift(&mut self.by_creation, number, Some(head.created), None);
        self.deleted.insert(number);
    }

    /// Replaces the head of an order, and moves the order on every axis.
    pub(super) fn replace(&mut self, number: usize, head: Head) {
        let old = &self.heads[number];
        shift(
            &mut self.by_update,
            number,
            Some(old.updated),
            Some(head.updated),
        );
        shift(&mut self.by_charge, number, old.charged, head.charged);
        self.heads[number] = head;
        self.bodies.forget(number);
    }

    /// Creates an order now (seconds since the epoch).
    pub(super) fn append(&mut self, now: i64) -> usize {
        let number = self.heads.len();
        let head = Head {
            status: 0,
            created: now,
            updated: now,
            charged: None,
            ..Head::invent(self.seed, number, now)
        };
        shift(&mut self.by_update, number, None, Some(now));
        shift(&mut self.by_creation, number, None, Some(now));
        self.heads.push(head);
        let order_sn = self.order_sn(number);
        if let Some(numbers) = self.by_order_sn.get_mut() {
            numbers.insert(order_sn, number);
        }
        self.bodies.grow(self.heads.len());
        number
    }

    pub(crate) fn written(&self, number: usize) -> Arc<Written> {
        self.bodies.get(number, || {
            let (draft, head) = (self.draft(number), &self.heads[number]);
            match self.small {
                true => small_json::write(draft, number, head),
                false => order_json::write(draft, number, head),
            }
        })
    }

    pub(crate) fn range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let end = self.now.timestamp();
        let last = self.by_update.last().map_or(end, |(time, _)| time + 1);
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(self.now);
        (at(end - REACH), at(end.max(last)))
    }

    /// The numbers of all orders, by update time and id.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        self.by_update.iter().map(|(_, number)| *number).collect()
    }

    pub(crate) fn truth(&self, number: usize) -> TruthOrder {
        let head = &self.heads[number];
        let truth = self
            .written(number)
            .truth(Vendor::Linkbest, head.id.to_string());
        TruthOrder {
            updated_at: DateTime::from_timestamp(head.updated, 0),
            ..truth
        }
    }
}

/// The numbers between two times, both included.
fn within(index: &Index, from: i64, to: i64) -> impl Iterator<Item = usize> {
    let found = index.range((from, 0)..=(to, usize::MAX));
    found.map(|(_, number)| *number)
}

/// Moves an order on an axis. Ids grow with numbers, so the order by number is also the order by id.
fn shift(index: &mut Index, number: usize, from: Option<i64>, to: Option<i64>) {
    if let Some(time) = from {
        index.remove(&(time, number));
    }
    index.extend(to.map(|time| (time, number)));
}

fn index(heads: &[Head], time: impl Fn(&Head) -> Option<i64>) -> Index {
    let timed = heads.iter().enumerate();
    timed
        .filter_map(|(number, head)| Some((time(head)?, number)))
        .collect()
}

impl Filter {
    pub(super) fn fits(&self, head: &Head) -> bool {
        self.status.is_none_or(|status| head.status == status)
            && self.website.as_ref().is_none_or(|id| head.website == *id)
            && self
                .program
                .as_ref()
                .is_none_or(|id| order_json::program_id(head.program) == *id)
            && self.sub.as_ref().is_none_or(|label| head.sub == *label)
    }
}

impl Head {
    fn invent(seed: u64, number: usize, now: i64) -> Self {
        let mut random = Random::of(seed, "linkbest", number);
        let status = order_json::born(number);
        let updated = update_time(&mut random, seed, number, now);
        // A pending order was created just now; a confirmed or invalid one is days or weeks old.
        let age = if status == 0 {
            random.between(0, 6 * 3600)
        } else {
            random.between(2 * DAY, 45 * DAY)
        };
        // The settlement was some time before the last update, or was that update itself.
        let since_settled = random.pick(&[0, 0, 600, DAY]);
        Self {
            id: FIRST_ID + (number as u64) * 3 + random.below(3),
            status,
            website: random.pick(&["1026", "1027", "2040"]),
            program: random.below(order_json::PROGRAMS.len() as u64) as usize,
            sub: random.pick(&["", "blog", "newsletter-03", "标签", "a&b=c"]),
            created: updated - age,
            updated,
            charged: (status == 2).then_some(updated - since_settled),
            merchant: None,
        }
    }
}

/// Mostly quiet, with one very busy second and one busy quarter of an hour, as after a merchant's batch.
fn update_time(random: &mut Random, seed: u64, number: usize, now: i64) -> i64 {
    let start = now - REACH;
    let mut shared = Random::of(seed, "linkbest-busy", 0);
    let second = start + shared.between(DAY, 4 * DAY);
    let quarter = start + shared.between(DAY, 4 * DAY);
    match number % 6 {
        0 if number / 6 < BUSIEST_SECOND => second,
        1 => quarter + random.between(0, 900),
        _ => start + random.between(0, REACH - 1),
    }
}
