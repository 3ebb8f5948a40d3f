//! The client as `OrderSource`: the store by windows of time, counts, one order, and all customers.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use orders_core::{
    Cursor, Error, ErrorKind, Order, OrderRef, OrderSource, Query, Slice, TimeAxis, Walk, Window,
};
use orders_http::testing::{MemoryTransport, response};

use crate::play::{HANDLE, client};
use crate::store::asked;

fn window(from: i64, to: i64) -> Window {
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    Window::new(at(from), at(to)).unwrap()
}

fn slice(axis: TimeAxis) -> Slice {
    Slice::window(Walk::Cursor, axis, window(86_400, 172_800))
}

fn source(transport: &MemoryTransport) -> Arc<dyn OrderSource> {
    Arc::new(client(transport))
}

fn orders(rows: &[(&str, bool)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(id, hidden)| format!(r#"{{"id":"{id}","hidden_order":{hidden}}}"#))
        .collect();
    format!(r#"{{"orders":[{}]}}"#, rows.join(","))
}

fn next(path: &str, page_info: &str) -> String {
    format!(
        "<https://{HANDLE}.myshopline.com/admin/openapi/v20260301/{path}?limit=100&page_info={page_info}>; rel=\"next\""
    )
}

async fn ids(source: &Arc<dyn OrderSource>, slice: Slice) -> Vec<String> {
    let mut orders = orders_reader::read_slice(Arc::clone(source), slice);
    let mut ids = Vec::new();
    while let Some(order) = orders.next().await {
        ids.push(order.unwrap().id);
    }
    ids
}

#[tokio::test(start_paused = true)]
async fn a_window_is_one_slice_of_the_store() {
    let source = source(&MemoryTransport::new());
    let mut query = Query::over(window(0, 60));
    let slices = source.slices(&query, None).await.unwrap();
    assert_eq!(
        slices.slices,
        [Slice::window(
            Walk::Cursor,
            TimeAxis::Updated,
            window(0, 60)
        )]
    );
    assert_eq!(slices.next, None);
    query.axis = Some(TimeAxis::Created);
    let slices = source.slices(&query, None).await.unwrap();
    assert_eq!(slices.slices[0].axis, Some(TimeAxis::Created));
    let cursor = Cursor::new("500");
    let error = source.slices(&query, Some(&cursor)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    query.axis = Some(TimeAxis::Settled);
    let error = source.slices(&query, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test(start_paused = true)]
async fn a_window_is_read_with_the_archive_and_a_second_wider() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(
            200,
            &[("link", &next("orders.json", "A"))],
            orders(&[("1", false), ("2", false)]),
        )
        .reply(200, orders(&[("4", false)]))
        .reply_with(
            200,
            &[("link", &next("orders.json", "B"))],
            orders(&[("3", true)]),
        )
        .reply(200, orders(&[("5", true)]));
    let source = source(&transport);
    let all = ids(&source, slice(TimeAxis::Updated)).await;
    assert_eq!(all, ["1", "2", "4", "3", "5"]);
    let first = |hidden: bool| {
        format!(
            "orders.json?status=any&hidden_order={hidden}&updated_at_min=1970-01-01T23:59:59+00:00\
             &updated_at_max=1970-01-03T00:00:01+00:00&sort_condition=id:asc&limit=100"
        )
    };
    assert_eq!(
        asked(&transport),
        [
            first(false),
            "orders.json?limit=100&page_info=A".to_owned(),
            first(true),
            "orders.json?limit=100&page_info=B".to_owned(),
        ]
    );

    let transport = MemoryTransport::new();
    transport.reply(200, orders(&[])).reply(200, orders(&[]));
    let source = self::source(&transport);
    assert!(ids(&source, slice(TimeAxis::Created)).await.is_empty());
    assert!(asked(&transport)[1].contains("created_at_min=1970-01-01T23:59:59"));
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_adds_the_archive_gives_nothing_twice() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, orders(&[("1", false)]))
        .reply(200, orders(&[("1", false), ("2", true)]));
    let source = source(&transport);
    let all = ids(&source, slice(TimeAxis::Updated)).await;
    assert_eq!(all, ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_leaves_the_archive_between_the_legs_is_kept() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, orders(&[]))
        .reply(200, orders(&[("1", false)]));
    let source = source(&transport);
    let all = ids(&source, slice(TimeAxis::Updated)).await;
    assert_eq!(all, ["1"]);
}

/// A hundred orders: a full page.
fn full() -> String {
    let ids: Vec<String> = (0..100).map(|id| id.to_string()).collect();
    let rows: Vec<(&str, bool)> = ids.iter().map(|id| (id.as_str(), false)).collect();
    orders(&rows)
}

/// The orders that come of a window, the error at its end, and what was requested.
async fn read(transport: &MemoryTransport) -> (usize, Option<Error>, Vec<String>) {
    let mut orders = orders_reader::read_slice(source(transport), slice(TimeAxis::Updated));
    let (mut came, mut failed) = (0, None);
    while let Some(order) = orders.next().await {
        match order {
            Ok(_) => came += 1,
            Err(error) => failed = Some(error),
        }
    }
    (came, failed, asked(transport))
}

#[tokio::test(start_paused = true)]
async fn a_full_last_page_without_a_link_is_settled_by_the_count() {
    let count = |count: u32| format!(r#"{{"count":{count}}}"#);
    // The link is there until the last page: one request more.
    let transport = MemoryTransport::new();
    transport
        .reply_with(200, &[("link", &next("orders.json", "A"))], full())
        .reply(200, orders(&[("100", false)]))
        .reply(200, orders(&[]));
    let (came, failed, requests) = read(&transport).await;
    assert_eq!((came, failed.is_none(), requests.len()), (101, true, 3));
    // The page is full, and the last.
    let transport = MemoryTransport::new();
    transport
        .reply(200, full())
        .reply(200, count(100))
        .reply(200, orders(&[]));
    let (came, failed, requests) = read(&transport).await;
    assert_eq!((came, failed.is_none(), requests.len()), (100, true, 3));
    assert_eq!(
        requests[1],
        "orders/count.json?status=any&updated_at_min=1970-01-01T23:59:59+00:00\
         &updated_at_max=1970-01-03T00:00:01+00:00"
    );
    // The count includes the archive.
    let transport = MemoryTransport::new();
    transport.reply(200, full());
    for counted in [103, 90, 10, 3] {
        transport.reply(200, count(counted));
    }
    transport.reply(200, orders(&[("a", true)]));
    let (came, failed, _) = read(&transport).await;
    assert_eq!((came, failed.is_none()), (101, true));
    // The link was lost.
    for counted in [vec![250, 240, 10, 0], vec![150, 140, 10, 7]] {
        let transport = MemoryTransport::new();
        transport.reply(200, full());
        for counted in counted {
            transport.reply(200, count(counted));
        }
        let (_, failed, _) = read(&transport).await;
        let error = failed.expect("orders are missing");
        assert_eq!(error.kind(), ErrorKind::Incomplete);
        assert!(error.message().contains("names no next one"), "{error}");
    }
    // A leg of several pages, the archive, and a vendor that does not count.
    let transport = MemoryTransport::new();
    transport
        .reply(200, orders(&[]))
        .reply_with(200, &[("link", &next("orders.json", "B"))], full())
        .reply(200, full().replace(r#""id":""#, r#""id":"b"#))
        .reply(200, count(201));
    let (_, failed, _) = read(&transport).await;
    assert_eq!(
        failed.map(|error| error.kind()),
        Some(ErrorKind::Incomplete)
    );
    let transport = MemoryTransport::new();
    transport
        .reply(200, full())
        .reply(404, "{}")
        .reply(200, orders(&[]))
        .reply(200, orders(&[]));
    let (came, failed, _) = read(&transport).await;
    assert_eq!((came, failed.is_none()), (100, true));
}

#[tokio::test(start_paused = true)]
async fn a_window_goes_on_anywhere_in_another_process() {
    let rows = [
        ("A", orders(&[("1", false)])),
        ("", orders(&[("2", false)])),
        ("B", orders(&[("3", true)])),
        ("", orders(&[("4", true)])),
    ];
    let (mut saved, mut all): (Option<String>, Vec<String>) = (None, Vec::new());
    for (page_info, body) in rows {
        let transport = MemoryTransport::new();
        let link = next("orders.json", page_info);
        transport.reply_with(200, &[("link", &link)], body);
        let cursor: Option<Cursor> = saved.as_deref().map(|s| serde_json::from_str(s).unwrap());
        let page = source(&transport)
            .page(&slice(TimeAxis::Updated), cursor.as_ref())
            .await
            .unwrap();
        all.extend(page.orders.into_iter().map(|order| order.id));
        saved = page.next.map(|next| serde_json::to_string(&next).unwrap());
    }
    assert_eq!((all.len(), saved), (4, None));
    let cursor = Cursor::new("page 2");
    let error = source(&MemoryTransport::new())
        .page(&slice(TimeAxis::Updated), Some(&cursor))
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[tokio::test(start_paused = true)]
async fn a_window_is_counted_with_the_archive() {
    // any, hidden, open, cancelled
    for (counts, expected) in [
        (vec![7, 0], Some(7)),
        (vec![9, 2, 4, 3], Some(9)),
        (vec![7, 2, 4, 3], Some(9)),
        (vec![8, 2, 4, 3], None),
    ] {
        let transport = MemoryTransport::new();
        for count in &counts {
            transport.reply(200, format!(r#"{{"count":{count}}}"#));
        }
        let source = source(&transport);
        let counted = source.count(&slice(TimeAxis::Updated)).await.unwrap();
        assert_eq!(counted, expected, "{counts:?}");
        assert_eq!(transport.left(), 0);
        // The last second before the end: both ends belong to the vendor's span.
        assert_eq!(
            asked(&transport)[0],
            "orders/count.json?status=any&updated_at_min=1970-01-02T00:00:00+00:00\
             &updated_at_max=1970-01-02T23:59:59+00:00"
        );
    }
    let transport = MemoryTransport::new();
    let source = source(&transport);
    let millis = |ms| DateTime::from_timestamp_millis(ms).unwrap();
    let narrow = Window::new(millis(1_100), millis(1_900)).unwrap();
    let narrow = Slice::window(Walk::Cursor, TimeAxis::Created, narrow);
    assert_eq!(source.count(&narrow).await.unwrap(), Some(0));
    let customer = Slice::partition("1");
    assert_eq!(source.count(&customer).await.unwrap(), None);
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn windows_reach_to_the_ends_of_time() {
    let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let near = |at: DateTime<Utc>, seconds| at + chrono::TimeDelta::seconds(seconds);
    for axis in [TimeAxis::Updated, TimeAxis::Created] {
        for (from, to) in [(min, max), (min, near(min, 1)), (near(max, -1), max)] {
            let transport = MemoryTransport::new();
            transport
                .reply(200, orders(&[("1", false)]))
                .reply(200, orders(&[]))
                .otherwise(|_| Ok(response(200, &[], r#"{"count":0}"#)));
            let source = source(&transport);
            let slice = Slice::window(Walk::Cursor, axis, Window::new(from, to).unwrap());
            assert_eq!(ids(&source, slice.clone()).await, ["1"]);
            assert_eq!(source.count(&slice).await.unwrap(), Some(0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_order_by_reference() {
    let reference = |id: &str| -> OrderRef { Order::new("shopline", "x", id).reference() };
    let transport = MemoryTransport::new();
    transport
        .reply(200, orders(&[("21", false)]))
        .reply(200, orders(&[]))
        .reply(200, orders(&[]))
        .reply(404, r#"{"errors":"Not Found"}"#);
    let source = source(&transport);
    assert!(source.capabilities().fetches);
    let order = source.fetch(&reference("21")).await.unwrap().unwrap();
    assert_eq!((order.id.as_str(), order.account.as_str()), ("21", HANDLE));
    assert!(source.fetch(&reference("22")).await.unwrap().is_none());
    // An address that is not there is no answer about an order.
    let error = source.fetch(&reference("23")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn without_a_window_all_customers_are_listed() {
    let transport = MemoryTransport::new();
    let customers = |ids: &str| format!(r#"{{"customers":[{ids}]}}"#);
    transport
        .reply_with(
            200,
            &[("link", &next("v2/customers.json", "A"))],
            customers(r#"{"id":"1"},{"id":2}"#),
        )
        .reply(200, customers(r#"{"id":"3"}"#));
    let source = source(&transport);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let slices = source
            .slices(&Query::default(), after.as_ref())
            .await
            .unwrap();
        seen.extend(slices.slices);
        after = slices.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["1", "2", "3"].map(Slice::partition));
    assert_eq!(
        asked(&transport),
        [
            "v2/customers.json?fields=id&limit=250",
            "v2/customers.json?fields=id&limit=250&page_info=A"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_of_customers_that_cannot_be_trusted_is_an_error() {
    let transport = MemoryTransport::new();
    let source = source(&transport);
    for cursor in ["", "A", "customers ", "500"] {
        let cursor = Cursor::new(cursor);
        let error = source.slices(&Query::default(), Some(&cursor)).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
    transport.reply(200, r#"{"customers":[{"email":null}]}"#);
    let error = source.slices(&Query::default(), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    transport.reply_with(
        200,
        &[("link", &next("v2/customers.json", "A"))],
        r#"{"customers":[]}"#,
    );
    let cursor = Cursor::new("customers A");
    let error = source.slices(&Query::default(), Some(&cursor)).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Stalled);
}
