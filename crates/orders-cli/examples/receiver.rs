//! One service that receives the pushes of all three vendors, answers as each wants, and keeps each event once.
//!
//!     CLINK_WEBHOOK_SECRET=whsec_... LINKBEST_PUSH_SECRET=... SHOPLINE_APP_SECRET=... \
//!         cargo run -p orders-cli --example receiver -- 127.0.0.1:8080 inbox.jsonl
//!
//! `POST /clink`, `GET` and `POST /linkbest` (push v1 and v2), `POST /shopline`. A push is verified over the bytes as
//! received, appended to the inbox under its idempotency key, flushed to the disk, and only then answered: what was
//! answered with success is kept, and what was not is pushed again by the vendor.
#![allow(missing_docs, missing_debug_implementations, clippy::print_stdout)]

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use clink_api::webhooks::{Headers, WebhookError};
use linkbest_api::webhooks::{Answer, Resource};
use serde::{Deserialize, Serialize};

/// The secrets that the vendors sign with.
#[derive(Clone)]
pub struct Secrets {
    pub clink: String,
    pub linkbest: String,
    pub shopline: String,
}

pub struct Service {
    secrets: Secrets,
    inbox: Inbox,
    now: fn() -> DateTime<Utc>,
}

impl Service {
    pub fn new(secrets: Secrets, inbox: Inbox, now: fn() -> DateTime<Utc>) -> Self {
        Self {
            secrets,
            inbox,
            now,
        }
    }
}

/// The service as a router, ready to be nested into yours.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/clink", post(clink))
        .route("/linkbest", get(linkbest_v1).post(linkbest_v2))
        .route("/shopline", post(shopline))
        .layer(DefaultBodyLimit::max(orders_wire::webhook::MAX_PUSH))
        .with_state(service)
}

/// Any 2xx is received; an empty one is enough for all events but `order.succeeded`, where the vendor describes a reply
/// for sellers that keep accounts (`clink_api::webhooks::OrderSucceededReply`).
async fn clink(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let event = clink_api::webhooks::verify(
        &of(&headers),
        &body,
        &service.secrets.clink,
        (service.now)(),
    );
    match event {
        Ok(event) => kept(
            service
                .inbox
                .keep("clink", event.idempotency_key(), event.raw.as_str())
                .map(|_| ""),
        ),
        Err(error) => refused(&error),
    }
}

/// 200 within five seconds is received.
async fn shopline(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let event = shopline_api::webhooks::verify(
        &of(&headers),
        &body,
        &service.secrets.shopline,
        (service.now)(),
    );
    match event {
        Ok(event) => kept(
            service
                .inbox
                .keep("shopline", event.idempotency_key(), event.raw.as_str())
                .map(|_| ""),
        ),
        Err(error) => refused(&error),
    }
}

async fn linkbest_v1(State(service): State<Arc<Service>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    linkbest(
        &service,
        linkbest_api::webhooks::verify(&query, &Bytes::new(), &service.secrets.linkbest),
    )
}

async fn linkbest_v2(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    linkbest(
        &service,
        linkbest_api::webhooks::verify("", &body, &service.secrets.linkbest),
    )
}

/// The answer is a word: stored, known already, or not received. The vendor's test push is answered and not stored.
fn linkbest(
    service: &Service,
    event: Result<linkbest_api::webhooks::Event, WebhookError>,
) -> Response {
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            return (refused(&error).status(), Answer::NotReceived.to_string()).into_response();
        }
    };
    let Resource::Order(order) = &event.resource else {
        return Answer::Stored.to_string().into_response();
    };
    let answer = match service
        .inbox
        .keep("linkbest", &event.idempotency_key(), order.raw.as_str())
    {
        Ok(true) => Answer::Stored,
        Ok(false) => Answer::AlreadyKnown,
        Err(_) => Answer::NotReceived,
    };
    answer.to_string().into_response()
}

fn of(headers: &HeaderMap) -> Headers<'_> {
    Headers::from_pairs(
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes())),
    )
}

fn kept(result: io::Result<&'static str>) -> Response {
    match result {
        Ok(text) => text.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The vendor sends the same bytes again after an error. Those that are not its own are refused for good.
fn refused(error: &WebhookError) -> Response {
    let status = if error.is_genuine() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::UNAUTHORIZED
    };
    (status, error.to_string()).into_response()
}

/// An append-only file of events, each under its key once.
pub struct Inbox(Mutex<(HashSet<String>, File)>);

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    key: String,
    #[serde(borrow)]
    event: &'a serde_json::value::RawValue,
}

impl Inbox {
    /// Opens the file and learns the keys it holds. A line cut off by a crash was never answered: it is overwritten.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let (mut keys, mut whole) = (HashSet::new(), 0);
        let mut reader = BufReader::new(&file);
        let mut text = String::new();
        while reader.read_line(&mut text)? > 0 {
            let Ok(line) = serde_json::from_str::<Line<'_>>(&text) else {
                break;
            };
            keys.insert(line.key);
            whole += text.len() as u64;
            text.clear();
        }
        file.set_len(whole)?;
        Ok(Self(Mutex::new((keys, file))))
    }

    /// Keeps an event; `false` where it was there before.
    pub fn keep(&self, vendor: &str, key: &str, json: &str) -> io::Result<bool> {
        let key = format!("{vendor}/{key}");
        let mut inbox = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inbox.0.contains(&key) {
            return Ok(false);
        }
        // One line an event: a line break between the tokens of the JSON would be two.
        let event = serde_json::value::RawValue::from_string(json.replace(['\n', '\r'], " "))?;
        let mut line = serde_json::to_vec(&Line {
            key: key.clone(),
            event: &event,
        })?;
        line.push(b'\n');
        inbox.1.write_all(&line)?;
        inbox.1.sync_data()?;
        inbox.0.insert(key);
        Ok(true)
    }
}

#[allow(dead_code, reason = "the tests use the parts above")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let inbox = arguments.next().unwrap_or_else(|| "inbox.jsonl".to_owned());
    let secret = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let secrets = Secrets {
        clink: secret("CLINK_WEBHOOK_SECRET")?,
        linkbest: secret("LINKBEST_PUSH_SECRET")?,
        shopline: secret("SHOPLINE_APP_SECRET")?,
    };
    let service = Service::new(secrets, Inbox::open(Path::new(&inbox))?, Utc::now);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!(
        "listening on http://{}, keeping events in {inbox}",
        listener.local_addr()?
    );
    axum::serve(listener, router(Arc::new(service))).await?;
    Ok(())
}
