//! What a token call sends, and where.

use shopline_api::http::ClientOptions;
use std::sync::Arc;
use std::time::Duration;

use orders_http::TransportErrorKind;
use orders_http::testing::MemoryTransport;
use shopline_api::tokens::{AccessTokens, RefreshingToken, StaticToken, authorize_url, sign_body};
use shopline_api::{Client, ErrorKind};

use super::play::{HOUR, KEY, NOW, SECRET, after, answer, builder, client, failure, serve, token};
use crate::play::{HANDLE, request};

#[tokio::test(start_paused = true)]
async fn a_code_is_exchanged_and_then_refreshed() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let tokens = builder(&transport).code("c0de-\"1\"").build().unwrap();
    assert!(transport.requests().is_empty());
    let client = client(&transport, tokens.clone());
    client.list_customer_orders(&request()).await.unwrap();
    tokio::time::advance(10 * HOUR).await;
    client.list_customer_orders(&request()).await.unwrap();

    let sent = transport.requests();
    let create = &sent[0];
    assert_eq!(create.method(), "POST");
    assert_eq!(
        create.uri().to_string(),
        "https://tea-house.myshopline.com/admin/oauth/token/create"
    );
    assert_eq!(&create.body()[..], br#"{"code":"c0de-\"1\""}"#);
    let time = NOW.to_string();
    assert_eq!(create.headers()["appkey"], KEY);
    assert_eq!(create.headers()["timestamp"], time);
    assert_eq!(
        create.headers()["sign"],
        sign_body(SECRET, create.body(), &time)
    );
    assert!(create.headers()["sign"].is_sensitive());
    assert_eq!(
        create.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(!create.headers().contains_key("authorization"));
    assert_eq!(sent[1].headers()["authorization"], "Bearer token-1");

    let refresh = &sent[2];
    assert_eq!(refresh.uri().path(), "/admin/oauth/token/refresh");
    assert!(refresh.body().is_empty());
    let later = (NOW + 36_000_000).to_string();
    assert_eq!(refresh.headers()["timestamp"], later);
    assert_eq!(refresh.headers()["sign"], sign_body(SECRET, b"", &later));
    assert_eq!(sent[3].headers()["authorization"], "Bearer token-2");

    let token = tokens.token().await.unwrap();
    assert_eq!(token.expires(), Some(after(20 * HOUR)));
    assert_eq!(token.scopes(), ["read_orders", "read_customers"]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_is_signed_anew_for_every_attempt() {
    let transport = MemoryTransport::new();
    transport
        .reply(503, "")
        .fail(TransportErrorKind::Interrupted)
        .reply(200, failure(429, "REQUEST_FREQUENTLY"))
        .reply(200, answer("token-1", after(10 * HOUR)));
    builder(&transport).build().unwrap().token().await.unwrap();
    let sent = transport.requests();
    let times: Vec<_> = sent
        .iter()
        .map(|r| r.headers()["timestamp"].clone())
        .collect();
    assert_eq!(
        times,
        [
            "1760000000000",
            "1760000000500",
            "1760000001500",
            "1760000003500"
        ]
    );
    for request in &sent {
        let time = request.headers()["timestamp"].to_str().unwrap();
        assert_eq!(request.headers()["sign"], sign_body(SECRET, b"", time));
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_may_have_arrived_is_not_sent_twice() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Interrupted)
        .reply(200, answer("token-1", after(10 * HOUR)));
    let tokens = builder(&transport).code("c0de").build().unwrap();
    let error = tokens.token().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!(error.endpoint(), Some("POST /admin/oauth/token/create"));
    tokio::time::advance(Duration::from_secs(6)).await;
    tokens.token().await.unwrap();
    assert_eq!(
        transport.requests()[1].uri().path(),
        "/admin/oauth/token/refresh"
    );
}

#[tokio::test(start_paused = true)]
async fn a_code_that_cannot_have_arrived_is_kept() {
    let transport = MemoryTransport::new();
    for _ in 0..4 {
        transport.fail(TransportErrorKind::Connect);
    }
    transport
        .reply(200, failure(429, "REQUEST_FREQUENTLY"))
        .reply(200, answer("token-1", after(10 * HOUR)));
    let tokens = builder(&transport).code("c0de").build().unwrap();
    for kind in [ErrorKind::Transport, ErrorKind::RateLimit] {
        assert_eq!(tokens.token().await.unwrap_err().kind(), kind);
        tokio::time::advance(Duration::from_secs(6)).await;
    }
    tokens.token().await.unwrap();
    let sent = transport.requests();
    assert_eq!(sent.len(), 6);
    assert!(sent.iter().all(|r| r.uri().path().ends_with("/create")));
}

#[tokio::test(start_paused = true)]
async fn a_token_call_goes_to_the_base_url_and_nowhere_else() {
    let transport = MemoryTransport::new();
    transport.reply_with(307, &[("location", "https://evil.example/")], "");
    let tokens = builder(&transport)
        .base_url("http://127.0.0.1:8080/proxy")
        .build()
        .unwrap();
    let error = tokens.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(
        transport.requests()[0].uri().to_string(),
        "http://127.0.0.1:8080/proxy/admin/oauth/token/refresh"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wrong_setting_makes_neither_tokens_nor_client() {
    let new = RefreshingToken::builder;
    for wrong in [
        new("evil.example/", KEY, SECRET),
        new(HANDLE, "", SECRET),
        new(HANDLE, "k\n", SECRET),
        new(HANDLE, KEY, ""),
        new(HANDLE, KEY, SECRET).code(""),
        new(HANDLE, KEY, SECRET).base_url("ftp://a.example"),
        new(HANDLE, KEY, SECRET).options(ClientOptions::new().attempt_timeout(Duration::ZERO)),
        new(HANDLE, KEY, SECRET).deadline(Duration::ZERO),
    ] {
        let error = wrong.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    }
    let transport = MemoryTransport::new();
    let of_another = builder(&transport).build().unwrap();
    let error = Client::builder_with("coffee-house", of_another)
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let shared: Arc<dyn AccessTokens> = Arc::new(StaticToken::new(token("t", after(HOUR))));
    assert!(Client::builder_with(HANDLE, shared).build().is_ok());
}

#[test]
fn the_address_of_the_authorisation() {
    let url = authorize_url(
        HANDLE,
        "k&1",
        &["read_orders", "read_customers"],
        "https://app.example/back?a=b",
        Some("visit 1"),
    );
    assert_eq!(
        url.unwrap(),
        "https://tea-house.myshopline.com/admin/oauth-web/#/oauth/authorize?appKey=k%261&responseType=code\
         &scope=read_orders,read_customers&redirectUri=https%3A%2F%2Fapp.example%2Fback%3Fa%3Db\
         &customField=visit%201"
    );
    let error = authorize_url("evil.example/", "k", &[], "https://a.example", None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}
