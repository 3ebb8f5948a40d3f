//! The sandbox's own routes under `/_sandbox/`. They let programs in other languages do what [`crate::Sandbox`] does.
//! Bodies are JSON. Every POST must declare that it is JSON, so that no web page can send it.

mod look;
mod rules;
mod time;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::answer::answer;
use crate::change::Change;
use crate::json::{self, Object};
use crate::push::{Delivery, PushForm, PushTarget};
use crate::vendor::Vendor;
use crate::world::World;

const JSON: &str = "application/json";

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_sandbox/push", post(push))
        .route("/_sandbox/push_to", post(push_to))
        .route("/_sandbox/change", post(change))
        .route("/_sandbox/create", post(create))
        .route("/_sandbox/deliveries", get(deliveries))
        .route("/_sandbox/clock/advance", post(time::advance))
        .route("/_sandbox/reset", post(time::reset))
        .route("/_sandbox/faults", post(rules::faults))
        .route("/_sandbox/races", post(rules::races))
        .route("/_sandbox/habits", post(rules::habits))
        .route("/_sandbox/truth", get(look::truth))
        .route("/_sandbox/requests", get(look::requests))
}

/// A request that cannot be read, or an action that is refused.
type Refused = (StatusCode, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    vendor: String,
    url: String,
    #[serde(default)]
    duplicates: usize,
    #[serde(default)]
    disorder: bool,
    intervals_ms: Option<Vec<u64>>,
    timeout_ms: Option<u64>,
    form: Option<String>,
    /// For `push` only: one event about one order.
    event: Option<String>,
    order: Option<String>,
    /// For `push` only: several.
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    event: String,
    order: String,
}

impl Target {
    fn read(&self) -> Result<(Vendor, PushTarget), Refused> {
        let form = self.form.as_deref().unwrap_or("usual");
        let form = PushForm::of(form).ok_or_else(|| bad(format!("there is no form {form}")))?;
        let mut target = PushTarget::new(&self.url)
            .duplicates(self.duplicates)
            .disorder(self.disorder)
            .form(form);
        if let Some(intervals) = &self.intervals_ms {
            let intervals = intervals.iter().copied().map(Duration::from_millis);
            target = target.intervals(intervals.collect::<Vec<_>>());
        }
        if let Some(timeout) = self.timeout_ms {
            target = target.timeout(Duration::from_millis(timeout));
        }
        Ok((vendor(&self.vendor)?, target))
    }
}

async fn push(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let pushed = async {
        let wanted: Target = read(&headers, &body)?;
        let (vendor, target) = wanted.read()?;
        let one = wanted
            .event
            .as_deref()
            .map(|event| (event, wanted.order.as_deref().unwrap_or_default()));
        let many = wanted
            .events
            .iter()
            .map(|event| (event.event.as_str(), event.order.as_str()));
        let events: Vec<_> = one.into_iter().chain(many).collect();
        if events.is_empty() {
            return Err(bad("event or events is required".to_owned()));
        }
        let deliveries = world.push(vendor, &target, &events).await;
        deliveries.map_err(|error| bad(error.to_string()))
    };
    respond(
        pushed
            .await
            .map(|deliveries| with_deliveries(&deliveries, Object::new())),
    )
}

async fn push_to(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let registered = || {
        let wanted: Target = read(&headers, &body)?;
        if wanted.event.is_some() || wanted.order.is_some() || !wanted.events.is_empty() {
            return Err(bad("a registered target takes every event".to_owned()));
        }
        let (vendor, target) = wanted.read()?;
        let registered = world.push_to(vendor, target);
        registered.map_err(|error| bad(error.to_string()))
    };
    respond(registered().map(|()| Object::new().raw("registered", true).end()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    vendor: String,
    order: String,
    change: String,
}

async fn change(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let changed = async {
        let wanted: Wish = read(&headers, &body)?;
        let known = Change::ALL
            .into_iter()
            .find(|change| change.name() == wanted.change);
        let change = known.ok_or_else(|| bad(format!("there is no change {}", wanted.change)))?;
        let vendor = vendor(&wanted.vendor)?;
        let changed = world.change_and_push(vendor, &wanted.order, change).await;
        changed.map_err(|error| (StatusCode::CONFLICT, error.to_string()))
    };
    respond(
        changed
            .await
            .map(|deliveries| with_deliveries(&deliveries, Object::new())),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation {
    vendor: String,
}

async fn create(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let vendor = read(&headers, &body).and_then(|wanted: Creation| vendor(&wanted.vendor));
    match vendor {
        Ok(vendor) => {
            let (id, deliveries) = world.create_and_push(vendor).await;
            respond(Ok(with_deliveries(
                &deliveries,
                Object::new().text("order", &id),
            )))
        }
        Err(refused) => respond(Err(refused)),
    }
}

async fn deliveries(State(world): State<Arc<World>>) -> Response {
    respond(Ok(with_deliveries(
        &world.pushes.deliveries(),
        Object::new(),
    )))
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refused> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with(JSON)) {
        let why = "Content-Type must be application/json";
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, why.to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| bad(error.to_string()))
}

fn vendor(name: &str) -> Result<Vendor, Refused> {
    let known = Vendor::ALL.into_iter().find(|vendor| vendor.name() == name);
    known.ok_or_else(|| bad(format!("there is no vendor {name}")))
}

fn bad(why: String) -> Refused {
    (StatusCode::BAD_REQUEST, why)
}

fn with_deliveries(deliveries: &[Delivery], answer: Object) -> String {
    answer
        .raw("deliveries", json::list(deliveries.iter().map(attempt)))
        .end()
}

fn attempt(delivery: &Delivery) -> String {
    let json = Object::new()
        .text("vendor", delivery.vendor.name())
        .text("url", &delivery.url)
        .text("event", &delivery.event)
        .text("id", &delivery.id)
        .text("order", &delivery.order)
        .raw("copy", delivery.copy)
        .raw("attempt", delivery.attempt);
    let json = match delivery.status {
        Some(status) => json.raw("status", status),
        None => json.null("status"),
    };
    json.text("answer", &delivery.answer)
        .raw("accepted", delivery.accepted)
        .end()
}

fn respond(done: Result<String, Refused>) -> Response {
    match done {
        Ok(body) => answer(StatusCode::OK, JSON, body),
        Err((status, why)) => answer(status, JSON, Object::new().text("error", &why).end()),
    }
}
