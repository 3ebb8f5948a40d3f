//! The orders of the store: the list, the count, one order.

use chrono::{DateTime, FixedOffset};
use futures_util::TryStreamExt;
use orders_http::testing::MemoryTransport;
use orders_http::{ClientOptions, RetryPolicy, TransportErrorKind};
use shopline_api::orders::{
    CountOrders, CountStatus, FinancialStatus, FulfillmentFilter, ListOrders, OrderSourceFilter,
    Sort, StatusFilter,
};
use shopline_api::{Error, ErrorKind};

use crate::fixtures;
use crate::play::{HANDLE, builder, client};

const BASE: &str = "https://tea-house.myshopline.com/admin/openapi/v20260301/";

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn orders(ids: &[&str]) -> String {
    let orders: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    format!(r#"{{"orders":[{}]}}"#, orders.join(","))
}

fn next(page_info: &str) -> String {
    format!(
        "<https://{HANDLE}.myshopline.com/admin/openapi/v20260301/orders.json?limit=100&page_info={page_info}>; rel=\"next\""
    )
}

/// What was requested, without the base, decoded.
pub(crate) fn asked(transport: &MemoryTransport) -> Vec<String> {
    let sent = transport.requests();
    sent.iter()
        .map(|request| {
            let url = request.uri().to_string();
            let url = url.strip_prefix(BASE).unwrap();
            percent_encoding::percent_decode_str(url)
                .decode_utf8()
                .unwrap()
                .into_owned()
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn every_parameter_is_sent_under_the_vendors_name() {
    let transport = MemoryTransport::new();
    transport.reply_with(200, &[("traceid", "6a98")], orders(&["1"]));
    let request = ListOrders::new()
        .ids(["21", "22"])
        .name("1012")
        .email("buyer@example.com")
        .buyer_id("2002697754")
        .search_content("Green tea")
        .status(StatusFilter::Any)
        .financial_status(FinancialStatus::PartiallyPaid)
        .fulfillment_status(FulfillmentFilter::Unshipped)
        .hidden_order(true)
        .created_at_min(at("2026-01-01T00:00:00+08:00"))
        .created_at_max(at("2026-01-02T00:00:00.25+08:00"))
        .updated_at_min(at("2026-01-03T00:00:00Z"))
        .updated_at_max(at("2026-01-04T00:00:00Z"))
        .order_at_min(at("2026-01-05T00:00:00Z"))
        .order_at_max(at("2026-01-06T00:00:00Z"))
        .location("60075,60076")
        .contract_ids(["c1"])
        .sort(Sort::OrderAtDescending)
        .sort(Sort::Id)
        .since_id("20")
        .fields("id,name")
        .limit(7);
    let page = client(&transport).list_orders(&request).await.unwrap();
    assert_eq!((page.records.len(), page.next), (1, None));
    assert_eq!(page.trace_id.as_deref(), Some("6a98"));
    assert_eq!(
        asked(&transport),
        [
            "orders.json?ids=21,22&name=1012&email=buyer@example.com&buyer_id=2002697754\
             &search_content=Green+tea&status=any&financial_status=partially_paid\
             &fulfillment_status=unshipped&hidden_order=true\
             &created_at_min=2026-01-01T00:00:00+08:00&created_at_max=2026-01-02T00:00:01+08:00\
             &updated_at_min=2026-01-03T00:00:00+00:00&updated_at_max=2026-01-04T00:00:00+00:00\
             &order_at_min=2026-01-05T00:00:00+00:00&order_at_max=2026-01-06T00:00:00+00:00\
             &location=60075,60076&contract_ids=c1&sort_condition=order_at:desc,id:asc\
             &fields=id,name&limit=7&since_id=20"
        ]
    );
    // The plus of an offset would be a space in a query.
    let raw = transport.requests()[0].uri().to_string();
    assert!(raw.contains("2026-01-01T00%3A00%3A00%2B08%3A00"), "{raw}");
}

#[tokio::test(start_paused = true)]
async fn broken_rules_send_nothing() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    let many = |count: usize| (0..count).map(|n| n.to_string());
    let late = at("2026-01-02T00:00:00Z");
    let early = at("2026-01-01T00:00:00Z");
    let new = ListOrders::new;
    for (request, rule) in [
        (new().ids(many(101)), "ids can name at most 100"),
        (new().ids([""]), "ids holds an empty id"),
        (new().ids(["1,2"]), "one with a comma"),
        (
            new().contract_ids(many(51)),
            "contract_ids can name at most 50",
        ),
        (new().limit(0), "limit must be 1 to 100"),
        (new().limit(101), "limit must be 1 to 100"),
        (new().page_info(""), "page_info is empty"),
        (new().page_info("p").since_id("1"), "first page only"),
        (
            new().updated_at_min(late).updated_at_max(early),
            "updated_at_min is later",
        ),
        (
            new().created_at_min(late).created_at_max(early),
            "created_at_min is later",
        ),
        (
            new().order_at_min(late).order_at_max(early),
            "order_at_min is later",
        ),
    ] {
        let error = client.list_orders(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.endpoint(), Some("GET orders.json"));
        assert!(error.message().contains(rule), "{error}");
    }
    assert!(new().ids(many(100)).contract_ids(many(50)).check().is_ok());
    let backwards = CountOrders::new()
        .updated_at_min(late)
        .updated_at_max(early);
    assert!(client.count_orders(&backwards).await.is_err());
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_with_page_info_alone() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &next("A"))], orders(&["1", "2"]))
        .reply_with(200, &[("link", &next("B"))], orders(&["3"]))
        .reply(200, orders(&["4"]));
    let request = ListOrders::new()
        .status(StatusFilter::Open)
        .since_id("0")
        .fields("id");
    let all: Vec<_> = client(&transport)
        .stream_orders(&request)
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<_> = all
        .iter()
        .map(|order| order.id.as_deref().unwrap())
        .collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    assert_eq!(
        asked(&transport),
        [
            "orders.json?status=open&fields=id&limit=100&since_id=0",
            "orders.json?fields=id&limit=100&page_info=A",
            "orders.json?fields=id&limit=100&page_info=B",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_goes_in_circles_ends() {
    let transport = MemoryTransport::new();
    let reply = orders_http::testing::response(200, &[("link", &next("A"))], orders(&["1"]));
    transport.otherwise(move |_| Ok(reply.clone()));
    let stream = client(&transport).stream_orders(&ListOrders::new());
    let ended: Result<Vec<_>, Error> = stream.try_collect().await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Stalled);
    assert!(transport.requests().len() <= 5);
}

#[tokio::test(start_paused = true)]
async fn both_envelopes_are_read_and_none_is_an_error() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, fixtures::body("orders-envelope.json"))
        .reply(200, r#"{"list":[{"id":"1"}]}"#)
        .reply(200, r#"{"data":[]}"#)
        .reply(
            200,
            r#"{"errors":"fulfillment status value is illegal","orders":[]}"#,
        );
    let client = client(&transport);
    let request = ListOrders::new();
    for _ in 0..2 {
        assert!(
            !client
                .list_orders(&request)
                .await
                .unwrap()
                .records
                .is_empty()
        );
    }
    let error = client.list_orders(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.endpoint(), Some("GET orders.json"));
    let error = client.list_orders(&request).await.unwrap_err();
    assert_eq!(error.message(), "fulfillment status value is illegal");
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_is_named() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        let body = r#"{"errors":"no permission"}"#;
        Ok(orders_http::testing::response(403, &[], body))
    });
    let client = builder(&transport)
        .options(ClientOptions::new().no_rate_limit())
        .build()
        .unwrap();
    let customers = shopline_api::customers::ListCustomers::new();
    let question = shopline_api::orders::SearchTransactions::new("21");
    let refused = [
        (
            "read_orders",
            client.list_orders(&ListOrders::new()).await.err(),
        ),
        (
            "read_orders",
            client.count_orders(&CountOrders::new()).await.err(),
        ),
        ("read_orders", client.get_order("21").await.err()),
        ("read_orders", client.list_refunds("21").await.err()),
        ("read_orders", client.list_fulfillments("21").await.err()),
        ("read_orders", client.list_transactions("21").await.err()),
        (
            "read_orders",
            client.search_transactions(&question).await.err(),
        ),
        (
            "read_customers",
            client.list_customers(&customers).await.err(),
        ),
        (
            "read_customers",
            client
                .list_customer_orders(&crate::play::request())
                .await
                .err(),
        ),
    ];
    for (scope, error) in refused {
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Permission);
        assert!(
            error.hint().unwrap().contains(&format!("`{scope}`")),
            "{error}"
        );
    }
    let error = client.raw("webhooks.json", &[]).await.unwrap_err();
    assert!(!error.hint().unwrap().contains('`'), "{error}");
}

#[tokio::test(start_paused = true)]
async fn orders_are_counted() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, fixtures::body("count/recorded.json"))
        .reply(200, fixtures::body("count/number-as-text.json"))
        .reply(200, fixtures::body("count/error.json"))
        .reply(200, fixtures::body("count/missing.json"))
        .reply(200, fixtures::body("count/negative.json"));
    let client = client(&transport);
    let request = CountOrders::new()
        .status(CountStatus::Hidden)
        .financial_status(FinancialStatus::Paid)
        .fulfillment_status(FulfillmentFilter::Shipped)
        .order_source(OrderSourceFilter::BuyButton)
        .location_id("6007")
        .created_at_min(at("2026-01-01T00:00:00Z"))
        .created_at_max(at("2026-01-02T00:00:00Z"))
        .updated_at_min(at("2026-01-03T00:00:00Z"))
        .updated_at_max(at("2026-01-04T00:00:00Z"));
    assert_eq!(client.count_orders(&request).await.unwrap(), 7);
    assert_eq!(client.count_orders(&CountOrders::new()).await.unwrap(), 7);
    for kind in [ErrorKind::Other, ErrorKind::Decode, ErrorKind::Decode] {
        let error = client.count_orders(&CountOrders::new()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.endpoint(), Some("GET orders/count.json"));
    }
    assert_eq!(
        asked(&transport)[..2],
        [
            "orders/count.json?status=hidden&financial_status=paid&fulfillment_status=shipped\
             &order_source=buy_button&location_id=6007\
             &created_at_min=2026-01-01T00:00:00+00:00&created_at_max=2026-01-02T00:00:00+00:00\
             &updated_at_min=2026-01-03T00:00:00+00:00&updated_at_max=2026-01-04T00:00:00+00:00",
            "orders/count.json"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn one_order_is_looked_for_in_the_archive_too() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, orders(&["21"]))
        .reply(200, orders(&[]))
        .reply(200, orders(&["22"]))
        .reply(200, orders(&[]))
        .reply(200, orders(&[]))
        .reply(200, orders(&["9"]));
    let client = client(&transport);
    assert_eq!(
        client.get_order("21").await.unwrap().id.as_deref(),
        Some("21")
    );
    assert_eq!(
        client.get_order("22").await.unwrap().id.as_deref(),
        Some("22")
    );
    let error = client.get_order("23").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // A filter that is ignored must not hide the order.
    let error = client.get_order("24").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    for id in ["", " ", "1,2"] {
        let error = client.get_order(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
    }
    let ask = |id: &str, hidden: bool| {
        format!("orders.json?ids={id}&status=any&hidden_order={hidden}&limit=1")
    };
    assert_eq!(
        asked(&transport),
        [
            ask("21", false),
            ask("22", false),
            ask("22", true),
            ask("23", false),
            ask("23", true),
            ask("24", false),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_searched_for_stands_in_no_error() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .reply(422, r#"{"errors":"email is wrong"}"#)
        .reply(200, "<html>");
    let client = builder(&transport)
        .options(ClientOptions::new().retry(RetryPolicy::none()))
        .build()
        .unwrap();
    let request = ListOrders::new()
        .email("buyer@example.com")
        .search_content("private matter");
    for _ in 0..3 {
        let error = client.list_orders(&request).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("buyer") && !shown.contains("private"),
            "{shown}"
        );
    }
}
