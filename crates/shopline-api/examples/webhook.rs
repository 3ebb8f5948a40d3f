//! Receives what SHOPLINE pushes, with axum: `cargo run --example webhook -- 127.0.0.1:3000`.
//!
//! The secret of the app comes from `SHOPLINE_APP_SECRET`. Answer within five seconds: keep the event, then work on it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use shopline_api::webhooks::{Event, Headers, Resource, Verifier};

/// Receives pushes at `/hook`; `keep` gets each one that is genuine: its event, or its bytes where it cannot be read.
pub(crate) fn app(
    secret: &str,
    keep: impl Fn(Result<Event, Bytes>) + Send + Sync + 'static,
) -> Router {
    let receiver = Receiver {
        verifier: Verifier::new(secret),
        keep: Box::new(keep),
    };
    Router::new()
        .route("/hook", post(receive))
        .with_state(Arc::new(receiver))
}

struct Receiver {
    verifier: Verifier,
    keep: Box<dyn Fn(Result<Event, Bytes>) + Send + Sync>,
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let pairs = headers.iter();
    let pairs = pairs.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let headers = Headers::from_pairs(pairs);
    match receiver
        .verifier
        .verify(&headers, &body, SystemTime::now().into())
    {
        Ok(event) => {
            (receiver.keep)(Ok(event));
            StatusCode::OK
        }
        // The vendor would push it again and again, and it would be as unreadable.
        Err(error) if error.is_genuine() => {
            eprintln!("kept unread: {error}");
            (receiver.keep)(Err(body));
            StatusCode::OK
        }
        Err(error) => {
            eprintln!("refused: {error}");
            StatusCode::UNAUTHORIZED
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = args().nth(1).unwrap_or("127.0.0.1:3000".to_owned());
    let app = app(&var("SHOPLINE_APP_SECRET")?, |push| {
        let event = match push {
            Ok(event) => event,
            Err(body) => return println!("{} bytes to be read by a later version", body.len()),
        };
        // A push can come twice: keep each key once.
        let key = event.idempotency_key();
        match &event.resource {
            Resource::Order(order) => println!("{key} order {:?}", order.id),
            _ => println!("{key} {}", event.topic.as_str()),
        }
    });
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
