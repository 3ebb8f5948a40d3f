use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use orders_http::testing::MemoryTransport;
use orders_http::{RateLimit, TransportErrorKind};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::*;

thread_local! {
    /// What the test on this thread caused.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Writes down every span and event of a thread, field by field.
struct Notes {
    ids: AtomicU64,
}

/// Listens from before the first engine is made: who listens later can miss what another thread has just met for the
/// first time.
pub(crate) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let ids = AtomicU64::new(1);
        tracing::subscriber::set_global_default(Notes { ids }).unwrap();
    });
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

fn note(start: String, record: impl FnOnce(&mut Line)) {
    let mut line = Line(start);
    record(&mut line);
    LINES.with_borrow_mut(|lines| lines.push(line.0));
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        note(format!("span {}", span.metadata().name()), |line| {
            span.record(line)
        });
        Id::from_u64(self.ids.fetch_add(1, Ordering::Relaxed))
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        note("record".to_owned(), |line| values.record(line));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let level = event.metadata().level().to_string();
        note(level, |line| event.record(line));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_span_a_call_and_an_event_an_attempt_and_no_secret() {
    let transport = MemoryTransport::new();
    let headers = [("traceid", "6a98"), ("set-cookie", SECRET)];
    transport
        .fail(TransportErrorKind::Connect)
        .reply_with(429, &headers, format!("bad {SECRET}"))
        .reply_with(200, &headers, SECRET);
    let engine = options(&transport)
        .rate_limit(RateLimit::new(1, 1).unwrap())
        .build()
        .unwrap();
    LINES.take();
    get(&engine).await.unwrap();

    let all = LINES.take();
    let lines: Vec<&str> = all
        .iter()
        .map(String::as_str)
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

    let everything = all.join("\n");
    for secret in [SECRET, "acme.example", "sign="] {
        assert!(!everything.contains(secret), "{secret} is in\n{everything}");
    }
}
