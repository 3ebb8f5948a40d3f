//! Pushes while pulling: late, twice, in disorder, or never; in the end the store has the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use orders_core::{Error, Order, Push};
use orders_sandbox::{Change, Sandbox, Vendor};
use orders_sync::{Context, Mode, Options, Receipt, Store, SyncError, pull};

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::scenario::{Kill, options, tools, until_complete};

/// What became of the pushes of a seed, by its word.
#[derive(Debug, Default)]
pub struct Pushed {
    /// How often each thing became of one.
    pub receipts: BTreeMap<&'static str, u64>,
    /// How many runs were killed.
    pub killed: u64,
}

/// An event that is on its way.
#[derive(Clone)]
struct Event {
    /// The vendor's id of it.
    id: String,
    /// Clink's name or SHOPLINE's topic.
    name: &'static str,
    /// The order or the refund as it was then.
    json: String,
    /// When it happened, in milliseconds.
    at: i64,
}

/// Pulls while orders change and what happened is pushed; then quiet.
///
/// # Errors
/// Where the account never becomes complete, or has something else than the truth.
pub async fn live_through(way: Way, seed: u64) -> Result<Pushed> {
    let seen = pushing(way, seed).await;
    seen.map_err(|why| format!("{way:?}, seed {seed}: {why}"))
}

async fn pushing(way: Way, seed: u64) -> Result<Pushed> {
    let builder = Sandbox::builder().seed(seed).orders(60).small(true).life(4);
    let sandbox = Wire::Memory.start(builder).await?;
    let source = Wire::Memory.source(&sandbox, way, seed)?;
    let store = Store::in_memory().map_err(|error| error.to_string())?;
    let mut random = Random::new(seed, 7);
    let mut vendor = Pusher {
        sandbox: &sandbox,
        store: &store,
        way,
        random: Random::new(seed, 8),
        events: 0,
        under_way: Vec::new(),
        came: BTreeSet::new(),
        refunds: BTreeSet::new(),
        seen: Pushed::default(),
    };
    let mut killed = 0;
    for _ in 0..4 {
        let kill = random.percent(40).then(|| 1 + random.below(40));
        let tools = Context {
            failpoints: Arc::new(Kill::at(kill)),
            ..tools(&sandbox)
        };
        let all = options(way, &sandbox);
        let (pulled, pushed) = tokio::join!(pull(&*source, &store, &all, &tools), vendor.push(20));
        pushed?;
        match pulled {
            Ok(_) => {}
            Err(SyncError::Failpoint(_)) => killed += 1,
            Err(error) => return Err(error.to_string()),
        }
        let minutes = i64::try_from(random.below(40 * 60)).unwrap_or(0);
        sandbox.advance(TimeDelta::minutes(minutes));
    }
    vendor.deliver_all().await?;
    sandbox.advance(TimeDelta::days(8));
    until_complete(&*source, &store, &options(way, &sandbox), &sandbox).await?;
    let again = Options {
        mode: Mode::Full,
        ..options(way, &sandbox)
    };
    until_complete(&*source, &store, &again, &sandbox).await?;
    let truth = compare::truth(&sandbox, way);
    compare::assert_equal(&store, &truth)?;
    compare::gone_only_where_deleted(&store, &truth)?;
    vendor.check()?;
    vendor.seen.killed = killed;
    Ok(vendor.seen)
}

struct Pusher<'a> {
    sandbox: &'a Arc<Sandbox>,
    store: &'a Store,
    way: Way,
    random: Random,
    events: u64,
    /// What is on its way.
    under_way: Vec<Event>,
    /// The ids of the events that came.
    came: BTreeSet<String>,
    /// The refunds that came.
    refunds: BTreeSet<String>,
    seen: Pushed,
}

impl Pusher<'_> {
    /// So many changes, and what is pushed meanwhile.
    async fn push(&mut self, steps: u64) -> Result<()> {
        for _ in 0..steps {
            let wait = self.random.below(1500);
            tokio::time::sleep(Duration::from_millis(wait)).await;
            self.change().await;
            while self.random.percent(60) && !self.under_way.is_empty() {
                let which = self.random.below(self.under_way.len() as u64);
                let event = self
                    .under_way
                    .swap_remove(usize::try_from(which).unwrap_or(0));
                self.deliver(event).await?;
            }
        }
        Ok(())
    }

    async fn deliver_all(&mut self) -> Result<()> {
        while let Some(event) = self.under_way.pop() {
            self.deliver(event).await?;
        }
        Ok(())
    }

    /// Changes an order, or makes one; its events are under way then, some of them several times, some not at all.
    async fn change(&mut self) {
        let vendor = self.way.vendor();
        let changes: Vec<Change> = Change::ALL
            .into_iter()
            .filter(|it| *it != Change::Delete)
            .collect();
        let id = match self.random.percent(25) {
            true => self.sandbox.create_order(vendor).await,
            false => {
                let orders = self.sandbox.truth(vendor);
                let Some(order) = self.random.one(&orders) else {
                    return;
                };
                let changed = match self.random.one(&changes) {
                    Some(change) => self.sandbox.change_order(vendor, &order.id, *change).await,
                    None => return,
                };
                // The state of the order does not allow it.
                if changed.is_err() {
                    return;
                }
                order.id.clone()
            }
        };
        let mut happened = Vec::new();
        let orders = self.sandbox.truth(vendor).into_iter();
        let name = match vendor {
            Vendor::Shopline => "orders/updated",
            _ => "order.succeeded",
        };
        happened.extend(orders.filter(|it| it.id == id).map(|it| (name, it.json)));
        if vendor == Vendor::Clink {
            let mut refunds = self.sandbox.clink_refunds().into_iter();
            let last = refunds.rfind(|it| it.order_id == id);
            happened.extend(last.map(|it| ("refund.succeeded", it.json)));
        }
        for (name, json) in happened {
            self.events += 1;
            let event = Event {
                id: format!("event_{}", self.events),
                name,
                json,
                at: self.sandbox.virtual_now().timestamp_millis(),
            };
            for _ in 0..self.random.below(4) {
                self.under_way.push(event.clone());
            }
        }
    }

    /// Signs an event as the vendor does, verifies it, and stores it.
    async fn deliver(&mut self, event: Event) -> Result<()> {
        let now = self.sandbox.virtual_now();
        let push = self.received(&event)?;
        if let orders_core::Meaning::Adjustment(adjustment) = &push.meaning {
            self.refunds.extend(adjustment.id.clone());
        }
        self.came.insert(event.id);
        let (account, way) = (
            orders_core::Account::new(self.way.vendor().name(), "proof"),
            self.way,
        );
        let read = move |text: &Bytes| read(way, text);
        let receipt = self
            .store
            .receive(&account, version(way), now, push, read)
            .await;
        let receipt = receipt.map_err(|error| error.to_string())?;
        let word = match receipt {
            Receipt::Repeated => "repeated",
            Receipt::New => "new",
            Receipt::Changed => "changed",
            Receipt::Older => "older",
            Receipt::Due => "due",
            Receipt::Adjusted => "adjusted",
            Receipt::NotStored => "not stored",
            other => return Err(format!("a push of ours became {other:?}")),
        };
        *self.seen.receipts.entry(word).or_default() += 1;
        Ok(())
    }

    fn received(&self, event: &Event) -> Result<Push> {
        let now = self.sandbox.virtual_now();
        let failed = |error: orders_wire::webhook::WebhookError| error.to_string();
        Ok(match self.way.vendor() {
            Vendor::Clink => {
                use clink_api::webhooks::{Headers, Push, push, verify};

                let body = format!(
                    r#"{{"id":"{}","object":"event","created":{},"type":"{}","data":{{"object":{}}}}}"#,
                    event.id, event.at, event.name, event.json
                );
                let secret = self.sandbox.clink_webhook_secret();
                let signed = Push::sign(secret, now, body);
                let pairs = signed.headers.iter();
                let headers = Headers::from_pairs(pairs.map(|(name, it)| (*name, it.as_str())));
                let event = verify(&headers, &signed.body, secret, now).map_err(failed)?;
                push(&clink_api::Mapper::new("proof"), &event)
            }
            Vendor::Linkbest => {
                use linkbest_api::webhooks::{Push, push, verify};

                let mut fields = flat(&event.json)?;
                fields.insert("Id".to_owned(), event.id.clone());
                let secret = self.sandbox.linkbest_push_secret();
                let pairs = fields.iter().map(|(name, it)| (name.as_str(), it.as_str()));
                let signed = Push::sign(secret, pairs);
                let event = verify(&signed.query(), &Bytes::new(), secret).map_err(failed)?;
                push(&linkbest_api::Mapper::new("proof"), &event)
            }
            _ => {
                use shopline_api::webhooks::{Headers, Push, Topic, push, verify};

                let secret = self.sandbox.shopline_app_secret();
                let topic = Topic::from(event.name);
                let signed = Push::sign(secret, topic, event.id.as_str(), event.json.clone());
                let pairs = signed.headers.iter();
                let headers = Headers::from_pairs(pairs.map(|(name, it)| (*name, it.as_str())));
                let event = verify(&headers, &signed.body, secret, now).map_err(failed)?;
                push(&shopline_api::Mapper::new("proof"), &event)
            }
        })
    }

    /// Each event that came is kept once, each refund is an adjustment of its order, and nothing is due any more.
    fn check(&self) -> Result<()> {
        let count = |sql: &str| {
            let connection = self.store.connection().ok_or("the store is no file")?;
            let counted = connection.query_row(sql, [], |row| row.get::<_, i64>(0));
            counted.map_err(|error| format!("the store cannot be read: {error}"))
        };
        let refunds = "SELECT count(DISTINCT adjustment_id) FROM adjustments WHERE kind = 'refund'";
        let refunds = match self.way {
            Way::Clink => count(refunds)?,
            _ => 0,
        };
        let seen = (
            count("SELECT count(*) FROM pushes")?,
            refunds,
            count("SELECT count(*) FROM orders WHERE due_at IS NOT NULL AND gone_at IS NULL")?,
            count("SELECT count(*) FROM pushes WHERE state <> 'applied'")?,
        );
        let expected = (self.came.len() as i64, self.refunds.len() as i64, 0, 0);
        match seen == expected {
            true => Ok(()),
            false => Err(format!(
                "pushes, refunds, due, waiting: {seen:?}, not {expected:?}"
            )),
        }
    }
}

fn version(way: Way) -> u32 {
    match way.vendor() {
        Vendor::Clink => clink_api::Mapper::VERSION,
        Vendor::Linkbest => linkbest_api::Mapper::VERSION,
        _ => shopline_api::Mapper::VERSION,
    }
}

fn read(way: Way, text: &Bytes) -> std::result::Result<Order, Error> {
    match way.vendor() {
        Vendor::Clink => clink_api::Mapper::new("proof").read(text),
        Vendor::Linkbest => linkbest_api::Mapper::new("proof").read(text),
        _ => shopline_api::Mapper::new("proof").read(text),
    }
}

/// The plain members of an order as texts, but for the order's own id: a push of Linkbest does not have it.
fn flat(json: &str) -> Result<BTreeMap<String, String>> {
    let members = orders_wire::Members::of(json).map_err(|error| error.to_string())?;
    let plain = |(name, value): (&str, &serde_json::value::RawValue)| {
        let text = match value.get() {
            "null" => String::new(),
            text if text.starts_with(['[', '{']) => return None,
            text if text.starts_with('"') => serde_json::from_str(text).ok()?,
            number => number.to_owned(),
        };
        (name != "Id").then(|| (name.to_owned(), text))
    };
    Ok(members.iter().filter_map(plain).collect())
}
