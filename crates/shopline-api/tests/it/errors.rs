//! What each failure of the vendor becomes.

use shopline_api::http::ClientOptions;
use std::time::Duration;

use orders_http::TransportErrorKind;
use orders_http::testing::MemoryTransport;
use shopline_api::failure::{STATUSES, status_meaning};
use shopline_api::{Error, ErrorKind};

use crate::fixtures;
use crate::play::{TOKEN, body, builder, client, request};

async fn failure(status: u16, body: &str) -> (Error, usize) {
    let transport = MemoryTransport::new();
    let reply = orders_http::testing::response(status, &[("traceid", "6a98")], body.to_owned());
    transport.otherwise(move |_| Ok(reply.clone()));
    let client = builder(&transport)
        .options(ClientOptions::new().no_rate_limit())
        .build()
        .unwrap();
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    (error, transport.requests().len())
}

#[tokio::test(start_paused = true)]
async fn every_status_says_what_to_do() {
    for row in &STATUSES {
        let (error, sent) = failure(row.status, r#"{"errors":"what the vendor says"}"#).await;
        assert_eq!(error.kind(), row.kind, "{error}");
        assert_eq!(error.status(), Some(row.status));
        assert_eq!(error.message(), "what the vendor says");
        assert_eq!(error.trace_id(), Some("6a98"));
        assert!(error.hint().unwrap().contains(row.meaning), "{error}");
        assert!(error.hint().unwrap().contains(row.hint), "{error}");
        assert_eq!(error.is_retryable(), row.retryable, "{error}");
        assert_eq!(sent, if row.retryable { 4 } else { 1 }, "{error}");
        assert_eq!(error.attempts() as usize, sent);

        let (silent, _) = failure(row.status, "").await;
        assert_eq!(silent.message(), row.meaning);
        let scope = match row.status {
            403 => "; it is `read_customers`",
            _ => "",
        };
        let hint = format!("{}{scope}", row.hint);
        assert_eq!(silent.hint(), Some(hint.as_str()));
    }
}

#[test]
fn only_four_statuses_may_be_tried_again() {
    let retryable: Vec<u16> = STATUSES
        .iter()
        .filter(|r| r.retryable)
        .map(|r| r.status)
        .collect();
    assert_eq!(retryable, [429, 502, 503, 504]);
    for (status, kind) in [
        (401, ErrorKind::Auth),
        (402, ErrorKind::Permission),
        (403, ErrorKind::Permission),
        (404, ErrorKind::NotFound),
        (422, ErrorKind::InvalidRequest),
        (423, ErrorKind::Permission),
        (433, ErrorKind::Permission),
        (500, ErrorKind::Server),
        (501, ErrorKind::Unsupported),
    ] {
        assert_eq!(status_meaning(status).unwrap().kind, kind);
    }
    assert!(status_meaning(418).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_status_is_read_by_its_class() {
    let (error, sent) = failure(418, r#"{"errors":"teapot"}"#).await;
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::InvalidRequest, "teapot")
    );
    assert_eq!(sent, 1);
    let (error, _) = failure(599, "").await;
    assert_eq!(error.kind(), ErrorKind::Server);
}

#[tokio::test(start_paused = true)]
async fn a_429_with_the_vendors_body_and_then_success() {
    let transport = MemoryTransport::new();
    transport
        .reply(429, fixtures::body("error-429.json"))
        .reply(200, body(&["1"]));
    let page = client(&transport)
        .list_customer_orders(&request())
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    assert_eq!(transport.sent_at()[1], Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept_in_both_forms() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(429, &[("retry-after", "3")], "")
        .reply_with(503, &[("retry-after", "Thu, 01 Jan 1970 00:00:10 GMT")], "")
        .reply(200, body(&[]));
    let client = builder(&transport)
        .options(ClientOptions::new().clock(std::sync::Arc::new(
            orders_http::testing::TestClock::at_unix_millis(0),
        )))
        .build()
        .unwrap();
    client.list_customer_orders(&request()).await.unwrap();
    // 3 s and the longest jitter of 0.5 s; then until 10 s, and 1 s.
    assert_eq!(transport.sent_at()[1], Duration::from_millis(3500));
    assert_eq!(transport.sent_at()[2], Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn a_500_is_not_tried_again() {
    let (error, sent) = failure(500, &fixtures::text("error-500-validation.json")).await;
    assert_eq!((error.kind(), sent), (ErrorKind::Server, 1));
    assert_eq!(error.message(), "location is invalid");
    assert!(error.hint().unwrap().contains("wrong parameters"));
}

#[tokio::test(start_paused = true)]
async fn what_breaks_on_the_way_is_tried_again() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .fail(TransportErrorKind::Interrupted)
        .hang()
        .reply(200, body(&["1"]));
    let page = client(&transport)
        .list_customer_orders(&request())
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    assert_eq!(transport.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn errors_under_http_200_are_errors_in_every_shape() {
    for (name, message) in [
        ("error-text.json", "The customer does not exist."),
        ("error-list.json", "status is required; limit is too large"),
        ("error-map.json", "limit: is too large; status: is required"),
        ("error-with-list.json", "internal"),
        ("error-code.json", "The token has expired"),
    ] {
        let (error, sent) = failure(200, &fixtures::text(name)).await;
        assert_eq!(error.kind(), ErrorKind::Other, "{name}");
        assert_eq!(error.message(), message, "{name}");
        assert_eq!(
            (error.status(), error.trace_id()),
            (Some(200), Some("6a98"))
        );
        assert_eq!(sent, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_vendors_code_is_kept() {
    let (error, _) = failure(401, r#"{"code":"INVALID_TOKEN","message":"expired"}"#).await;
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(
        (error.code(), error.message()),
        (Some("INVALID_TOKEN"), "expired")
    );
}

#[tokio::test(start_paused = true)]
async fn a_web_page_is_no_answer() {
    let page = fixtures::text("error-html.txt");
    let (error, sent) = failure(200, &page).await;
    assert_eq!((error.kind(), sent), (ErrorKind::Decode, 1));
    assert!(
        error.excerpt().unwrap().contains("Attention required"),
        "{error}"
    );
    let (error, _) = failure(403, &page).await;
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(error.message(), "the token may not do this");
}

#[tokio::test(start_paused = true)]
async fn a_body_without_a_list_is_no_empty_page() {
    let (error, _) = failure(200, &fixtures::text("list-missing.json")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.message().contains("`count`"), "{error}");
    let (error, _) = failure(200, &fixtures::text("cut.txt")).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let (error, _) = failure(200, "").await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_refused() {
    for location in [
        "https://evil.example/",
        "https://tea-house.myshopline.com/x",
    ] {
        let transport = MemoryTransport::new();
        transport.reply_with(302, &[("location", location)], "");
        let error = client(&transport)
            .list_customer_orders(&request())
            .await
            .unwrap_err();
        assert_eq!(transport.requests().len(), 1);
        assert!(!error.is_retryable());
        assert!(!format!("{error:?}").contains(TOKEN));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_echoes_is_masked() {
    let echo =
        format!(r#"{{"errors":"token {TOKEN} of jane@example.com","access_token":"{TOKEN}"}}"#);
    for status in [200, 401, 500] {
        let (error, _) = failure(status, &echo).await;
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("jane@example.com"), "{shown}");
        assert!(!shown.contains(&format!("\"{TOKEN}\"")), "{shown}");
    }
}
