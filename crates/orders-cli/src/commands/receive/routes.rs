//! Which path belongs to which account, and how each vendor is answered.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use linkbest_api::webhooks::Answer as Word;
use orders_wire::webhook::{Headers, MAX_PUSH};

use super::account::{Account, Answer};
use super::verified::Received;
use crate::vendor::Vendor;

/// The paths of some accounts: `/vendor/account`, and `/vendor` where the vendor has one account only.
pub(super) fn paths(accounts: &[Arc<Account>]) -> Vec<(String, Arc<Account>)> {
    let mut paths = Vec::new();
    for account in accounts {
        let vendor = account.of.vendor;
        let of_vendor = accounts.iter().filter(|other| other.of.vendor == vendor);
        if of_vendor.count() == 1 {
            paths.push((format!("/{vendor}"), Arc::clone(account)));
        }
        let label = path_of(&account.of.name.label);
        paths.push((format!("/{vendor}/{label}"), Arc::clone(account)));
    }
    paths
}

/// A name as a part of a path: what means something there is written as its number.
fn path_of(label: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let part = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    label.bytes().map(part).collect()
}

pub(super) fn router(paths: Vec<(String, Arc<Account>)>) -> Router {
    let mut router = Router::new();
    for (path, account) in paths {
        let methods = match account.of.vendor {
            Vendor::Linkbest => get(receive).post(receive),
            _ => post(receive),
        };
        router = router.route(&path, methods.with_state(account));
    }
    router.layer(DefaultBodyLimit::max(MAX_PUSH))
}

async fn receive(
    State(account): State<Arc<Account>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let pairs = headers.iter();
    let headers = Headers::from_pairs(pairs.map(|(name, value)| (name.as_str(), value.as_bytes())));
    let query = query.unwrap_or_default();
    let received = Received {
        headers,
        // A push of Linkbest is its query or its body.
        query: if body.is_empty() { &query } else { "" },
        body: &body,
    };
    let answer = account.receive(received).await;
    match account.of.vendor {
        Vendor::Linkbest => in_a_word(answer),
        _ => by_status(answer),
    }
}

/// Any 2xx is received (SHOPLINE: 200, within five seconds); after anything else the push comes again.
fn by_status(answer: Answer) -> Response {
    match answer {
        Answer::Stored | Answer::Known => StatusCode::OK,
        Answer::NotStored => StatusCode::INTERNAL_SERVER_ERROR,
        Answer::Refused => StatusCode::UNAUTHORIZED,
    }
    .into_response()
}

fn in_a_word(answer: Answer) -> Response {
    let word = match answer {
        Answer::Stored => Word::Stored,
        Answer::Known => Word::AlreadyKnown,
        Answer::NotStored | Answer::Refused => Word::NotReceived,
    };
    let status = match answer {
        Answer::Refused => StatusCode::UNAUTHORIZED,
        _ => StatusCode::OK,
    };
    (status, word.to_string()).into_response()
}
