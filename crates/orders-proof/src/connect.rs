//! The real clients on a sandbox: over sockets, or in memory in paused time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::OrderSource;
use orders_http::testing::{SeededRandomness, TestClock};
use orders_http::{
    ClientOptions, RetryPolicy, Transport, TransportError, TransportErrorKind, TransportLimits,
};
use orders_sandbox::{Sandbox, SandboxBuilder, Vendor};

use crate::Result;

/// A way to read a vendor's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Clink: passes over pages.
    Clink,
    /// Linkbest: windows of update time that fit one page.
    Linkbest,
    /// SHOPLINE: the whole store by windows of update time.
    ShoplineStore,
    /// SHOPLINE: customer by customer.
    ShoplineCustomers,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Clink,
        Self::Linkbest,
        Self::ShoplineStore,
        Self::ShoplineCustomers,
    ];

    /// Whose orders.
    #[must_use]
    pub fn vendor(self) -> Vendor {
        match self {
            Self::Clink => Vendor::Clink,
            Self::Linkbest => Vendor::Linkbest,
            Self::ShoplineStore | Self::ShoplineCustomers => Vendor::Shopline,
        }
    }

    /// The customers to name in the options of a pull; empty for the other ways.
    #[must_use]
    pub fn partitions(self, sandbox: &Sandbox) -> Vec<String> {
        match self {
            Self::ShoplineCustomers => sandbox.shopline_customers(),
            _ => Vec::new(),
        }
    }
}

/// The name of each account.
pub const ACCOUNT: &str = "proof";

/// What lies between client and sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Nothing: requests are handed over in memory. For paused tokio time.
    Memory,
    /// Loopback.
    Sockets,
}

/// 2026-02-01T00:00:00Z: where the clocks of paused time begin.
const BEGIN: u64 = 1_769_904_000_000;

impl Wire {
    /// Starts a sandbox whose clock goes with the wire's time.
    ///
    /// # Errors
    /// Where no port can be bound.
    pub async fn start(self, builder: SandboxBuilder) -> Result<Arc<Sandbox>> {
        let builder = builder.date(|now| now);
        let builder = match self {
            Self::Sockets => builder,
            Self::Memory => {
                let started = tokio::time::Instant::now();
                let begin = i64::try_from(BEGIN)
                    .ok()
                    .and_then(DateTime::from_timestamp_millis);
                let begin: DateTime<Utc> = begin.unwrap_or_default();
                builder.clock(Arc::new(move || begin + started.elapsed()))
            }
        };
        let sandbox = builder.start().await;
        sandbox
            .map(Arc::new)
            .map_err(|error| format!("cannot start the sandbox: {error}"))
    }

    /// The vendor's own client on the sandbox, with its usual retries (short ones on sockets).
    ///
    /// # Errors
    /// Where the client cannot be built.
    pub fn source(
        self,
        sandbox: &Arc<Sandbox>,
        way: Way,
        seed: u64,
    ) -> Result<Box<dyn OrderSource>> {
        connect(sandbox, way, self.options(sandbox, seed))
    }

    /// How the client is set up for this wire.
    pub fn options(self, sandbox: &Arc<Sandbox>, seed: u64) -> ClientOptions {
        match self {
            Self::Sockets => ClientOptions::new().retry(quick()).no_rate_limit(),
            Self::Memory => ClientOptions::new()
                .transport(Arc::new(InMemory(Arc::clone(sandbox))))
                .clock(Arc::new(TestClock::at_unix_millis(BEGIN)))
                .randomness(Arc::new(SeededRandomness::new(seed))),
        }
    }
}

/// The vendor's own client on the sandbox.
///
/// # Errors
/// Where the client cannot be built.
pub fn connect(
    sandbox: &Sandbox,
    way: Way,
    options: ClientOptions,
) -> Result<Box<dyn OrderSource>> {
    let source: std::result::Result<Box<dyn OrderSource>, orders_core::Error> = match way.vendor() {
        Vendor::Clink => clink_api::Client::builder(sandbox.clink_api_key())
            .base_url(sandbox.clink_base_url())
            .account(ACCOUNT)
            .options(options)
            .build()
            .map(|client| Box::new(client) as _),
        Vendor::Linkbest => {
            let (key, secret) = (sandbox.linkbest_app_key(), sandbox.linkbest_app_secret());
            linkbest_api::Client::builder(key, secret)
                .base_url(sandbox.linkbest_base_url())
                .account(ACCOUNT)
                .options(options)
                .build()
                .map(|client| Box::new(client) as _)
        }
        _ => {
            let (handle, token) = (sandbox.shopline_handle(), sandbox.shopline_access_token());
            shopline_api::Client::builder(handle, token)
                .base_url(sandbox.shopline_base_url())
                .account(ACCOUNT)
                .options(options)
                .build()
                .map(|client| Box::new(client) as _)
        }
    };
    source.map_err(|error| error.to_string())
}

/// Real time is spent on requests, not on waiting.
fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .base(Duration::from_millis(1))
        .cap(Duration::from_millis(5))
}

/// Hands requests to the sandbox in this process.
pub struct InMemory(pub Arc<Sandbox>);

#[async_trait]
impl Transport for InMemory {
    async fn send(
        &self,
        mut request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> std::result::Result<http::Response<Bytes>, TransportError> {
        // As every HTTP client does; the vendor's links begin with it.
        let host = request.uri().authority().map(ToString::to_string);
        if let Some(Ok(host)) = host.map(http::HeaderValue::try_from) {
            request.headers_mut().insert(http::header::HOST, host);
        }
        let answer = self.0.handle(request).await;
        let response = answer.map_err(|error| {
            TransportError::new(TransportErrorKind::Interrupted, error.to_string())
        })?;
        match response.body().len() > limits.max_body {
            true => Err(TransportError::new(
                TransportErrorKind::TooLarge,
                "too large",
            )),
            false => Ok(response),
        }
    }
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemory")
    }
}
