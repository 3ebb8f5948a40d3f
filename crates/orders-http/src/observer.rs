//! Who is notified of what a client does by itself: attempts, and the waits between them.

use std::fmt;
use std::time::Duration;

use orders_core::Error;

/// Is notified of the attempts and waits of clients, for progress and metrics. It is called inside the call, so it has
/// to be quick, and must not panic.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use orders_http::{Event, EventKind, Observer};
///
/// /// Counts what was sent again.
/// #[derive(Debug, Default)]
/// struct Repeats(AtomicU64);
///
/// impl Observer for Repeats {
///     fn observe(&self, event: &Event<'_>) {
///         if let EventKind::Failed { retry_in: Some(_), .. } = event.what {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync + fmt::Debug {
    /// Something happened in a call.
    fn observe(&self, event: &Event<'_>);
}

/// Something that happened in a call to an endpoint.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The vendor of the client.
    pub vendor: &'static str,
    /// The name of the endpoint.
    pub endpoint: &'static str,
    /// The number of requests sent in this call so far.
    pub attempts: u32,
    /// How long the call has taken so far.
    pub elapsed: Duration,
    /// What happened.
    pub what: EventKind<'a>,
}

/// What happened in a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// The local rate limit held the request back; the wait is over.
    #[non_exhaustive]
    RateLimited {
        /// How long that took.
        waited: Duration,
    },
    /// The attempt succeeded: the answer came and was read. The call is over.
    #[non_exhaustive]
    Succeeded {
        /// The HTTP status.
        status: u16,
        /// The vendor's id of the request, where the answer has one.
        trace_id: Option<&'a str>,
    },
    /// The attempt failed.
    #[non_exhaustive]
    Failed {
        /// Why: its kind, and the status where an answer came.
        error: &'a Error,
        /// How long the client waits before it sends the request again; `None` where it does not, and the call is over.
        retry_in: Option<Duration>,
    },
}
