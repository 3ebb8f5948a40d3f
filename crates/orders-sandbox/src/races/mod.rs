//! Races: orders change while a client reads page after page.

mod race;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::response::Response;

use crate::change::Change;
use crate::faults::whole;
use crate::json;
use crate::random::Random;
use crate::request_info::RequestInfo;
use crate::rules::Rules;
use crate::server::Sandbox;
use crate::vendor::Vendor;
use crate::world::World;

pub use race::{Race, RaceRule};

/// How many orders are tried until a change is possible.
const TRIES: usize = 40;

/// Races.
impl Sandbox {
    /// Replaces the race rules. A race happens at [`Sandbox::virtual_now`], after the answer that its rule counts and
    /// before the next request. Unlike a fault it changes [`Sandbox::truth`]. All rules that are due for an answer
    /// fire, in order. Nothing is pushed.
    pub fn set_races(&self, seed: u64, rules: Vec<RaceRule>) {
        self.world().races.set(seed, rules);
    }

    /// Removes all race rules. The counts of [`Sandbox::fired`] stay.
    pub fn clear_races(&self) {
        self.world().races.set(0, Vec::new());
    }

    /// How often each fault and each race has fired since the start (or since [`Sandbox::reset`]), by name. What never
    /// fired is left out.
    #[must_use]
    pub fn fired(&self) -> Vec<(&'static str, u64)> {
        self.world().fired()
    }
}

/// The race rules.
#[derive(Debug, Default)]
pub(crate) struct Races(Mutex<Rules<Race>>);

impl Races {
    pub(crate) fn set(&self, seed: u64, rules: Vec<RaceRule>) {
        self.rules().set("race", seed, rules);
    }

    pub(crate) fn reset(&self) {
        *self.rules() = Rules::default();
    }

    fn rules(&self) -> MutexGuard<'_, Rules<Race>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Applies the race rules after a response.
    pub(crate) async fn race(&self, info: &RequestInfo, response: Response) -> Response {
        let vendor = match info.vendor {
            Some(vendor) if response.status().is_success() && !self.races.rules().is_empty() => {
                vendor
            }
            _ => return response,
        };
        let (parts, body) = whole(response).await;
        let on_it = ids(vendor, info, &String::from_utf8_lossy(&body));
        self.races.rules().apply(
            (vendor, &info.route),
            |race| race != Race::LeaveWindow || can_leave(vendor, &on_it),
            |race, dice| {
                self.apply_race(race, vendor, &on_it, dice)
                    .then(|| race.name())
            },
        );
        Response::from_parts(parts, Body::from(body))
    }

    /// Applies one race. Returns whether anything changed.
    fn apply_race(&self, race: Race, vendor: Vendor, on_it: &[String], dice: &mut Random) -> bool {
        match race {
            Race::Change => self.change_any(vendor, dice),
            Race::Delete => self.delete_any(vendor, dice),
            Race::Insert => {
                self.create(vendor);
                true
            }
            Race::Crowd(orders) => {
                (0..orders).for_each(|_| {
                    self.create(vendor);
                });
                orders > 0
            }
            Race::LeaveWindow => {
                let order = &on_it[dice.below(on_it.len() as u64) as usize];
                self.change(vendor, order, Change::Touch).is_ok()
            }
        }
    }

    /// Applies a change that is possible and visible to any order. (A new merchant's status of Linkbest can equal the
    /// old one.)
    fn change_any(&self, vendor: Vendor, dice: &mut Random) -> bool {
        (0..TRIES).any(|_| {
            let number = dice.below(self.orders(vendor) as u64) as usize;
            let first = dice.below(Change::ALL.len() as u64) as usize;
            let Some(id) = self.id(vendor, number) else {
                return false;
            };
            let before = self.text(vendor, number);
            let changes = Change::ALL.iter().cycle().skip(first);
            let changed = changes
                .take(Change::ALL.len())
                .filter(|change| !matches!(change, Change::Touch | Change::Delete))
                .any(|change| self.change(vendor, &id, *change).is_ok());
            changed && self.text(vendor, number) != before
        })
    }

    fn delete_any(&self, vendor: Vendor, dice: &mut Random) -> bool {
        (0..TRIES).any(|_| {
            let number = dice.below(self.orders(vendor) as u64) as usize;
            let id = self.id(vendor, number);
            id.is_some_and(|id| self.change(vendor, &id, Change::Delete).is_ok())
        })
    }

    pub(crate) fn fired(&self) -> Vec<(&'static str, u64)> {
        let faults = self.faults.fired();
        let races = self.races.rules().fired();
        faults.into_iter().chain(races).collect()
    }
}

/// Clink has no update time, and so no window that an order could leave.
fn can_leave(vendor: Vendor, on_it: &[String]) -> bool {
    vendor != Vendor::Clink && !on_it.is_empty()
}

/// The ids of the orders in an answer.
fn ids(vendor: Vendor, info: &RequestInfo, body: &str) -> Vec<String> {
    let name = match vendor {
        Vendor::Clink => "orderId",
        Vendor::Linkbest => "Id",
        Vendor::Shopline => "id",
    };
    let texts = info
        .orders()
        .map_or_else(Vec::new, |orders| orders.texts(body));
    let id = |order: &String| {
        let id = json::member(order, name)?;
        Some(id.trim_matches('"').to_owned())
    };
    texts.iter().filter_map(id).collect()
}
