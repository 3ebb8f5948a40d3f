//! SHOPLINE Payments.

use chrono::{DateTime, FixedOffset};
use futures_util::TryStreamExt;
use orders_http::testing::MemoryTransport;
use shopline_api::ErrorKind;
use shopline_api::payments::{
    AccountType, BalanceTransactionType, ListBalanceTransactions, ListPayouts,
    ListStoreTransactions, PayoutStatus, StoreTransactionStatus, StoreTransactionType,
};

use crate::fixtures;
use crate::play::{HANDLE, client};
use crate::store::asked;

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn link(path: &str) -> String {
    format!(
        "<https://{HANDLE}.myshopline.com/admin/openapi/v20260301/payments/store/{path}.json?page_info=AB>; rel=\"next\""
    )
}

#[tokio::test(start_paused = true)]
async fn a_list_is_read_over_all_pages_and_costs_no_other_row() {
    let transport = MemoryTransport::new();
    let first = r#"{"transactions":[{"trade_order_id":"1","amount":"10.00","fee":"-0.30"},
        {"trade_order_id":"2","amount":"1,0"},{"trade_order_id":"3","status":"NEW_WORD"}]}"#;
    transport.reply_with(200, &[("link", &link("transactions"))], first);
    transport.reply(200, r#"{"transactions":[{"trade_order_id":"4"}]}"#);
    let request = ListStoreTransactions::new()
        .created(
            at("2026-01-01T00:00:00+08:00"),
            at("2026-06-30T00:00:00+08:00"),
        )
        .transaction_type(StoreTransactionType::Payment)
        .status(StoreTransactionStatus::Succeeded);
    let mut stream = client(&transport).stream_store_transactions(&request);
    let (mut ids, mut unreadable) = (Vec::new(), Vec::new());
    loop {
        match stream.try_next().await {
            Ok(Some(one)) => ids.push(one.value.trade_order_id.unwrap()),
            Ok(None) => break,
            Err(error) => unreadable.push(error.record().unwrap().path.clone()),
        }
    }
    assert_eq!(ids, ["1", "3", "4"]);
    assert_eq!(unreadable, ["transactions[1].amount"]);
    assert_eq!(
        asked(&transport),
        [
            "payments/store/transactions.json?date_min=2026-01-01T00:00:00+08:00\
             &date_max=2026-06-30T00:00:00+08:00&transaction_type=PAYMENT&status=SUCCEEDED&limit=1000",
            "payments/store/transactions.json?limit=1000&page_info=AB",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn payouts_need_a_span_and_a_limit() {
    let transport = MemoryTransport::new();
    transport.reply(200, fixtures::body("payouts/ordinary.json"));
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-04-01T00:00:00Z"));
    let request = ListPayouts::new(from, to).status(PayoutStatus::Success);
    let page = client(&transport).list_payouts(&request).await.unwrap();
    let payout = &page.records[0];
    assert_eq!(payout.amount.unwrap().to_string(), "26.37");
    assert_eq!(payout.status, Some(PayoutStatus::Success));
    assert_eq!(
        asked(&transport),
        [
            "payments/store/payouts.json?start_time=2026-01-01T00:00:00+00:00\
          &end_time=2026-04-01T00:00:00+00:00&status=SUCCESS&limit=50"
        ]
    );
    for broken in [
        ListPayouts::new(to, from),
        ListPayouts::new(from, at("2026-04-01T00:00:01Z")),
        ListPayouts::new(from, to).limit(101),
    ] {
        let error = client(&transport).list_payouts(&broken).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.endpoint(), Some("GET payments/store/payouts.json"));
    }
}

#[tokio::test(start_paused = true)]
async fn billing_records_are_read_in_both_shapes() {
    let transport = MemoryTransport::new();
    transport.reply(200, fixtures::body("balance-transactions/ordinary.json"));
    let request = ListBalanceTransactions::new()
        .payout_id("101")
        .limit(10_000);
    let page = client(&transport).list_balance_transactions(&request).await;
    let page = page.unwrap();
    let [record, account] = &page.records[..] else {
        panic!("{page:?}")
    };
    assert_eq!(
        record.transaction_type,
        Some(BalanceTransactionType::Payment)
    );
    assert_eq!(
        account.transaction_type,
        Some(BalanceTransactionType::PaymentRecord)
    );
    for one in [record, account] {
        assert_eq!(one.net.unwrap().to_string(), "46.37");
        assert_eq!(one.exchange_rate.unwrap().to_string(), "1.0000000000");
        assert_eq!(one.own_currency(), Some("EUR"));
    }
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    let newer = || ListBalanceTransactions::new().posted(from, to);
    let parameters = newer()
        .account_type(AccountType::Payout)
        .settlement_details(true)
        .parameters();
    assert_eq!(parameters[2], ("account_type", "PayoutAccount".to_owned()));
    assert_eq!(parameters[3], ("is_settlement_details", "true".to_owned()));
    // Parameters of the one version beside those of the other are a mistake, and so is more than the least cap.
    for broken in [
        newer().limit(101),
        newer().payout_id("101"),
        newer().payout_status(PayoutStatus::Completed),
        ListBalanceTransactions::new().limit(10_001),
        ListBalanceTransactions::new().posted(from, at("2026-04-01T00:00:01Z")),
    ] {
        let error = client(&transport).list_balance_transactions(&broken).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_without_shopline_payments_has_none_of_it() {
    let transport = MemoryTransport::new();
    transport.reply(404, r#"{"errors":"Resource not found: merchant"}"#);
    let error = client(&transport).get_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.endpoint(), Some("GET payments/store/balance.json"));
    transport.reply(403, r#"{"errors":"no"}"#);
    let request = ListStoreTransactions::new();
    let error = client(&transport).list_store_transactions(&request).await;
    assert!(error.unwrap_err().to_string().contains("read_payment"));
}
