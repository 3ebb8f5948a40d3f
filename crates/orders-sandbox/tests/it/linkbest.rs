//! Linkbest: every rule, and all windows.

use std::collections::BTreeSet;

use orders_sandbox::{Sandbox, Vendor};
use serde_json::{Map, Value, json};

use crate::support::{Answer, assert_is_truth, http, now_ms, send};

const ORDERS: &str = "linkbest.open-service.orders.query.get";

fn signature(sandbox: &Sandbox, service: &str, body: &str) -> String {
    let secret = sandbox.linkbest_app_secret();
    let text = format!(
        "{secret}/{}/{service}{body}{secret}",
        sandbox.linkbest_app_key()
    );
    format!("{:X}", md5::compute(text))
}

fn url(sandbox: &Sandbox, service: &str) -> String {
    format!(
        "{}{}/{service}",
        sandbox.linkbest_base_url(),
        sandbox.linkbest_app_key()
    )
}

/// A window of the first day with these parameters put over it; null takes one away.
fn params(sandbox: &Sandbox, over: &Value) -> String {
    let from = sandbox.linkbest_range().0.timestamp();
    let mut params: Map<String, Value> = Map::new();
    params.insert("Stime".to_owned(), from.to_string().into());
    params.insert("Etime".to_owned(), (from + 86_400).to_string().into());
    params.insert("Timestamp".to_owned(), (now_ms() / 1000).to_string().into());
    for (name, value) in over.as_object().unwrap() {
        params.insert(name.clone(), value.clone());
    }
    params.retain(|_, value| !value.is_null());
    Value::Object(params).to_string()
}

async fn post(sandbox: &Sandbox, body: String) -> Answer {
    let url = format!(
        "{}?Sign={}",
        url(sandbox, ORDERS),
        signature(sandbox, ORDERS, &body)
    );
    send(
        http()
            .post(url)
            .header("Content-Type", "application/json")
            .body(body),
    )
    .await
}

pub(crate) async fn ask(sandbox: &Sandbox, over: Value) -> Answer {
    post(sandbox, params(sandbox, &over)).await
}

/// All pages of a window.
async fn window(sandbox: &Sandbox, from: i64, to: i64, size: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for page in 1.. {
        let over = json!({"Stime": from.to_string(), "Etime": to.to_string(), "Page": page.to_string(), "PageSize": size.to_string()});
        let answer = ask(sandbox, over).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json()["Status"], 0);
        let found = answer.raw("Data");
        let last = found.len() < size;
        rows.extend(found);
        if last {
            return rows;
        }
    }
    unreachable!()
}

#[tokio::test]
async fn all_windows_are_the_truth() {
    let sandbox = Sandbox::builder().orders(300).start().await.unwrap();
    let (from, to) = sandbox.linkbest_range();
    let mut pulled = Vec::new();
    let mut start = from.timestamp();
    while start < to.timestamp() {
        // Both edges belong to a window, so this one ends a second before the next.
        pulled.extend(window(&sandbox, start, start + 86_399, 17).await);
        start += 86_400;
    }
    assert_eq!(start, to.timestamp());
    assert_is_truth(&sandbox, Vendor::Linkbest, pulled);
}

#[tokio::test]
async fn both_edges_are_inside() {
    let sandbox = Sandbox::start().await.unwrap();
    let (from, to) = sandbox.linkbest_range();
    // Halve down to a second that has orders.
    let (mut low, mut high) = (from.timestamp(), from.timestamp() + 86_399);
    while window(&sandbox, low, high, 200).await.is_empty() {
        (low, high) = (high + 1, high + 86_400);
        assert!(high < to.timestamp());
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if window(&sandbox, low, middle, 200).await.is_empty() {
            low = middle + 1
        } else {
            high = middle
        }
    }
    let inside = window(&sandbox, low, low, 200).await;
    assert!(!inside.is_empty());
    let left: BTreeSet<_> = window(&sandbox, low - 1, low, 200)
        .await
        .into_iter()
        .collect();
    let right: BTreeSet<_> = window(&sandbox, low, low + 1, 200)
        .await
        .into_iter()
        .collect();
    assert!(
        inside
            .iter()
            .all(|order| left.contains(order) && right.contains(order))
    );
    assert!(
        window(&sandbox, low - 1, low - 1, 200)
            .await
            .iter()
            .all(|order| !inside.contains(order))
    );
}

#[tokio::test]
async fn the_other_axes_filter_by_what_the_rows_say() {
    let sandbox = Sandbox::builder().orders(400).start().await.unwrap();
    let (from, _) = sandbox.linkbest_range();
    for (axis, member) in [("ChargeTime", "ChargeTime"), ("OrderDatatime", "OrderTime")] {
        let start = from.timestamp() + 2 * 86_400;
        let over =
            json!({"OrderField": axis, "Stime": start, "Etime": start + 86_400, "PageSize": "200"});
        let pulled = ask(&sandbox, over).await.raw("Data");
        let text = |seconds| {
            let time = chrono::DateTime::from_timestamp(seconds + 8 * 3600, 0).unwrap();
            time.format("%Y-%m-%d %H:%M:%S").to_string()
        };
        let (first, last) = (text(start), text(start + 86_400));
        let mut expected: Vec<String> = Vec::new();
        for order in sandbox.truth(Vendor::Linkbest) {
            let value: Value = serde_json::from_str(&order.json).unwrap();
            if value[member]
                .as_str()
                .is_some_and(|time| first.as_str() <= time && time <= last.as_str())
            {
                expected.push(order.json);
            }
        }
        assert!(!expected.is_empty(), "{axis}");
        let (mut pulled, mut expected) = (pulled, expected);
        pulled.sort_unstable();
        expected.sort_unstable();
        assert_eq!(pulled, expected, "{axis}");
    }
}

#[tokio::test]
async fn filters_narrow_a_window() {
    let sandbox = Sandbox::builder().orders(600).start().await.unwrap();
    let all: Vec<Value> = ask(&sandbox, json!({"PageSize": 200})).await.json()["Data"]
        .as_array()
        .unwrap()
        .clone();
    for (name, value) in [
        ("Status", json!("-1")),
        ("Status", json!(0)),
        ("Status", json!("2")),
        ("WebsiteId", json!("1026")),
        ("ProgramId", json!(3303)),
        ("SubId", json!("标签")),
    ] {
        let word = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let expected: Vec<_> = all
            .iter()
            .filter(|row| row[name] == word.as_str())
            .cloned()
            .collect();
        assert!(!expected.is_empty(), "{name}");
        let mut over = Map::new();
        over.insert(name.to_owned(), value);
        over.insert("PageSize".to_owned(), "200".into());
        let answer = ask(&sandbox, Value::Object(over)).await.json();
        assert_eq!(answer["Data"], Value::Array(expected), "{name}");
    }
}

#[tokio::test]
async fn bad_parameters_are_4000_under_http_400() {
    let sandbox = Sandbox::start().await.unwrap();
    let from = sandbox.linkbest_range().0.timestamp();
    let cases = [
        json!({"Stime": null}),
        json!({"Etime": null}),
        json!({"Timestamp": null}),
        json!({"Timestamp": "now"}),
        json!({"Etime": (from + 86_401).to_string()}),
        json!({"Etime": (from - 1).to_string()}),
        json!({"Stime": i64::MIN, "Etime": i64::MAX}),
        json!({"Stime": "2026-02-24"}),
        json!({"PageSize": "201"}),
        json!({"PageSize": "0"}),
        json!({"Page": "0"}),
        json!({"Page": true}),
        json!({"Status": "3"}),
        json!({"OrderField": "OrderDateTime"}),
        json!({"OrderField": "updatetime"}),
        json!({"Sign": "in the body it would break the signature"}),
        json!({"StartTime": "1"}),
    ];
    for over in cases {
        let answer = ask(&sandbox, over.clone()).await;
        assert_eq!(
            (answer.status, &answer.json()["Status"]),
            (400, &4000.into()),
            "{over}: {}",
            answer.body
        );
        assert!(answer.content_type.starts_with("application/json"));
        assert!(answer.json()["Message"].is_string());
    }
    for body in ["", "[]", "{", "Stime=1"] {
        assert_eq!(
            post(&sandbox, body.to_owned()).await.json()["Status"],
            4000,
            "{body}"
        );
    }
    let day = ask(&sandbox, json!({"Etime": (from + 86_400).to_string()})).await;
    assert_eq!(day.status, 200, "a whole day is allowed");
    let stale = ask(
        &sandbox,
        json!({"Timestamp": (now_ms() / 1000 - 601).to_string()}),
    )
    .await;
    assert_eq!((stale.status, &stale.json()["Status"]), (401, &401.into()));
}

#[tokio::test]
async fn the_signature_is_over_the_bytes_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = params(&sandbox, &json!({"SubId": "a/b&标签"}));
    let sign = signature(&sandbox, ORDERS, &body);
    let spaced = body.replace(':', ": ");
    let target = url(&sandbox, ORDERS);
    let as_json = |url: &str| http().post(url).header("Content-Type", "application/json");

    let ok = send(as_json(&format!("{target}?Sign={sign}")).body(body.clone())).await;
    assert_eq!((ok.status, &ok.json()["Status"]), (200, &0.into()));
    let in_header = send(as_json(&target).header("Sign", &sign).body(body.clone())).await;
    assert_eq!(in_header.status, 200);

    let key = sandbox.linkbest_app_key();
    let refused = [
        as_json(&target).body(body.clone()),
        as_json(&format!("{target}?Sign={}", sign.to_lowercase())).body(body.clone()),
        as_json(&format!("{target}?Sign={sign}")).body(spaced),
        as_json(&format!("{}?Sign={sign}", target.replace(key, "1"))).body(body.clone()),
    ];
    for request in refused {
        let answer = send(request).await;
        assert_eq!(
            (answer.status, &answer.json()["Status"]),
            (401, &401.into()),
            "{}",
            answer.body
        );
    }
    let form = http()
        .post(format!("{target}?Sign={sign}"))
        .header("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(send(form.body(body)).await.status, 400);
}

#[tokio::test]
async fn unknown_services_and_methods() {
    let sandbox = Sandbox::start().await.unwrap();
    for service in [
        "linkbest.open-service.orders.queries.get",
        "linkbest.open-Service.orders.query.get",
    ] {
        let answer = send(http().post(url(&sandbox, service)).body("{}")).await;
        assert_eq!(
            (answer.status, &answer.json()["Status"]),
            (404, &404.into())
        );
    }
    assert_eq!(send(http().get(url(&sandbox, ORDERS))).await.status, 405);
    let empty = ask(&sandbox, json!({"Stime": "1", "Etime": "2"})).await;
    assert_eq!(
        empty.json(),
        json!({"Status": 0, "Message": "success", "Data": []})
    );
}
