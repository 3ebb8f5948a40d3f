//! The stream and the source: complete or an error, whatever the pages do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clink_api::http::testing::{MemoryTransport, response};
use clink_api::{Client, Error, ErrorKind, ListOrders};
use orders_core::{OrderSource, Query, TimeAxis};

fn client(transport: &MemoryTransport) -> Client {
    Client::builder("sk")
        .base_url("https://clink.test/api/")
        .transport(Arc::new(transport.clone()))
        .build()
        .unwrap()
}

fn number(request: &http::Request<bytes::Bytes>, name: &str) -> usize {
    let query = request.uri().query().unwrap();
    let mut values = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    values.next().map_or(1, |value| value.parse().unwrap())
}

/// A vendor with `ids(request number)`, at most `cap` rows a page.
fn vendor(
    cap: usize,
    ids: impl Fn(usize) -> Vec<String> + Send + Sync + 'static,
) -> MemoryTransport {
    let transport = MemoryTransport::new();
    let requests = AtomicUsize::new(0);
    transport.otherwise(move |request| {
        let ids = ids(requests.fetch_add(1, Ordering::SeqCst));
        let size = number(request, "pageSize").min(cap);
        let start = (number(request, "pageNum") - 1) * size;
        let rows: Vec<String> = ids
            .iter()
            .skip(start)
            .take(size)
            .map(|id| format!(r#"{{"orderId":"{id}","amountTotal":1.50}}"#))
            .collect();
        let body = format!(
            r#"{{"total":{},"rows":[{}],"code":200,"msg":"success"}}"#,
            ids.len(),
            rows.join(",")
        );
        Ok(response(200, &[], body))
    });
    transport
}

fn ids(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("order_{n}")).collect()
}

async fn read(client: &Client) -> (Vec<String>, Option<Error>) {
    let mut stream = client.stream_orders(&ListOrders::new());
    let (mut seen, mut failed) = (Vec::new(), None);
    while let Some(order) = stream.next().await {
        match order {
            Ok(order) => seen.push(order.order_id.clone().unwrap()),
            Err(error) => failed = Some(error),
        }
    }
    (seen, failed)
}

#[tokio::test]
async fn all_pages_are_read_and_each_order_comes_once() {
    for cap in [50, 20, 7] {
        let transport = vendor(cap, |_| ids(0..120));
        let (mut seen, error) = read(&client(&transport)).await;
        assert!(error.is_none(), "{error:?}");
        seen.sort();
        let mut all = ids(0..120);
        all.sort();
        assert_eq!(seen, all, "pages capped at {cap}");
        // A page as large as the largest is followed, even where the count is reached.
        let pages = 120usize.div_ceil(cap) + usize::from(120 % cap == 0);
        assert_eq!(transport.requests().len(), pages);
    }
}

#[tokio::test]
async fn an_order_that_arrives_meanwhile_loses_none() {
    // Newest first: after the first page a new order pushes everything down.
    let transport = vendor(50, |request| {
        if request == 0 {
            ids(1..120)
        } else {
            ids(0..120)
        }
    });
    let (mut seen, error) = read(&client(&transport)).await;
    assert!(error.is_none(), "{error:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn an_order_that_vanishes_meanwhile_loses_none() {
    // After the first page its first order is gone: everything moves up, and one order is stepped over.
    let transport = vendor(50, |request| {
        if request == 0 {
            ids(0..120)
        } else {
            ids(1..120)
        }
    });
    let (mut seen, error) = read(&client(&transport)).await;
    assert!(error.is_none(), "{error:?}");
    seen.sort();
    seen.dedup();
    assert!(
        seen.contains(&"order_50".to_owned()),
        "the one that moved up"
    );
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn a_list_that_stays_short_is_incomplete() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        Ok(response(
            200,
            &[],
            r#"{"total":3,"rows":[],"code":200,"msg":"success"}"#,
        ))
    });
    let (seen, error) = read(&client(&transport)).await;
    assert_eq!(
        (seen.len(), error.unwrap().kind()),
        (0, ErrorKind::Incomplete)
    );
}

#[tokio::test]
async fn a_vendor_that_ignores_the_page_number_does_not_loop() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        Ok(response(
            200,
            &[],
            r#"{"total":9,"rows":[{"orderId":"a"},{"orderId":"b"}],"code":200,"msg":"success"}"#,
        ))
    });
    let (seen, error) = read(&client(&transport)).await;
    assert_eq!((seen.len(), error.unwrap().kind()), (2, ErrorKind::Stalled));
    assert_eq!(
        transport.requests().len(),
        5,
        "the repeated page once more, and twice where the stream does not move on"
    );
}

#[tokio::test]
async fn the_source_reads_the_same_orders() {
    let transport = vendor(50, |_| ids(0..60));
    let source: Arc<dyn OrderSource> = Arc::new(client(&transport));
    let slices = source.slices(&Query::default(), None).await.unwrap();
    assert_eq!((slices.slices.len(), slices.next), (1, None));
    let slice = slices.slices[0].clone();
    assert_eq!(source.count(&slice).await.unwrap(), Some(60));
    let mut stream = orders_reader::read(Arc::clone(&source), Query::everything());
    let mut orders = Vec::new();
    while let Some(order) = stream.next().await {
        orders.push(order.unwrap());
    }
    assert_eq!(orders.len(), 60);
    assert_eq!(
        orders[0].raw.as_ref(),
        br#"{"orderId":"order_0","amountTotal":1.50}"#
    );
    assert_eq!(
        orders[0].totals[0]
            .amount
            .shop()
            .unwrap()
            .amount
            .to_string(),
        "1.50"
    );
    assert_eq!(source.account().to_string(), "clink/default");
}

#[tokio::test]
async fn what_the_vendor_cannot_do_is_unsupported() {
    let source = client(&MemoryTransport::new());
    let query = Query::everything().with_axis(Some(TimeAxis::Updated));
    assert_eq!(
        source.slices(&query, None).await.unwrap_err().kind(),
        ErrorKind::Unsupported
    );
    assert!(source.capabilities().axes.is_empty());
}

#[tokio::test]
async fn another_process_goes_on_from_a_saved_position() {
    let transport = vendor(50, |_| ids(0..120));
    for stop in [0, 1, 49, 50, 75, 119, 120] {
        let mut seen = Vec::new();
        let mut stream = client(&transport).stream_orders(&ListOrders::new());
        for _ in 0..stop {
            seen.push(
                stream
                    .next()
                    .await
                    .unwrap()
                    .unwrap()
                    .value
                    .order_id
                    .unwrap(),
            );
        }
        let saved = serde_json::to_string(&stream.position()).unwrap();
        drop(stream);
        let position = serde_json::from_str(&saved).unwrap();
        let mut stream = client(&transport)
            .stream_orders(&ListOrders::new())
            .resume(position);
        while let Some(order) = stream.next().await {
            seen.push(order.unwrap().value.order_id.unwrap());
        }
        assert_eq!(seen, ids(0..120), "stopped behind {stop}");
    }
    // The rest of one list is not that of another.
    let position = client(&transport)
        .stream_orders(&ListOrders::new())
        .position();
    let other = ListOrders::new().customer_id("customer_1");
    let mut foreign = client(&transport).stream_orders(&other).resume(position);
    let error = foreign.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(foreign.next().await.is_none());
}
