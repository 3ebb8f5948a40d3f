//! The client as a source of orders.

use std::sync::{Arc, Mutex};

use linkbest_api::ErrorKind;
use linkbest_api::http::testing::MemoryTransport;
use orders_core::{Cursor, OrderRef, OrderSource, Query, Slice, TimeAxis, Walk, Window};

use crate::at;
use crate::vendor::{Edges, Rows, client, sent, serve};

const INCLUSIVE: Edges = Edges {
    first: true,
    last: true,
};

fn window(from: i64, to: i64) -> Window {
    Window::new(at(from), at(to)).unwrap()
}

fn query(from: i64, to: i64) -> Query {
    Query::over(window(from, to))
}

#[tokio::test(start_paused = true)]
async fn a_query_is_pulled_whole_through_the_trait() {
    let rows = (0..1_500u32).map(|n| (n, i64::from(n % 40) * 20_000 + i64::from(n / 300)));
    let rows: Rows = Arc::new(Mutex::new(rows.collect()));
    let transport = MemoryTransport::new();
    serve(&transport, &rows, INCLUSIVE, |_, _| {});
    let source: Arc<dyn OrderSource> = Arc::new(client(&transport));
    assert_eq!(source.account().to_string(), "linkbest/main");

    let found = source.slices(&query(0, 800_000), None).await.unwrap();
    assert_eq!((found.slices.len(), found.next), (2, None));
    let mut ids = Vec::new();
    for slice in found.slices {
        assert_eq!(
            (slice.walk, slice.axis),
            (Walk::Windows, Some(TimeAxis::Updated))
        );
        let mut orders = orders_reader::read_slice(Arc::clone(&source), slice);
        while let Some(order) = orders.next().await {
            ids.push(order.unwrap().id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1_500);
}

#[tokio::test(start_paused = true)]
async fn each_axis_asks_by_its_own_field() {
    let transport = MemoryTransport::new();
    serve(&transport, &Rows::default(), INCLUSIVE, |_, _| {});
    let client = client(&transport);
    let axes = client.capabilities().axes;
    assert_eq!(
        axes,
        [TimeAxis::Updated, TimeAxis::Settled, TimeAxis::Created]
    );
    for (axis, word) in axes
        .into_iter()
        .zip(["UpdateTime", "ChargeTime", "OrderDatatime"])
    {
        let slice = Slice::window(Walk::Windows, axis, window(0, 60));
        let page = client.page(&slice, None).await.unwrap();
        assert!(page.orders.is_empty() && !page.full && page.next.is_none());
        let request = transport.requests().pop().unwrap();
        assert_eq!(sent(&request)["OrderField"], word);
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_page_says_so_and_a_walk_goes_on_from_its_cursor() {
    let rows: Rows = Arc::new(Mutex::new((0..450).map(|id| (id, 7)).collect()));
    let transport = MemoryTransport::new();
    serve(&transport, &rows, INCLUSIVE, |_, _| {});
    let client = client(&transport);
    let slice = Slice::window(Walk::Windows, TimeAxis::Updated, window(7, 8));
    let (mut cursor, mut pages) = (None, Vec::new());
    loop {
        let page = client.page(&slice, cursor.as_ref()).await.unwrap();
        pages.push((page.orders.len(), page.full));
        // Through text, as another process would get it.
        cursor = match page.next {
            Some(next) => Some(Cursor::new(next.as_str())),
            None => break,
        };
    }
    assert_eq!(
        pages,
        [
            (200, true),
            (200, true),
            (50, false),
            (0, false),
            (50, false),
            (200, true),
            (200, true)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_longest_window_stays_within_the_vendors_day() {
    let transport = MemoryTransport::new();
    serve(&transport, &Rows::default(), INCLUSIVE, |_, _| {});
    let client = client(&transport);
    let longest = i64::from(client.capabilities().windows.longest);
    let from = at(0) + chrono::TimeDelta::milliseconds(500);
    let ragged = Window::new(from, from + chrono::TimeDelta::seconds(longest)).unwrap();
    let slice = Slice::window(Walk::Windows, TimeAxis::Updated, ragged);
    client.page(&slice, None).await.unwrap();
    let body = sent(&transport.requests()[0]);
    assert_eq!(
        (body["Stime"].as_str(), body["Etime"].as_str()),
        (Some("-1"), Some("86399"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_linkbest_cannot_answer_is_refused_unsent() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    let everything = client.slices(&Query::default(), None).await.unwrap_err();
    assert_eq!(everything.kind(), ErrorKind::InvalidRequest);
    assert!(everything.message().contains("window"), "{everything}");
    let mut partitioned = query(0, 10);
    partitioned.partitions.push("c1".to_owned());
    let error = client.slices(&partitioned, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);

    let slice = Slice::window(Walk::Windows, TimeAxis::Updated, window(0, 10));
    for (slice, cursor) in [
        (Slice::pass(), None),
        (Slice::partition("c1"), None),
        (slice.over(window(0, 100_000)), None),
        (slice, Some(Cursor::new("elsewhere"))),
    ] {
        let error = client.page(&slice, cursor.as_ref()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    let lookup = client.fetch(&OrderRef::default()).await.unwrap_err();
    assert_eq!(lookup.kind(), ErrorKind::InvalidRequest);
    assert!(transport.requests().is_empty());
}
