//! The lifecycle of orders: changes that happen by themselves while virtual time passes, each at its own time. All of
//! it follows from the seed, so one step of ten days gives the same orders as ten steps of one day.

mod plan;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::random::Random;
use crate::vendor::Vendor;
use crate::world::World;
use plan::Plan;

const DAY: i64 = 86_400_000;

/// The coming events, the earliest first.
#[derive(Debug, Default)]
pub(crate) struct Lifecycle(Mutex<BinaryHeap<Reverse<Event>>>);

type Queue = BinaryHeap<Reverse<Event>>;

/// Ordered by time. At the same time vendor, kind and order decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    /// Milliseconds since the epoch.
    time: i64,
    vendor: Vendor,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A new order, with its count since the start.
    Arrival(i64),
    /// The event at a place in an order's plan.
    Step { number: usize, place: usize },
}

impl Lifecycle {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Plans the events of the first orders, and the first arrivals. Before that it runs `before`, which must not
    /// overlap with a move of time. With `life` 0 nothing is planned.
    pub(crate) fn begin_lifecycle(&self, before: impl FnOnce()) {
        let mut queue = self.lifecycle.queue();
        before();
        queue.clear();
        if self.setup.life == 0 {
            return;
        }
        for vendor in Vendor::ALL {
            queue.push(self.arrival(vendor, 0));
            for number in 0..self.orders(vendor) {
                queue.extend(self.step(vendor, number, 0));
            }
        }
    }

    /// Moves the virtual now, and applies the events that are due by then.
    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut queue = self.lifecycle.queue();
        self.move_now(by);
        let until = self.virtual_now().timestamp_millis();
        while let Some(Reverse(event)) = queue.peek().copied() {
            if event.time > until {
                break;
            }
            queue.pop();
            let next = match event.what {
                What::Arrival(count) => {
                    let number = self.arrive(event.vendor, event.time);
                    queue.push(self.arrival(event.vendor, count + 1));
                    self.step(event.vendor, number, 0)
                }
                What::Step { number, place } => {
                    self.apply_event(event, number, place);
                    self.step(event.vendor, number, place + 1)
                }
            };
            queue.extend(next);
        }
    }

    /// Plans the events of an order that was created from outside.
    pub(crate) fn plan_lifecycle(&self, vendor: Vendor, number: usize) {
        if self.setup.life > 0 {
            let step = self.step(vendor, number, 0);
            self.lifecycle.queue().extend(step);
        }
    }

    /// The arrivals of a day are spread over the day, each within its part of it.
    fn arrival(&self, vendor: Vendor, count: i64) -> Reverse<Event> {
        let per_day = i64::from(self.setup.life.max(1));
        let part = DAY / per_day;
        let (day, place) = (count / per_day, count % per_day);
        let kind = match vendor {
            Vendor::Clink => "clink-arrival",
            Vendor::Linkbest => "linkbest-arrival",
            Vendor::Shopline => "shopline-arrival",
        };
        let mut dice = Random::of(self.setup.seed, kind, count as usize);
        // After the start: the first orders are older.
        let time = self.start() + day * DAY + place * part + dice.between(1, part);
        Reverse(Event {
            time,
            vendor,
            what: What::Arrival(count),
        })
    }

    fn start(&self) -> i64 {
        self.setup.now.timestamp() * 1000
    }

    /// Creates an order and returns its number.
    fn arrive(&self, vendor: Vendor, time: i64) -> usize {
        self.create_at(vendor, instant(time), true).1
    }

    fn step(&self, vendor: Vendor, number: usize, place: usize) -> Option<Reverse<Event>> {
        let (time, _) = *self.plan(vendor, number)?.events.get(place)?;
        Some(Reverse(Event {
            time,
            vendor,
            what: What::Step { number, place },
        }))
    }

    /// An event that no longer fits, because the order was changed from outside, is skipped.
    fn apply_event(&self, event: Event, number: usize, place: usize) {
        let plan = self.plan(event.vendor, number);
        let change = plan.and_then(|plan| plan.events.get(place).copied());
        if let Some(((_, change), id)) = change.zip(self.id(event.vendor, number)) {
            let _ = self.change_at(event.vendor, &id, change, instant(event.time));
        }
    }

    /// None for an order that a reset has removed.
    fn plan(&self, vendor: Vendor, number: usize) -> Option<Plan> {
        let is_new = number >= self.setup.orders;
        let kind = match vendor {
            Vendor::Clink => "clink-life",
            Vendor::Linkbest => "linkbest-life",
            Vendor::Shopline => "shopline-life",
        };
        let dice = Random::of(self.setup.seed, kind, number);
        let from = |created: i64| Plan::new(if is_new { created } else { self.start() }, dice);
        Some(match vendor {
            Vendor::Clink => {
                let (created, status) = self.clink().birth(number)?;
                plan::clink(from(created), status)
            }
            Vendor::Linkbest => {
                let (created, status) = self.linkbest().birth(number)?;
                plan::linkbest(from(created), status)
            }
            Vendor::Shopline => {
                let (created, statuses) = self.shopline().birth(number)?;
                plan::shopline(from(created), statuses)
            }
        })
    }
}

fn instant(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}
