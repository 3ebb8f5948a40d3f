//! When a token is renewed, and how often.

use std::time::Duration;

use futures_util::future::join_all;
use orders_http::testing::MemoryTransport;
use shopline_api::ErrorKind;
use shopline_api::tokens::AccessTokens;

use super::play::{HOUR, MINUTE, after, answer, builder, calls, client, failure, serve, token};
use crate::play::request;

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_after_the_end_make_one_refresh() {
    let transport = MemoryTransport::new();
    transport.wait(Duration::from_secs(2));
    serve(&transport);
    let tokens = builder(&transport).token(token("old", after(HOUR)));
    let client = client(&transport, tokens.build().unwrap());
    tokio::time::advance(2 * HOUR).await;
    let request = request();
    let done = join_all((0..100).map(|_| client.list_customer_orders(&request))).await;
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(calls(&transport), (1, 100));
    for sent in &transport.requests()[1..] {
        assert_eq!(sent.headers()["authorization"], "Bearer token-1");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_share_one_failure() {
    let transport = MemoryTransport::new();
    transport.reply(200, failure(403, "STORE_NOT_INSTALL_APP"));
    let client = client(&transport, builder(&transport).build().unwrap());
    let request = request();
    let done = join_all((0..100).map(|_| client.list_customer_orders(&request))).await;
    let told: Vec<String> = done
        .iter()
        .map(|d| d.as_ref().unwrap_err().to_string())
        .collect();
    assert!(told.iter().all(|text| *text == told[0]), "{told:?}");
    assert!(told[0].contains("STORE_NOT_INSTALL_APP"), "{}", told[0]);
    let error = done[99].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(error.endpoint(), Some("POST /admin/oauth/token/refresh"));
    assert_eq!((error.status(), error.attempts()), (Some(200), 1));
    assert_eq!(calls(&transport), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_tried_again_after_a_pause() {
    let transport = MemoryTransport::new();
    transport
        .reply(500, "")
        .reply_with(401, &[("retry-after", "60")], "")
        .reply(200, answer("token-1", after(10 * HOUR)));
    let tokens = builder(&transport).build().unwrap();
    for (wait, sent) in [(0, 1), (4, 1), (1, 2), (59, 2)] {
        tokio::time::advance(Duration::from_secs(wait)).await;
        tokens.token().await.unwrap_err();
        assert_eq!(transport.requests().len(), sent, "after {wait} s");
    }
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(tokens.token().await.unwrap().expose(), "token-1");
}

#[tokio::test(start_paused = true)]
async fn it_is_refreshed_ahead_of_its_end() {
    let transport = MemoryTransport::new();
    serve(&transport);
    let tokens = builder(&transport).token(token("old", after(HOUR)));
    let tokens = tokens.margin(20 * MINUTE).build().unwrap();
    for (wait, expected) in [
        (39 * MINUTE, "old"),
        (MINUTE, "token-1"),
        (9 * HOUR, "token-1"),
    ] {
        tokio::time::advance(wait).await;
        assert_eq!(tokens.token().await.unwrap().expose(), expected);
    }
    assert_eq!(calls(&transport), (1, 0));
    tokio::time::advance(40 * MINUTE).await;
    assert_eq!(tokens.token().await.unwrap().expose(), "token-2");
}

#[tokio::test(start_paused = true)]
async fn the_old_token_serves_while_a_refresh_fails() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(500, &[], "")));
    let tokens = builder(&transport).token(token("old", after(HOUR)));
    let tokens = tokens.build().unwrap();
    tokio::time::advance(55 * MINUTE).await;
    for _ in 0..10 {
        assert_eq!(tokens.token().await.unwrap().expose(), "old");
    }
    assert_eq!(calls(&transport), (1, 0));
    tokio::time::advance(5 * MINUTE).await;
    let error = tokens.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(calls(&transport), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_refresh_while_the_old_token_serves() {
    let transport = MemoryTransport::new();
    transport
        .wait(Duration::from_secs(3))
        .reply(200, answer("token-1", after(11 * HOUR)));
    let tokens = builder(&transport).token(token("old", after(HOUR)));
    let tokens = tokens.build().unwrap();
    tokio::time::advance(55 * MINUTE).await;
    let started = tokio::time::Instant::now();
    let (first, others) = tokio::join!(tokens.token(), async {
        let others = join_all((0..99).map(|_| tokens.token())).await;
        assert!(started.elapsed().is_zero());
        others
    });
    assert_eq!(first.unwrap().expose(), "token-1");
    assert!(others.iter().all(|t| t.as_ref().unwrap().expose() == "old"));
    assert_eq!(calls(&transport), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_short_life_is_not_a_refresh_for_every_request() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        let body = answer("short", after(Duration::from_secs(30)));
        Ok(orders_http::testing::response(200, &[], body))
    });
    let tokens = builder(&transport).build().unwrap();
    for _ in 0..59 {
        tokens.token().await.unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(calls(&transport), (1, 0));
    tokio::time::advance(Duration::from_secs(1)).await;
    tokens.token().await.unwrap();
    assert_eq!(calls(&transport), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn who_stops_waiting_leaves_the_turn_to_the_next() {
    let transport = MemoryTransport::new();
    transport
        .hang()
        .reply(200, answer("token-1", after(10 * HOUR)));
    let tokens = builder(&transport).build().unwrap();
    let given_up = tokio::time::timeout(Duration::from_secs(1), tokens.token());
    let (given_up, next) = tokio::join!(given_up, tokens.token());
    assert!(given_up.is_err());
    assert_eq!(next.unwrap().expose(), "token-1");
    assert_eq!(calls(&transport), (2, 0));
}
