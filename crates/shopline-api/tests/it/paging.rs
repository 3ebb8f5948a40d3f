//! From page to page.

use futures_util::TryStreamExt;
use orders_http::testing::{MemoryTransport, response};
use shopline_api::customers::ListCustomers;
use shopline_api::http::ClientOptions;
use shopline_api::orders::ListOrders;
use shopline_api::{Client, Error, ErrorKind, Order, Record};

use crate::fixtures;
use crate::play::{body, builder, client, link, request};

async fn ids(client: &Client) -> Result<Vec<String>, Error> {
    let orders: Vec<Record<Order>> = client
        .stream_customer_orders(&request())
        .try_collect()
        .await?;
    Ok(orders.into_iter().filter_map(|o| o.value.id).collect())
}

fn queries(transport: &MemoryTransport) -> Vec<String> {
    let sent = transport.requests();
    sent.iter()
        .map(|r| r.uri().query().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn three_pages_with_every_kind_of_link() {
    let transport = MemoryTransport::new();
    let middle = format!("{}, {}", link("C", "next"), link("A", "prev"));
    transport
        .reply_with(200, &[("link", &link("B", "next"))], body(&["1", "2"]))
        .reply_with(200, &[("link", &middle)], body(&["3"]))
        .reply_with(200, &[("link", &link("B", "previous"))], body(&["4"]));
    assert_eq!(
        ids(&client(&transport)).await.unwrap(),
        ["1", "2", "3", "4"]
    );
    assert_eq!(
        queries(&transport),
        [
            "status=any&limit=100",
            "status=any&limit=100&page_info=B",
            "status=any&limit=100&page_info=C"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_fixtures_page_by_page() {
    let header = |name: &str| {
        let text = fixtures::text(name);
        let line = text.lines().find_map(|line| line.strip_prefix("link: "));
        line.unwrap().to_owned()
    };
    let transport = MemoryTransport::new();
    transport
        .reply_with(
            200,
            &[("link", &header("page-1.headers"))],
            fixtures::body("page-1.json"),
        )
        .reply_with(
            200,
            &[("link", &header("page-2.headers"))],
            fixtures::body("page-2.json"),
        )
        .reply_with(
            200,
            &[("link", &header("page-between.headers"))],
            fixtures::body("page-2.json"),
        );
    let client = client(&transport);
    assert_eq!(ids(&client).await.unwrap().len(), 3);
    let between = client.list_customer_orders(&request()).await.unwrap();
    let first = queries(&transport)[1].clone();
    assert!(first.ends_with(&between.next.unwrap()));
    assert!(between.previous.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_stream_keeps_what_the_request_asks_for() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &link("B", "next"))], body(&["1"]))
        .reply(200, body(&["2"]));
    let request = request().limit(7).fields("id").since_id("0");
    let orders: Vec<_> = client(&transport)
        .stream_customer_orders(&request)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(orders.len(), 2);
    assert_eq!(
        queries(&transport),
        [
            "status=any&fields=id&limit=7&since_id=0",
            "status=any&fields=id&limit=7&page_info=B"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_in_between_is_no_end() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &link("B", "next"))], body(&[]))
        .reply(200, body(&["2"]));
    assert_eq!(ids(&client(&transport)).await.unwrap(), ["2"]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_token_is_the_end() {
    let transport = MemoryTransport::new();
    transport.reply_with(200, &[("link", &link("", "next"))], body(&["1"]));
    assert_eq!(ids(&client(&transport)).await.unwrap(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn the_same_token_twice_ends_with_an_error() {
    let transport = MemoryTransport::new();
    let rounds = std::sync::atomic::AtomicUsize::new(0);
    transport.otherwise(move |_| {
        let round = rounds.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = round.to_string();
        Ok(response(200, &[("link", &link("B", "next"))], body(&[&id])))
    });
    let error = ids(&builder(&transport)
        .options(ClientOptions::new().no_rate_limit())
        .build()
        .unwrap())
    .await
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stalled);
    assert!(transport.requests().len() <= 5);
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_reader_name_vendor_and_endpoint() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        let body = r#"{"list":[{"id":"1"}],"customers":[{"id":"1"}]}"#;
        Ok(response(200, &[("link", &link("B", "next"))], body))
    });
    let client = builder(&transport)
        .options(ClientOptions::new().no_rate_limit())
        .build()
        .unwrap();
    let of_customer = client.stream_customer_orders(&request());
    let of_store = client.stream_orders(&ListOrders::new());
    let customers = client.stream_customers(&ListCustomers::new());
    for (error, endpoint) in [
        (
            of_customer.try_collect::<Vec<_>>().await.unwrap_err(),
            "GET customers/:id/orders.json",
        ),
        (
            of_store.try_collect::<Vec<_>>().await.unwrap_err(),
            "GET orders.json",
        ),
        (
            customers.try_collect::<Vec<_>>().await.unwrap_err(),
            "GET v2/customers.json",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::Stalled, "{error}");
        assert_eq!(error.vendor(), Some("shopline"));
        assert_eq!(error.endpoint(), Some(endpoint));
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_header_that_is_not_understood_does_not_end_a_stream() {
    let bare = link("B", "next").replace(['<', '>'], "");
    let without_rel = link("B", "next").replace("; rel=\"next\"", "");
    for header in [bare, without_rel] {
        let transport = MemoryTransport::new();
        transport.reply_with(200, &[("link", &header), ("traceid", "6a98")], body(&["1"]));
        let error = ids(&client(&transport)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{header}");
        assert_eq!(error.trace_id(), Some("6a98"));
        assert_eq!(error.endpoint(), Some("GET customers/:id/orders.json"));
    }
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &link("B", "next nofollow"))], body(&["1"]))
        .reply(200, body(&["2"]));
    assert_eq!(ids(&client(&transport)).await.unwrap(), ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_link_to_another_host_is_refused() {
    let transport = MemoryTransport::new();
    let evil = "<https://evil.example/orders.json?page_info=B>; rel=\"next\"";
    transport.reply_with(200, &[("link", evil), ("traceid", "6a98")], body(&["1"]));
    let error = ids(&client(&transport)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.trace_id(), Some("6a98"));
    assert!(!error.is_retryable());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn behind_a_proxy_the_links_of_the_store_are_its_own() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &link("B", "next"))], body(&["1"]))
        .reply(200, body(&["2"]));
    let client = builder(&transport)
        .base_url("http://127.0.0.1:8080")
        .build()
        .unwrap();
    assert_eq!(ids(&client).await.unwrap(), ["1", "2"]);
    for sent in transport.requests() {
        assert_eq!(sent.uri().host(), Some("127.0.0.1"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_comes_once_and_ends_the_stream() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &link("B", "next"))], body(&["1"]))
        .reply(401, "");
    let client = client(&transport);
    let mut stream = std::pin::pin!(client.stream_customer_orders(&request()));
    assert!(stream.try_next().await.unwrap().is_some());
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::Auth);
    assert!(stream.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stream_outlives_its_client_and_its_request() {
    let transport = MemoryTransport::new();
    transport.reply(200, body(&["1"]));
    let stream = client(&transport).stream_customer_orders(&request());
    let orders: Vec<_> = tokio::spawn(stream.try_collect::<Vec<_>>())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(orders.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_from_a_saved_position() {
    let transport = MemoryTransport::new();
    transport.otherwise(|sent| {
        let query = sent.uri().query().unwrap();
        Ok(match query.rsplit_once("page_info=") {
            None => response(200, &[("link", &link("B", "next"))], body(&["1", "2"])),
            Some((_, "B")) => response(200, &[("link", &link("C", "next"))], body(&["3", "4"])),
            Some(_) => response(200, &[], body(&["5"])),
        })
    });
    for stop in 0..=5 {
        let mut seen = Vec::new();
        let mut stream = client(&transport).stream_customer_orders(&request());
        for _ in 0..stop {
            seen.push(stream.next().await.unwrap().unwrap().value.id.unwrap());
        }
        let saved = serde_json::to_string(&stream.position()).unwrap();
        drop(stream);
        let position = serde_json::from_str(&saved).unwrap();
        let mut stream = client(&transport)
            .stream_customer_orders(&request())
            .resume(position);
        while let Some(order) = stream.next().await {
            seen.push(order.unwrap().value.id.unwrap());
        }
        assert_eq!(seen, ["1", "2", "3", "4", "5"], "stopped behind {stop}");
    }
    // The rest of one list is not that of another.
    let position = client(&transport)
        .stream_customer_orders(&request())
        .position();
    let other = request().limit(10);
    let mut foreign = client(&transport)
        .stream_customer_orders(&other)
        .resume(position);
    let error = foreign.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(foreign.next().await.is_none());
    // Nor is that of another buyer, whom `Debug` does not show.
    let of = |email: &str| ListOrders::new().email(email);
    let position = client(&transport)
        .stream_orders(&of("ada@example.com"))
        .position();
    let mut foreign = client(&transport)
        .stream_orders(&of("bob@example.com"))
        .resume(position);
    let error = foreign.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}
