//! What becomes of a 401.

use std::time::Duration;

use futures_util::future::join_all;
use orders_http::testing::MemoryTransport;
use shopline_api::ErrorKind;
use shopline_api::failure::status_meaning;

use super::play::{HOUR, MINUTE, after, builder, calls, client, failure, serve, token};
use crate::play::{body, request};

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_refreshed_and_the_request_sent_once_more() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let tokens = builder(&transport).token(token("ended-elsewhere", after(9 * HOUR)));
    let client = client(&transport, tokens.build().unwrap());
    let page = client.list_customer_orders(&request()).await.unwrap();
    assert_eq!(page.records.len(), 1);
    let paths: Vec<_> = transport
        .requests()
        .iter()
        .map(|r| r.uri().path().to_owned())
        .collect();
    assert_eq!(paths[1], "/admin/oauth/token/refresh");
    assert_eq!(paths[0], paths[2]);
    // Raw calls take the same way.
    let tokens = builder(&transport).token(token("ended-elsewhere", after(9 * HOUR)));
    let client = super::play::client(&transport, tokens.build().unwrap());
    client.raw("orders/count.json", &[]).await.unwrap();
    assert_eq!(calls(&transport), (2, 4));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_refused_requests_make_one_refresh() {
    let transport = MemoryTransport::new();
    // All are on their way before the first is refused.
    for _ in 0..100 {
        transport.wait(Duration::from_secs(1));
    }
    serve(&transport);
    let tokens = builder(&transport).token(token("ended-elsewhere", after(9 * HOUR)));
    let client = client(&transport, tokens.build().unwrap());
    let request = request();
    let done = join_all((0..100).map(|_| client.list_customer_orders(&request))).await;
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(calls(&transport), (1, 200));
}

#[tokio::test(start_paused = true)]
async fn refused_twice_is_an_error_and_no_storm() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let tokens = builder(&transport).token(token("old", after(9 * HOUR)));
    let tokens = tokens.build().unwrap();
    let client = client(&transport, tokens);
    let refuse = |number: usize| {
        for _ in 0..number {
            transport.handle(|_| {
                let body = r#"{"errors":"wrong or expired"}"#;
                Ok(orders_http::testing::response(401, &[], body))
            });
        }
    };
    let refresh = || {
        let body = super::play::answer("token-x", after(20 * HOUR));
        transport.reply(200, body);
    };
    refuse(1);
    refresh();
    refuse(1);
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(
        error
            .hint()
            .unwrap()
            .contains(status_meaning(401).unwrap().hint)
    );
    assert_eq!(calls(&transport), (1, 2));

    // The token is young: its age is not the reason, so no refresh for every request.
    refuse(20);
    for _ in 0..20 {
        let error = client.list_customer_orders(&request()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
    assert_eq!(calls(&transport), (1, 22));
    tokio::time::advance(MINUTE).await;
    refuse(1);
    client.list_customer_orders(&request()).await.unwrap();
    assert_eq!(calls(&transport), (2, 24));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_refresh_fails_tells_of_the_refresh() {
    let transport = MemoryTransport::new();
    transport
        .reply(401, r#"{"errors":"wrong or expired"}"#)
        .reply(200, failure(403, "STORE_NOT_INSTALL_APP"))
        .reply(401, r#"{"errors":"wrong or expired"}"#)
        .reply(401, r#"{"errors":"wrong or expired"}"#);
    let tokens = builder(&transport).token(token("old", after(9 * HOUR)));
    let client = client(&transport, tokens.build().unwrap());
    for _ in 0..3 {
        let error = client.list_customer_orders(&request()).await.unwrap_err();
        assert_eq!(error.code(), Some("STORE_NOT_INSTALL_APP"));
        assert_eq!(error.kind(), ErrorKind::Permission);
    }
    assert_eq!(calls(&transport), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_change_lets_the_refusal_stand() {
    let transport = MemoryTransport::new();
    transport
        .reply(401, r#"{"errors":"wrong or expired"}"#)
        .reply(200, body(&["1"]));
    let client = crate::play::client(&transport);
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 1));
    assert_eq!(transport.requests().len(), 1);
}
