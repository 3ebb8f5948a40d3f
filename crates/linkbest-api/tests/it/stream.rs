//! Ranges of any length: nothing lost, nothing twice.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt};
use linkbest_api::http::testing::{MemoryTransport, response};
use linkbest_api::orders::ORDERS_QUERY;
use linkbest_api::reader::StreamPosition;
use linkbest_api::{ErrorKind, ListOrders, OrderField, OrderStatus};
use proptest::prelude::*;

use crate::at;
use crate::vendor::{Edges, Rows, client, number, sent, serve};

const INCLUSIVE: Edges = Edges {
    first: true,
    last: true,
};

async fn ids(transport: &MemoryTransport, range: &ListOrders) -> Vec<u32> {
    let stream = client(transport).stream_orders(range);
    let orders: Vec<_> = stream.try_collect().await.unwrap();
    orders
        .iter()
        .map(|order| order.id.as_ref().unwrap().parse().unwrap())
        .collect()
}

fn range(from: i64, to: i64) -> ListOrders {
    ListOrders::new(at(from), at(to))
}

/// Rows at these seconds come whole through windows of a range that holds all of them.
fn nothing_is_lost(seconds: &[i64], from: i64, to: i64, edges: Edges) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let numbered = (1..).zip(seconds.iter().copied());
    let rows: Rows = Arc::new(Mutex::new(numbered.collect()));
    let mut found = runtime.block_on(async {
        let transport = MemoryTransport::new();
        serve(&transport, &rows, edges, |_, _| {});
        ids(&transport, &range(from, to)).await
    });
    found.sort_unstable();
    let expected: Vec<u32> = (1..).take(seconds.len()).collect();
    assert_eq!(found, expected, "{edges:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_window_loses_a_row(
        mut seconds in proptest::collection::vec(1_000i64..250_000, 0..500),
        crowds in proptest::collection::vec((1_000i64..250_000, 1usize..450), 0..3),
        edges in 0usize..4,
    ) {
        for (second, rows) in crowds {
            seconds.extend(std::iter::repeat_n(second, rows));
        }
        nothing_is_lost(&seconds, 1_000, 250_000, Edges::all()[edges]);
    }
}

#[test]
fn rows_on_the_edges_of_the_range_and_its_windows_come_once() {
    let day = 86_398;
    let seconds = [
        0,
        1,
        day - 1,
        day,
        day + 1,
        2 * day - 1,
        2 * day,
        3 * day - 1,
    ];
    for edges in Edges::all() {
        nothing_is_lost(&seconds, 0, 3 * day, edges);
    }
}

#[tokio::test(start_paused = true)]
async fn five_hundred_rows_of_one_second_are_read_forwards_and_backwards() {
    let rows: Rows = Arc::new(Mutex::new((0..500).map(|id| (id, 500)).collect()));
    let transport = MemoryTransport::new();
    // After its first page was read, a row of it changes and leaves the window: the next page steps over row 200.
    let mut_after = |asked: usize, rows: &mut Vec<(u32, i64)>| {
        if asked == 1 {
            rows.retain(|(id, _)| *id != 0);
        }
    };
    serve(&transport, &rows, INCLUSIVE, mut_after);
    let mut found = ids(&transport, &range(500, 501)).await;
    let pages: Vec<_> = transport
        .requests()
        .iter()
        .map(|request| sent(request)["Page"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pages, ["1", "2", "3", "4", "3", "2", "1"]);
    found.sort_unstable();
    assert_eq!(
        found,
        (0..500).collect::<Vec<_>>(),
        "row 200 is met on the way back"
    );
}

#[tokio::test(start_paused = true)]
async fn a_busy_range_costs_few_requests_and_holds_no_more_than_asked() {
    let seconds = (0..5_000i64).map(|n| (u32::try_from(n).unwrap(), n * 86_400 * 3 / 5_000));
    let rows: Rows = Arc::new(Mutex::new(seconds.collect()));
    let transport = MemoryTransport::new();
    serve(&transport, &rows, INCLUSIVE, |_, _| {});
    let found = ids(&transport, &range(0, 3 * 86_400)).await;
    assert_eq!(found.len(), 5_000);
    // Now and then page two is requested: only it shows that a page was the last.
    assert!(
        transport.requests().len() <= 48,
        "{}",
        transport.requests().len()
    );
}

#[tokio::test(start_paused = true)]
async fn filters_and_axis_go_with_every_window() {
    let transport = MemoryTransport::new();
    serve(&transport, &Rows::default(), INCLUSIVE, |_, _| {});
    let range = range(1_000, 200_000)
        .order_field(OrderField::OrderDatatime)
        .status(OrderStatus::Invalid)
        .program_id("12")
        .website_id("34")
        .sub_id("茶");
    assert!(ids(&transport, &range).await.is_empty());
    let requests = transport.requests();
    // Three windows; an empty one behind an empty one is requested once more.
    let starts = requests
        .iter()
        .map(|request| number(&sent(request), "Stime"));
    assert_eq!(
        starts.collect::<Vec<_>>(),
        [999, 87_397, 87_397, 173_795, 173_795]
    );
    for request in &requests {
        let body = sent(request);
        assert_eq!(body["OrderField"], "OrderDatatime");
        assert_eq!(body["Status"], "-1");
        assert_eq!(body["ProgramId"], "12");
        assert_eq!(body["WebsiteId"], "34");
        assert_eq!(body["SubId"], "茶");
    }
    assert_eq!(sent(&requests[0])["Stime"], "999", "a second wider");
    assert_eq!(sent(&requests[4])["Etime"], "200000");
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_ignores_the_page_is_noticed() {
    let rows: Vec<_> = (0..200)
        .map(|id| format!(r#"{{"Id":"{id}","ProgramId":"1","OrderSn":"n{id}"}}"#))
        .collect();
    let body = format!(r#"{{"Status":0,"Data":[{}]}}"#, rows.join(","));
    let transport = MemoryTransport::new();
    transport.otherwise(move |_| Ok(response(200, &[], body.clone())));
    let stream = client(&transport).stream_orders(&range(5, 6));
    let results: Vec<_> = stream.collect().await;
    assert_eq!(results.len(), 201);
    let error = results.into_iter().next_back().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stalled);
}

#[tokio::test(start_paused = true)]
async fn an_error_comes_once_and_ends_the_stream() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, r#"{"Status":0,"Data":[{"Id":"1"}]}"#)
        .reply(200, r#"{"Status":4003,"Message":"no"}"#);
    let stream = client(&transport).stream_orders(&range(0, 400_000));
    let results: Vec<_> = stream.collect().await;
    assert_eq!(results.len(), 2);
    assert!(results[0].is_ok() && results[1].is_err());
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn a_range_must_run_forwards_and_no_filter_may_be_empty() {
    let transport = MemoryTransport::new();
    for request in [range(5, 5), range(6, 5), range(5, 6).sub_id("")] {
        let stream = client(&transport).stream_orders(&request);
        let error = stream.try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert_eq!(error.endpoint(), Some(ORDERS_QUERY));
    }
    assert!(transport.requests().is_empty());
}

/// The position goes to another process as JSON.
#[tokio::test(start_paused = true)]
async fn a_stream_resumes_from_its_position() {
    let seconds: Vec<i64> = (0..450).map(|n| n * 700).collect();
    let numbered = (1..).zip(seconds);
    let rows: Rows = Arc::new(Mutex::new(numbered.collect()));
    let transport = MemoryTransport::new();
    serve(&transport, &rows, INCLUSIVE, |_, _| {});
    let range = range(0, 400_000);
    let whole = ids(&transport, &range).await;
    assert_eq!(whole.len(), 450);
    for stop in [0, 1, 125, 449, 450] {
        let mut stream = client(&transport).stream_orders(&range);
        let mut found = Vec::new();
        for _ in 0..stop {
            found.push(stream.next().await.unwrap().unwrap());
        }
        let saved = serde_json::to_string(&stream.position()).unwrap();
        let position: StreamPosition = serde_json::from_str(&saved).unwrap();
        let rest = client(&transport).stream_orders(&range).resume(position);
        found.extend(rest.try_collect::<Vec<_>>().await.unwrap());
        let found: Vec<u32> = found
            .iter()
            .map(|order| order.id.as_ref().unwrap().parse().unwrap())
            .collect();
        assert_eq!(found, whole, "stopped after {stop}");
    }
    // The rest of one range is not that of another.
    let position = client(&transport).stream_orders(&range).position();
    let other = self::range(0, 86_400);
    let mut foreign = client(&transport).stream_orders(&other).resume(position);
    let error = foreign.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(foreign.next().await.is_none());
}

#[tokio::test]
async fn a_null_among_the_rows_does_not_hide_the_next_page() {
    // 300 orders of one second; the vendor puts a null in the place of one of the first page.
    let transport = MemoryTransport::new();
    transport.otherwise(|request| {
        let page = number(&sent(request), "Page") as usize;
        let rows: Vec<String> = (0..300)
            .skip((page - 1) * 200)
            .take(200)
            .map(|n| {
                if n == 7 {
                    "null".to_owned()
                } else {
                    format!(r#"{{"Id":"{n}","ProgramId":"1","OrderSn":"n{n}"}}"#)
                }
            })
            .collect();
        let body = format!(r#"{{"Status":0,"Data":[{}]}}"#, rows.join(","));
        Ok(response(200, &[], body))
    });
    assert_eq!(ids(&transport, &range(1000, 1001)).await.len(), 299);
}

#[tokio::test]
async fn a_range_at_the_ends_of_time_is_walked_to_its_end() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(response(200, &[], r#"{"Status":0,"Data":[]}"#)));
    let client = client(&transport);
    let day = TimeDelta::days(1);
    for (from, to) in [
        (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MIN_UTC + day),
        (DateTime::<Utc>::MAX_UTC - day, DateTime::<Utc>::MAX_UTC),
    ] {
        let range = ListOrders::new(from, to);
        let orders: Vec<_> = client.stream_orders(&range).try_collect().await.unwrap();
        assert!(orders.is_empty());
    }
    assert!(
        transport.requests().len() >= 4,
        "a day takes two windows, each was asked"
    );
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_from_a_saved_position() {
    // A crowded second, and rows on the edges of windows.
    let second = |id: u32| match id {
        0..300 => 500,
        id => i64::from(id) * 600,
    };
    let rows: Rows = Arc::new(Mutex::new((0..600).map(|id| (id, second(id))).collect()));
    let transport = MemoryTransport::new();
    serve(&transport, &rows, INCLUSIVE, |_, _| {});
    let range = range(0, 400_000);
    for stop in [0, 1, 150, 299, 300, 301, 450, 599, 600] {
        let mut seen: Vec<u32> = Vec::new();
        let mut stream = client(&transport).stream_orders(&range);
        for _ in 0..stop {
            let order = stream.next().await.unwrap().unwrap();
            seen.push(order.value.id.unwrap().parse().unwrap());
        }
        let saved = serde_json::to_string(&stream.position()).unwrap();
        assert!(saved.len() < 80_000, "{} bytes", saved.len());
        drop(stream);
        let position = serde_json::from_str(&saved).unwrap();
        let mut stream = client(&transport).stream_orders(&range).resume(position);
        while let Some(order) = stream.next().await {
            seen.push(order.unwrap().value.id.unwrap().parse().unwrap());
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..600).collect::<Vec<_>>(), "stopped behind {stop}");
    }
}
