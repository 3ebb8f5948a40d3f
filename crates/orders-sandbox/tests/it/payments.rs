//! SHOPLINE Payments: what is served is the truth, the books add up, and every documented rule is kept.

use chrono::TimeDelta;
use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::Value;

use crate::shopline::{get, unlimited};
use crate::store::all;
use crate::support::Answer;

const STORE: &str = "payments/store";

async fn ask(sandbox: &Sandbox, version: &str, path: &str) -> Answer {
    let base = sandbox.shopline_base_url();
    get(
        sandbox,
        &format!("{base}admin/openapi/{version}/{STORE}/{path}"),
    )
    .await
}

/// Hundredths.
fn cents(row: &Value, member: &str) -> i64 {
    row[member]
        .as_str()
        .unwrap()
        .replace('.', "")
        .parse()
        .unwrap()
}

fn values(rows: &[String]) -> Vec<Value> {
    rows.iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect()
}

#[tokio::test]
async fn what_is_served_is_the_truth() {
    let sandbox = unlimited(200).await;
    let truth = sandbox.shopline_payments();
    assert!(truth.transactions.len() > 150 && truth.payouts.len() > 30);

    let served = all(
        &sandbox,
        &format!("{STORE}/transactions.json?limit=7"),
        "transactions",
    )
    .await;
    assert_eq!(served, truth.transactions);

    // Spans of three months at most, both ends in them: together all, each once.
    let mut payouts = Vec::new();
    for (from, to) in [
        ("2025-08-01T00:00:00%2B00:00", "2025-10-31T23:59:59%2B00:00"),
        ("2025-11-01T00:00:00%2B00:00", "2026-01-31T23:59:59%2B00:00"),
        ("2026-02-01T00:00:00%2B00:00", "2026-03-31T00:00:00%2B00:00"),
    ] {
        let path = format!("{STORE}/payouts.json?start_time={from}&end_time={to}&limit=3");
        payouts.extend(all(&sandbox, &path, "payouts").await);
    }
    assert_eq!(payouts, truth.payouts);

    let records = ask(&sandbox, "v20260301", "balance_transactions.json").await;
    assert_eq!(records.raw("transactions"), truth.balance_transactions);
}

#[tokio::test]
async fn the_books_add_up() {
    let sandbox = unlimited(200).await;
    for unpaid in [1, 8] {
        let truth = sandbox.shopline_payments();
        let records = values(&truth.balance_transactions);
        for payout in values(&truth.payouts) {
            let id = &payout["payout_transaction_no"];
            let of = records.iter().filter(|record| &record["payout_id"] == id);
            let (paid, booked): (Vec<_>, Vec<_>) = of.partition(|one| one["type"] == "payout");
            let sum: i64 = booked.iter().map(|record| cents(record, "net")).sum();
            assert_eq!(sum, cents(&payout, "amount"));
            assert_eq!(paid.len(), 1);
            assert_eq!(cents(paid[0], "net"), -sum);
        }
        for (currency, amount) in &truth.balance {
            let of = records
                .iter()
                .filter(|record| record["currency"] == **currency);
            let sum: i64 = of.map(|record| cents(record, "net")).sum();
            let left: i64 = amount.replace('.', "").parse().unwrap();
            assert_eq!(sum, left, "{currency}");
        }
        // What happened stays as it was when more happens.
        let id = sandbox.truth(Vendor::Shopline)[unpaid].id.clone();
        let paid = sandbox.change_order(Vendor::Shopline, &id, Change::Pay);
        paid.await.unwrap();
        sandbox.advance(TimeDelta::days(30));
        let later = sandbox.shopline_payments();
        assert!(later.payouts.len() > truth.payouts.len());
        assert!(later.balance_transactions.len() > truth.balance_transactions.len());
        let ids = |rows: &[String], name: &str| -> Vec<String> {
            values(rows)
                .iter()
                .map(|row| row[name].to_string())
                .collect()
        };
        let (before, after) = (
            ids(&truth.payouts, "payout_transaction_no"),
            ids(&later.payouts, "payout_transaction_no"),
        );
        assert_eq!(after[..before.len()], before);
    }
}

#[tokio::test]
async fn records_have_another_shape_and_other_rules_from_v20260601_on() {
    let sandbox = unlimited(60).await;
    let truth = sandbox.shopline_payments();
    let payout = &values(&truth.payouts)[0]["payout_transaction_no"];
    let payout = payout.as_str().unwrap();
    let of = |details: bool| {
        format!("balance_transactions.json?payout_id={payout}&is_settlement_details={details}")
    };
    let batch = values(
        &ask(&sandbox, "v20260601", &of(false))
            .await
            .raw("transactions"),
    );
    let single = values(
        &ask(&sandbox, "v20260601", &of(true))
            .await
            .raw("transactions"),
    );
    let booked = |rows: &[Value]| -> i64 {
        let rows = rows.iter().filter(|row| row["type"] != "PAYOUT");
        rows.map(|row| cents(row, "net")).sum()
    };
    let types: Vec<_> = batch
        .iter()
        .map(|row| row["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["SETTLEMENT", "PAYOUT"]);
    assert!(!single.is_empty() && single.iter().all(|row| row["type"] != "SETTLEMENT"));
    // One or the other, never both.
    assert_eq!(booked(&batch), booked(&single));
    for (version, path, status) in [
        ("v20260601", "balance_transactions.json", 422),
        (
            "v20260601",
            "balance_transactions.json?payout_id=1&limit=101",
            422,
        ),
        ("v20260301", "balance_transactions.json?limit=10000", 200),
        ("v20260301", "balance_transactions.json?limit=10001", 422),
        (
            "v20250301",
            "payouts.json?limit=1&start_time=2026-01-01T00:00:00Z&end_time=2026-01-02T00:00:00Z",
            404,
        ),
        (
            "v20260301",
            "payouts.json?start_time=2026-01-01T00:00:00Z&end_time=2026-01-02T00:00:00Z",
            422,
        ),
        ("v20260301", "payouts.json?limit=1", 422),
        (
            "v20260301",
            "payouts.json?limit=1&start_time=2026-01-01T00:00:00Z&end_time=2026-04-01T00:00:01Z",
            422,
        ),
        (
            "v20260301",
            "transactions.json?date_min=2026-01-01T00:00:00Z",
            422,
        ),
        (
            "v20260301",
            "transactions.json?date_min=2025-08-01T00:00:00Z&date_max=2026-02-01T00:00:01Z",
            422,
        ),
        (
            "v20260301",
            "transactions.json?date_min=2025-02-01T00:00:00Z&date_max=2025-03-01T00:00:00Z",
            422,
        ),
        ("v20260301", "transactions.json?status=GONE", 422),
        (
            "v20260301",
            "transactions.json?limit=1000&status=SUCCEEDED",
            200,
        ),
    ] {
        assert_eq!(
            ask(&sandbox, version, path).await.status,
            status,
            "{version} {path}"
        );
    }
    let old = ask(&sandbox, "v20260301", "balance.json").await.json();
    let new = ask(&sandbox, "v20260601", "balance.json").await.json();
    assert_eq!(
        old["balance"][0]["amount"],
        new["balance"][0]["payout_account_balance"]
    );
    let unscoped = Sandbox::builder()
        .orders(1)
        .shopline_scopes(["read_orders"])
        .start()
        .await
        .unwrap();
    assert_eq!(
        ask(&unscoped, "v20260301", "balance.json").await.status,
        403
    );
}
