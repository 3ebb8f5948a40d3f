//! One service that receives the pushes of all three vendors, answers as each wants, and keeps each event once.
//!
//!     CLINK_WEBHOOK_SECRET=whsec_... LINKBEST_PUSH_SECRET=... SHOPLINE_APP_SECRET=... \
//!         cargo run -p orders-cli --example receiver -- 127.0.0.1:8080 inbox.jsonl
//!
//! `POST /clink`, `GET` and `POST /linkbest` (push v1 and v2), `POST /shopline`. A push is verified over the bytes as
//! received, appended to the inbox under its idempotency key, flushed to the disk, and only then answered: what was
//! answered with success is kept, and what was not is pushed again by the vendor.
//!
//! A genuine push that cannot be read is kept, too, as the bytes that came, and answered with success: the vendor would
//! only send the same bytes again, and give the subscription up in the end. Its line has `unread` (why) beside `event`
//! (the text) or `bytes` (in hexadecimal, where it is no text), and each start shows how many there are.
#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::print_stdout,
    clippy::print_stderr
)]

use std::collections::{HashMap, HashSet};
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
use orders_wire::webhook::to_hex;
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
    let (headers, secret) = (of(&headers), &service.secrets.clink);
    let kept = match clink_api::webhooks::verify(&headers, &body, secret, (service.now)()) {
        Ok(event) => service
            .inbox
            .keep("clink", event.idempotency_key(), event.raw.as_str()),
        Err(error) if error.is_genuine() => service.inbox.keep_unread("clink", &error, &body),
        Err(error) => return refused(&error),
    };
    answered(kept)
}

/// 200 within five seconds is received.
async fn shopline(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (headers, secret) = (of(&headers), &service.secrets.shopline);
    let kept = match shopline_api::webhooks::verify(&headers, &body, secret, (service.now)()) {
        Ok(event) => service
            .inbox
            .keep("shopline", event.idempotency_key(), event.raw.as_str()),
        Err(error) if error.is_genuine() => service.inbox.keep_unread("shopline", &error, &body),
        Err(error) => return refused(&error),
    };
    answered(kept)
}

async fn linkbest_v1(State(service): State<Arc<Service>>, RawQuery(query): RawQuery) -> Response {
    linkbest(&service, &query.unwrap_or_default(), &Bytes::new())
}

async fn linkbest_v2(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    linkbest(&service, "", &body)
}

/// The answer is a word: stored, known already, or not received. The vendor's test push is answered and not stored.
fn linkbest(service: &Service, query: &str, body: &Bytes) -> Response {
    let inbox = &service.inbox;
    let kept = match linkbest_api::webhooks::verify(query, body, &service.secrets.linkbest) {
        Ok(event) => match &event.resource {
            Resource::Order(order) => inbox.keep_push(&event, order.raw.as_str()),
            _ => Ok(true),
        },
        Err(error) if error.is_genuine() => {
            let received = if body.is_empty() {
                query.as_bytes()
            } else {
                body
            };
            inbox.keep_unread("linkbest", &error, received)
        }
        Err(error) => {
            return (refused(&error).status(), Answer::NotReceived.to_string()).into_response();
        }
    };
    let answer = match kept {
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

fn answered(kept: io::Result<bool>) -> Response {
    match kept {
        Ok(_) => StatusCode::OK.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A push that is not the vendor's own is refused, and nothing of it is kept.
fn refused(error: &WebhookError) -> Response {
    (StatusCode::UNAUTHORIZED, error.to_string()).into_response()
}

/// An append-only file of events, each under its key once.
pub struct Inbox(Mutex<Kept>);

struct Kept {
    keys: HashSet<String>,
    /// The newest state that was pushed of each order, where the vendor's pushes need not have an id.
    newest: HashMap<String, String>,
    unread: usize,
    file: File,
}

#[derive(Default, Serialize, Deserialize)]
struct Line<'a> {
    key: String,
    /// The order and its state, where a push need not have an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<(String, String)>,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<String>,
    /// The event; what could not be read, as a JSON string.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    event: Option<&'a serde_json::value::RawValue>,
    /// What could not be read and is no text, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

impl Inbox {
    /// Opens the file and learns the keys it holds. A line cut off by a crash was never answered: it is overwritten.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let (mut keys, mut newest) = (HashSet::new(), HashMap::new());
        let (mut unread, mut whole) = (0, 0);
        let mut reader = BufReader::new(&file);
        let mut text = String::new();
        while reader.read_line(&mut text)? > 0 {
            let Ok(line) = serde_json::from_str::<Line<'_>>(&text) else {
                break;
            };
            unread += usize::from(line.unread.is_some());
            keys.insert(line.key);
            newest.extend(line.state);
            whole += text.len() as u64;
            text.clear();
        }
        file.set_len(whole)?;
        Ok(Self(Mutex::new(Kept {
            keys,
            newest,
            unread,
            file,
        })))
    }

    /// How many of the pushes kept could not be read.
    pub fn unread(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unread
    }

    /// Keeps an event; `false` where it was there before.
    pub fn keep(&self, vendor: &str, key: &str, json: &str) -> io::Result<bool> {
        // One line an event: a line break between the tokens of the JSON would be two.
        let event = serde_json::value::RawValue::from_string(json.replace(['\n', '\r'], " "))?;
        self.append(Line {
            key: format!("{vendor}/{key}"),
            event: Some(&event),
            ..Line::default()
        })
    }

    /// Keeps a push of Linkbest; `false` where it was there before. One without an id of its own was there before only if
    /// the newest one kept of its order has the same state: a state may come back.
    pub fn keep_push(&self, event: &linkbest_api::webhooks::Event, json: &str) -> io::Result<bool> {
        let (order, state) = (event.order_key(), event.state_key());
        let key = match event.idempotency_key() {
            Some(key) => key,
            None => {
                let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.newest.get(&order) == Some(&state) {
                    return Ok(false);
                }
                format!("{state}#{}", kept.keys.len())
            }
        };
        let event = serde_json::value::RawValue::from_string(json.replace(['\n', '\r'], " "))?;
        self.append(Line {
            key: format!("linkbest/{key}"),
            state: Some((order, state)),
            event: Some(&event),
            ..Line::default()
        })
    }

    /// Keeps a genuine push that cannot be read, and shows it. Its key are its bytes: nothing else of it is known.
    pub fn keep_unread(&self, vendor: &str, why: &WebhookError, push: &[u8]) -> io::Result<bool> {
        let text = std::str::from_utf8(push).ok();
        let event = text.map(serde_json::value::to_raw_value).transpose()?;
        let key = format!("{vendor}/unread/{}", to_hex(&hmac_sha256::Hash::hash(push)));
        let kept = self.append(Line {
            key: key.clone(),
            unread: Some(why.to_string()),
            event: event.as_deref(),
            bytes: text.is_none().then(|| to_hex(push)),
            ..Line::default()
        })?;
        eprintln!("unread: {key}: {why}");
        Ok(kept)
    }

    fn append(&self, line: Line<'_>) -> io::Result<bool> {
        let mut inbox = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inbox.keys.contains(&line.key) {
            return Ok(false);
        }
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        inbox.file.write_all(&text)?;
        inbox.file.sync_data()?;
        inbox.unread += usize::from(line.unread.is_some());
        inbox.keys.insert(line.key);
        inbox.newest.extend(line.state);
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
    let kept = Inbox::open(Path::new(&inbox))?;
    if kept.unread() > 0 {
        println!(
            "{} pushes in {inbox} could not be read: see its lines with \"unread\"",
            kept.unread()
        );
    }
    let service = Service::new(secrets, kept, Utc::now);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!(
        "listening on http://{}, keeping events in {inbox}",
        listener.local_addr()?
    );
    axum::serve(listener, router(Arc::new(service))).await?;
    Ok(())
}
