//! Receives what Linkbest pushes, with axum: `cargo run --example webhook -- 127.0.0.1:3000`.
//!
//! The secret of the pushes comes from `LINKBEST_PUSH_SECRET`. One handler takes both versions: v1 is a GET with the order
//! in its query, v2 a POST with the order in its body.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::routing::get;
use linkbest_api::webhooks::{Answer, Event, Resource, Verifier};

/// Receives pushes at `/hook`; `keep` gets each one that is genuine, and answers how it went: its event, or its query and body
/// where it cannot be read.
pub(crate) fn app(
    secret: &str,
    keep: impl Fn(Result<Event, Unread>) -> Answer + Send + Sync + 'static,
) -> Router {
    let receiver = Receiver {
        verifier: Verifier::new(secret),
        keep: Box::new(keep),
    };
    Router::new()
        .route("/hook", get(receive).post(receive))
        .with_state(Arc::new(receiver))
}

/// The query and the body of a genuine push that cannot be read.
pub(crate) type Unread = (String, Bytes);

struct Receiver {
    verifier: Verifier,
    keep: Box<dyn Fn(Result<Event, Unread>) -> Answer + Send + Sync>,
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> (StatusCode, String) {
    let query = query.unwrap_or_default();
    let (status, answer) = match receiver.verifier.verify(&query, &body) {
        Ok(event) => (StatusCode::OK, (receiver.keep)(Ok(event))),
        // The vendor would push it again and again, and it would be as unreadable.
        Err(error) if error.is_genuine() => {
            eprintln!("kept unread: {error}");
            (StatusCode::OK, (receiver.keep)(Err((query, body))))
        }
        Err(error) => {
            eprintln!("refused: {error}");
            (StatusCode::UNAUTHORIZED, Answer::NotReceived)
        }
    };
    (status, answer.to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = args().nth(1).unwrap_or("127.0.0.1:3000".to_owned());
    let app = app(&var("LINKBEST_PUSH_SECRET")?, |push| {
        let event = match push {
            Ok(event) => event,
            Err((query, body)) => {
                let bytes = query.len() + body.len();
                println!("{bytes} bytes to be read by a later version");
                return Answer::Stored;
            }
        };
        // A push can come twice: `idempotency_key` tells which to keep.
        let key = event.state_key();
        match &event.resource {
            Resource::Order(order) => println!("{key} order {:?}", order.order_sn),
            _ => println!("{key} a test of the vendor's"),
        }
        Answer::Stored
    });
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
