//! Pushes: their content, and the signatures of each vendor.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use orders_sandbox::{Change, PushError, PushForm, PushTarget, Sandbox, Vendor};
use serde_json::Value;

use crate::receiver::{Received, Receiver};
use crate::support::now_ms;

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
