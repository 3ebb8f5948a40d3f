//! Rules for faults and races, and habits, read from JSON.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;

use super::{Refused, bad, read, respond, vendor};
use crate::faults::{Fault, FaultRule};
use crate::habits::{EmptyList, Habits};
use crate::json::Object;
use crate::races::{Race, RaceRule};
use crate::trigger::Trigger;
use crate::vendor::Vendor;
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules<R> {
    #[serde(default = "first_seed")]
    seed: u64,
    rules: Vec<R>,
}

const fn first_seed() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultBody {
    fault: String,
    /// For `too_many_requests` only.
    retry_after_seconds: Option<u64>,
    /// For `slow` only, and required there.
    milliseconds: Option<u64>,
    vendor: Option<String>,
    route: Option<String>,
    nth: Option<u64>,
    every: Option<u64>,
    percent: Option<u32>,
    times: Option<u64>,
}

impl FaultBody {
    fn read(self) -> Result<FaultRule, Refused> {
        Ok(FaultRule {
            effect: self.fault()?,
            trigger: trigger(
                self.vendor.as_deref(),
                self.route,
                [("nth", self.nth), ("every", self.every)],
                self.percent,
                self.times,
            )?,
        })
    }

    fn fault(&self) -> Result<Fault, Refused> {
        let name = self.fault.as_str();
        let fault = Fault::ALL.into_iter().find(|fault| fault.name() == name);
        let fault = fault.ok_or_else(|| bad(format!("there is no fault {name}")))?;
        match (fault, self.retry_after_seconds, self.milliseconds) {
            (Fault::TooManyRequests { .. }, retry_after_seconds, None) => {
                Ok(Fault::TooManyRequests {
                    retry_after_seconds,
                })
            }
            (Fault::Slow(_), None, Some(by)) => Ok(Fault::Slow(Duration::from_millis(by))),
            (Fault::Slow(_), ..) => Err(bad("slow takes milliseconds".to_owned())),
            (fault, None, None) => Ok(fault),
            _ => Err(bad(format!(
                "{name} takes neither retry_after_seconds nor milliseconds"
            ))),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RaceBody {
    race: String,
    /// For `crowd` only, and required there.
    orders: Option<usize>,
    vendor: Option<String>,
    route: Option<String>,
    after: Option<u64>,
    every: Option<u64>,
    times: Option<u64>,
}

impl RaceBody {
    fn read(self) -> Result<RaceRule, Refused> {
        Ok(RaceRule {
            effect: self.race()?,
            trigger: trigger(
                self.vendor.as_deref(),
                self.route,
                [("after", self.after), ("every", self.every)],
                None,
                self.times,
            )?,
        })
    }

    fn race(&self) -> Result<Race, Refused> {
        match (self.race.as_str(), self.orders) {
            ("change", None) => Ok(Race::Change),
            ("insert", None) => Ok(Race::Insert),
            ("leave_window", None) => Ok(Race::LeaveWindow),
            ("delete", None) => Ok(Race::Delete),
            ("crowd", Some(orders)) => Ok(Race::Crowd(orders)),
            ("crowd", None) => Err(bad("crowd takes orders".to_owned())),
            ("change" | "insert" | "leave_window" | "delete", Some(_)) => {
                Err(bad(format!("{} takes no orders", self.race)))
            }
            (other, _) => Err(bad(format!("there is no race {other}"))),
        }
    }
}

fn trigger(
    name: Option<&str>,
    route: Option<String>,
    places: [(&str, Option<u64>); 2],
    percent: Option<u32>,
    times: Option<u64>,
) -> Result<Trigger, Refused> {
    if let Some((name, _)) = places.iter().find(|(_, place)| *place == Some(0)) {
        return Err(bad(format!("{name} counts from 1")));
    }
    if percent.is_some_and(|percent| percent > 100) {
        return Err(bad("percent is at most 100".to_owned()));
    }
    let [(_, nth), (_, every)] = places;
    Ok(Trigger {
        vendor: name.map(vendor).transpose()?,
        route,
        nth,
        every,
        percent,
        times,
    })
}

pub(super) async fn faults(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let set = read(&headers, &body).and_then(|body: Rules<FaultBody>| {
        let rules = body.rules.into_iter().map(FaultBody::read);
        let rules = rules.collect::<Result<Vec<_>, _>>()?;
        let count = rules.len();
        world.faults.set(body.seed, rules);
        Ok(count)
    });
    respond(set.map(summary))
}

pub(super) async fn races(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let set = read(&headers, &body).and_then(|body: Rules<RaceBody>| {
        let rules = body.rules.into_iter().map(RaceBody::read);
        let rules = rules.collect::<Result<Vec<_>, _>>()?;
        let count = rules.len();
        world.races.set(body.seed, rules);
        Ok(count)
    });
    respond(set.map(summary))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HabitsBody {
    vendor: String,
    page_rows: Option<u32>,
    empty_list: Option<String>,
}

impl HabitsBody {
    fn read(self) -> Result<(Vendor, Habits), Refused> {
        let mut habits = Habits::new();
        match self.page_rows {
            Some(0) => return Err(bad("page_rows is at least 1".to_owned())),
            Some(rows) => habits = habits.page_rows(rows),
            None => {}
        }
        if let Some(word) = self.empty_list {
            let form = EmptyList::ALL.into_iter().find(|form| form.name() == word);
            let form = form.ok_or_else(|| bad(format!("there is no form {word}")))?;
            habits = habits.empty_list(form);
        }
        Ok((vendor(&self.vendor)?, habits))
    }
}

pub(super) async fn habits(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let set = read(&headers, &body).and_then(HabitsBody::read);
    respond(set.map(|(vendor, habits)| {
        world.habits.set(vendor, habits);
        Object::new().text("vendor", vendor.name()).end()
    }))
}

fn summary(rules: usize) -> String {
    Object::new().raw("rules", rules).end()
}
