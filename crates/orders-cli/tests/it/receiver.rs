//! The example service receives what the sandbox pushes: every event once, each vendor answered as it wants.

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use orders_sandbox::{Change, PushForm, PushTarget, Sandbox, Vendor};

#[path = "../../examples/receiver.rs"]
#[allow(unreachable_pub)]
mod example;

async fn serve(sandbox: &Sandbox, inbox: &Path) -> String {
    let secrets = example::Secrets {
        clink: sandbox.clink_webhook_secret().to_owned(),
        linkbest: sandbox.linkbest_push_secret().to_owned(),
        shopline: sandbox.shopline_app_secret().to_owned(),
    };
    let inbox = example::Inbox::open(inbox).unwrap();
    let router = example::router(Arc::new(example::Service::new(secrets, inbox, Utc::now)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn lines(inbox: &Path) -> Vec<String> {
    std::fs::read_to_string(inbox)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_push_is_kept_once_and_answered() {
    let sandbox = Sandbox::builder().orders(30).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    let first = |vendor| sandbox.truth(vendor)[0].id.clone();

    let mut delivered = Vec::new();
    for (vendor, path, form, event) in [
        (Vendor::Clink, "clink", PushForm::Usual, "order.succeeded"),
        (
            Vendor::Clink,
            "clink",
            PushForm::ClinkFlattened,
            "order.failed",
        ),
        (
            Vendor::Linkbest,
            "linkbest",
            PushForm::LinkbestV1,
            "created",
        ),
        (Vendor::Linkbest, "linkbest", PushForm::Usual, "review"),
        (
            Vendor::Shopline,
            "shopline",
            PushForm::Usual,
            "orders/create",
        ),
        (
            Vendor::Shopline,
            "shopline",
            PushForm::ShoplineBase64,
            "orders/paid",
        ),
    ] {
        let target = PushTarget::new(format!("{url}/{path}"))
            .form(form)
            .duplicates(2)
            .disorder(true);
        let deliveries = sandbox
            .push(vendor, &target, event, &first(vendor))
            .await
            .unwrap();
        assert_eq!(deliveries.len(), 3, "{event}: {deliveries:?}");
        delivered.extend(deliveries);
    }
    assert!(
        delivered.iter().all(|delivery| delivery.accepted),
        "{delivered:#?}"
    );
    // The review push is answered and not kept; duplicates are kept once.
    assert_eq!(lines(&inbox).len(), 5, "{:#?}", lines(&inbox));
    let answers: Vec<&str> = delivered
        .iter()
        .filter(|d| d.event == "created")
        .map(|delivery| delivery.answer.as_str())
        .collect();
    assert_eq!(answers, ["1", "0", "0"]);

    // A new start learns the keys again, and a line that a crash cut off is made whole by the next push.
    std::fs::OpenOptions::new()
        .append(true)
        .open(&inbox)
        .unwrap();
    let mut text = std::fs::read(&inbox).unwrap();
    text.extend_from_slice(b"{\"key\":\"clink/cut");
    std::fs::write(&inbox, text).unwrap();
    let url = serve(&sandbox, &inbox).await;
    let target = PushTarget::new(format!("{url}/shopline"));
    let id = first(Vendor::Shopline);
    sandbox.push_to(Vendor::Shopline, target).unwrap();
    let deliveries = sandbox
        .change_order(Vendor::Shopline, &id, Change::Touch)
        .await
        .unwrap();
    assert!(
        !deliveries.is_empty() && deliveries.iter().all(|d| d.accepted),
        "{deliveries:?}"
    );
    assert!(lines(&inbox).len() > 5 && lines(&inbox).iter().all(|line| line.ends_with('}')));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_with_another_secret_is_not_kept() {
    let sandbox = Sandbox::builder().orders(10).start().await.unwrap();
    let stranger = Sandbox::builder().orders(10).seed(2).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    for (vendor, path, event) in [
        (Vendor::Clink, "clink", "order.succeeded"),
        (Vendor::Linkbest, "linkbest", "created"),
        (Vendor::Shopline, "shopline", "orders/create"),
    ] {
        let target = PushTarget::new(format!("{url}/{path}")).intervals([]);
        let order = stranger.truth(vendor)[0].id.clone();
        let deliveries = stranger.push(vendor, &target, event, &order).await.unwrap();
        assert!(
            deliveries
                .iter()
                .all(|d| !d.accepted && d.status == Some(401)),
            "{deliveries:?}"
        );
    }
    assert!(lines(&inbox).is_empty());
}

/// A vendor gives a subscription up after so many failures in a row: what is its own is kept and answered with success,
/// whether it can be read or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_genuine_push_that_cannot_be_read_is_kept_once_and_shown_as_unread() {
    let sandbox = Sandbox::builder().orders(2).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    let http = reqwest::Client::new();

    let mut sent = Vec::new();
    for body in [&br#"{"id":"e","type":"order.succeeded","data":{"object":{"orderId":"o","amountTotal":"1,234.50"}}}"#[..], b"\xff\xfe"] {
        let push = clink_api::webhooks::Push::sign(sandbox.clink_webhook_secret(), Utc::now(), body);
        sent.push(("clink", push.headers, push.body));
        let push = shopline_api::webhooks::Push::sign(
            sandbox.shopline_app_secret(),
            shopline_api::webhooks::Topic::OrdersPaid,
            "hook-1",
            [body, b"]"].concat(),
        );
        sent.push(("shopline", push.headers, push.body));
    }
    let push = linkbest_api::webhooks::Push::sign(
        sandbox.linkbest_push_secret(),
        [
            ("OrderSn", "A1"),
            ("ProgramId", "9"),
            ("OrdersPrice", "1,5"),
        ],
    );
    sent.push(("linkbest", Vec::new(), push.body()));

    for repetition in 0..3 {
        for (vendor, headers, body) in &sent {
            let mut request = http.post(format!("{url}/{vendor}")).body(body.clone());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200, "{vendor}");
            let known = if repetition == 0 { "1" } else { "0" };
            let expected = if *vendor == "linkbest" { known } else { "" };
            assert_eq!(answer.text().await.unwrap(), expected);
        }
    }
    let lines: Vec<serde_json::Value> = lines(&inbox)
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), sent.len(), "{lines:#?}");
    assert!(lines.iter().all(|line| line["unread"].is_string()));
    // The exact bytes, as text where they are text.
    for (line, (_, _, body)) in lines.iter().zip(&sent) {
        match std::str::from_utf8(body) {
            Ok(text) => assert_eq!(line["event"], text),
            Err(_) => assert_eq!(line["bytes"], orders_wire::webhook::to_hex(body)),
        }
    }
    assert_eq!(example::Inbox::open(&inbox).unwrap().unread(), sent.len());

    // The same push with another signature is refused, and not kept.
    let push = clink_api::webhooks::Push::sign("another", Utc::now(), &b"\xff"[..]);
    let mut request = http.post(format!("{url}/clink")).body(push.body);
    for (name, value) in push.headers {
        request = request.header(name, value);
    }
    assert_eq!(request.send().await.unwrap().status(), 401);
    assert_eq!(example::Inbox::open(&inbox).unwrap().unread(), sent.len());
}

/// States that come back are kept; a repetition is not.
#[test]
fn a_state_that_comes_back_is_an_event_of_its_own() {
    use linkbest_api::webhooks::{Push, verify};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.jsonl");
    let mut kept = Vec::new();
    for (id, status) in [
        ("101", "1"),
        ("102", "-1"),
        ("103", "1"),
        ("103", "1"),
        ("", "-1"),
        ("", "-1"),
        ("", "1"),
        ("0", "-1"),
    ] {
        let fields = [
            ("Id", id),
            ("ProgramId", "7"),
            ("OrderSn", "S1"),
            ("Status", status),
        ];
        let push = Push::sign("s", fields.into_iter().filter(|(_, v)| !v.is_empty()));
        let event = verify(&push.query(), &bytes::Bytes::new(), "s").unwrap();
        // Opened anew each time, as after a crash.
        let inbox = example::Inbox::open(&path).unwrap();
        kept.push(inbox.keep_push(&event, "{}").unwrap());
    }
    assert_eq!(kept, [true, true, true, false, true, false, true, true]);
    assert_eq!(lines(&path).len(), 6);
}

/// A dispute of the sandbox becomes a chargeback of its order: a claim, and no money back.
#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_kept_and_is_a_chargeback() {
    use clink_api::webhooks::{Event, Resource};
    use orders_core::{AdjustmentKind, AdjustmentStatus};

    let sandbox = Sandbox::builder().orders(30).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    let orders = sandbox.truth(Vendor::Clink);
    let paid = orders
        .iter()
        .find(|it| it.json.contains("\"status\":\"success\""));
    let paid = paid.unwrap();
    let mapper = clink_api::Mapper::new("main");
    let mut order = mapper.read(&paid.json.clone().into()).unwrap();
    let back = order.money_back();
    let target = PushTarget::new(format!("{url}/clink"));
    for (event, status) in [
        ("dispute.created", AdjustmentStatus::Pending),
        ("dispute.lost", AdjustmentStatus::Succeeded),
    ] {
        let sent = sandbox.push(Vendor::Clink, &target, event, &paid.id).await;
        assert!(sent.unwrap().iter().all(|delivery| delivery.accepted));
        let kept = lines(&inbox).pop().unwrap();
        let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
        let text = kept["event"].to_string();
        let event = Event::read(&text.into(), chrono::DateTime::UNIX_EPOCH).unwrap();
        let Resource::Dispute(dispute) = &event.resource else {
            panic!("{event:?}");
        };
        assert!(dispute.drift.is_empty() && dispute.value.evidence_deadline.is_some());
        order.adjust(mapper.dispute(&dispute.value, &event.name));
        let claims: Vec<_> = order.adjustments.iter().collect();
        let claims: Vec<_> = claims
            .iter()
            .filter(|it| it.kind == AdjustmentKind::Chargeback)
            .collect();
        assert_eq!(claims.len(), 1, "the same dispute");
        assert_eq!(claims[0].normal_status(), status);
        let claimed = claims[0].amount.as_ref().unwrap();
        assert_eq!(claimed.sides().next().unwrap().1, order.charged().unwrap());
        assert_eq!(order.money_back(), back, "a claim is no money back");
    }
}
