//! The sandbox's own routes.

use orders_sandbox::{Sandbox, Vendor};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{Answer, http, send};

pub(crate) async fn post(sandbox: &Sandbox, path: &str, body: Value) -> Answer {
    let url = format!("http://{}/_sandbox/{path}", sandbox.address());
    let request = http().post(url).header("Content-Type", "application/json");
    send(request.body(body.to_string())).await
}

#[tokio::test]
async fn changes_and_pushes_by_http() {
    let sandbox = Sandbox::start().await.unwrap();
    let receiver = Receiver::start(&[(500, ""), (200, "")]).await;
    let target = json!({"vendor": "shopline", "url": receiver.url, "duplicates": 1, "intervals_ms": [0, 0], "timeout_ms": 2000, "form": "shopline_base64"});
    let registered = post(&sandbox, "push_to", target).await;
    assert_eq!(registered.body, "{\"registered\":true}");

    let created = post(&sandbox, "create", json!({"vendor": "shopline"})).await;
    let id = created.json()["order"].as_str().unwrap().to_owned();
    let deliveries = created.json()["deliveries"].clone();
    let attempt = |place: usize, member: &str| deliveries[place][member].clone();
    assert_eq!(
        deliveries.as_array().unwrap().len(),
        3,
        "two attempts, and a duplicate"
    );
    assert_eq!(
        (attempt(0, "status"), attempt(0, "accepted")),
        (500.into(), false.into())
    );
    assert_eq!(
        (attempt(1, "attempt"), attempt(2, "copy")),
        (2.into(), 1.into())
    );
    assert_eq!(attempt(2, "order"), id.as_str());

    let moved = post(&sandbox, "clock/advance", json!({"seconds": 90})).await;
    assert_eq!(moved.json()["now"], "2026-03-01T00:01:30+00:00");
    let changed = post(
        &sandbox,
        "change",
        json!({"vendor": "shopline", "order": id, "change": "pay"}),
    )
    .await;
    assert_eq!(changed.json()["deliveries"].as_array().unwrap().len(), 4);
    let order = sandbox.truth(Vendor::Shopline).pop().unwrap();
    assert!(
        order
            .json
            .contains("\"updated_at\":\"2026-03-01T08:01:30+08:00\"")
    );

    let pushed = json!({"vendor": "clink", "url": receiver.url, "disorder": true, "events": [
        {"event": "order.created", "order": sandbox.truth(Vendor::Clink)[0].id},
        {"event": "order.succeeded", "order": sandbox.truth(Vendor::Clink)[0].id},
    ]});
    let pushed = post(&sandbox, "push", pushed).await;
    assert_eq!(
        pushed.json()["deliveries"][0]["event"],
        "order.succeeded",
        "two change places"
    );
    let one = json!({"vendor": "linkbest", "url": receiver.url, "event": "review", "form": "linkbest_v1", "intervals_ms": []});
    assert_eq!(
        post(&sandbox, "push", one).await.json()["deliveries"][0]["accepted"],
        false
    );

    let url = format!("http://{}/_sandbox/deliveries", sandbox.address());
    let log = send(http().get(url)).await.json();
    assert_eq!(
        log["deliveries"].as_array().unwrap().len(),
        sandbox.deliveries().len()
    );
    assert_eq!(sandbox.deliveries().len(), receiver.received().len());
}

#[tokio::test]
async fn what_cannot_be_read_or_done_is_said() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = "http://127.0.0.1:9/";
    let order = sandbox.truth(Vendor::Clink)[0].id.clone();
    let cases = [
        (
            "push",
            json!({"vendor": "clink", "url": url}),
            400,
            "event or events",
        ),
        (
            "push",
            json!({"vendor": "clink", "event": "order.created"}),
            400,
            "url",
        ),
        (
            "push",
            json!({"vendor": "stripe", "url": url, "event": "x"}),
            400,
            "no vendor stripe",
        ),
        (
            "push",
            json!({"vendor": "clink", "url": "http://192.0.2.1/", "event": "order.created", "order": order}),
            400,
            "loopback",
        ),
        (
            "push",
            json!({"vendor": "clink", "url": url, "event": "order.created"}),
            400,
            "no order",
        ),
        (
            "push",
            json!({"vendor": "clink", "url": url, "event": "x.y", "form": "xml"}),
            400,
            "no form xml",
        ),
        (
            "push",
            json!({"vendor": "clink", "url": url, "event": "x.y", "evnet": "x"}),
            400,
            "unknown field",
        ),
        (
            "push_to",
            json!({"vendor": "clink", "url": url, "event": "order.created"}),
            400,
            "every event",
        ),
        (
            "push_to",
            json!({"vendor": "clink", "url": url, "form": "linkbest_v1"}),
            400,
            "linkbest_v1",
        ),
        (
            "change",
            json!({"vendor": "clink", "order": order, "change": "explode"}),
            400,
            "no change explode",
        ),
        (
            "change",
            json!({"vendor": "clink", "order": order, "change": "ship"}),
            409,
            "cannot ship",
        ),
        (
            "change",
            json!({"vendor": "clink", "order": "x", "change": "pay"}),
            409,
            "no order x",
        ),
        ("create", json!({"vendor": "x"}), 400, "no vendor x"),
        (
            "clock/advance",
            json!({"seconds": "1"}),
            400,
            "invalid type",
        ),
        (
            "clock/advance",
            json!({"seconds": i64::MAX}),
            400,
            "too large",
        ),
    ];
    for (path, body, status, word) in cases {
        let answer = post(&sandbox, path, body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let text = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(text.contains(word), "{path}: {text}");
    }
    // A web page can send a form, but not JSON.
    let url = format!("http://{}/_sandbox/create", sandbox.address());
    let form = send(http().post(url).body("{\"vendor\":\"clink\"}")).await;
    assert_eq!(form.status, 415);
    assert_eq!(sandbox.truth(Vendor::Clink).len(), 120);
}
