//! SHOPLINE Payments, read by the client from the sandbox: everything that is there, and a shop's orders matched with the
//! money that arrived.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::OrderRef;
use orders_proof::connect::{Way, Wire};
use orders_sandbox::{Change, Sandbox, Vendor};
use shopline_api::orders::{Order, decode_order};
use shopline_api::payments::{
    BalanceTransaction, BalanceTransactionType, ListBalanceTransactions, ListPayouts,
    ListStoreTransactions, Payout, StoreTransaction, StoreTransactionStatus, StoreTransactionType,
};
use shopline_api::reader::RowStream;
use shopline_api::{Client, Decimal, Record};

fn client(sandbox: &Sandbox, version: &str) -> Client {
    let (handle, token) = (sandbox.shopline_handle(), sandbox.shopline_access_token());
    Client::builder(handle, token)
        .base_url(sandbox.shopline_base_url())
        .version(version)
        .options(shopline_api::http::ClientOptions::new().no_rate_limit())
        .build()
        .unwrap()
}

async fn all<T: Clone + Send + Sync + 'static>(mut stream: RowStream<Record<T>>) -> Vec<Record<T>> {
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row.unwrap());
    }
    rows
}

fn texts<T>(rows: &[Record<T>]) -> Vec<String> {
    let text = |row: &Record<T>| row.raw.as_str().to_owned();
    rows.iter().map(text).collect()
}

/// What the client reads of a sandbox's books.
struct Read {
    orders: Vec<Order>,
    transactions: Vec<Record<StoreTransaction>>,
    payouts: Vec<Record<Payout>>,
    records: Vec<Record<BalanceTransaction>>,
}

async fn read(sandbox: &Sandbox, client: &Client) -> Read {
    let order = |truth: orders_sandbox::TruthOrder| decode_order(&truth.json.into()).unwrap().value;
    let transactions = client.stream_store_transactions(&ListStoreTransactions::new().limit(50));
    // Spans of ninety days, which never overlap: both ends belong to each.
    let now = sandbox.virtual_now();
    let mut payouts = Vec::new();
    for days in [(360, 270), (270, 180), (180, 90), (90, 0)] {
        let at = |days| -> DateTime<Utc> { now - TimeDelta::days(days) };
        let (from, to) = (at(days.0), at(days.1) - TimeDelta::seconds(1));
        payouts.extend(all(client.stream_payouts(&ListPayouts::new(from, to).limit(20))).await);
    }
    let records = client.stream_balance_transactions(&ListBalanceTransactions::new());
    Read {
        orders: sandbox
            .truth(Vendor::Shopline)
            .into_iter()
            .map(order)
            .collect(),
        transactions: all(transactions).await,
        payouts,
        records: all(records).await,
    }
}

#[tokio::test]
async fn the_client_reads_all_that_is_in_the_books() {
    let sandbox = Sandbox::builder().orders(300).shopline_rate_limit(None);
    let sandbox = sandbox.start().await.unwrap();
    let client = client(&sandbox, "v20260301");
    let (read, truth) = (read(&sandbox, &client).await, sandbox.shopline_payments());
    assert!(truth.transactions.len() > 200 && truth.payouts.len() > 30);
    assert_eq!(texts(&read.transactions), truth.transactions);
    assert_eq!(texts(&read.payouts), truth.payouts);
    assert_eq!(texts(&read.records), truth.balance_transactions);
    let balance = client.get_balance().await.unwrap();
    let amount = |one: &Record<shopline_api::payments::Balance>| {
        let one = &one.value;
        (
            one.currency.clone().unwrap(),
            one.amount.unwrap().to_string(),
        )
    };
    let balance: Vec<_> = balance.records.iter().map(amount).collect();
    assert_eq!(balance, truth.balance);
    let drift = read.transactions.iter().map(|one| one.drift.len());
    assert_eq!(drift.sum::<usize>(), 0);
}

#[tokio::test]
async fn orders_are_matched_with_the_money_that_arrived() {
    let sandbox = Sandbox::builder().orders(300).shopline_rate_limit(None);
    let sandbox = sandbox.start().await.unwrap();
    let client = client(&sandbox, "v20260301");
    let read = read(&sandbox, &client).await;

    // An order's slip names its transaction; what was paid back is the order's own refunds.
    let mut by_deal: HashMap<&str, Vec<&StoreTransaction>> = HashMap::new();
    for one in &read.transactions {
        let deal = one.channel_deal_id.as_deref().unwrap();
        by_deal.entry(deal).or_default().push(&one.value);
    }
    let succeeded =
        |one: &&&StoreTransaction| one.status == Some(StoreTransactionStatus::Succeeded);
    let (mut paid, mut refunded) = (0, 0);
    for order in &read.orders {
        let Some(slip) = order.payment_details.first() else {
            continue;
        };
        let deal = slip.pay_channel_deal_id.as_deref().unwrap();
        let of_order = by_deal.get(deal).map(Vec::as_slice).unwrap_or_default();
        let sum = |kind: StoreTransactionType| -> Decimal {
            let of = of_order.iter().filter(succeeded);
            let of = of.filter(|one| one.transaction_type == Some(kind.clone()));
            of.map(|one| one.amount.unwrap()).sum()
        };
        for one in of_order {
            let names = [order.id.as_deref(), order.name.as_deref()];
            let seller = one.seller_order_id.as_deref();
            assert!(names.contains(&seller), "{seller:?}");
            assert_eq!(one.currency, order.currency);
        }
        let status = order.financial_status.as_ref().unwrap().as_str();
        if matches!(status, "paid" | "refunded" | "partially_refunded") {
            assert_eq!(
                Some(sum(StoreTransactionType::Payment)),
                order.current_total_price
            );
            paid += 1;
        }
        let slips = order
            .refunds
            .iter()
            .flat_map(|refund| refund.transactions.iter().flatten());
        let back: Decimal = slips.filter_map(|slip| slip.amount).sum();
        assert_eq!(sum(StoreTransactionType::Refund), back, "{:?}", order.id);
        refunded += usize::from(!back.is_zero());
    }
    assert!(paid > 50 && refunded > 20, "{paid} {refunded}");

    // Each record of an order is one of its transactions, fee included.
    let by_id: HashMap<_, _> = read
        .transactions
        .iter()
        .map(|one| (one.trade_order_id.as_deref().unwrap(), one))
        .collect();
    let mut of_payout: BTreeMap<&str, Decimal> = BTreeMap::new();
    for record in &read.records {
        let kind = record.transaction_type.as_ref().unwrap();
        if !kind.is_payout() {
            let source = record.source_order_transaction_id.as_deref().unwrap();
            let one = by_id[source];
            let sign = match kind {
                BalanceTransactionType::Refund => -Decimal::ONE,
                _ => Decimal::ONE,
            };
            assert_eq!(record.amount.unwrap(), sign * one.amount.unwrap());
            assert_eq!(
                record.net.unwrap(),
                record.amount.unwrap() + one.fee.unwrap()
            );
            let payout = record.payout_id.as_deref().filter(|id| !id.is_empty());
            if let Some(payout) = payout {
                *of_payout.entry(payout).or_default() += record.net.unwrap();
            }
        }
    }
    // The records of a payout are its amount.
    assert_eq!(of_payout.len(), read.payouts.len());
    for payout in &read.payouts {
        let id = payout.payout_transaction_no.as_deref().unwrap();
        assert_eq!(of_payout.get(id), payout.amount.as_ref(), "{id}");
    }
}

#[tokio::test]
async fn the_newer_version_gives_the_same_money_in_another_shape() {
    let sandbox = Sandbox::builder().orders(120).shopline_rate_limit(None);
    let sandbox = sandbox.start().await.unwrap();
    let (older, newer) = (client(&sandbox, "v20260301"), client(&sandbox, "v20260601"));
    let payouts = read(&sandbox, &older).await.payouts;
    assert!(payouts.len() > 5);
    for payout in payouts.iter().take(8) {
        let id = payout.payout_transaction_no.clone().unwrap();
        for details in [true, false] {
            let request = ListBalanceTransactions::new().payout_id(&id);
            let request = request.settlement_details(details);
            let rows = all(newer.stream_balance_transactions(&request)).await;
            let of = rows
                .iter()
                .filter(|row| !row.transaction_type.as_ref().unwrap().is_payout());
            let sum: Decimal = of.map(|row| row.net.unwrap()).sum();
            assert_eq!(Some(sum), payout.amount, "{id} {details}");
            assert!(
                rows.iter()
                    .all(|row| row.own_currency() == payout.currency.as_deref())
            );
        }
    }
}

/// An order of which a unit was taken out comes to less, and its lines show what is left.
#[tokio::test(start_paused = true)]
async fn an_edited_order_comes_to_what_is_left() {
    let sandbox = Wire::Memory
        .start(Sandbox::builder().seed(8).orders(60))
        .await;
    let sandbox = sandbox.unwrap();
    let source = Wire::Memory
        .source(&sandbox, Way::ShoplineStore, 8)
        .unwrap();
    let mut edited = 0;
    for order in sandbox.truth(Vendor::Shopline) {
        let reference = OrderRef::new(&order.id);
        let before = source.fetch(&reference).await.unwrap().unwrap();
        let change = sandbox.change_order(Vendor::Shopline, &order.id, Change::Edit);
        if change.await.is_err() {
            continue;
        }
        edited += 1;
        let after = source.fetch(&reference).await.unwrap().unwrap();
        let (old, new) = (before.total().unwrap(), after.total().unwrap());
        assert!(new.amount < old.amount, "{}: {old} {new}", order.id);
        let line = &after.lines[0];
        assert_eq!(line.quantity, before.lines[0].quantity);
        if let (Some(left), Some(ordered)) = (line.current_quantity, line.quantity) {
            assert!(left < ordered, "{}", order.id);
        }
        // No payment back was sent: what went back is not known.
        assert!(!after.money_back().is_known(), "{}", order.id);
        assert_eq!(after.charged(), before.charged());
    }
    assert!(edited > 10, "{edited}");
}
