//! The client over real sockets, with its default transport.

use clink_api::{Client, ListOrders};
use wiremock::matchers::{header, header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixture;

#[tokio::test]
async fn a_request_carries_both_headers_and_all_parameters() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/some/api/order"))
        .and(header("X-API-KEY", "sk_test_secret"))
        .and(header_exists("X-Timestamp"))
        .and(query_param("subscriptionId", "sub 1"))
        .and(query_param("customerId", "cus&2"))
        .and(query_param("merchantReferenceId", "ü"))
        .and(query_param("pageNum", "3"))
        .and(query_param("pageSize", "50"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(fixture("full.json").to_vec()))
        .expect(1)
        .mount(&server)
        .await;
    // The base has a path and no slash at its end: nothing of it may be lost.
    let client = Client::builder("sk_test_secret")
        .base_url(format!("{}/some/api", server.uri()))
        .build()
        .unwrap();
    let request = ListOrders::new()
        .subscription_id("sub 1")
        .customer_id("cus&2")
        .merchant_reference_id("ü")
        .page(3)
        .page_size(50);
    let page = client.list_orders(&request).await.unwrap();
    assert!(!page.records.is_empty());
}

#[tokio::test]
async fn a_redirect_does_not_take_the_key_along() {
    let other = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200))
        .expect(0)
        .mount(&other)
        .await;
    let server = MockServer::start().await;
    let redirect = ResponseTemplate::new(302)
        .insert_header("location", format!("{}/api/order", other.uri()).as_str());
    Mock::given(method("GET"))
        .respond_with(redirect)
        .mount(&server)
        .await;
    let client = Client::builder("sk_test_secret")
        .base_url(server.uri())
        .build()
        .unwrap();
    let error = client.list_orders(&ListOrders::new()).await.unwrap_err();
    assert!(!error.is_retryable(), "{error}");
    other.verify().await;
}
