//! What happens to orders: in the truth, in the lists, and nowhere else.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use orders_sandbox::{Change, ChangeError, Sandbox, TruthOrder, Vendor};
use serde_json::Value;

use crate::shopline::unlimited;
use crate::store::ask;

fn value(order: &TruthOrder) -> Value {
    serde_json::from_str(&order.json).unwrap()
}

fn order(sandbox: &Sandbox, vendor: Vendor, id: &str) -> Value {
    let orders = sandbox.truth(vendor);
    value(orders.iter().find(|order| order.id == id).unwrap())
}

/// The names of the members that differ.
fn difference(before: &Value, after: &Value) -> BTreeSet<String> {
    let (before, after) = (before.as_object().unwrap(), after.as_object().unwrap());
    let names: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    let differ = |name: &String| before.get(name) != after.get(name);
    names.into_iter().filter(differ).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The first order in a state for the change, changed: what it was, and what differs now.
async fn first(sandbox: &Sandbox, vendor: Vendor, change: Change) -> (Value, Value) {
    for before in sandbox.truth(vendor) {
        if sandbox
            .change_order(vendor, &before.id, change)
            .await
            .is_ok()
        {
            return (value(&before), order(sandbox, vendor, &before.id));
        }
    }
    panic!("no {vendor} order can {change}");
}

#[tokio::test]
async fn a_change_touches_what_it_is_about() {
    use Change::*;
    let money = [
        "ConfirmPrice",
        "ConfirmSiterCommission",
        "ChargeCurrency",
        "Status",
    ];
    let settled = [&money[..], &["ChargeTime"]].concat();
    let cases: &[(Vendor, Change, &[&str])] = &[
        (
            Vendor::Clink,
            Pay,
            &[
                "status",
                "paymentTime",
                "failureCode",
                "failureMessage",
                "paymentExecutionDetails",
            ],
        ),
        (
            Vendor::Clink,
            Fail,
            &[
                "status",
                "paymentTime",
                "failureCode",
                "failureMessage",
                "paymentExecutionDetails",
            ],
        ),
        (Vendor::Clink, Refund, &["status"]),
        (Vendor::Clink, RefundPart, &["status"]),
        (Vendor::Linkbest, Pay, &["Details"]),
        (Vendor::Linkbest, Ship, &["Details"]),
        (Vendor::Linkbest, Refund, &["Details"]),
        (Vendor::Linkbest, Confirm, &money),
        (Vendor::Linkbest, Settle, &settled),
        (Vendor::Linkbest, Invalidate, &money),
        (Vendor::Linkbest, Touch, &[]),
        (
            Vendor::Shopline,
            Pay,
            &[
                "financial_status",
                "total_outstanding",
                "total_outstanding_set",
                "payment_details",
                "updated_at",
            ],
        ),
        (
            Vendor::Shopline,
            Ship,
            &[
                "fulfillment_status",
                "fulfillment_status_v2",
                "fulfillments",
                "line_items",
                "refunds",
                "updated_at",
            ],
        ),
        (
            Vendor::Shopline,
            RefundPart,
            &[
                "financial_status",
                "refunds",
                "total_outstanding",
                "total_outstanding_set",
                "updated_at",
            ],
        ),
        (
            Vendor::Shopline,
            Refund,
            &[
                "financial_status",
                "refunds",
                "total_outstanding",
                "total_outstanding_set",
                "updated_at",
            ],
        ),
        (
            Vendor::Shopline,
            Cancel,
            &["status", "cancelled_at", "cancel_reason", "updated_at"],
        ),
        (Vendor::Shopline, Archive, &["hidden_order", "updated_at"]),
        (Vendor::Shopline, Touch, &["updated_at"]),
    ];
    for (vendor, change, members) in cases {
        let sandbox = Sandbox::builder().orders(60).start().await.unwrap();
        let others = sandbox.truth(*vendor);
        sandbox.advance(TimeDelta::minutes(1));
        let (before, after) = first(&sandbox, *vendor, *change).await;
        let differ = difference(&before, &after);
        assert!(
            differ.is_subset(&set(members)) && differ.is_empty() == members.is_empty(),
            "{vendor} {change}: {differ:?}"
        );
        let texts: BTreeSet<_> = sandbox
            .truth(*vendor)
            .into_iter()
            .map(|order| order.json)
            .collect();
        let changed = others.iter().filter(|order| !texts.contains(&order.json));
        assert!(changed.count() <= 1, "{vendor} {change}: only one order");
    }
}

#[tokio::test]
async fn the_same_changes_give_the_same_bytes() {
    let run = async || {
        let sandbox = Sandbox::builder().seed(9).orders(40).start().await.unwrap();
        let mut all = Vec::new();
        for vendor in Vendor::ALL {
            sandbox.create_order(vendor).await;
            for change in Change::ALL {
                sandbox.advance(TimeDelta::hours(1));
                for order in sandbox.truth(vendor).iter().step_by(3) {
                    let _ = sandbox.change_order(vendor, &order.id, change).await;
                }
            }
            all.push(sandbox.truth(vendor));
        }
        all
    };
    assert_eq!(run().await, run().await);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    for vendor in Vendor::ALL {
        for id in ["", "7", "order_x", "2", "é", "99999999999999999999999999"] {
            let refused = sandbox.change_order(vendor, id, Change::Touch).await;
            let unknown = ChangeError::UnknownOrder {
                vendor,
                id: id.to_owned(),
            };
            assert_eq!(refused.unwrap_err(), unknown);
        }
    }
    for (vendor, change) in [
        (Vendor::Clink, Change::Ship),
        (Vendor::Clink, Change::Touch),
        (Vendor::Clink, Change::Settle),
        (Vendor::Linkbest, Change::Cancel),
        (Vendor::Linkbest, Change::Fail),
        (Vendor::Shopline, Change::Settle),
        (Vendor::Shopline, Change::Fail),
    ] {
        let before = sandbox.truth(vendor);
        let error = sandbox
            .change_order(vendor, &before[0].id, change)
            .await
            .unwrap_err();
        assert!(matches!(error, ChangeError::Impossible { .. }), "{error}");
        assert!(error.to_string().contains(change.name()), "{error}");
        assert_eq!(sandbox.truth(vendor), before);
    }
    let (_, paid) = first(&sandbox, Vendor::Clink, Change::Pay).await;
    let twice = sandbox.change_order(
        Vendor::Clink,
        paid["orderId"].as_str().unwrap(),
        Change::Pay,
    );
    assert!(twice.await.unwrap_err().to_string().contains("success"));
}

#[tokio::test]
async fn commissions_mature() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.create_order(Vendor::Linkbest).await;
    let created = order(&sandbox, Vendor::Linkbest, &id);
    assert_eq!(
        (&created["Status"], &created["OrderTime"]),
        (&"0".into(), &"2026-03-01 08:00:00".into())
    );
    sandbox.advance(TimeDelta::days(20));
    sandbox
        .change_order(Vendor::Linkbest, &id, Change::Confirm)
        .await
        .unwrap();
    let confirmed = order(&sandbox, Vendor::Linkbest, &id);
    sandbox.advance(TimeDelta::days(20));
    sandbox
        .change_order(Vendor::Linkbest, &id, Change::Settle)
        .await
        .unwrap();
    let settled = order(&sandbox, Vendor::Linkbest, &id);
    assert_eq!(
        confirmed["ConfirmPrice"], settled["ConfirmPrice"],
        "confirmed once"
    );
    assert_eq!(settled["ChargeTime"], "2026-04-10 08:00:00");
    assert_eq!(settled["OrderSn"], created["OrderSn"]);
    assert!(
        sandbox
            .change_order(Vendor::Linkbest, &id, Change::Invalidate)
            .await
            .is_err()
    );
    let truth = sandbox.truth(Vendor::Linkbest);
    assert_eq!(truth.last().unwrap().id, id, "last on the axis of updates");
    assert_eq!(truth.len(), 121);
    assert_eq!(truth.last().unwrap().totals.len(), 2);
}

#[tokio::test]
async fn new_orders_are_in_every_list() {
    let sandbox = unlimited(30).await;
    sandbox.advance(TimeDelta::hours(1));
    let clink = [
        sandbox.create_order(Vendor::Clink).await,
        sandbox.create_order(Vendor::Clink).await,
    ];
    let truth = sandbox.truth(Vendor::Clink);
    assert_eq!(truth.len(), 32);
    assert_eq!(
        (&truth[0].id, &truth[1].id),
        (&clink[1], &clink[0]),
        "newest first"
    );
    assert_eq!(value(&truth[0])["status"], "created");
    assert_eq!(
        value(&truth[0])["createTime"],
        sandbox.virtual_now().timestamp_millis()
    );

    let id = sandbox.create_order(Vendor::Shopline).await;
    let created = order(&sandbox, Vendor::Shopline, &id);
    assert_eq!(created["financial_status"], "unpaid");
    assert_eq!(created["fulfillment_status"], "null");
    for part in ["refunds", "fulfillments"] {
        assert_eq!(created[part], Value::Array(Vec::new()));
    }
    let list = ask(&sandbox, "orders.json?sort_condition=id:desc&limit=1").await;
    assert_eq!(list.json()["orders"][0], created);
    let customer = &sandbox.shopline_customers()[0];
    let list = ask(
        &sandbox,
        &format!("customers/{customer}/orders.json?status=any&limit=100"),
    )
    .await;
    assert_eq!(
        list.json()["list"].as_array().unwrap().last(),
        Some(&created)
    );
    for change in [
        Change::Pay,
        Change::Ship,
        Change::RefundPart,
        Change::Refund,
    ] {
        sandbox
            .change_order(Vendor::Shopline, &id, change)
            .await
            .unwrap();
    }
    let done = order(&sandbox, Vendor::Shopline, &id);
    assert_eq!(done["refunds"].as_array().unwrap().len(), 2);
    assert_eq!(done["fulfillments"].as_array().unwrap().len(), 1);
    assert_eq!(done["line_items"][0]["fulfillment_status"], "fulfilled");
}

#[tokio::test]
async fn one_of_many_orders_changes_among_them() {
    let sandbox = Sandbox::builder().orders(100_000).start().await.unwrap();
    for number in 0..500_u64 {
        let id = sandbox.create_order(Vendor::Linkbest).await;
        assert!(id.parse::<u64>().unwrap() > 700_000_000 + 3 * number);
        sandbox
            .change_order(Vendor::Linkbest, &id, Change::Settle)
            .await
            .unwrap();
    }
}
