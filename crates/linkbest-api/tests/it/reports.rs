//! The report by program, and the count that is made of it.

use chrono::{FixedOffset, NaiveDate};
use futures_util::{StreamExt, TryStreamExt};
use linkbest_api::http::testing::{MemoryTransport, response};
use linkbest_api::reports::{ListReport, PROGRAM_REPORT, ProgramReport, decode_page};
use linkbest_api::{Client, ErrorKind};
use orders_core::{OrderSource, Slice, TimeAxis, Walk, Window};
use proptest::prelude::*;

use crate::at;
use crate::vendor::{builder, client, page_of, sent};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn march() -> ListReport {
    ListReport::new(day(3, 1), day(3, 31))
}

fn row(program: usize, orders: u64) -> String {
    format!(r#"{{"ProgramId":"{program}","OrderCount":"{orders}"}}"#)
}

/// Programs 0, 1, 2, ... with one order, two, three, ...
fn serve(transport: &MemoryTransport, programs: usize) {
    transport.otherwise(move |request| {
        let rows = (0..programs).map(|program| row(program, program as u64 + 1));
        Ok(response(200, &[], page_of(&sent(request), rows)))
    });
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_report() {
    let text = r#"{"ProgramId":"7","ProgramName":"Tea House","UniqueClickCount":"1200","ClickCount":"1500","OrderCount":"12"}"#;
    let transport = MemoryTransport::new();
    transport.reply(
        200,
        format!(r#"{{"Status":0,"Message":"success","Data":[{text}]}}"#),
    );
    let query = march()
        .website_id("1026")
        .program_id("7")
        .page(1)
        .page_size(20);
    let page = client(&transport).list_report(&query).await.unwrap();
    let program = &page.records[0];
    let counts = (
        program.unique_click_count,
        program.click_count,
        program.order_count,
    );
    assert_eq!(counts, (Some(1200), Some(1500), Some(12)));
    assert_eq!(program.raw.as_str(), text);
    assert_eq!(serde_json::to_string(&program.value).unwrap(), text);
    let request = &transport.requests()[0];
    assert!(
        request
            .uri()
            .path()
            .ends_with(&format!("/{PROGRAM_REPORT}"))
    );
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        r#"{"EndDate":"2026-03-31","Page":"1","PageSize":"20","ProgramId":"7","StartDate":"2026-03-01","Timestamp":"1792000000","WebsiteId":"1026"}"#
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_breaks_a_rule_is_not_sent() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    for (query, rule) in [
        (ListReport::new(day(3, 2), day(3, 1)), "must not be after"),
        (
            ListReport::new(day(3, 1), day(4, 1)),
            "at most 31 days, StartDate and EndDate counted, got 32",
        ),
        (march().page(0), "Page counts from 1"),
        (march().page_size(0), "PageSize must be 1 to 200"),
        (march().website_id(""), "WebsiteId must not be empty"),
        (march().program_id(""), "ProgramId must not be empty"),
    ] {
        let error = client.list_report(&query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(rule), "{error}");
        assert_eq!(error.endpoint(), Some(PROGRAM_REPORT));
    }
    assert!(transport.requests().is_empty());
    assert!(ListReport::new(day(3, 1), day(3, 1)).check().is_ok());
}

#[tokio::test(start_paused = true)]
async fn all_pages_come_in_one_stream() {
    // An empty page behind a full one is requested once more.
    let pages: [(usize, &[u32]); 4] =
        [(0, &[1]), (199, &[1]), (200, &[1, 2, 2]), (450, &[1, 2, 3])];
    for (programs, pages) in pages {
        let transport = MemoryTransport::new();
        serve(&transport, programs);
        let rows: Vec<_> = client(&transport)
            .stream_report(&march().page(9))
            .try_collect()
            .await
            .unwrap();
        assert_eq!(rows.len(), programs);
        assert_eq!(transport.requests().len(), pages.len());
        for (page, request) in pages.iter().zip(transport.requests()) {
            let body = sent(&request);
            assert_eq!(body["Page"], page.to_string());
            assert_eq!(body["PageSize"], "200");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_ignores_the_page_is_noticed() {
    let transport = MemoryTransport::new();
    let rows: Vec<_> = (0..200).map(|program| row(program, 1)).collect();
    let body = format!(r#"{{"Status":0,"Data":[{}]}}"#, rows.join(","));
    transport.otherwise(move |_| Ok(response(200, &[], body.clone())));
    let results: Vec<_> = client(&transport).stream_report(&march()).collect().await;
    assert_eq!(results.len(), 201);
    assert_eq!(
        results[200].as_ref().unwrap_err().kind(),
        ErrorKind::Stalled
    );
    let error = client(&transport).count(&created(0, 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stalled);
}

/// Days of creation time from the n-th local midnight (UTC+8) of 1970.
fn created(first: i64, days: i64) -> Slice {
    let midnight = |day: i64| at(day * 86_400 - 8 * 3600);
    let window = Window::new(midnight(first), midnight(first + days)).unwrap();
    Slice::window(Walk::Windows, TimeAxis::Created, window)
}

#[tokio::test(start_paused = true)]
async fn whole_days_of_creation_are_counted_by_the_report() {
    let transport = MemoryTransport::new();
    serve(&transport, 250);
    let client = client(&transport);
    assert!(client.capabilities().counts);
    // 2026-03-01 is day 20513.
    let count = client.count(&created(20_513, 31)).await.unwrap();
    assert_eq!(count, Some((1..=250).sum()));
    let body = sent(&transport.requests()[0]);
    assert_eq!(
        (&body["StartDate"], &body["EndDate"]),
        (&"2026-03-01".into(), &"2026-03-31".into())
    );
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_zone_of_the_mapping_says_where_a_day_begins() {
    let transport = MemoryTransport::new();
    serve(&transport, 1);
    let utc: Client = builder(&transport)
        .zone(FixedOffset::east_opt(0).unwrap())
        .build()
        .unwrap();
    let window = Window::new(at(0), at(86_400)).unwrap();
    let slice = Slice::window(Walk::Windows, TimeAxis::Created, window);
    assert_eq!(utc.count(&slice).await.unwrap(), Some(1));
    let body = sent(&transport.requests()[0]);
    assert_eq!(
        (&body["StartDate"], &body["EndDate"]),
        (&"1970-01-01".into(), &"1970-01-01".into())
    );
    assert_eq!(client(&transport).count(&slice).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn other_slices_have_no_count() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    let day = created(20_513, 1);
    let window = day.window.unwrap();
    let early = Window::new(window.from, window.to - chrono::TimeDelta::seconds(1)).unwrap();
    let late = Window::new(window.from + chrono::TimeDelta::nanoseconds(1), window.to).unwrap();
    let partitioned = day.clone().with_partition("c");
    for slice in [
        Slice::window(Walk::Windows, TimeAxis::Updated, window),
        Slice::window(Walk::Windows, TimeAxis::Settled, window),
        day.over(early),
        day.over(late),
        day.over(Window {
            from: window.from,
            to: window.from,
        }),
        created(20_513, 32),
        partitioned,
        Slice::pass(),
    ] {
        assert_eq!(client.count(&slice).await.unwrap(), None, "{slice:?}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_count_is_never_guessed() {
    for data in [
        r#"[{"ProgramId":"1"}]"#,
        r#"[{"OrderCount":""}]"#,
        r#"[{"OrderCount":"-1"}]"#,
    ] {
        let transport = MemoryTransport::new();
        transport.reply(200, format!(r#"{{"Status":0,"Data":{data}}}"#));
        assert_eq!(
            client(&transport).count(&created(0, 1)).await.unwrap(),
            None,
            "{data}"
        );
    }
    let transport = MemoryTransport::new();
    transport.reply(200, r#"{"Status":0,"Data":null}"#);
    assert_eq!(
        client(&transport).count(&created(0, 1)).await.unwrap(),
        Some(0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_that_moves_while_it_is_counted_is_an_error() {
    let rows: Vec<_> = (0..200).map(|program| row(program, 1)).collect();
    // Program 199 slid to the second page: as it was, it is counted once; with another number, it cannot be.
    for (moved, expected) in [
        (row(199, 1), Ok(Some(205))),
        (row(199, 2), Err(ErrorKind::Incomplete)),
    ] {
        let transport = MemoryTransport::new();
        transport
            .reply(
                200,
                format!(r#"{{"Status":0,"Data":[{}]}}"#, rows.join(",")),
            )
            .reply(
                200,
                format!(r#"{{"Status":0,"Data":[{moved},{}]}}"#, row(200, 5)),
            );
        let counted = client(&transport).count(&created(0, 1)).await;
        assert_eq!(counted.map_err(|error| error.kind()), expected);
    }
}

proptest! {
    #[test]
    fn counts_survive_as_text_and_as_number(count in any::<i64>()) {
        for value in [count.to_string(), format!("\"{count}\"")] {
            let body = format!(r#"{{"Status":0,"Data":[{{"ProgramId":"1","ClickCount":{value},"OrderCount":{value}}}]}}"#);
            let page = decode_page(&body.into()).unwrap();
            let program: &ProgramReport = &page.records[0];
            prop_assert_eq!(program.order_count, Some(count));
            let written = serde_json::to_string(program).unwrap();
            prop_assert_eq!(written, format!(r#"{{"ProgramId":"1","ClickCount":"{count}","OrderCount":"{count}"}}"#));
        }
    }
}

#[test]
fn a_fraction_is_no_count() {
    let body = r#"{"Status":0,"Data":[{"ProgramId":"7","OrderCount":"1.5"}]}"#;
    let failed = &decode_page(&body.into()).unwrap().unreadable[0];
    assert_eq!(failed.path, "Data[0].OrderCount");
    assert_eq!(failed.id.as_deref(), Some("7"));
}
