use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use orders_http::testing::MemoryTransport;
use orders_http::{RateLimit, TransportErrorKind};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::*;

/// Writes down every span and event of the engine, field by field.
#[derive(Clone, Default)]
struct Notes {
    lines: Arc<Mutex<Vec<String>>>,
    ids: Arc<AtomicU64>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Notes {
    fn note(&self, start: String, record: impl FnOnce(&mut Line)) {
        let mut line = Line(start);
        record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(format!("span {}", span.metadata().name()), |line| span.record(line));
        Id::from_u64(self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.note("record".to_owned(), |line| values.record(line));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let level = event.metadata().level().to_string();
        self.note(level, |line| event.record(line));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_span_a_call_and_an_event_an_attempt_and_no_secret() {
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());

    let transport = MemoryTransport::new();
    let headers = [("traceid", "6a98"), ("set-cookie", SECRET)];
    transport
        .fail(TransportErrorKind::Connect)
        .reply_with(429, &headers, format!("bad {SECRET}"))
        .reply_with(200, &headers, SECRET);
    let engine = builder(&transport).rate_limit(RateLimit::new(1, 1)).build().unwrap();
    get(&engine).await.unwrap();

    let lines: Vec<String> = notes
        .lines()
        .into_iter()
        .filter(|line| line.contains("acme") || line.contains("local rate limit"))
        .collect();
    assert_eq!(lines[0], r#"span call vendor="acme" endpoint="GET orders""#);
    let events = lines[1..].join("\n");
    for part in [
        r#"attempt=1 kind="transport" wait_ms=500"#,
        r#"attempt=2 kind="rate_limit" status=429 trace_id="6a98" wait_ms=1000"#,
        r#"attempt=3 status=200 trace_id="6a98""#,
        "waited for the local rate limit",
    ] {
        assert!(events.contains(part), "{part} is not in\n{events}");
    }
    assert_eq!(events.matches(r#"vendor="acme""#).count(), 3, "{events}");

    let everything = notes.lines().join("\n");
    for secret in [SECRET, "acme.example", "sign="] {
        assert!(!everything.contains(secret), "{secret} is in\n{everything}");
    }
}
