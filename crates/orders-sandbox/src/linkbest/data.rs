//! Linkbest's orders: invented, with an index for each axis of time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::order_json;
use super::request::OrderQuery;
use crate::random::Random;
use crate::texts::{Texts, Written};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;

const DAY: i64 = 86_400;
/// Update times reach back so far: five days, in seconds.
const REACH: i64 = 5 * DAY;
/// At most so many orders share the busiest second.
const BUSIEST_SECOND: usize = 250;

/// The axes that `OrderField` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Update,
    Charge,
    Creation,
}

/// The filters of a request; all given ones must fit.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) status: Option<i8>,
    pub(super) website: Option<String>,
    pub(super) program: Option<String>,
    pub(super) sub: Option<String>,
}

/// What an order is found by. Times are seconds since the epoch.
pub(super) struct Head {
    pub(super) id: u64,
    pub(super) status: i8,
    pub(super) website: String,
    pub(super) program: usize,
    pub(super) sub: String,
    pub(super) created: i64,
    /// Not in the order's JSON: no response field carries it (documented).
    pub(super) updated: i64,
    /// Settled orders only.
    pub(super) charged: Option<i64>,
}

/// All orders of the key.
pub(crate) struct Store {
    seed: u64,
    now: DateTime<Utc>,
    heads: Vec<Head>,
    by_update: Index,
    by_charge: Index,
    by_creation: Index,
    texts: Texts,
}

/// Time and number of orders, sorted by time and then id.
type Index = Vec<(i64, usize)>;

impl Store {
    pub(crate) fn new(seed: u64, orders: usize, now: DateTime<Utc>) -> Self {
        let heads: Vec<Head> = (0..orders)
            .map(|number| Head::invent(seed, number, now.timestamp()))
            .collect();
        Self {
            seed,
            now,
            by_update: index(&heads, |head| Some(head.updated)),
            by_charge: index(&heads, |head| head.charged),
            by_creation: index(&heads, |head| Some(head.created)),
            texts: Texts::new(orders),
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
        let first = index.partition_point(|(time, _)| *time < query.from);
        let end = index.partition_point(|(time, _)| *time <= query.to);
        index
            .get(first..end)
            .unwrap_or_default()
            .iter()
            .map(|(_, number)| *number)
            .filter(|number| query.filter.fits(&self.heads[*number]))
            .skip(query.skip)
            .take(query.take)
            .collect()
    }

    pub(super) fn written(&self, number: usize) -> Arc<Written> {
        self.texts.get(number, || {
            order_json::write(self.seed, number, &self.heads[number])
        })
    }

    pub(crate) fn range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let end = self.now.timestamp();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or(self.now);
        (at(end - REACH), at(end))
    }

    pub(crate) fn truth(&self) -> Vec<TruthOrder> {
        let truth = |(_, number): &(i64, usize)| {
            let written = self.written(*number);
            TruthOrder {
                vendor: Vendor::Linkbest,
                id: self.heads[*number].id.to_string(),
                json: written.json.clone(),
                lines: written.lines,
                totals: written.totals.clone(),
            }
        };
        self.by_update.iter().map(truth).collect()
    }
}

fn index(heads: &[Head], time: impl Fn(&Head) -> Option<i64>) -> Index {
    let mut index: Index = heads
        .iter()
        .enumerate()
        .filter_map(|(number, head)| Some((time(head)?, number)))
        .collect();
    index.sort_unstable_by_key(|(time, number)| (*time, heads[*number].id));
    index
}

impl Filter {
    fn fits(&self, head: &Head) -> bool {
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
        let status = [0, 2, 1, 0, -1, 2, 0][number % 7];
        let updated = update_time(&mut random, seed, number, now);
        // A new order was created just now; one whose fate is known is days or weeks old.
        let age = if status == 0 {
            random.between(0, 6 * 3600)
        } else {
            random.between(2 * DAY, 45 * DAY)
        };
        // Settled a while before the change that made it turn up again, or by that very change.
        let since_settled = random.pick(&[0, 0, 600, DAY]);
        Self {
            id: 700_000_000 + (number as u64) * 3 + random.below(3),
            status,
            website: random.pick(&["1026", "1027", "2040"]).to_owned(),
            program: random.below(order_json::PROGRAMS.len() as u64) as usize,
            sub: random
                .pick(&["", "blog", "newsletter-03", "标签", "a&b=c"])
                .to_owned(),
            created: updated - age,
            updated,
            charged: (status == 2).then_some(updated - since_settled),
        }
    }
}

/// Quiet most of the time, with one very busy second and one busy quarter of an hour, as after a merchant's batch.
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
