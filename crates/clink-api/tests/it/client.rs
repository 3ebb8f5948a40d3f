//! The client over an in-memory transport in paused time.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use clink_api::http::ClientOptions;
use clink_api::http::testing::{MemoryTransport, TestClock};
use clink_api::{Client, ClientBuilder, ErrorKind, ListOrders};

use orders_core::{Identity, OrderSource, Slice};

use crate::fixture;

const NOW: u64 = 1_754_819_711_382;

fn builder(transport: &MemoryTransport) -> ClientBuilder {
    Client::builder("sk_test_secret")
        .base_url("https://clink.test/api")
        .transport(Arc::new(transport.clone()))
        .options(ClientOptions::new().clock(Arc::new(TestClock::at_unix_millis(NOW))))
}

fn client(transport: &MemoryTransport) -> Client {
    builder(transport).build().unwrap()
}

#[tokio::test]
async fn rules_of_the_page_are_checked_before_sending() {
    let transport = MemoryTransport::new();
    for (request, rule) in [
        (ListOrders::new().page_size(51), "1 to 50"),
        (ListOrders::new().page_size(0), "1 to 50"),
        (ListOrders::new().page(0), "from 1"),
    ] {
        let error = client(&transport).list_orders(&request).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidRequest, 0)
        );
        assert!(error.to_string().contains(rule), "{error}");
    }
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_busy_vendor_gets_a_new_request_with_a_new_timestamp() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(
            429,
            &[("retry-after", "2")],
            r#"{"code":429,"msg":"slow down"}"#,
        )
        .reply(503, "upstream")
        .reply(200, r#"{"code":502,"msg":"busy"}"#)
        .reply(200, fixture("empty.json"));
    client(&transport)
        .list_orders(&ListOrders::new())
        .await
        .unwrap();
    let stamps: Vec<String> = transport
        .requests()
        .iter()
        .map(|r| r.headers()["X-Timestamp"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(stamps.len(), 4);
    assert_eq!(stamps[0], NOW.to_string());
    assert!(
        stamps.windows(2).all(|pair| pair[0] <= pair[1]) && stamps[0] < stamps[1],
        "{stamps:?}"
    );
    assert!(
        transport.sent_at()[1] >= Duration::from_secs(2),
        "Retry-After is waited for"
    );
}

#[tokio::test(start_paused = true)]
async fn what_trying_again_cannot_mend_is_not_tried_again() {
    for (status, body, kind) in [
        (401, "Invalid API Key", ErrorKind::Auth),
        (403, r#"{"code":403,"msg":"no"}"#, ErrorKind::Permission),
        (404, "", ErrorKind::NotFound),
        (
            400,
            r#"{"code":400,"msg":"bad customer"}"#,
            ErrorKind::InvalidRequest,
        ),
        (500, r#"{"code":500,"msg":"internal"}"#, ErrorKind::Server),
        (200, r#"{"code":500,"msg":"internal"}"#, ErrorKind::Server),
        (200, r#"{"code":401,"msg":"bad key"}"#, ErrorKind::Auth),
        (
            200,
            "<!DOCTYPE html><html><title>Sign in</title></html>",
            ErrorKind::Decode,
        ),
        (
            200,
            r#"{"code":200,"rows":[{"orderId":"o"#,
            ErrorKind::Decode,
        ),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body);
        let error = client(&transport)
            .list_orders(&ListOrders::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
        assert_eq!(
            (error.attempts(), error.is_retryable()),
            (1, false),
            "{error}"
        );
        assert_eq!(error.status(), Some(status));
        assert_eq!(
            (error.vendor(), error.endpoint()),
            (Some("clink"), Some("GET order"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_shows_the_vendors_message_and_what_to_do() {
    let transport = MemoryTransport::new();
    transport.reply(401, "Invalid API Key");
    let error = client(&transport)
        .list_orders(&ListOrders::new())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Invalid API Key") && error.contains("check the secret key"),
        "{error}"
    );
    assert!(!error.contains("sk_test_secret"), "{error}");

    let transport = MemoryTransport::new();
    transport.reply(
        200,
        r#"{"code":"4007","msg":"CUSTOMER_NOT_FOUND","data":null}"#,
    );
    let error = client(&transport)
        .list_orders(&ListOrders::new())
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Some("4007"), "CUSTOMER_NOT_FOUND")
    );
}

#[tokio::test]
async fn raw_calls_have_the_same_headers_and_errors() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, r#"{"code":200,"data":{"x":1.50}}"#)
        .reply(200, r#"{"code":404,"msg":"no such refund"}"#);
    let client = client(&transport);
    let reply = client
        .raw("refund/re_1", &[("expand", "a b".into())])
        .await
        .unwrap();
    assert_eq!(reply.body().as_ref(), br#"{"code":200,"data":{"x":1.50}}"#);
    let request = &transport.requests()[0];
    assert_eq!(
        request.uri().to_string(),
        "https://clink.test/api/refund/re_1?expand=a+b"
    );
    assert!(request.headers()["X-API-KEY"].is_sensitive());
    let error = client.raw("refund/re_2", &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    for path in [
        "../x",
        "%2e%2e/x",
        "a/.%2E/../../x",
        "/refund/re_1",
        "//evil.test/x",
        "a?b=c",
        "a#b",
    ] {
        assert_eq!(
            client.raw(path, &[]).await.unwrap_err().kind(),
            ErrorKind::InvalidRequest,
            "{path}"
        );
    }
}

#[test]
fn a_client_that_cannot_work_is_not_built() {
    for (key, url) in [
        ("", "https://x.test/"),
        ("line\nbreak", "https://x.test/"),
        ("sk", "no url"),
        ("sk", "ftp://x.test/"),
        ("sk", "https://user@x.test/"),
        ("sk", "https://:pw@x.test/"),
        ("sk", "https://x.test/#a"),
        ("sk", "https://x.test/?a=b"),
    ] {
        let error = Client::builder(key).base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{key:?} {url}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_says_when_the_vendor_made_it_and_each_attempt_is_counted() {
    let transport = MemoryTransport::new();
    let date = [("date", "Sun, 10 Aug 2025 09:55:11 GMT")];
    transport
        .reply(503, "upstream")
        .reply_with(200, &date, fixture("empty.json"));
    let source: Box<dyn OrderSource> = Box::new(client(&transport));
    let page = source.page(&Slice::pass(), None).await.unwrap();
    assert_eq!(page.answered_at.unwrap().timestamp(), 1_754_819_711);
    assert_eq!(source.requests_sent(), Some(2));
}

#[test]
fn an_account_is_recognised_by_where_it_is_and_by_its_key() {
    let seen = |key: &str, base: &str, part| {
        let client = Client::builder(key)
            .base_url(base)
            .transport(Arc::new(MemoryTransport::new()));
        let mut hasher = DefaultHasher::new();
        let known = OrderSource::identify(&client.build().unwrap(), part, &mut hasher);
        known.then(|| hasher.finish())
    };
    let base = "https://clink.test/api";
    let by_key = |key, base| seen(key, base, Identity::Credential).unwrap();
    let mine = by_key("sk_1", base);
    assert_eq!(mine, by_key("sk_1", "https://clink.test/api/v2/"));
    assert_ne!(mine, by_key("sk_2", base));
    assert_ne!(mine, by_key("sk_1", "https://uat.clink.test/api"));
    assert_eq!(seen("sk_1", base, Identity::Store), None);
}

/// No number is documented: the pace is our choice, and none is kept to this machine.
#[tokio::test(start_paused = true)]
async fn a_gentle_pace_is_kept_by_default_except_to_loopback() {
    for (url, no_limit, least, most) in [
        ("https://clink.test/api", false, 2_000, 2_100),
        ("https://clink.test/api", true, 0, 100),
        ("http://127.0.0.1:9/api", false, 0, 100),
    ] {
        let transport = MemoryTransport::new();
        transport.otherwise(|_| {
            let body = fixture("empty.json");
            Ok(clink_api::http::testing::response(200, &[], body))
        });
        let mut builder = builder(&transport).base_url(url);
        if no_limit {
            builder = builder.options(ClientOptions::new().no_rate_limit());
        }
        let client = builder.build().unwrap();
        let started = tokio::time::Instant::now();
        for _ in 0..30 {
            client.list_orders(&ListOrders::new()).await.unwrap();
        }
        let took = started.elapsed().as_millis();
        assert!((least..most).contains(&took), "{url}: {took} ms");
    }
}
