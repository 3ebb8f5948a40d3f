use async_trait::async_trait;
use bytes::Bytes;
use orders_core::ErrorKind;
use orders_http::testing::{MemoryTransport, response};
use orders_http::{Transport, TransportError, TransportErrorKind, TransportLimits};
use std::sync::Arc;

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_body_at_the_cap_passes_and_one_above_does_not() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, vec![b'a'; 100])
        .reply(200, vec![b'a'; 101]);
    let engine = options(&transport).max_body(100).build().unwrap();
    assert_eq!(get(&engine).await.unwrap().len(), 100);
    let error = get(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1));
    assert_eq!(
        error.message(),
        "the body is larger than the cap of 100 bytes"
    );
}

/// A transport that ignores the cap and talks too much.
#[derive(Debug)]
struct Careless;

#[async_trait]
impl Transport for Careless {
    async fn send(
        &self,
        request: http::Request<Bytes>,
        _: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if request.uri().path() == "/large" {
            return Ok(response(200, &[], vec![b'a'; 101]));
        }
        let message = format!("no route to {}", request.uri());
        Err(TransportError::new(TransportErrorKind::Other, message))
    }
}

#[tokio::test]
async fn the_engine_does_not_trust_the_transport() {
    let engine = options(&MemoryTransport::new())
        .transport(Arc::new(Careless))
        .max_body(100)
        .build()
        .unwrap();
    let large = |_| request("https://acme.example/large");
    let error = engine.run(&READ, large, read).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let error = get(&engine).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains(SECRET), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_an_error_that_names_the_host_only() {
    let table = [
        (
            "https://evil.example/a?token=hunter2-secret",
            "https://evil.example",
        ),
        (
            "https://u:hunter2-secret@evil.example:8443/",
            "https://evil.example:8443",
        ),
        (
            "https://acme.example/orders/?sign=hunter2-secret",
            "another path of the same host",
        ),
        ("http://acme.example/orders", "http://acme.example"),
        (
            "https://acme.example:8080/orders",
            "https://acme.example:8080",
        ),
        (
            "/login?next=hunter2-secret",
            "another path of the same host",
        ),
        (
            "//evil.example/hunter2-secret",
            "an address that cannot be read",
        ),
        (
            "ftp://evil.example/hunter2-secret",
            "an address that cannot be read",
        ),
        ("a b", "an address that cannot be read"),
    ];
    for (location, target) in table {
        let transport = MemoryTransport::new();
        transport
            .reply_with(302, &[("location", location)], "")
            .reply(200, "data");
        let error = get(&engine(&transport)).await.unwrap_err();
        assert_eq!(
            error.message(),
            format!("redirected to {target}, not followed")
        );
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Config, Some(302))
        );
        assert_eq!(transport.requests().len(), 1);
        assert!(!format!("{error:?} {error}").contains(SECRET), "{error:?}");
    }
    let transport = MemoryTransport::new();
    transport.reply(304, "");
    let error = get(&engine(&transport)).await.unwrap_err();
    assert!(error.message().contains("no Location header"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_request_to_another_host_is_not_sent() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(response(200, &[], "data")));
    let engine = options(&transport)
        .build_at("https://api.acme.example/v1/")
        .unwrap();
    let to = async |uri: &str| engine.run(&READ, |_| request(uri), read).await;
    to("https://API.acme.example:443/v2?a=b").await.unwrap();
    for uri in [
        "https://evil.example/v1?token=hunter2-secret",
        "http://api.acme.example/v1",
        "https://api.acme.example:8443/v1",
        "https://api.acme.example.evil.example/v1",
        "https://api.acme.example@evil.example/v1",
        "/v1",
    ] {
        let error = to(uri).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidRequest, 0),
            "{uri}"
        );
        assert!(!format!("{error:?}").contains(SECRET));
    }
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("set-cookie", SECRET)], SECRET)
        .hang();
    let engine = options(&transport).build().unwrap();
    get(&engine).await.unwrap();
    let all = format!("{engine:?} {transport:?} {:?}", options(&transport));
    assert!(!all.contains(SECRET), "{all}");
    assert!(all.contains("acme"));
}
