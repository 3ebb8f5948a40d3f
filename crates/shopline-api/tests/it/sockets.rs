//! The client over real sockets.

use futures_util::TryStreamExt;
use shopline_api::http::ClientOptions;
use shopline_api::orders::{ListOrders, SearchTransactions};
use shopline_api::{Client, ErrorKind};
use wiremock::matchers::{body_json, header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixtures;
use crate::play::{HANDLE, TOKEN, request};

const PATH: &str = "/admin/openapi/v20260301/customers/2002697754/orders.json";

fn client(server: &MockServer) -> Client {
    Client::builder(HANDLE, TOKEN)
        .base_url(server.uri())
        .build()
        .unwrap()
}

fn page(name: &str) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("traceid", "6a982bcb0000000054014d1de75b6719")
        .set_body_raw(fixtures::body(name).to_vec(), "application/json")
}

#[tokio::test]
async fn two_pages_over_http() {
    let server = MockServer::start().await;
    let next = format!(
        "<{}{PATH}?limit=100&page_info=7B6C>; rel=\"next\"",
        server.uri()
    );
    let previous = format!(
        "<{}{PATH}?limit=100&page_info=00>; rel=\"previous\"",
        server.uri()
    );
    Mock::given(method("GET"))
        .and(path(PATH))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .and(header("content-type", "application/json; charset=utf-8"))
        .and(query_param("status", "any"))
        .and(query_param_is_missing("page_info"))
        .respond_with(page("page-1.json").insert_header("link", next.as_str()))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(query_param("page_info", "7B6C"))
        .respond_with(page("page-2.json").insert_header("link", previous.as_str()))
        .expect(1)
        .mount(&server)
        .await;
    let orders: Vec<_> = client(&server)
        .stream_customer_orders(&request())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(orders.len(), 3);
    let text = fixtures::text("page-1.json");
    assert!(text.contains(orders[0].raw.as_str()));
}

#[tokio::test]
async fn a_question_by_post_and_a_filter_over_http() {
    let server = MockServer::start().await;
    let base = "/admin/openapi/v20260301";
    Mock::given(method("POST"))
        .and(path(format!("{base}/transactions/query.json")))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .and(header("content-type", "application/json; charset=utf-8"))
        .and(body_json(serde_json::json!({"order_id": "21"})))
        .respond_with(page("transactions/list-full.json"))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(format!("{base}/orders.json")))
        .and(query_param("updated_at_min", "2026-01-01T00:00:00+08:00"))
        .and(query_param("email", "a+b@example.com"))
        .respond_with(page("orders-envelope.json"))
        .expect(1)
        .mount(&server)
        .await;
    let client = client(&server);
    let question = SearchTransactions::new("21");
    let payments = client.search_transactions(&question).await.unwrap();
    assert_eq!(payments.records[0].amount.unwrap().to_string(), "13.05");
    let since = chrono::DateTime::parse_from_rfc3339("2026-01-01T00:00:00+08:00").unwrap();
    let request = ListOrders::new()
        .updated_at_min(since)
        .email("a+b@example.com");
    assert!(
        !client
            .list_orders(&request)
            .await
            .unwrap()
            .records
            .is_empty()
    );
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_token_away() {
    let elsewhere = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(page("page-1.json"))
        .expect(0)
        .mount(&elsewhere)
        .await;
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(
            ResponseTemplate::new(302).insert_header("location", elsewhere.uri().as_str()),
        )
        .expect(1)
        .mount(&server)
        .await;
    let error = client(&server)
        .list_customer_orders(&request())
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert!(!error.is_retryable(), "{error}");
}

#[tokio::test]
async fn the_vendors_errors_over_http() {
    for (status, kind) in [
        (401, ErrorKind::Auth),
        (403, ErrorKind::Permission),
        (422, ErrorKind::InvalidRequest),
        (423, ErrorKind::Permission),
    ] {
        let server = MockServer::start().await;
        let body = fixtures::text("error-text.json");
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(status).set_body_raw(body, "application/json"))
            .expect(1)
            .mount(&server)
            .await;
        let error = client(&server)
            .list_customer_orders(&request())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert_eq!(error.message(), "The customer does not exist.");
    }
}

#[tokio::test]
async fn a_429_over_http_and_then_success() {
    let server = MockServer::start().await;
    let limited = ResponseTemplate::new(429)
        .set_body_raw(fixtures::text("error-429.json"), "application/json");
    Mock::given(method("GET"))
        .respond_with(limited)
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(page("page-2.json"))
        .mount(&server)
        .await;
    let page = client(&server)
        .list_customer_orders(&request())
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    assert_eq!(
        page.trace_id.as_deref(),
        Some("6a982bcb0000000054014d1de75b6719")
    );
}

#[tokio::test]
async fn a_body_above_the_cap_is_not_read() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(page("full.json"))
        .mount(&server)
        .await;
    let client = Client::builder(HANDLE, TOKEN)
        .base_url(server.uri())
        .options(ClientOptions::new().max_body(1000))
        .build()
        .unwrap();
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}
