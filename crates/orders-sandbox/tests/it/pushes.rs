//! Pushes: signed as each vendor signs, retried, doubled, shuffled, written down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine;
use orders_sandbox::{Change, PushError, PushForm, PushTarget, Sandbox, Vendor};
use serde_json::Value;

use crate::receiver::{Received, Receiver};
use crate::support::now_ms;

const NOW: &[Duration] = &[Duration::ZERO; 3];

fn hmac(secret: &str, text: &str) -> [u8; 32] {
    hmac_sha256::HMAC::mac(text, secret)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn assert_clink(sandbox: &Sandbox, push: &Received) -> Value {
    let timestamp = push.header("x-clink-timestamp");
    assert!(
        (timestamp.parse::<i64>().unwrap() - now_ms()).abs() < 60_000,
        "milliseconds"
    );
    let text = format!("{timestamp}.{}", push.body);
    let signature = hex(&hmac(sandbox.clink_webhook_secret(), &text));
    assert_eq!(push.header("x-clink-signature"), signature);
    assert_eq!(push.header("x-clink-signtype"), "SHA256");
    assert_eq!(push.header("content-type"), "application/json");
    assert_eq!(push.method, "POST");
    push.json()
}

fn assert_linkbest(sandbox: &Sandbox, members: &BTreeMap<String, String>) {
    let mut text = String::new();
    for (name, value) in members {
        if name != "Id" && name != "Sign" {
            text.push_str(value);
        }
    }
    text.push_str(sandbox.linkbest_push_secret());
    assert_eq!(members["Sign"], format!("{:x}", md5::compute(text)));
}

#[tokio::test]
async fn clink_tells_of_changes() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(204, "")]).await,
    );
    sandbox
        .push_to(Vendor::Clink, PushTarget::new(&receiver.url))
        .unwrap();
    let id = sandbox.create_order(Vendor::Clink).await;
    for change in [Change::Fail, Change::Pay, Change::RefundPart] {
        let deliveries = sandbox
            .change_order(Vendor::Clink, &id, change)
            .await
            .unwrap();
        assert!(
            deliveries
                .iter()
                .all(|delivery| delivery.accepted && delivery.status == Some(204))
        );
    }
    let received = receiver.received();
    let events: Vec<_> = received
        .iter()
        .map(|push| assert_clink(&sandbox, push))
        .collect();
    let types: Vec<_> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "order.created",
            "order.failed",
            "order.succeeded",
            "refund.created",
            "refund.succeeded"
        ]
    );
    let statuses: Vec<_> = events[..3]
        .iter()
        .map(|event| event["data"]["object"]["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["created", "failed", "success"]);
    for event in &events {
        assert!(event["id"].as_str().unwrap().starts_with("event_"));
        assert_eq!(event["object"], "event");
        assert_eq!(event["created"], sandbox.virtual_now().timestamp_millis());
        assert_eq!(event["data"]["object"]["orderId"], id.as_str());
    }
    assert!(
        events[0]["data"]["object"].get("createTime").is_none(),
        "recorded"
    );
    assert_eq!(
        events[3]["data"]["object"]["refundId"],
        sandbox.clink_refunds()[0].id.as_str()
    );
    let ids: BTreeSet<_> = events.iter().map(|event| event["id"].to_string()).collect();
    assert_eq!(ids.len(), 5);
    let logged: Vec<_> = sandbox
        .deliveries()
        .into_iter()
        .map(|delivery| delivery.id)
        .collect();
    assert_eq!(logged.len(), 5);
    assert_eq!(events[4]["id"], logged[4].as_str());
}

#[tokio::test]
async fn clink_has_an_older_envelope_and_other_events() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(200, "{}")]).await,
    );
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let old = PushTarget::new(&receiver.url).form(PushForm::ClinkFlattened);
    sandbox
        .push(Vendor::Clink, &old, "invoice.paid", order)
        .await
        .unwrap();
    let target = PushTarget::new(&receiver.url);
    sandbox
        .push(Vendor::Clink, &target, "invoice.paid", order)
        .await
        .unwrap();
    let received = receiver.received();
    let flat = assert_clink(&sandbox, &received[0]);
    assert!(flat["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(flat["created"], "2026-03-01T00:00:00.000Z");
    assert_eq!(
        (&flat["livemode"], &flat["data"]["object"]),
        (&false.into(), &"invoice".into())
    );
    assert_eq!(flat["data"]["orderId"], order.as_str());
    assert!(flat["data"]["lineItems"].is_array());
    let usual = assert_clink(&sandbox, &received[1]);
    assert!(
        usual["data"]["object"]["amountTotal"].is_string(),
        "amounts of invoices are text"
    );
    assert!(usual["data"]["object"]["items"].is_array());
}

#[tokio::test]
async fn linkbest_tells_by_post_and_by_get() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(200, "1")]).await,
    );
    let orders = sandbox.truth(Vendor::Linkbest);
    let order = orders
        .iter()
        .find(|order| order.json.contains("\"Status\":\"0\"") && order.json.contains("a&b=c"))
        .unwrap();
    let v1 = PushTarget::new(format!("{}?shop=1", receiver.url)).form(PushForm::LinkbestV1);
    sandbox
        .push_to(Vendor::Linkbest, PushTarget::new(&receiver.url))
        .unwrap();
    sandbox.push_to(Vendor::Linkbest, v1).unwrap();
    let silent = sandbox
        .change_order(Vendor::Linkbest, &order.id, Change::Ship)
        .await
        .unwrap();
    assert!(silent.is_empty(), "the merchant's states are not pushed");
    sandbox
        .change_order(Vendor::Linkbest, &order.id, Change::Settle)
        .await
        .unwrap();

    let received = receiver.received();
    assert_eq!(received.len(), 2);
    let body: BTreeMap<String, String> = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(received[0].method, "POST");
    assert_linkbest(&sandbox, &body);
    assert_eq!(received[1].method, "GET");
    assert!(received[1].body.is_empty());
    let query = url(&received[1]);
    assert_eq!(query["shop"], "1");
    let mut query: BTreeMap<_, _> = query;
    query.remove("shop");
    assert_linkbest(&sandbox, &query);
    assert_ne!(body["Id"], query["Id"], "each push has its own id");
    query.insert("Id".to_owned(), body["Id"].clone());
    assert_eq!(body, query);

    let now = sandbox.truth(Vendor::Linkbest);
    let now = now.iter().find(|truth| truth.id == order.id).unwrap();
    let value: Value = serde_json::from_str(&now.json).unwrap();
    assert_eq!(
        (body["Status"].as_str(), body["SubId"].as_str()),
        ("2", "a&b=c")
    );
    assert_eq!(body["OrderSn"], value["OrderSn"].as_str().unwrap());
    assert_eq!(
        body["ConfirmPrice"],
        now.totals[1].1.to_string(),
        "with all its places"
    );
    assert_ne!(body["Id"], order.id, "the id is the push's");
}

fn url(push: &Received) -> BTreeMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://localhost{}", push.uri)).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn linkbest_reviews_an_address_with_zeros() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(200, "0")]).await,
    );
    for form in [PushForm::Usual, PushForm::LinkbestV1] {
        let target = PushTarget::new(&receiver.url).form(form);
        let sent = sandbox
            .push(Vendor::Linkbest, &target, "review", "")
            .await
            .unwrap();
        assert!(sent[0].accepted, "0 is received, too");
    }
    let received = receiver.received();
    let body: BTreeMap<String, String> = serde_json::from_str(&received[0].body).unwrap();
    for review in [body, url(&received[1])] {
        assert_linkbest(&sandbox, &review);
        assert_eq!(
            (review["Id"].as_str(), review["OrderSn"].as_str()),
            ("0", "0")
        );
        assert_eq!(review["OrderTime"], "0000-00-00 00:00:00");
        assert_eq!(review["OrdersPrice"], "0.00");
    }
    let target = PushTarget::new(&receiver.url);
    sandbox
        .push(Vendor::Linkbest, &target, "review_unsigned", "")
        .await
        .unwrap();
    assert_eq!(receiver.received()[2].json()["Sign"], "0".repeat(32));
}

#[tokio::test]
async fn shopline_tells_with_all_its_headers() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(200, "")]).await,
    );
    sandbox
        .push_to(Vendor::Shopline, PushTarget::new(&receiver.url))
        .unwrap();
    let base64 = PushTarget::new(&receiver.url).form(PushForm::ShoplineBase64);
    sandbox.push_to(Vendor::Shopline, base64).unwrap();
    let id = sandbox.create_order(Vendor::Shopline).await;
    for change in [Change::Pay, Change::Ship, Change::Refund] {
        sandbox
            .change_order(Vendor::Shopline, &id, change)
            .await
            .unwrap();
    }
    let received = receiver.received();
    let mut topics = Vec::new();
    for push in &received {
        let mac = hmac(sandbox.shopline_app_secret(), &push.body);
        let given = push.header("x-shopline-hmac-sha256");
        let base64 = base64::engine::general_purpose::STANDARD.encode(mac);
        assert!(given == hex(&mac) || given == base64);
        assert_eq!(
            push.header("x-shopline-shop-domain"),
            "sandbox-store.myshopline.com"
        );
        assert_eq!(push.header("x-shopline-api-version"), "v20260301");
        for name in ["shop-id", "merchant-id", "webhook-id"] {
            assert!(!push.header(&format!("x-shopline-{name}")).is_empty());
        }
        if given == base64 {
            topics.push(push.header("x-shopline-topic"));
        }
    }
    let expected = [
        "orders/create",
        "orders/paid",
        "orders/updated",
        "fulfillments/create",
        "orders/fulfilled",
        "orders/updated",
        "refunds/create",
        "orders/updated",
    ];
    assert_eq!(topics, expected);
    assert_eq!(received.len(), 16);

    let created = received[0].json();
    assert!(created.get("service").is_none() && created.get("serivce").is_some());
    for member in [
        "draft_order_seq",
        "exist_subscription",
        "total_outstanding_set",
    ] {
        assert!(created.get(member).is_some(), "{member}");
    }
    let orders = sandbox.truth(Vendor::Shopline);
    let paid = received[2].json();
    assert_eq!(
        (&paid["id"], &paid["financial_status"]),
        (&id.as_str().into(), &"paid".into())
    );
    // Numbers of refunds are texts in this one push, and nothing else differs.
    let (mut updated, order) = (received[15].json(), orders.last().unwrap());
    let mut order: Value = serde_json::from_str(&order.json).unwrap();
    let line = |order: &mut Value| order["refunds"][0]["refund_line_items"][0].take();
    let (pushed, listed) = (line(&mut updated), line(&mut order));
    assert_eq!(pushed["quantity"], listed["quantity"].to_string());
    assert!(pushed["subtotal"].is_string() && listed["subtotal"].is_number());
    assert_eq!(pushed["line_item"], listed["line_item"]);
    assert_eq!(pushed["total_tax"], listed["total_tax"]);
    if order["refunds"][0]["refund_line_items"]
        .as_array()
        .unwrap()
        .len()
        == 1
    {
        assert_eq!(updated, order);
    }
    let refund = received
        .iter()
        .find(|push| push.header("x-shopline-topic") == "refunds/create");
    assert!(orders.last().unwrap().json.contains(&refund.unwrap().body));
}

#[tokio::test]
async fn shopline_has_more_topics() {
    let (sandbox, receiver) = (
        Sandbox::start().await.unwrap(),
        Receiver::start(&[(200, "")]).await,
    );
    let target = PushTarget::new(&receiver.url);
    let orders = sandbox.truth(Vendor::Shopline);
    let has = |word: &str| {
        orders
            .iter()
            .find(|order| order.json.contains(word))
            .unwrap()
    };
    let order = &has("\"financial_status\":\"refunded\"").id;
    for topic in [
        "customers/update",
        "order_transactions/create",
        "refunds/update",
        "orders/delete",
    ] {
        sandbox
            .push(Vendor::Shopline, &target, topic, order)
            .await
            .unwrap();
    }
    let received = receiver.received();
    assert!(received[0].json()["addresses"].is_array());
    assert!(
        received[1].json().get("order_id").is_none() && received[1].json()["amount"].is_string()
    );
    assert_eq!(received[2].json()["order_id"], order.as_str());
    let unpaid = &has("\"financial_status\":\"unpaid\"").id;
    for topic in [
        "refunds/create",
        "order_transactions/create",
        "themes/publish",
        "orders",
    ] {
        let refused = sandbox.push(Vendor::Shopline, &target, topic, unpaid).await;
        assert!(matches!(refused, Err(PushError::Event { .. })), "{topic}");
    }
}

#[tokio::test]
async fn what_is_not_taken_comes_again() {
    let sandbox = Sandbox::start().await.unwrap();
    type Answers = &'static [(u16, &'static str)];
    let cases: [(Vendor, &str, Answers); 3] = [
        (
            Vendor::Clink,
            "order.created",
            &[(500, "oops"), (404, ""), (201, "")],
        ),
        (
            Vendor::Linkbest,
            "created",
            &[(200, "-1"), (500, "1"), (200, " 1\n")],
        ),
        (
            Vendor::Shopline,
            "orders/create",
            &[(201, ""), (302, ""), (200, "")],
        ),
    ];
    for (vendor, event, answers) in cases {
        let receiver = Receiver::start(answers).await;
        let target = PushTarget::new(&receiver.url).intervals(NOW);
        let order = &sandbox.truth(vendor)[0].id;
        let attempts = sandbox.push(vendor, &target, event, order).await.unwrap();
        let seen: Vec<_> = attempts
            .iter()
            .map(|attempt| (attempt.attempt, attempt.accepted))
            .collect();
        assert_eq!(seen, [(1, false), (2, false), (3, true)], "{vendor}");
        assert_eq!(attempts[0].status, Some(answers[0].0));
        assert_eq!(attempts[0].answer, answers[0].1);
        let received = receiver.received();
        assert_eq!(received.len(), 3);
        assert!(
            received.iter().all(|push| push.body == received[0].body),
            "the same event again"
        );
        let ids: BTreeSet<_> = attempts.iter().map(|attempt| &attempt.id).collect();
        assert_eq!(ids.len(), 1);
    }
}

#[tokio::test]
async fn the_schedule_of_the_vendor_ends() {
    let sandbox = Sandbox::start().await.unwrap();
    let receiver = Receiver::start(&[(503, "")]).await;
    for vendor in Vendor::ALL {
        let order = &sandbox.truth(vendor)[0].id;
        let event = ["order.created", "created", "orders/create"][vendor as usize];
        let target = PushTarget::new(&receiver.url);
        let attempts = sandbox.push(vendor, &target, event, order).await.unwrap();
        assert_eq!(attempts.len(), 1 + vendor.push_schedule().len());
        assert!(attempts.iter().all(|attempt| !attempt.accepted));
    }
    // Nobody there, and somebody who never answers.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let target = PushTarget::new(format!("http://{address}/"))
        .intervals([])
        .timeout(Duration::from_millis(50));
    let slow = sandbox
        .push(Vendor::Clink, &target, "order.created", order)
        .await
        .unwrap();
    assert_eq!(
        (slow[0].status, slow[0].answer.as_str()),
        (None, "no answer in time")
    );
    drop(closed);
    let dead = sandbox
        .push(Vendor::Clink, &target, "order.created", order)
        .await
        .unwrap();
    assert_eq!(
        (dead.len(), dead[0].status, dead[0].accepted),
        (1, None, false)
    );
    assert!(!dead[0].answer.is_empty());
}

#[tokio::test]
async fn duplicates_and_disorder_follow_the_seed() {
    let run = async |seed| {
        let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
        let receiver = Receiver::start(&[(200, "")]).await;
        let target = PushTarget::new(&receiver.url).duplicates(1).disorder(true);
        let order = sandbox.truth(Vendor::Clink)[0].id.clone();
        let events: Vec<_> = [
            "order.created",
            "order.next_action",
            "order.failed",
            "order.succeeded",
        ]
        .map(|event| (event, order.as_str()))
        .to_vec();
        let sent = sandbox
            .push_all(Vendor::Clink, &target, &events)
            .await
            .unwrap();
        assert_eq!(sent.len(), 8);
        assert_eq!(sent.iter().filter(|delivery| delivery.copy == 1).count(), 4);
        let ids: BTreeSet<_> = sent.iter().map(|delivery| &delivery.id).collect();
        assert_eq!(ids.len(), 4, "a duplicate is the same event");
        let received: Vec<_> = receiver
            .received()
            .iter()
            .map(|push| push.json()["type"].to_string())
            .collect();
        let log: Vec<_> = sent
            .iter()
            .map(|delivery| format!("\"{}\"", delivery.event))
            .collect();
        assert_eq!(received, log);
        received
    };
    let (one, same, other) = (run(1).await, run(1).await, run(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    let mut sorted: Vec<_> = [
        "order.created",
        "order.next_action",
        "order.failed",
        "order.succeeded",
    ]
    .map(|event| format!("\"{event}\""))
    .to_vec();
    sorted = sorted
        .into_iter()
        .flat_map(|event| [event.clone(), event])
        .collect();
    assert_ne!(one, sorted);
}

#[tokio::test]
async fn what_cannot_be_pushed_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let here = PushTarget::new("http://127.0.0.1:9/");
    for url in [
        "https://127.0.0.1/",
        "http://192.0.2.1/",
        "http://example.com/",
        "localhost",
        "",
    ] {
        let target = PushTarget::new(url);
        let refused = sandbox
            .push(Vendor::Clink, &target, "order.created", "x")
            .await;
        assert!(matches!(refused, Err(PushError::Url { .. })), "{url}");
        assert!(sandbox.push_to(Vendor::Clink, target).is_err(), "{url}");
    }
    for vendor in Vendor::ALL {
        let event = ["order.created", "created", "orders/create"][vendor as usize];
        let refused = sandbox.push(vendor, &here, event, "x").await.unwrap_err();
        assert_eq!(
            refused,
            PushError::UnknownOrder {
                vendor,
                id: "x".to_owned()
            }
        );
        let forms = [
            PushForm::ClinkFlattened,
            PushForm::LinkbestV1,
            PushForm::ShoplineBase64,
        ];
        let taken = forms.iter().filter(|form| {
            let target = here.clone().form(**form);
            sandbox.push_to(vendor, target).is_ok()
        });
        assert_eq!(taken.count(), 1, "{vendor}: only its own form");
    }
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let unsold = sandbox.push(Vendor::Clink, &here, "nothing", order).await;
    assert!(matches!(unsold, Err(PushError::Event { .. })));
    let unknown = sandbox.push(Vendor::Linkbest, &here, "paid", "1").await;
    assert!(matches!(unknown, Err(PushError::Event { .. })));
    assert!(sandbox.deliveries().is_empty());
}
