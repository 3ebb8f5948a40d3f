#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod builder;
mod clock;
mod engine;
mod fault;
mod limiter;
mod origin;
pub mod redact;
mod reply;
#[cfg(feature = "reqwest")]
mod reqwest;
mod retry;
mod retry_after;
mod run;
mod stream;
pub mod testing;
mod transport;

pub use builder::EngineBuilder;
pub use clock::{Clock, Randomness, SystemClock, SystemRandomness};
pub use engine::{Attempt, Call, Engine};
pub use fault::{default_http_fault, http_fault, is_retryable_status, kind_of_status};
pub use limiter::{RateLimit, RateLimiter};
pub use origin::Origin;
pub use reply::Reply;
#[cfg(feature = "reqwest")]
pub use reqwest::ReqwestTransport;
pub use retry::RetryPolicy;
pub use retry_after::parse_retry_after;
pub use stream::rows;
pub use transport::{Transport, TransportError, TransportErrorKind, TransportLimits};
