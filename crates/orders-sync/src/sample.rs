//! Some stored orders, each requested again and compared with what is stored.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Error, Order, OrderRef, OrderSource};
use serde::{Deserialize, Serialize};

use crate::diff::changes;
use crate::error::SyncError;
use crate::events::{Event, Progress, Unit};
use crate::phase::Phase;
use crate::retry::Decision;
use crate::single::Single;
use crate::store::Store;
use crate::stored::Sampled;

/// How many of the orders that changed since are named.
const NAMED: usize = 3;

/// What reading some stored orders again found. Each order that was read counts once: `same`, `changed`, `differ`,
/// `unknown`, `doubted` or `not_compared`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sample {
    /// How many stored orders were looked up.
    pub read: u64,
    /// How many of them are what is stored: every value of the common view.
    pub same: u64,
    /// How many are not, and may have changed since: the vendor gives no time of the last change, or a later one.
    pub changed: u64,
    /// The ids of the first of those, at most three.
    pub changed_ids: Vec<String>,
    /// Those that are not what is stored, though the vendor says that they have not changed since.
    pub differ: Vec<DifferentOrder>,
    /// The ids of those that the vendor does not know, and that are not doubted.
    pub unknown: Vec<String>,
    /// How many the vendor does not know that are doubted already.
    pub doubted: u64,
    /// Those that were answered, and that cannot be compared.
    pub not_compared: Vec<NotCompared>,
    /// Why none was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A stored order that is not what the vendor has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DifferentOrder {
    /// The id of the order.
    pub id: String,
    /// The path of the first value of the common view that is not the same, as `payment.native`.
    pub path: String,
}

/// A stored order that was answered, and that cannot be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NotCompared {
    /// The id of the order.
    pub id: String,
    /// Why.
    pub reason: String,
}

impl Sample {
    /// Whether the orders that were compared are what is stored. `None` where that shows of none.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        if !self.differ.is_empty() || !self.unknown.is_empty() {
            return Some(false);
        }
        (self.same > 0).then_some(true)
    }

    fn note(&mut self, stored: &Sampled, found: Compared) {
        let id = stored.reference.id.clone();
        self.read += 1;
        match found {
            Compared::Same => self.same += 1,
            Compared::Changed => {
                self.changed += 1;
                if self.changed_ids.len() < NAMED {
                    self.changed_ids.push(id);
                }
            }
            Compared::Differs(path) => self.differ.push(DifferentOrder { id, path }),
            Compared::Unknown if stored.doubted => self.doubted += 1,
            Compared::Unknown => self.unknown.push(id),
            Compared::Not(reason) => self.not_compared.push(NotCompared { id, reason }),
        }
    }
}

/// What one stored order is beside the vendor's.
#[derive(Debug, PartialEq, Eq)]
enum Compared {
    Same,
    Changed,
    Differs(String),
    Unknown,
    Not(String),
}

/// Looks up `size` stored orders, others each day and `at_once` side by side, and compares. Changes nothing.
///
/// # Errors
/// What the store failed with, and what a look-up failed with. An order that came and cannot be read is no failure.
pub(crate) async fn sample(
    single: &mut Single<'_>,
    store: &Store,
    size: usize,
    at_once: usize,
    now: DateTime<Utc>,
) -> Result<Sample, SyncError> {
    let source = single.source;
    let mut sample = Sample::default();
    if !source.capabilities().fetches {
        sample.note = Some("the vendor cannot be asked for a single order".to_owned());
        return Ok(sample);
    }
    let chosen = store
        .sample(source.account(), now.date_naive(), size)
        .await?;
    let mut found = Vec::new();
    let mut waiting = chosen.iter().enumerate();
    let mut in_flight = FuturesUnordered::new();
    loop {
        while in_flight.len() < at_once.max(1)
            && let Some((at, stored)) = waiting.next()
        {
            in_flight.push(request(source, at, &stored.reference, Duration::ZERO));
        }
        let Some((at, answer)) = in_flight.next().await else {
            break;
        };
        let stored = &chosen[at];
        match answer {
            Err(error) if error.record().is_none() => match single.decide(at as u64, error) {
                Decision::Retry { wait, .. } => {
                    in_flight.push(request(source, at, &stored.reference, wait));
                }
                Decision::Skip(error) | Decision::Abort(error) => return Err(error.into()),
            },
            answer => {
                found.push((at, compared(source, stored, answer)));
                let (done, left) = (found.len() as u64, (chosen.len() - found.len()) as u64);
                let done = Progress::new(Phase::Verify, Unit::Orders, done, Some(left));
                single.event(&Event::Progress(done));
            }
        }
    }
    // In the order of the sample, whichever answer came first.
    found.sort_by_key(|(at, _)| *at);
    for (at, found) in found {
        sample.note(&chosen[at], found);
    }
    if sample.read == 0 {
        sample.note = Some("no order with an id of its own is stored".to_owned());
    }
    Ok(sample)
}

async fn request(
    source: &dyn OrderSource,
    at: usize,
    order: &OrderRef,
    wait: Duration,
) -> (usize, Result<Option<Order>, Error>) {
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    (at, source.fetch(order).await)
}

fn compared(
    source: &dyn OrderSource,
    stored: &Sampled,
    answer: Result<Option<Order>, Error>,
) -> Compared {
    let answer = match answer {
        Ok(Some(answer)) => answer,
        Ok(None) => return Compared::Unknown,
        Err(error) => {
            let path = error.record().map_or("", |record| &*record.path);
            return Compared::Not(format!("the vendor's text cannot be read at {path}"));
        }
    };
    if answer.id != stored.reference.id {
        let reason = format!("the vendor answered order {}", answer.id);
        return Compared::Not(reason);
    }
    // What this version makes of the text is what counts.
    let order = match source.read(&stored.raw) {
        Some(Ok(order)) => with_id(order, &stored.reference),
        Some(Err(_)) => {
            let reason = "this version cannot read the stored text (orders remap)";
            return Compared::Not(reason.to_owned());
        }
        None => {
            let reason = "the vendor's texts cannot be read by themselves";
            return Compared::Not(reason.to_owned());
        }
    };
    compare(order, answer)
}

/// The order of a row keeps the row's id.
fn with_id(mut order: Order, reference: &OrderRef) -> Order {
    order.id.clone_from(&reference.id);
    order
}

/// Compares the values of the common view, not the texts: the vendor may write an order in several ways.
fn compare(mut stored: Order, mut answer: Order) -> Compared {
    stored.raw.clear();
    answer.raw.clear();
    if stored == answer {
        return Compared::Same;
    }
    let later = match (stored.updated_at, answer.updated_at) {
        (Some(before), Some(now)) => now > before,
        _ => true,
    };
    if later {
        return Compared::Changed;
    }
    let text = |order: &Order| serde_json::to_string(order).unwrap_or_default();
    let first = changes(&text(&stored), &text(&answer)).into_iter().next();
    Compared::Differs(first.map(|change| change.path).unwrap_or_default())
}
