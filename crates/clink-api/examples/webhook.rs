//! Receives what Clink pushes, with axum: `cargo run --example webhook -- 127.0.0.1:3000`.
//!
//! The signing secret of the endpoint comes from `CLINK_WEBHOOK_SECRET`. What is not answered with a 2xx is pushed again.
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
use clink_api::webhooks::{Event, Headers, Resource, Verifier};

/// Receives pushes at `/hook`; `keep` gets each one that is genuine: its event, or its bytes where it cannot be read.
pub fn app(secret: &str, keep: impl Fn(Result<Event, Bytes>) + Send + Sync + 'static) -> Router {
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
    let now = SystemTime::now().into();
    match receiver.verifier.verify(&headers, &body, now) {
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
    let app = app(&var("CLINK_WEBHOOK_SECRET")?, |push| {
        let event = match push {
            Ok(event) => event,
            Err(body) => return println!("{} bytes to be read by a later version", body.len()),
        };
        // A push can come twice: keep each key once.
        let key = event.idempotency_key();
        match &event.resource {
            Resource::Order(order) => println!("{key} order {:?}", order.order_id),
            Resource::Refund(refund) => println!("{key} refund {:?}", refund.refund_id),
            _ => println!("{key} {}", event.name.as_str()),
        }
    });
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
