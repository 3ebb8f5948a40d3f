//! The client over real HTTP.

use linkbest_api::http::ClientOptions;
use std::sync::Arc;
use std::time::Duration;

use linkbest_api::http::RetryPolicy;
use linkbest_api::http::testing::LongestWait;
use linkbest_api::orders::ORDERS_QUERY;
use linkbest_api::{Client, ErrorKind, ListOrders, canonical_text};
use wiremock::matchers::{header, method, path};
use wiremock::{Match, Mock, MockServer, Request, ResponseTemplate};

use crate::vendor::{KEY, SECRET};
use crate::{at, fixture};

/// The signature over the body as it arrived.
struct Signed;

impl Match for Signed {
    fn matches(&self, request: &Request) -> bool {
        let body = std::str::from_utf8(&request.body).unwrap();
        let canonical = canonical_text(KEY, ORDERS_QUERY, body);
        let sign = format!("{:X}", md5::compute(format!("{SECRET}{canonical}{SECRET}")));
        request.url.query() == Some(&format!("Sign={sign}"))
    }
}

fn client(server: &MockServer, base: &str) -> Client {
    Client::builder(KEY, SECRET)
        .base_url(format!("{}{base}", server.uri()))
        .options(
            ClientOptions::new()
                .retry(RetryPolicy::default().base(Duration::from_millis(1)))
                .randomness(Arc::new(LongestWait)),
        )
        .build()
        .unwrap()
}

fn day() -> ListOrders {
    ListOrders::new(at(1_692_633_600), at(1_692_720_000))
}

async fn answer(server: &MockServer, template: ResponseTemplate, times: u64) {
    Mock::given(method("POST"))
        .and(path(format!("/v1/{KEY}/{ORDERS_QUERY}")))
        .and(header("content-type", "application/json"))
        .and(Signed)
        .respond_with(template)
        .up_to_n_times(times)
        .expect(times)
        .mount(server)
        .await;
}

#[tokio::test]
async fn a_page_comes_after_429_and_a_busy_code() {
    for base in ["/v1", "/v1/"] {
        let server = MockServer::start().await;
        answer(&server, ResponseTemplate::new(429), 1).await;
        let busy =
            ResponseTemplate::new(400).set_body_string(r#"{"Status":5001,"Message":"busy"}"#);
        answer(&server, busy, 1).await;
        let page = ResponseTemplate::new(200).set_body_bytes(fixture("page-1.json").to_vec());
        answer(&server, page, 1).await;
        let page = client(&server, base).list_orders(&day()).await.unwrap();
        assert_eq!(page.records.len(), 2);
    }
}

#[tokio::test]
async fn a_failure_under_400_is_read_from_its_body() {
    let server = MockServer::start().await;
    let failed = ResponseTemplate::new(400).set_body_bytes(fixture("error-4000.json").to_vec());
    answer(&server, failed, 1).await;
    let error = client(&server, "/v1")
        .list_orders(&day())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        (error.message(), error.code()),
        ("Stime is required", Some("4000"))
    );
}

#[tokio::test]
async fn a_web_page_under_200_and_a_redirect_are_errors() {
    let server = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_raw("<html>login</html>", "text/html");
    answer(&server, page, 1).await;
    let away = ResponseTemplate::new(302).insert_header("location", "https://evil.test/");
    answer(&server, away, 1).await;
    let client = client(&server, "/v1");
    let error = client.list_orders(&day()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let error = client.list_orders(&day()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}
