use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use orders_core::ErrorKind;
use orders_http::testing::{MemoryTransport, response};
use orders_http::{ClientOptions, Event, EventKind, Observer, RateLimit, TransportErrorKind};

use crate::support::*;

#[tokio::test]
async fn plain_http_goes_to_this_machine_only_unless_allowed() {
    let transport = MemoryTransport::new();
    for base in ["http://acme.example", "http://10.0.0.1:80/api"] {
        let error = options(&transport).build_at(base).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{base}");
        assert!(error.message().contains("in clear"), "{error}");
        assert!(
            error.hint().unwrap().contains("allow_plain_http"),
            "{error}"
        );
        let allowed = options(&transport).allow_plain_http(true);
        assert!(allowed.build_at(base).is_ok(), "{base}");
    }
    for base in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"] {
        assert!(options(&transport).build_at(base).is_ok(), "{base}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_per_client_and_its_clones_and_derived_clients_share_it() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(response(200, &[], "data")));
    let limited = options(&transport).rate_limit(RateLimit::new(1, 1).unwrap());
    let (one, other) = (limited.clone().build().unwrap(), limited.build().unwrap());
    get(&one).await.unwrap();
    get(&other).await.unwrap();
    assert_times(&transport.sent_at(), &[0, 0]);

    let derived = one
        .with_options(ClientOptions::new().deadline(Duration::from_secs(9)))
        .unwrap();
    get(&derived).await.unwrap();
    get(&one.clone()).await.unwrap();
    assert_times(&transport.sent_at()[2..], &[1000, 2000]);

    let unlimited = one
        .with_options(ClientOptions::new().no_rate_limit())
        .unwrap();
    get(&unlimited).await.unwrap();
    get(&unlimited).await.unwrap();
    assert_times(&transport.sent_at()[4..], &[2000, 2000]);
    assert_eq!(one.requests_sent(), 5);
    assert_eq!(unlimited.requests_sent(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_single_call_can_have_other_options() {
    let transport = MemoryTransport::new();
    transport.hang();
    let engine = engine(&transport);
    let hasty = ClientOptions::new()
        .deadline(Duration::from_secs(1))
        .user_agent("hasty/1");
    let error = get(&engine.with_options(hasty).unwrap()).await.unwrap_err();
    assert_eq!(error.message(), "the deadline of 1s passed");
    let agent = transport.requests()[0].headers()["user-agent"].clone();
    assert_eq!(agent, "hasty/1");
    let senseless = ClientOptions::new().deadline(Duration::ZERO);
    let error = engine.with_options(senseless).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

/// Writes down what it is notified of.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn observe(&self, event: &Event<'_>) {
        let what = match event.what {
            EventKind::RateLimited { waited, .. } => format!("limited {} ms", waited.as_millis()),
            EventKind::Succeeded {
                status, trace_id, ..
            } => format!("{status} {trace_id:?}"),
            EventKind::Failed {
                error, retry_in, ..
            } => format!("{} {retry_in:?}", error.kind().as_str()),
            _ => "unknown".to_owned(),
        };
        let line = format!(
            "{} {} {} {what}",
            event.vendor, event.endpoint, event.attempts
        );
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_notified_of_attempts_and_waits() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .reply_with(429, &[("retry-after", "3")], "")
        .reply_with(200, &[("traceid", "6a98")], "data")
        .reply(404, "");
    let notes = Arc::new(Notes::default());
    let engine = options(&transport)
        .observer(notes.clone())
        .rate_limit(RateLimit::new(1, 2).unwrap())
        .build()
        .unwrap();
    get(&engine).await.unwrap();
    get(&engine).await.unwrap_err();
    let notes = notes.0.lock().unwrap();
    assert_eq!(
        *notes,
        [
            "acme GET orders 1 transport Some(500ms)",
            "acme GET orders 2 rate_limit Some(4s)",
            "acme GET orders 3 200 Some(\"6a98\")",
            "acme GET orders 1 not_found None",
        ]
    );
}

#[test]
fn a_call_without_a_runtime_is_an_error_and_no_panic() {
    let engine = engine(&MemoryTransport::new());
    let mut call = pin!(get(&engine));
    let Poll::Ready(Err(error)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("no error")
    };
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.endpoint(), Some("GET orders"));
    assert!(error.hint().unwrap().contains("enable_time"), "{error}");
}

#[cfg(not(feature = "reqwest"))]
#[test]
fn without_a_transport_the_error_says_what_to_do() {
    let error = ClientOptions::new().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let hint = error.hint().unwrap();
    assert!(hint.contains("ClientOptions::transport") && hint.contains("`reqwest`"));
}
