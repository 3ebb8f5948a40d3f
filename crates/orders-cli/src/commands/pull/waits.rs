//! What the vendors' clients wait for by themselves: they tell it as tracing events, on the thread of the account.

use std::fmt::Debug;
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Where the clients' events come from.
const TARGET: &str = "orders_http";

/// A wait of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// It begins: before the same request is sent again.
    Again {
        wait: Duration,
        /// Whether the vendor's rate limit is the reason.
        rate_limited: bool,
    },
    /// It is over: the client kept the account's limit.
    OwnLimit,
}

/// Gives the waits of the thread on which it is the default subscriber.
pub(super) struct Waits<F>(pub(super) F);

impl<F: Fn(Wait) + Send + Sync + 'static> Subscriber for Waits<F> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with(TARGET)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut told = Told::default();
        event.record(&mut told);
        if let Some(wait) = told.wait() {
            (self.0)(wait);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The fields of an event that matter here.
#[derive(Default)]
struct Told {
    wait: Option<Duration>,
    rate_limited: bool,
    failed: bool,
}

impl Told {
    fn wait(&self) -> Option<Wait> {
        let wait = self.wait?;
        Some(match self.failed {
            true => Wait::Again {
                wait,
                rate_limited: self.rate_limited,
            },
            false => Wait::OwnLimit,
        })
    }
}

impl Visit for Told {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "wait_ms" {
            self.wait = Some(Duration::from_millis(value));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // Only a failed attempt has a kind.
        if field.name() == "kind" {
            self.failed = true;
            self.rate_limited = value == orders_core::ErrorKind::RateLimit.as_str();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, Mutex};

    use clink_api::http::RateLimit;
    use clink_api::http::testing::{MemoryTransport, SeededRandomness, response};
    use orders_core::{OrderSource, Slice};

    use super::*;

    /// A real client tells them, so that the names of its events are held too.
    #[tokio::test(start_paused = true)]
    async fn the_waits_of_a_client_are_heard() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        let told = Waits(move |wait| ears.lock().unwrap().push(wait));
        let _guard = tracing::subscriber::set_default(told);

        let transport = MemoryTransport::new();
        transport.respond(response(429, &[("retry-after", "7")], "{}"));
        transport.reply(503, "{}").reply(404, "{}");
        let client = clink_api::Client::builder("k")
            .transport(Arc::new(transport))
            .randomness(Arc::new(SeededRandomness::new(1)))
            .rate_limit(RateLimit::new(1, 1))
            .build()
            .unwrap();
        let _ = client.count(&Slice::pass()).await;
        let heard = heard.lock().unwrap();
        let rate_limited: Vec<_> = heard
            .iter()
            .filter_map(|wait| match wait {
                Wait::Again { wait, rate_limited } => Some((wait.as_secs() >= 7, *rate_limited)),
                Wait::OwnLimit => None,
            })
            .collect();
        assert_eq!(rate_limited.first(), Some(&(true, true)), "{heard:?}");
        assert!(rate_limited.contains(&(false, false)), "{heard:?}");
        assert!(heard.contains(&Wait::OwnLimit), "{heard:?}");
    }
}
