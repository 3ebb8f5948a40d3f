//! What belongs to one order: refunds, parcels, payments.

use std::time::Duration;

use orders_http::testing::MemoryTransport;
use shopline_api::ErrorKind;
use shopline_api::orders::{MAX_REFUNDS, SearchTransactions, TransactionStatus};

use crate::fixtures;
use crate::play::{TOKEN, client};
use crate::store::asked;

#[tokio::test(start_paused = true)]
async fn refunds_come_with_their_exact_text() {
    let transport = MemoryTransport::new();
    transport.reply_with(
        200,
        &[("traceid", "6a98")],
        fixtures::body("refunds/recorded.json"),
    );
    let page = client(&transport).list_refunds("21/x").await.unwrap();
    assert_eq!((page.records.len(), page.sent), (2, 2));
    assert_eq!(page.trace_id.as_deref(), Some("6a98"));
    let line = &page.records[0].refund_line_items[0];
    assert_eq!(line.subtotal.unwrap().to_string(), "1000000");
    let text = fixtures::text("refunds/recorded.json");
    assert!(text.contains(page.records[0].raw.as_str()));
    assert_eq!(
        transport.requests()[0].uri().path(),
        "/admin/openapi/v20260301/orders/21%2Fx/refunds.json"
    );
    assert_eq!(transport.requests()[0].uri().query(), Some("limit=250"));
}

#[tokio::test(start_paused = true)]
async fn as_many_refunds_as_can_be_are_said_to_be_full() {
    let transport = MemoryTransport::new();
    let refunds = |count: usize| {
        let refunds: Vec<String> = (0..count).map(|n| format!(r#"{{"id":"{n}"}}"#)).collect();
        format!(r#"{{"refunds":[{}]}}"#, refunds.join(","))
    };
    transport
        .reply(200, refunds(MAX_REFUNDS))
        .reply(200, refunds(MAX_REFUNDS - 1));
    let client = client(&transport);
    assert_eq!(client.list_refunds("21").await.unwrap().sent, MAX_REFUNDS);
    assert!(client.list_refunds("21").await.unwrap().sent < MAX_REFUNDS);
}

#[tokio::test(start_paused = true)]
async fn parcels_have_lines_with_numbers_as_ids() {
    let transport = MemoryTransport::new();
    transport.reply(200, fixtures::body("fulfillments/recorded.json"));
    let parcels = client(&transport).list_fulfillments("21").await.unwrap();
    let parcel = &parcels.records[0];
    assert_eq!(parcel.name.as_deref(), Some("#1012.1"));
    assert_eq!(parcel.tracking_numbers, ["TRACK123456"]);
    let line = &parcel.line_items[0];
    assert_eq!(line.id.as_deref(), Some("459465"));
    assert_eq!(line.fulfillment_quantity.unwrap().to_string(), "1");
    assert_eq!(line.total_discount.unwrap().to_string(), "0.0");
    assert_eq!(asked(&transport), ["orders/21/fulfillments.json"]);
}

#[tokio::test(start_paused = true)]
async fn payments_come_by_both_roads() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, fixtures::body("transactions/failed.json"))
        .reply(200, fixtures::body("transactions/list-gift-card.json"));
    let client = client(&transport);
    let payments = client.list_transactions("21").await.unwrap();
    let payment = &payments.records[0];
    assert_eq!(payment.status, Some(TransactionStatus::Failure));
    assert_eq!(payment.amount.unwrap().to_string(), "101.0");
    assert_eq!(payment.receipt.as_ref().unwrap().as_str(), "{}");
    let details = payment.payment_details.as_ref().unwrap();
    assert!(details.credit_card.is_none() && details.card().is_some());

    let question = SearchTransactions::new("21").transaction_id("32");
    let payments = client.search_transactions(&question).await.unwrap();
    assert_eq!(payments.records[0].status, Some(TransactionStatus::Created));
    let details = payments.records[0].payment_details.as_ref().unwrap();
    assert!(
        details
            .receipt_json
            .as_ref()
            .unwrap()
            .contains("giftCardId")
    );
    assert!(details.card().is_some());

    assert_eq!(
        asked(&transport),
        ["orders/21/transactions.json", "transactions/query.json"]
    );
    let sent = &transport.requests()[1];
    assert_eq!(sent.method(), "POST");
    assert_eq!(
        &sent.body()[..],
        br#"{"order_id":"21","transaction_id":"32"}"#
    );
    assert_eq!(sent.headers()["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(
        sent.headers()["content-type"],
        "application/json; charset=utf-8"
    );
}

#[tokio::test(start_paused = true)]
async fn a_question_is_asked_again_like_a_read() {
    let transport = MemoryTransport::new();
    transport
        .reply(503, "")
        .reply(200, fixtures::body("transactions/list-empty.json"));
    let question = SearchTransactions::new("21");
    let none = client(&transport).search_transactions(&question).await;
    assert!(none.unwrap().records.is_empty());
    let sent = transport.requests();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body(), sent[1].body());
    assert!(transport.sent_at()[1] > Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn every_part_has_the_same_errors() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    for part in ["refunds", "fulfillments", "transactions"] {
        for (status, file, kind) in [
            (404, "error-404.json", ErrorKind::NotFound),
            (200, "error-404.json", ErrorKind::Other),
            (200, "list-missing.json", ErrorKind::Decode),
            (200, "cut.txt", ErrorKind::Decode),
        ] {
            transport.reply(status, fixtures::body(&format!("{part}/{file}")));
            let error = match part {
                "refunds" => client.list_refunds("21").await.err(),
                "fulfillments" => client.list_fulfillments("21").await.err(),
                _ => client.list_transactions("21").await.err(),
            };
            let error = error.unwrap();
            assert_eq!(error.kind(), kind, "{part}, {file}: {error}");
            assert_eq!(
                error.endpoint(),
                Some(format!("GET orders/:id/{part}.json").as_str())
            );
        }
        transport.reply(200, fixtures::body(&format!("{part}/list-null.json")));
        let empty = match part {
            "refunds" => client.list_refunds("21").await.unwrap().records.is_empty(),
            "fulfillments" => client
                .list_fulfillments("21")
                .await
                .unwrap()
                .records
                .is_empty(),
            _ => client
                .list_transactions("21")
                .await
                .unwrap()
                .records
                .is_empty(),
        };
        assert!(empty, "{part}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_that_leads_elsewhere_sends_nothing() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    for id in ["", " ", ".", "..", "1,2"] {
        for error in [
            client.list_refunds(id).await.err(),
            client.list_fulfillments(id).await.err(),
            client.list_transactions(id).await.err(),
        ] {
            assert_eq!(error.unwrap().kind(), ErrorKind::InvalidRequest, "{id:?}");
        }
    }
    for question in [
        SearchTransactions::new(""),
        SearchTransactions::new("21").transaction_id(""),
    ] {
        let error = client.search_transactions(&question).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn attributions_are_requested_by_the_ids_of_orders() {
    let transport = MemoryTransport::new();
    transport.reply(200, fixtures::body("attributions/full.json"));
    let page = client(&transport).list_attributions(["21", "22"]).await;
    let one = &page.unwrap().records[0];
    let first = one.first_interaction.as_ref().unwrap();
    assert!(first.first_landing_page_url.is_some());
    // What a visit was about may say who the buyer is.
    assert!(!format!("{one:?}").contains("https://"), "{one:?}");
    let sent = &transport.requests()[0];
    assert_eq!(sent.body().as_ref(), br#"{"orders":["21","22"]}"#);
    let many: Vec<String> = (0..501).map(|id| id.to_string()).collect();
    for ids in [Vec::new(), vec![String::new()], many] {
        let error = client(&transport).list_attributions(ids).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}
