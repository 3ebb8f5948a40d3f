//! Faults, races, time, truth and the log by HTTP.

use std::sync::Arc;

use chrono::TimeDelta;
use orders_sandbox::{Fault, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::clink::ask as clink;
use crate::control::post;
use crate::shopline::unlimited;
use crate::store::ask;
use crate::support::{Answer, http, now_ms, send};

async fn look(sandbox: &Sandbox, path: &str) -> Answer {
    let url = format!("http://{}/_sandbox/{path}", sandbox.address());
    send(http().get(url)).await
}

#[tokio::test]
async fn faults_and_races_by_http() {
    let sandbox = unlimited(30).await;
    let all: Vec<_> = Fault::ALL
        .iter()
        .map(|fault| match fault {
            Fault::Slow(_) => json!({"fault": "slow", "milliseconds": 5, "nth": 900}),
            fault => json!({"fault": fault.name(), "nth": 900}),
        })
        .collect();
    let set = post(&sandbox, "faults", json!({"seed": 3, "rules": all})).await;
    assert_eq!(set.body, "{\"rules\":15}");
    let rules = json!({"rules": [
        {"fault": "too_many_requests", "retry_after_seconds": 9, "vendor": "clink", "route": "/order", "nth": 2, "times": 1},
        {"fault": "unavailable", "every": 3, "percent": 100},
    ]});
    assert_eq!(post(&sandbox, "faults", rules).await.body, "{\"rules\":2}");
    let races = json!({"seed": 1, "rules": [
        {"race": "crowd", "orders": 7, "after": 2, "vendor": "clink", "route": "order", "times": 3},
        {"race": "insert", "every": 100}, {"race": "change", "every": 100}, {"race": "leave_window", "every": 100},
    ]});
    assert_eq!(post(&sandbox, "races", races).await.body, "{\"rules\":4}");
    let mut seen = Vec::new();
    for _ in 0..5 {
        let answer = clink(&sandbox, "").await;
        let after = answer.headers.get("retry-after");
        let after = after.map(|value| value.to_str().unwrap().to_owned());
        seen.push((answer.status, after, answer.json()["total"].as_i64()));
    }
    let page = |total| (200, None, Some(total));
    assert_eq!(
        seen,
        [
            page(30),
            (429, Some("9".to_owned()), None),
            (503, None, None),
            page(30),
            page(37),
        ]
    );
    for path in ["faults", "races"] {
        assert_eq!(
            post(&sandbox, path, json!({"rules": []})).await.body,
            "{\"rules\":0}"
        );
    }
    assert_eq!(clink(&sandbox, "").await.status, 200);
    assert_eq!(
        sandbox.fired(),
        [("too_many_requests", 1), ("unavailable", 1), ("crowd", 1)]
    );
}

#[tokio::test]
async fn rules_are_read_strictly() {
    let sandbox = Sandbox::builder().orders(5).start().await.unwrap();
    let cases = [
        ("faults", json!({}), "missing field `rules`"),
        ("faults", json!({"rules": [{}]}), "missing field `fault`"),
        (
            "faults",
            json!({"rules": [{"fault": "fire"}]}),
            "no fault fire",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "nht": 1}]}),
            "unknown field",
        ),
        ("faults", json!({"rules": [], "sed": 1}), "unknown field"),
        (
            "faults",
            json!({"rules": [{"fault": "html", "nth": 0}]}),
            "nth counts from 1",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "every": 0}]}),
            "every counts from 1",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "percent": 101}]}),
            "at most 100",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "percent": 1000}]}),
            "at most 100",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "vendor": "x"}]}),
            "no vendor x",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "slow"}]}),
            "takes milliseconds",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "html", "milliseconds": 1}]}),
            "takes neither",
        ),
        (
            "faults",
            json!({"rules": [{"fault": "reset", "retry_after_seconds": 1}]}),
            "takes neither",
        ),
        (
            "races",
            json!({"rules": [{"race": "horse"}]}),
            "no race horse",
        ),
        (
            "races",
            json!({"rules": [{"race": "crowd"}]}),
            "takes orders",
        ),
        (
            "races",
            json!({"rules": [{"race": "insert", "orders": 2}]}),
            "takes no orders",
        ),
        (
            "races",
            json!({"rules": [{"race": "insert", "after": 0}]}),
            "after counts from 1",
        ),
        (
            "races",
            json!({"rules": [{"race": "insert", "percent": 5}]}),
            "unknown field",
        ),
        ("clock/advance", json!({}), "either seconds or by"),
        (
            "clock/advance",
            json!({"seconds": 1, "by": "1d"}),
            "either seconds or by",
        ),
        ("clock/advance", json!({"by": "1 week"}), "45d"),
        ("clock/advance", json!({"by": "-1d"}), "45d"),
        ("reset", json!({"all": true}), "unknown field"),
    ];
    for (path, body, word) in cases {
        let answer = post(&sandbox, path, body.clone()).await;
        assert_eq!(answer.status, 400, "{path} {body}: {}", answer.body);
        let text = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(text.contains(word), "{path} {body}: {text}");
    }
    for (path, word) in [
        ("truth?vendor=x", "no vendor x"),
        ("truth?vendr=clink", "no parameter vendr"),
        ("requests?last=x", "whole number"),
        ("requests?first=1", "no parameter first"),
    ] {
        let answer = look(&sandbox, path).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains(word), "{}", answer.body);
    }
    let url = format!("http://{}/_sandbox/reset", sandbox.address());
    let form = send(http().post(url).body("{}")).await;
    assert_eq!(form.status, 415);
    assert!(sandbox.fired().is_empty());
}

#[tokio::test]
async fn the_truth_line_by_line() {
    let sandbox = Sandbox::builder()
        .orders(1200)
        .small(true)
        .life(2)
        .start()
        .await
        .unwrap();
    let moved = post(&sandbox, "clock/advance", json!({"by": "45d"})).await;
    assert_eq!(moved.json()["now"], "2026-04-15T00:00:00+00:00");
    assert_eq!(
        sandbox.virtual_now() - TimeDelta::days(45),
        Sandbox::start().await.unwrap().virtual_now()
    );
    let mut named = Vec::new();
    for vendor in Vendor::ALL {
        let answer = look(&sandbox, &format!("truth?vendor={vendor}")).await;
        assert_eq!(answer.content_type, "application/x-ndjson");
        assert!(answer.body.ends_with('\n'));
        let truth: Vec<_> = sandbox
            .truth(vendor)
            .into_iter()
            .map(|order| order.json)
            .collect();
        assert_eq!(truth.len(), 1290);
        assert_eq!(answer.body.lines().collect::<Vec<_>>(), truth);
        let line = |json| format!("{{\"vendor\":\"{vendor}\",\"order\":{json}}}\n");
        named.extend(truth.into_iter().map(line));
        let mut visited = Vec::new();
        sandbox.visit_truth(vendor, |order| visited.push(order));
        assert_eq!(visited, sandbox.truth(vendor));
    }
    assert_eq!(look(&sandbox, "truth").await.body, named.concat());
    let empty = Sandbox::builder().orders(0).start().await.unwrap();
    assert_eq!(look(&empty, "truth?vendor=clink").await.body, "");
}

#[tokio::test]
async fn the_log_counts_by_route() {
    let sandbox = unlimited(20).await;
    post(
        &sandbox,
        "faults",
        json!({"rules": [{"fault": "unavailable", "nth": 2}]}),
    )
    .await;
    for _ in 0..3 {
        clink(&sandbox, "").await;
    }
    ask(&sandbox, "orders.json").await;
    let log = look(&sandbox, "requests?last=2").await.json();
    assert_eq!(log["total"], 5);
    assert_eq!(log["fired"], json!({"unavailable": 1}));
    let route = |name: &str| {
        let routes = log["routes"].as_array().unwrap();
        routes
            .iter()
            .find(|route| route["route"] == name)
            .cloned()
            .unwrap_or(Value::Null)
    };
    assert_eq!(
        route("/clink/api/order"),
        json!({"route": "/clink/api/order", "method": "GET", "count": 3, "statuses": {"200": 2, "503": 1}})
    );
    assert_eq!(
        route("/shopline/admin/openapi/{version}/orders.json")["count"],
        1
    );
    assert_eq!(route("/_sandbox/faults")["method"], "POST");
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0],
        json!({"vendor": "clink", "method": "GET", "route": "/clink/api/order", "path": "/clink/api/order", "status": 200, "fault": null})
    );
    let all = look(&sandbox, "requests").await.json();
    assert_eq!(all["requests"][2]["fault"], "unavailable");
    assert_eq!(all["requests"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    for by_http in [false, true] {
        // It stands still, so that the rate limit does not leak.
        let now = chrono::DateTime::from_timestamp_millis(now_ms()).unwrap();
        let builder = Sandbox::builder()
            .orders(40)
            .life(3)
            .clock(Arc::new(move || now));
        let sandbox = builder
            .shopline_rate_limit(Some((1, 3)))
            .start()
            .await
            .unwrap();
        let start: Vec<_> = Vendor::ALL.map(|vendor| sandbox.truth(vendor)).into();
        let run = async || {
            sandbox.advance(TimeDelta::days(30));
            let after: Vec<_> = Vendor::ALL.map(|vendor| sandbox.truth(vendor)).into();
            assert_ne!(after, start);
            let body = json!({"rules": [{"fault": "error_code"}]});
            post(&sandbox, "faults", body).await;
            let statuses = [
                ask(&sandbox, "orders.json").await.status,
                clink(&sandbox, "").await.status,
            ];
            post(&sandbox, "races", json!({"rules": [{"race": "insert"}]})).await;
            sandbox.clear_faults();
            let mut limited = Vec::new();
            for _ in 0..4 {
                limited.push(ask(&sandbox, "orders.json").await.status);
            }
            assert_eq!(limited[3], 429, "{limited:?}");
            sandbox.expire_shopline_tokens();
            let trace = ask(&sandbox, "orders.json").await.headers["traceid"].clone();
            sandbox
                .change_order(
                    Vendor::Shopline,
                    &start[2][0].id,
                    orders_sandbox::Change::Touch,
                )
                .await
                .unwrap();
            (after, statuses, trace)
        };
        let once = run().await;
        match by_http {
            true => {
                let answer = post(&sandbox, "reset", json!({})).await;
                assert_eq!(answer.json()["now"], "2026-03-01T00:00:00+00:00");
            }
            false => sandbox.reset(),
        }
        let now: Vec<_> = Vendor::ALL.map(|vendor| sandbox.truth(vendor)).into();
        assert_eq!(now, start);
        assert!(sandbox.fired().is_empty() && sandbox.deliveries().is_empty());
        assert!(sandbox.requests().len() <= 1, "only the reset itself");
        assert_eq!(
            ask(&sandbox, "orders.json").await.status,
            200,
            "token and rate limit are new"
        );
        assert_eq!(sandbox.truth(Vendor::Shopline), start[2], "no races");
        sandbox.reset();
        assert_eq!(run().await, once, "the same again, byte for byte");
    }
}
