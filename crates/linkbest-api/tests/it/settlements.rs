//! Settlement changes: one page, and ranges of any length.

use std::sync::Mutex;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use linkbest_api::ErrorKind;
use linkbest_api::http::testing::{MemoryTransport, response};
use linkbest_api::settlements::{ListSettlements, SETTLEMENTS_QUERY, decode_page};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::at;
use crate::vendor::{Edges, client, number, page_of, sent};

const CHANGE: &str = r#"{"OrderSn":"A1","OrderTime":"2026-02-01 08:00:00","SubId":"s","ConfirmPriceOld":10.0000,"ModifyPrice":-1.2500,"ConfirmPrice":8.7500,"ConfirmSiterCommissionOld":1.0000,"ModifySiterCommission":-0.1250,"ConfirmSiterCommission":0.8750}"#;

#[tokio::test(start_paused = true)]
async fn a_page_of_changes() {
    let transport = MemoryTransport::new();
    transport.reply(
        200,
        format!(r#"{{"Status":0,"Message":"success","Data":[{CHANGE}]}}"#),
    );
    let query = ListSettlements::new(at(0), at(86_400))
        .program_id("12")
        .order_sn("A1")
        .sub_id("s")
        .page(2)
        .page_size(200);
    let page = client(&transport).list_settlements(&query).await.unwrap();
    assert_eq!(page.message.as_deref(), Some("success"));
    let change = &page.records[0];
    assert_eq!(change.raw.as_str(), CHANGE);
    assert_eq!(serde_json::to_string(&change.value).unwrap(), CHANGE);
    assert_eq!(
        change.confirm_price_old.unwrap() + change.modify_price.unwrap(),
        change.confirm_price.unwrap()
    );
    let request = &transport.requests()[0];
    assert!(
        request
            .uri()
            .path()
            .ends_with(&format!("/{SETTLEMENTS_QUERY}"))
    );
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        r#"{"Etime":"86400","OrderSn":"A1","Page":"2","PageSize":"200","ProgramId":"12","Stime":"0","SubId":"s","Timestamp":"1792000000"}"#
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_breaks_a_rule_is_not_sent() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    let day = || ListSettlements::new(at(0), at(86_400));
    for (query, rule) in [
        (ListSettlements::new(at(5), at(5)), "Stime must be before"),
        (ListSettlements::new(at(0), at(86_401)), "at most one day"),
        (day().page(0), "Page counts from 1"),
        (day().page_size(201), "PageSize must be 1 to 200"),
        (day().program_id(""), "ProgramId must not be empty"),
        (day().order_sn(""), "OrderSn must not be empty"),
        (day().sub_id(""), "SubId must not be empty"),
    ] {
        let error = client.list_settlements(&query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(rule), "{error}");
        assert_eq!(error.endpoint(), Some(SETTLEMENTS_QUERY));
    }
    assert!(transport.requests().is_empty());
    assert!(day().check().is_ok());
    let backwards = client.stream_settlements(&ListSettlements::new(at(5), at(5)));
    let error = backwards.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

/// The text and the second of each row.
type Rows = Vec<(String, i64)>;

/// Serves these rows; a window that counts both edges must be the hardest for what comes twice.
fn serve(transport: &MemoryTransport, rows: Rows, edges: Edges) {
    let rows = Mutex::new(rows);
    transport.otherwise(move |request| {
        let body = sent(request);
        let (from, to) = (number(&body, "Stime"), number(&body, "Etime"));
        assert!(from < to && to - from <= 86_400, "{from}..{to}");
        let rows = rows.lock().unwrap();
        let found = rows
            .iter()
            .filter(|(_, time)| edges.inside(*time, from, to));
        Ok(response(
            200,
            &[],
            page_of(&body, found.map(|(text, _)| text.clone())),
        ))
    });
}

async fn texts(transport: &MemoryTransport, from: i64, to: i64) -> Vec<String> {
    let range = ListSettlements::new(at(from), at(to));
    let stream = client(transport).stream_settlements(&range);
    let changes: Vec<_> = stream.try_collect().await.unwrap();
    changes
        .iter()
        .map(|change| change.raw.as_str().to_owned())
        .collect()
}

fn row(order: usize, change: usize) -> String {
    format!(r#"{{"OrderSn":"{order}","ModifyPrice":{change}.0000}}"#)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Each order has its second; it has up to four changes, some of the same text.
    #[test]
    fn no_change_is_lost_or_given_twice(
        orders in proptest::collection::vec((1_000i64..250_000, 1usize..5), 0..300),
        edges in 0usize..4,
    ) {
        let mut rows = Rows::new();
        for (order, (second, changes)) in orders.into_iter().enumerate() {
            rows.extend((0..changes).map(|change| (row(order, change % 2), second)));
        }
        let mut expected: Vec<_> = rows.iter().map(|(text, _)| text.clone()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let mut found = runtime.block_on(async {
            let transport = MemoryTransport::new();
            serve(&transport, rows, Edges::all()[edges]);
            texts(&transport, 1_000, 250_000).await
        });
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn four_places_survive_as_number_and_as_text(mantissa in any::<i64>(), scale in 0u32..=8) {
        let amount = Decimal::new(mantissa, scale).to_string();
        for value in [amount.clone(), format!("\"{amount}\"")] {
            let names = ["ConfirmPriceOld", "ModifyPrice", "ConfirmPrice",
                "ConfirmSiterCommissionOld", "ModifySiterCommission", "ConfirmSiterCommission"];
            let object = |value: &str| {
                let members = names.map(|name| format!("\"{name}\":{value}"));
                format!("{{{}}}", members.join(","))
            };
            let body = format!(r#"{{"Status":0,"Data":[{}]}}"#, object(&value));
            let page = decode_page(&Bytes::from(body)).unwrap();
            let written = serde_json::to_string(&page.records[0].value).unwrap();
            prop_assert_eq!(written, object(&amount));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_crowded_second_is_read_forwards_and_backwards() {
    let rows: Rows = (0..450).map(|order| (row(order, 1), 7)).collect();
    let transport = MemoryTransport::new();
    serve(&transport, rows, Edges::all()[0]);
    assert_eq!(texts(&transport, 7, 8).await.len(), 450);
    let asked = transport.requests();
    let pages: Vec<_> = asked
        .iter()
        .map(|request| number(&sent(request), "Page"))
        .collect();
    assert_eq!(pages, [1, 2, 3, 4, 3, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn filters_go_with_every_window() {
    let transport = MemoryTransport::new();
    serve(&transport, Rows::new(), Edges::all()[0]);
    let from = at(1_000) + TimeDelta::milliseconds(500);
    let range = ListSettlements::new(from, at(200_000))
        .program_id("12")
        .order_sn("A1")
        .sub_id("s");
    let stream = client(&transport).stream_settlements(&range);
    assert!(stream.try_collect::<Vec<_>>().await.unwrap().is_empty());
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
        let filters = ["ProgramId", "OrderSn", "SubId"].map(|name| body[name].as_str().unwrap());
        assert_eq!(filters, ["12", "A1", "s"]);
    }
    assert_eq!(sent(&requests[0])["Stime"], "999", "a second wider");
}

#[test]
fn a_field_of_another_name_is_kept_in_the_raw_text() {
    let body = r#"{"Status":0,"Data":{"OrderSn":"A1","ModifyCommission":"1.0000"}}"#;
    let page = decode_page(&body.into()).unwrap();
    assert!(page.records[0].raw.as_str().contains("ModifyCommission"));
    let page = decode_page(&r#"{"Status":0,"Data":[{"ModifyPrice":"x"}]}"#.into()).unwrap();
    assert_eq!(page.unreadable[0].path, "Data[0].ModifyPrice");
}
