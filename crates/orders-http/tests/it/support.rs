use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use orders_core::Error;
use orders_http::testing::{LongestWait, MemoryTransport, TestClock};
use orders_http::{BaseUrl, ClientOptions, Endpoint, Engine, Reply, default_http_fault};

pub(crate) const SECRET: &str = "hunter2-secret";
pub(crate) const READ: Endpoint = Endpoint::get("GET orders", "orders");
pub(crate) const WRITE: Endpoint = Endpoint::post("POST orders", "orders");

/// Sun, 06 Nov 1994 08:49:37 GMT.
pub(crate) const START_MILLIS: u64 = 784_111_777_000;

pub(crate) fn options(transport: &MemoryTransport) -> ClientOptions {
    ClientOptions::new()
        .transport(Arc::new(transport.clone()))
        .clock(Arc::new(TestClock::at_unix_millis(START_MILLIS)))
        .randomness(Arc::new(LongestWait))
}

/// An engine under test.
pub(crate) trait Build {
    fn build_at(self, base: &str) -> Result<Engine, Error>;
    fn build(self) -> Result<Engine, Error>;
}

impl Build for ClientOptions {
    fn build_at(self, base: &str) -> Result<Engine, Error> {
        crate::spans::listen();
        Engine::new("acme", BaseUrl::parse(base)?, &self)
    }

    fn build(self) -> Result<Engine, Error> {
        self.build_at("https://acme.example")
    }
}

pub(crate) fn engine(transport: &MemoryTransport) -> Engine {
    options(transport).build().unwrap()
}

pub(crate) fn request(uri: &str) -> Result<Request<Bytes>, Error> {
    Ok(Request::get(uri)
        .header("authorization", format!("Bearer {SECRET}"))
        .body(Bytes::new())
        .unwrap())
}

pub(crate) fn orders() -> Result<Request<Bytes>, Error> {
    request("https://acme.example/orders?sign=hunter2-secret")
}

/// Reads a body of data, as a vendor crate does.
pub(crate) fn read(reply: &Reply) -> Result<String, Error> {
    if !reply.is_success() {
        return Err(default_http_fault(reply));
    }
    if reply.looks_like_html() {
        return Err(reply.error(orders_core::ErrorKind::Decode, "a web page instead of data"));
    }
    Ok(String::from_utf8_lossy(reply.body()).into_owned())
}

pub(crate) async fn get(engine: &Engine) -> Result<String, Error> {
    engine.run(&READ, |_| orders(), read).await
}

/// Times are equal to a tick of tokio's timer per wait.
#[track_caller]
pub(crate) fn assert_times(seen: &[Duration], expected_millis: &[u64]) {
    assert_eq!(seen.len(), expected_millis.len(), "{seen:?}");
    for (seen, expected) in seen.iter().zip(expected_millis) {
        let off = seen.abs_diff(Duration::from_millis(*expected));
        assert!(
            off <= Duration::from_millis(10),
            "{seen:?} is not {expected} ms"
        );
    }
}
