#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod base_url;
mod clock;
mod endpoint;
mod engine;
mod fault;
mod limiter;
mod observer;
mod options;
mod origin;
pub mod redact;
mod reply;
#[cfg(feature = "__reqwest")]
mod reqwest;
mod retry;
mod retry_after;
mod run;
mod settings;
pub mod testing;
mod transport;

pub use base_url::{BaseUrl, segment};
pub use clock::{Clock, Randomness, SystemClock, SystemRandomness};
pub use endpoint::Endpoint;
pub use engine::{Engine, unbuildable};
pub use fault::{default_http_fault, http_fault, is_retryable_status, kind_of_status};
pub use limiter::{RateLimit, RateLimiter};
pub use observer::{Event, EventKind, Observer};
pub use options::ClientOptions;
pub use origin::Origin;
pub use reply::Reply;
#[cfg(feature = "__reqwest")]
pub use reqwest::{ReqwestTransport, ReqwestTransportBuilder};
pub use retry::RetryPolicy;
pub use retry_after::parse_retry_after;
pub use settings::Attempt;
pub use transport::{Transport, TransportError, TransportErrorKind, TransportLimits};

/// A setting that cannot be used.
pub(crate) fn config(message: impl Into<String>) -> orders_core::Error {
    orders_core::Error::new(orders_core::ErrorKind::Config, message)
}
