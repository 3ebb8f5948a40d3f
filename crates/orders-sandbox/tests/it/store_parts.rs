//! SHOPLINE: the refunds, parcels and transactions of an order.

use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::shopline::unlimited;
use crate::store::ask;
use crate::support::{Answer, http, send};

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn refunds_are_the_bytes_of_the_order() {
    let sandbox = unlimited(60).await;
    let mut some = 0;
    for order in sandbox.truth(Vendor::Shopline) {
        let answer = ask(&sandbox, &format!("orders/{}/refunds.json", order.id)).await;
        let list = answer.body.strip_prefix("{\"refunds\":").unwrap();
        let list = list.strip_suffix('}').unwrap();
        assert!(
            order.json.contains(&format!("\"refunds\":{list},")),
            "{list}"
        );
        some += answer.raw("refunds").len();
        if answer.raw("refunds").len() > 1 {
            let path = format!("orders/{}/refunds.json?limit=1", order.id);
            assert_eq!(ask(&sandbox, &path).await.raw("refunds").len(), 1);
        }
    }
    assert!(some > 10);
    let id = &sandbox.truth(Vendor::Shopline)[0].id;
    for (limit, status) in [("250", 200), ("251", 422), ("0", 422), ("x", 422)] {
        let path = format!("orders/{id}/refunds.json?limit={limit}");
        assert_eq!(ask(&sandbox, &path).await.status, status, "{limit}");
    }
}

#[tokio::test]
async fn parcels_have_their_recorded_differences() {
    let sandbox = unlimited(60).await;
    let mut some = 0;
    for order in sandbox.truth(Vendor::Shopline) {
        let answer = ask(&sandbox, &format!("orders/{}/fulfillments.json", order.id)).await;
        let alone = answer.json()["fulfillments"].as_array().unwrap().clone();
        let order = value(&order.json);
        let inside = order["fulfillments"].as_array().unwrap();
        assert_eq!(alone.len(), inside.len());
        for (alone, inside) in alone.iter().zip(inside) {
            for member in ["id", "order_id", "tracking_number", "status", "created_at"] {
                assert_eq!(alone[member], inside[member]);
            }
            let name = format!("#{}.1", order["name"].as_str().unwrap());
            assert_eq!(alone["name"], name);
            for (line, same) in alone["line_items"]
                .as_array()
                .unwrap()
                .iter()
                .zip(inside["line_items"].as_array().unwrap())
            {
                assert_eq!(
                    line["id"].as_u64().unwrap().to_string(),
                    same["id"].as_str().unwrap()
                );
                assert_eq!(line["tax_lines"][0]["rate"], Value::Null);
                assert!(line["fulfillment_quantity"].is_number());
                some += 1;
            }
        }
    }
    assert!(some > 10);
}

async fn query(sandbox: &Sandbox, body: &str) -> Answer {
    let url = format!(
        "{}admin/openapi/v20260301/transactions/query.json",
        sandbox.shopline_base_url()
    );
    let request = http()
        .post(url)
        .bearer_auth(sandbox.shopline_access_token())
        .header("Content-Type", "application/json; charset=utf-8");
    send(request.body(body.to_owned())).await
}

#[tokio::test]
async fn transactions_are_the_payment_and_those_of_refunds() {
    let sandbox = unlimited(60).await;
    let orders = sandbox.truth(Vendor::Shopline);
    let mut kinds = std::collections::BTreeSet::new();
    for order in &orders {
        let answer = ask(&sandbox, &format!("orders/{}/transactions.json", order.id)).await;
        let rows = answer.raw("transactions");
        for row in &rows {
            let transaction = value(row);
            assert_eq!(transaction["order_id"], order.id.as_str());
            let kind = transaction["kind"].as_str().unwrap().to_owned();
            if kind == "refund" {
                assert!(order.json.contains(row.as_str()), "the bytes of the refund");
            }
            kinds.insert(kind);
        }
        let unpaid = order.json.contains("\"financial_status\":\"unpaid\"");
        assert_eq!(rows.is_empty(), unpaid);
        let answer = query(&sandbox, &json!({"order_id": order.id}).to_string()).await;
        assert_eq!(answer.raw("transaction_list"), rows);
        if let Some(row) = rows.last() {
            let one = json!({"order_ids": [order.id], "transaction_ids": [value(row)["id"]]});
            let one = query(&sandbox, &one.to_string()).await;
            assert_eq!(one.raw("transaction_list"), std::slice::from_ref(row));
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["authorization", "refund", "sale"]
    );
    let none = query(&sandbox, "{\"order_id\":\"1\"}").await;
    assert_eq!(none.body, "{\"transaction_list\":[]}");
    assert_eq!(query(&sandbox, "{}").await.status, 422);
    assert_eq!(query(&sandbox, "order").await.status, 400);
}

#[tokio::test]
async fn an_unknown_order_has_no_parts() {
    let sandbox = unlimited(5).await;
    let known = &sandbox.truth(Vendor::Shopline)[0].id;
    for id in ["1", "21050224312121887324667162", &format!("{known}0"), "é"] {
        for part in ["refunds", "fulfillments", "transactions"] {
            let answer = ask(&sandbox, &format!("orders/{id}/{part}.json")).await;
            assert_eq!(answer.status, 404, "{id} {part}");
            assert!(answer.json()["errors"].is_string());
        }
    }
}

#[tokio::test]
async fn later_parts_join_the_older_ones() {
    let sandbox = unlimited(60).await;
    let find = |fulfillment: &str, financial: &str| {
        let orders = sandbox.truth(Vendor::Shopline);
        let fits = |json: &str| {
            json.contains(&format!(
                "\"fulfillment_status\":\"{fulfillment}\",\"hidden"
            )) && json.contains(&format!("\"financial_status\":\"{financial}\""))
                && json.contains("\"cancelled_at\":null")
        };
        orders.into_iter().find(|order| fits(&order.json)).unwrap()
    };
    sandbox.advance(chrono::TimeDelta::hours(1));
    let order = find("partial", "partially_refunded");
    for change in [Change::Ship, Change::Refund] {
        sandbox
            .change_order(Vendor::Shopline, &order.id, change)
            .await
            .unwrap();
    }
    let ids = |list: &Value| {
        let list = list.as_array().unwrap().iter();
        list.map(|part| part["id"].clone()).collect::<Vec<_>>()
    };
    let (before, parcels, refunds) = (
        value(&order.json),
        ask(&sandbox, &format!("orders/{}/fulfillments.json", order.id)).await,
        ask(&sandbox, &format!("orders/{}/refunds.json", order.id)).await,
    );
    for (part, now) in [
        ("fulfillments", parcels.json()),
        ("refunds", refunds.json()),
    ] {
        let (old, new) = (ids(&before[part]), ids(&now[part]));
        assert_eq!(new.len(), old.len() + 1, "{part}");
        assert_eq!(new[..old.len()], old, "{part}");
        assert!(!old.contains(&new[old.len()]), "{part}");
    }
}
