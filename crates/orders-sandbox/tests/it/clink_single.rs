//! Clink: one order, one refund.

use std::collections::BTreeSet;

use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::Value;

use crate::support::{Answer, http, now_ms, send};

async fn ask(sandbox: &Sandbox, path: &str) -> Answer {
    let url = format!("{}{path}", sandbox.clink_base_url());
    let request = http().get(url).header("X-API-KEY", sandbox.clink_api_key());
    send(request.header("X-Timestamp", now_ms().to_string())).await
}

#[tokio::test]
async fn one_order_is_the_text_of_the_list() {
    let sandbox = Sandbox::start().await.unwrap();
    for order in &sandbox.truth(Vendor::Clink)[..30] {
        let answer = ask(&sandbox, &format!("order/{}", order.id)).await;
        assert_eq!(
            answer.body,
            format!(
                "{{\"code\":200,\"msg\":\"success\",\"data\":{}}}",
                order.json
            )
        );
    }
}

#[tokio::test]
async fn unknown_things_are_404_in_the_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    let known = &sandbox.truth(Vendor::Clink)[3].id;
    let longer = format!("order/{known}0");
    for path in ["order/order_x", "refund/rfd_x", "order/%20", &longer] {
        let answer = ask(&sandbox, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["code"], 404, "{path}");
        assert_eq!(answer.json()["data"], Value::Null, "{path}");
    }
    for path in ["order/order_x", "refund/rfd_x"] {
        let url = format!("{}{path}", sandbox.clink_base_url());
        assert_eq!(send(http().get(&url)).await.status, 401, "{path}");
        assert_eq!(send(http().post(&url)).await.status, 405, "{path}");
    }
}

#[tokio::test]
async fn refunds_belong_to_refunded_orders_and_add_up() {
    let sandbox = Sandbox::builder().orders(300).start().await.unwrap();
    let refunds = sandbox.clink_refunds();
    let orders = sandbox.truth(Vendor::Clink);
    let status = |id: &str| {
        let order = orders.iter().find(|order| order.id == id).unwrap();
        let value: Value = serde_json::from_str(&order.json).unwrap();
        value["status"].as_str().unwrap().to_owned()
    };
    let (mut statuses, mut metadata) = (BTreeSet::new(), BTreeSet::new());
    for refund in &refunds {
        let answer = ask(&sandbox, &format!("refund/{}", refund.id)).await;
        let body = format!(
            "{{\"code\":200,\"msg\":\"success\",\"data\":{}}}",
            refund.json
        );
        assert_eq!(answer.body, body);
        let value = &answer.json()["data"];
        assert_eq!(value["refundId"], refund.id.as_str());
        assert_eq!(value["orderId"], refund.order_id.as_str());
        assert!(value["refundAmount"].is_number());
        statuses.insert(value["status"].as_str().unwrap().to_owned());
        metadata.insert(match &value["metadata"] {
            Value::String(text) => {
                let inside: Value = serde_json::from_str(text).unwrap();
                assert!(inside["ticket"].is_string());
                "text"
            }
            Value::Object(_) => "object",
            _ => "null",
        });
        assert!(matches!(
            status(&refund.order_id).as_str(),
            "refunded" | "partial_refunded"
        ));
    }
    let all = [
        "closed",
        "created",
        "failed",
        "received",
        "refunding",
        "success",
    ];
    assert_eq!(statuses.iter().collect::<Vec<_>>(), all);
    assert_eq!(
        metadata.into_iter().collect::<Vec<_>>(),
        ["null", "object", "text"]
    );
    let refunded = orders.iter().filter(|order| {
        order.json.contains("\"status\":\"refunded\"")
            || order.json.contains("\"status\":\"partial_refunded\"")
    });
    let with_refund: BTreeSet<_> = refunds.iter().map(|refund| &refund.order_id).collect();
    assert_eq!(refunded.count(), with_refund.len());
}

#[tokio::test]
async fn what_is_left_is_paid_back_last() {
    let sandbox = Sandbox::start().await.unwrap();
    let orders = sandbox.truth(Vendor::Clink);
    let order = orders
        .iter()
        .find(|order| order.json.contains("\"status\":\"success\""))
        .unwrap();
    for change in [Change::RefundPart, Change::RefundPart, Change::Refund] {
        sandbox
            .change_order(Vendor::Clink, &order.id, change)
            .await
            .unwrap();
    }
    let back: Vec<_> = sandbox
        .clink_refunds()
        .into_iter()
        .filter(|refund| refund.order_id == order.id)
        .collect();
    assert_eq!(back.len(), 3);
    let ids: BTreeSet<_> = back.iter().map(|refund| &refund.id).collect();
    assert_eq!(ids.len(), 3);
    let sum: rust_decimal::Decimal = back
        .iter()
        .map(|refund| {
            let (_, rest) = refund.json.split_once("\"refundAmount\":").unwrap();
            rest.split(',')
                .next()
                .unwrap()
                .parse::<rust_decimal::Decimal>()
                .unwrap()
        })
        .sum();
    assert_eq!(sum, order.totals[0].1);
    let again = sandbox.change_order(Vendor::Clink, &order.id, Change::Refund);
    assert!(again.await.is_err(), "nothing is left");
}
