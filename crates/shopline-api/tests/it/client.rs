//! What is sent, and what is refused unsent.

use std::sync::Arc;
use std::time::Duration;

use orders_http::testing::MemoryTransport;
use orders_http::{ClientOptions, RateLimit, RetryPolicy, TransportErrorKind};
use shopline_api::orders::{ListCustomerOrders, StatusFilter};
use shopline_api::{Client, ErrorKind};

use crate::play::{CUSTOMER, HANDLE, TOKEN, body, builder, client, request};

fn queries(transport: &MemoryTransport) -> Vec<String> {
    let sent = transport.requests();
    sent.iter()
        .map(|r| r.uri().query().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_request_carries_everything_the_page_asks_for() {
    let transport = MemoryTransport::new();
    transport.reply_with(200, &[("traceid", "6a98,77")], body(&["1"]));
    let page = client(&transport)
        .list_customer_orders(&request().limit(10).fields("id,name").since_id("2105"))
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    assert_eq!((page.next, page.previous), (None, None));
    assert_eq!(page.trace_id.as_deref(), Some("6a98"));

    let sent = &transport.requests()[0];
    assert_eq!(sent.method(), "GET");
    assert_eq!(
        sent.uri().to_string(),
        "https://tea-house.myshopline.com/admin/openapi/v20260301/customers/2002697754/orders.json\
         ?status=any&fields=id%2Cname&limit=10&since_id=2105"
    );
    assert_eq!(sent.headers()["authorization"], format!("Bearer {TOKEN}"));
    assert!(sent.headers()["authorization"].is_sensitive());
    assert_eq!(
        sent.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(sent.body().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_status_is_always_sent() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(200, &[], body(&[]))));
    let client = client(&transport);
    for filter in [
        StatusFilter::Open,
        StatusFilter::Cancelled,
        StatusFilter::Any,
    ] {
        let request = ListCustomerOrders::new(CUSTOMER, filter).page_info("A+B/c==");
        client.list_customer_orders(&request).await.unwrap();
    }
    assert_eq!(
        queries(&transport),
        [
            "status=open&page_info=A%2BB%2Fc%3D%3D",
            "status=cancelled&page_info=A%2BB%2Fc%3D%3D",
            "status=any&page_info=A%2BB%2Fc%3D%3D"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn path_values_are_escaped() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(200, &[], body(&[]))));
    let client = client(&transport);
    for id in ["../../../x", "1/orders.json?status=open#", "a b", "é"] {
        let request = ListCustomerOrders::new(id, StatusFilter::Any);
        client.list_customer_orders(&request).await.unwrap();
    }
    let paths: Vec<_> = transport
        .requests()
        .iter()
        .map(|r| r.uri().path().to_owned())
        .collect();
    let escaped = [
        "..%2F..%2F..%2Fx",
        "1%2Forders.json%3Fstatus%3Dopen%23",
        "a%20b",
        "%C3%A9",
    ];
    for (path, id) in paths.iter().zip(escaped) {
        assert_eq!(
            *path,
            format!("/admin/openapi/v20260301/customers/{id}/orders.json")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn broken_rules_send_nothing() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    for request in [
        ListCustomerOrders::new("", StatusFilter::Any),
        ListCustomerOrders::new("..", StatusFilter::Any),
        request().limit(0),
        request().limit(101),
        request().page_info(""),
        request().page_info("x").since_id("1"),
    ] {
        let error = client.list_customer_orders(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert_eq!(error.attempts(), 0);
        assert_eq!(error.endpoint(), Some("GET customers/:id/orders.json"));
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wrong_setting_makes_no_client() {
    let transport = MemoryTransport::new();
    let good = || builder(&transport);
    let handle =
        |handle: &str| Client::builder(handle, TOKEN).transport(Arc::new(MemoryTransport::new()));
    let wrong = [
        handle("evil.example/"),
        handle("tea-house.myshopline.com"),
        handle("tea@evil.example"),
        handle(""),
        Client::builder(HANDLE, ""),
        Client::builder(HANDLE, "Bearer x"),
        Client::builder(HANDLE, "a\nb"),
        good().version("20260301"),
        good().version("v20260301/../../x"),
        good().base_url("tea-house.myshopline.com"),
        good().base_url("https://user:pass@tea-house.myshopline.com"),
        good().options(ClientOptions::new().attempt_timeout(Duration::ZERO)),
    ];
    for builder in wrong {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(!format!("{error:?}").contains(TOKEN));
    }
    assert!(good().build().is_ok());
}

#[tokio::test(start_paused = true)]
async fn version_base_url_and_label_can_be_set() {
    let transport = MemoryTransport::new();
    transport.reply(200, body(&[]));
    let client = builder(&transport)
        .version("v20260601")
        .base_url("http://127.0.0.1:8080/proxy")
        .account("tea")
        .build()
        .unwrap();
    client.list_customer_orders(&request()).await.unwrap();
    let sent = transport.requests()[0].uri().to_string();
    assert!(
        sent.starts_with("http://127.0.0.1:8080/proxy/admin/openapi/v20260601/customers/"),
        "{sent}"
    );
    assert_eq!(
        orders_core::OrderSource::account(&client).to_string(),
        "shopline/tea"
    );
}

#[tokio::test(start_paused = true)]
async fn the_raw_call_has_the_same_errors() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, r#"{"count":7}"#)
        .reply(200, r#"{"errors":"no"}"#)
        .reply(200, "<!doctype html><title>Oops</title>")
        .reply(200, "not json")
        .reply(429, r#"{"errors":"Too many request"}"#)
        .reply(200, r#"{"code":200,"message":"ok"}"#);
    let client = client(&transport);
    let query = [("status", "any".to_owned())];
    let reply = client.raw("orders/count.json", &query).await.unwrap();
    assert_eq!(&reply.body()[..], br#"{"count":7}"#);
    for kind in [ErrorKind::Other, ErrorKind::Decode, ErrorKind::Decode] {
        let error = client.raw("orders/count.json", &[]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.endpoint(), Some("GET (raw)"));
    }
    assert!(client.raw("orders/count.json", &[]).await.is_ok());
    assert_eq!(
        transport.requests()[0].uri().to_string(),
        "https://tea-house.myshopline.com/admin/openapi/v20260301/orders/count.json?status=any"
    );
    for path in ["../x", "/x", "//evil.example/x", "x?y", "a/%2e%2e/b"] {
        let error = client.raw(path, &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}");
        assert_eq!(error.attempts(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn four_a_second_after_a_burst_of_forty() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(200, &[], body(&[]))));
    let client = client(&transport);
    for _ in 0..44 {
        client.list_customer_orders(&request()).await.unwrap();
    }
    let sent = transport.sent_at();
    assert_eq!(sent[39], Duration::ZERO);
    assert_eq!(sent[43], Duration::from_secs(1));

    let unlimited = MemoryTransport::new();
    unlimited.otherwise(|_| Ok(orders_http::testing::response(200, &[], body(&[]))));
    let client = builder(&unlimited)
        .options(ClientOptions::new().no_rate_limit())
        .build()
        .unwrap();
    for _ in 0..100 {
        client.list_customer_orders(&request()).await.unwrap();
    }
    assert_eq!(unlimited.sent_at()[99], unlimited.sent_at()[0]);
}

#[tokio::test(start_paused = true)]
async fn every_knob_reaches_the_engine() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .reply(200, body(&["1"]));
    let client = builder(&transport)
        .options(ClientOptions::new().retry(RetryPolicy::none()))
        .rate_limit(RateLimit::new(1, 1).unwrap())
        .options(ClientOptions::new().max_body(8))
        .deadline(Duration::from_secs(60))
        .options(
            ClientOptions::new()
                .attempt_timeout(Duration::from_secs(5))
                .clock(Arc::new(orders_http::SystemClock)),
        )
        .build()
        .unwrap();
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(transport.sent_at()[1], Duration::from_secs(1));
}
