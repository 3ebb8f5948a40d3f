//! Sends by a transport of your own: `cargo run --example own_transport -- ORDER BASE_URL`.
//!
//! This one counts the requests and leaves the sending to reqwest. It could use any other HTTP client instead. The secret
//! key comes from `CLINK_API_KEY`. Without a base URL the vendor's test environment is used.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use clink_api::http::{ReqwestTransport, Transport, TransportError, TransportLimits};
use clink_api::{Bytes, Client, ClientBuilder, Environment, Order, Record};

/// Counts requests on their way.
#[derive(Debug)]
pub struct Counting {
    inner: ReqwestTransport,
    sent: AtomicUsize,
}

#[async_trait]
impl Transport for Counting {
    async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request, limits).await
    }
}

/// Reads one order; gives it back with how many requests it took.
pub async fn run(
    builder: ClientBuilder,
    id: &str,
) -> Result<(Record<Order>, usize), clink_api::Error> {
    let inner = ReqwestTransport::builder().connect_timeout(Duration::from_secs(5));
    let transport = Arc::new(Counting {
        inner: inner.build()?,
        sent: AtomicUsize::new(0),
    });
    let client = builder.transport(transport.clone()).build()?;
    let order = client.get_order(id).await?;
    Ok((order, transport.sent.load(Ordering::Relaxed)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("CLINK_API_KEY")?).environment(Environment::Sandbox);
    let id = args().nth(1).ok_or("the first argument is an order's id")?;
    if let Some(base_url) = args().nth(2) {
        builder = builder.base_url(base_url);
    }
    let (order, requests) = run(builder, &id).await?;
    println!("{:?}, {requests} requests", order.status);
    Ok(())
}
