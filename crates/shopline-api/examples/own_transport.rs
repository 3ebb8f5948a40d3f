//! Sends by a transport of your own: `cargo run --example own_transport -- BASE_URL`.
//!
//! This one counts the requests and leaves the sending to reqwest. It could use any other HTTP client instead. The handle
//! and the access token come from `SHOPLINE_HANDLE` and `SHOPLINE_TOKEN`.
#![allow(clippy::print_stdout)]

use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use shopline_api::http::{ReqwestTransport, Transport, TransportError, TransportLimits};
use shopline_api::orders::CountOrders;
use shopline_api::{Bytes, Client, ClientBuilder};

/// Counts requests on their way.
#[derive(Debug)]
pub(crate) struct Counting {
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

/// Asks how many orders the store has; gives back that number and how many requests it took.
pub(crate) async fn run(builder: ClientBuilder) -> Result<(u64, usize), shopline_api::Error> {
    let inner = ReqwestTransport::builder().connect_timeout(Duration::from_secs(5));
    let transport = Arc::new(Counting {
        inner: inner.build()?,
        sent: AtomicUsize::new(0),
    });
    let client = builder.transport(transport.clone()).build()?;
    let orders = client.count_orders(&CountOrders::new()).await?;
    Ok((orders, transport.sent.load(Ordering::Relaxed)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("SHOPLINE_HANDLE")?, var("SHOPLINE_TOKEN")?);
    if let Some(base_url) = args().nth(1) {
        builder = builder.base_url(base_url);
    }
    let (orders, requests) = run(builder).await?;
    println!("{orders} orders, {requests} requests");
    Ok(())
}
