//! Small orders: fewer members, the same behaviour.

use chrono::TimeDelta;
use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::Value;

use crate::clink::ask as clink;
use crate::linkbest_services::detail;
use crate::store::ask;
use crate::support::assert_is_truth;

#[tokio::test]
async fn small_orders_are_small_and_the_same_each_time() {
    let start = async |seed| {
        let builder = Sandbox::builder().seed(seed).orders(300).small(true);
        builder.shopline_rate_limit(None).start().await.unwrap()
    };
    let (one, same, other) = (start(1).await, start(1).await, start(2).await);
    for vendor in Vendor::ALL {
        let truth = one.truth(vendor);
        assert_eq!(truth, same.truth(vendor));
        assert_ne!(truth, other.truth(vendor));
        let bytes: usize = truth.iter().map(|order| order.json.len()).sum();
        assert!(
            bytes / truth.len() < 700,
            "{vendor}: {}",
            bytes / truth.len()
        );
        for order in &truth {
            let _: Value = serde_json::from_str(&order.json).unwrap();
            assert_eq!(order.lines, 1);
            for (currency, amount) in &order.totals {
                let amount = amount.to_string();
                assert!(order.json.contains(currency) && order.json.contains(&amount));
            }
        }
    }
}

#[tokio::test]
async fn small_orders_are_read_and_change_as_others_do() {
    let builder = Sandbox::builder().orders(120).small(true).life(4);
    let sandbox = builder.shopline_rate_limit(None).start().await.unwrap();
    sandbox.advance(TimeDelta::days(60));
    let id = sandbox.create_order(Vendor::Clink).await;
    for change in [Change::Pay, Change::RefundPart, Change::Refund] {
        sandbox
            .change_order(Vendor::Clink, &id, change)
            .await
            .unwrap();
    }
    let mut pulled = Vec::new();
    for page in 1..=20 {
        let query = format!("?pageSize=50&pageNum={page}");
        pulled.extend(clink(&sandbox, &query).await.raw("rows"));
    }
    assert_is_truth(&sandbox, Vendor::Clink, pulled);

    let paid_back = sandbox.truth(Vendor::Shopline).into_iter().find(|order| {
        let value: Value = serde_json::from_str(&order.json).unwrap();
        value["refunds"].as_array().unwrap().len() == 2
    });
    let order = paid_back.unwrap();
    let refunds = ask(&sandbox, &format!("orders/{}/refunds.json", order.id)).await;
    assert_eq!(refunds.raw("refunds").len(), 2, "{}", refunds.body);
    let listed = ask(&sandbox, &format!("orders.json?ids={}", order.id)).await;
    let hidden = ask(
        &sandbox,
        &format!("orders.json?hidden_order=true&ids={}", order.id),
    )
    .await;
    let found = [listed.raw("orders"), hidden.raw("orders")].concat();
    assert_eq!(found, [order.json]);
}

#[tokio::test]
async fn a_small_order_of_linkbest_is_found_by_its_number() {
    let sandbox = Sandbox::builder()
        .orders(50)
        .small(true)
        .start()
        .await
        .unwrap();
    let created = sandbox.create_order(Vendor::Linkbest).await;
    let truth = sandbox.truth(Vendor::Linkbest);
    for order in truth
        .iter()
        .filter(|order| order.id == created || order.id.ends_with('1'))
    {
        let value: Value = serde_json::from_str(&order.json).unwrap();
        let detail = detail(&sandbox, &value["ProgramId"], &value["OrderSn"]).await;
        assert!(detail.body.contains(&order.json), "{}", detail.body);
    }
}

#[tokio::test]
async fn windows_of_the_store_find_what_belongs_to_them() {
    let builder = Sandbox::builder().orders(2000).small(true).life(20);
    let sandbox = builder.shopline_rate_limit(None).start().await.unwrap();
    sandbox.advance(TimeDelta::days(20));
    let orders: Vec<(Value, String)> = sandbox
        .truth(Vendor::Shopline)
        .into_iter()
        .map(|order| (serde_json::from_str(&order.json).unwrap(), order.json))
        .filter(|(value, _): &(Value, String)| value["hidden_order"] == false)
        .collect();
    // From windows that an index answers to one that everything is looked through for.
    for (axis, days) in [
        ("updated_at", 1),
        ("updated_at", 12),
        ("updated_at", 400),
        ("created_at", 2),
        ("created_at", 400),
    ] {
        let end = sandbox.virtual_now() - TimeDelta::days(9);
        let start = end - TimeDelta::days(days);
        let within = |value: &Value| {
            let time = value[axis].as_str().unwrap();
            let time = chrono::DateTime::parse_from_rfc3339(time).unwrap();
            start <= time && time <= end
        };
        let expected: Vec<_> = orders
            .iter()
            .filter(|(value, _)| within(value))
            .map(|(_, json)| json.clone())
            .collect();
        let time = |time: chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%dT%H:%M:%SZ");
        let window = format!("{axis}_min={}&{axis}_max={}", time(start), time(end));
        let found = crate::store::orders(&sandbox, &window).await;
        assert!(!expected.is_empty());
        assert_eq!(found.len(), expected.len(), "{axis} {days}");
        assert!(found == expected, "{axis} {days}");
        let count = ask(&sandbox, &format!("orders/count.json?{window}")).await;
        assert_eq!(count.json()["count"], expected.len());
    }
    let none =
        "orders.json?updated_at_min=2026-03-02T00:00:00Z&updated_at_max=2026-03-01T00:00:00Z";
    assert!(ask(&sandbox, none).await.raw("orders").is_empty());
}
