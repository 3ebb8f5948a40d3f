//! Clink: every rule, and all pages.

use std::collections::BTreeMap;

use orders_sandbox::{Sandbox, Vendor};

use crate::support::{Answer, assert_is_truth, http, now_ms, send};

pub(crate) async fn ask(sandbox: &Sandbox, query: &str) -> Answer {
    let url = format!("{}order{query}", sandbox.clink_base_url());
    let request = http().get(url).header("X-API-KEY", sandbox.clink_api_key());
    send(request.header("X-Timestamp", now_ms().to_string())).await
}

#[tokio::test]
async fn all_pages_are_the_truth() {
    let sandbox = Sandbox::builder().orders(123).start().await.unwrap();
    let mut pulled = Vec::new();
    for page in 1..=4 {
        let answer = ask(&sandbox, &format!("?pageNum={page}&pageSize=40")).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (200, "application/json")
        );
        let value = answer.json();
        assert_eq!(
            (&value["total"], &value["code"], &value["msg"]),
            (&123.into(), &200.into(), &"success".into())
        );
        pulled.extend(answer.raw("rows"));
    }
    assert_is_truth(&sandbox, Vendor::Clink, pulled);
    let past = ask(&sandbox, "?pageNum=5&pageSize=40").await.json();
    assert_eq!(
        (&past["total"], &past["rows"]),
        (&123.into(), &serde_json::json!([]))
    );
}

#[tokio::test]
async fn page_size_has_a_default_and_a_silent_cap() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(ask(&sandbox, "").await.raw("rows").len(), 20);
    assert_eq!(ask(&sandbox, "?pageSize=51").await.raw("rows").len(), 50);
    let second = ask(&sandbox, "?pageSize=2147483647&pageNum=2")
        .await
        .raw("rows");
    let truth: Vec<_> = sandbox.truth(Vendor::Clink)[50..100]
        .iter()
        .map(|order| order.json.clone())
        .collect();
    assert_eq!(
        second, truth,
        "the second page starts where the capped first one ended"
    );
}

#[tokio::test]
async fn bad_parameters_are_told_under_http_200() {
    let sandbox = Sandbox::start().await.unwrap();
    for query in [
        "?pageNum=0",
        "?pageNum=x",
        "?pageSize=0",
        "?pageSize=-1",
        "?pageNum=2147483648",
        "?pageSize=1.5",
    ] {
        let answer = ask(&sandbox, query).await;
        let value = answer.json();
        assert_eq!(
            (answer.status, &value["code"]),
            (200, &400.into()),
            "{query}"
        );
        assert!(value["msg"].as_str().unwrap().contains("page"), "{query}");
        assert!(value.get("rows").is_none(), "{query}");
    }
}

#[tokio::test]
async fn both_headers_are_required() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = sandbox.clink_api_key();
    let (now, key) = (now_ms(), key.to_owned());
    let stale = now - 6 * 60 * 1000;
    let early = now + 6 * 60 * 1000;
    let cases = [
        (None, Some(now.to_string())),
        (Some("sk_test_wrong".to_owned()), Some(now.to_string())),
        (Some(key.clone()), None),
        (Some(key.clone()), Some("yesterday".to_owned())),
        (Some(key.clone()), Some((now / 1000).to_string())),
        (Some(key.clone()), Some(stale.to_string())),
        (Some(key.clone()), Some(early.to_string())),
        (Some(key.clone()), Some(i64::MIN.to_string())),
    ];
    for (key, time) in cases {
        let mut request = http().get(format!("{}order", sandbox.clink_base_url()));
        if let Some(key) = &key {
            request = request.header("X-API-KEY", key);
        }
        if let Some(time) = &time {
            request = request.header("X-Timestamp", time);
        }
        let answer = send(request).await;
        assert_eq!(answer.status, 401, "{key:?} {time:?}");
        assert!(
            answer.content_type.starts_with("text/plain"),
            "{key:?} {time:?}"
        );
    }
    let within = http()
        .get(format!("{}order", sandbox.clink_base_url()))
        .header("x-api-key", &key);
    assert_eq!(
        send(within.header("x-timestamp", (now - 4 * 60 * 1000).to_string()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn filters_narrow_rows_and_total() {
    let sandbox = Sandbox::start().await.unwrap();
    let truth = sandbox.truth(Vendor::Clink);
    for member in ["customerId", "merchantReferenceId"] {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for order in &truth {
            let value: serde_json::Value = serde_json::from_str(&order.json).unwrap();
            if let Some(key) = value[member].as_str() {
                groups
                    .entry(key.to_owned())
                    .or_default()
                    .push(order.json.clone());
            }
        }
        let (key, expected) = groups
            .iter()
            .max_by_key(|(_, orders)| orders.len())
            .unwrap();
        assert!(expected.len() > 2);
        let answer = ask(&sandbox, &format!("?{member}={key}&pageSize=50")).await;
        assert_eq!(&answer.raw("rows"), expected);
        assert_eq!(answer.json()["total"], expected.len());
        let both = ask(
            &sandbox,
            &format!("?{member}={key}&subscriptionId=sub_unknown"),
        )
        .await
        .json();
        assert_eq!(both["total"], 0);
    }
    let mut by_subscription = 0;
    for number in 0..20 {
        let value = ask(
            &sandbox,
            &format!("?subscriptionId=sub_sandbox{number:05}&pageSize=50"),
        )
        .await
        .json();
        let rows = value["rows"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["type"] == "recurring"));
        by_subscription += rows.len();
    }
    assert_eq!(
        by_subscription,
        truth
            .iter()
            .filter(|order| order.json.contains("\"recurring\""))
            .count()
    );
}

#[tokio::test]
async fn unknown_paths_get_the_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    let base = sandbox.clink_base_url();
    let missing = send(http().get(format!("{base}orders"))).await;
    assert_eq!(
        (missing.status, &missing.json()["code"]),
        (404, &404.into())
    );
    // The trap of joining `/order` to a base that ends in `/api/`.
    let trap = send(http().get(base.replace("/api/", "/order"))).await;
    assert_eq!(trap.status, 404);
    assert_eq!(send(http().post(format!("{base}order"))).await.status, 405);
}

#[tokio::test]
async fn orders_too_many_to_keep_are_the_same_bytes_each_time() {
    let sandbox = Sandbox::builder().orders(20_001).start().await.unwrap();
    let page = ask(&sandbox, "?pageNum=401&pageSize=50").await;
    assert_eq!(
        page.raw("rows"),
        [sandbox.truth(Vendor::Clink)[20_000].json.clone()]
    );
    let first = ask(&sandbox, "?pageSize=50").await;
    assert_eq!(first.body, ask(&sandbox, "?pageSize=50").await.body);
}
