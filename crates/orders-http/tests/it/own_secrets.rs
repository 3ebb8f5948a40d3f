//! A client's own secrets, echoed by the vendor: none is left in an error, an event or a cause.

use std::error::Error as _;
use std::sync::{Arc, Mutex};

use orders_http::testing::MemoryTransport;
use orders_http::{Endpoint, Event, EventKind, Observer};
use secrecy::SecretString;

use crate::support::{Build, get, options, orders};

/// Nothing in it looks like a secret.
const PLAIN: &str = "our shop/key";

#[derive(Debug, Default)]
struct Seen(Mutex<Vec<String>>);

impl Observer for Seen {
    fn observe(&self, event: &Event<'_>) {
        let text = match &event.what {
            EventKind::Failed { error, .. } => error.to_string(),
            other => format!("{other:?}"),
        };
        self.0.lock().unwrap().push(text);
    }
}

#[tokio::test(start_paused = true)]
async fn an_echoed_secret_is_in_no_error_and_no_event() {
    let bodies = [
        format!("the credential {PLAIN} is unknown"),
        "https://acme.example/?k=our%20shop%2Fkey".to_owned(),
        r#"{"msg":"not our shop\/key"}"#.to_owned(),
        format!("<html><title>no {PLAIN}</title></html>"),
    ];
    for body in bodies {
        let transport = MemoryTransport::new();
        for _ in 0..9 {
            let reply = http::Response::builder()
                .status(503)
                .header("traceid", "our shop/key 7");
            transport.respond(reply.body(body.clone().into()).unwrap());
        }
        let seen = Arc::new(Seen::default());
        let engine = options(&transport).observer(seen.clone()).build().unwrap();
        let engine = engine.hiding([SecretString::from(PLAIN)]);
        let error = get(&engine).await.unwrap_err();
        let mut shown = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(inner) = cause {
            shown += &inner.to_string();
            cause = inner.source();
        }
        shown += &seen.0.lock().unwrap().join("\n");
        for part in [PLAIN, "shop%2Fkey", r"shop\/key", "our shop"] {
            assert!(!shown.contains(part), "{part}: {shown}");
        }
        assert!(shown.contains("***"), "{shown}");
    }
}

#[tokio::test]
async fn what_is_read_keeps_every_byte() {
    let transport = MemoryTransport::new();
    let body = format!(r#"{{"note":"{PLAIN}, card 4111111111111111"}}"#);
    transport.reply(200, body.clone());
    let engine = options(&transport).build().unwrap();
    let engine = engine.hiding([SecretString::from(PLAIN)]);
    assert_eq!(get(&engine).await.unwrap(), body);
}

#[tokio::test]
async fn other_options_hide_the_same_secrets() {
    let transport = MemoryTransport::new();
    transport.reply(400, format!("no {PLAIN}"));
    let engine = options(&transport).build().unwrap();
    let engine = engine.hiding([SecretString::from(PLAIN)]);
    let engine = engine.with_options(options(&transport)).unwrap();
    let read = |reply: &orders_http::Reply| -> Result<(), _> {
        Err(orders_core::Error::invalid_request(
            String::from_utf8_lossy(reply.body()),
        ))
    };
    let endpoint = Endpoint::get("GET orders", "orders");
    let error = engine.run(&endpoint, |_| orders(), read).await.unwrap_err();
    assert_eq!(error.message(), "no ***");
    assert_eq!(error.excerpt(), Some("no ***"));
}
