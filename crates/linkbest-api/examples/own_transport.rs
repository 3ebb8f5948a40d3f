//! Sends by a transport of your own: `cargo run --example own_transport -- PROGRAM ORDER BASE_URL`.
//!
//! This one counts the requests and leaves the sending to reqwest. It could use any other HTTP client instead. Key and
//! secret come from `LINKBEST_APP_KEY` and `LINKBEST_APP_SECRET`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env::{args, var};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use linkbest_api::http::{ReqwestTransport, Transport, TransportError, TransportLimits};
use linkbest_api::{Bytes, Client, ClientBuilder, Order, Record};

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

/// Reads one order; gives it back with how many requests it took.
pub(crate) async fn run(
    builder: ClientBuilder,
    program: &str,
    number: &str,
) -> Result<(Record<Order>, usize), linkbest_api::Error> {
    let inner = ReqwestTransport::builder().connect_timeout(Duration::from_secs(5));
    let transport = Arc::new(Counting {
        inner: inner.build()?,
        sent: AtomicUsize::new(0),
    });
    let client = builder.transport(transport.clone()).build()?;
    let order = client.get_order(program, number).await?;
    Ok((order, transport.sent.load(Ordering::Relaxed)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(var("LINKBEST_APP_KEY")?, var("LINKBEST_APP_SECRET")?);
    let program = args().nth(1).ok_or("the first argument is a program")?;
    let number = args().nth(2).ok_or("the second one is an order number")?;
    if let Some(base_url) = args().nth(3) {
        builder = builder.base_url(base_url);
    }
    let (order, requests) = run(builder, &program, &number).await?;
    println!("{:?}, {requests} requests", order.status);
    Ok(())
}
