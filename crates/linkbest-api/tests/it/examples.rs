//! The examples, run against the sandbox over loopback.

use std::sync::{Arc, Mutex};

use linkbest_api::webhooks::{Answer, Resource};
use linkbest_api::{Client, ClientBuilder, ListOrders};
use orders_sandbox::{PushForm, PushTarget, Sandbox, Vendor};

#[allow(dead_code)]
#[path = "../../examples/list.rs"]
mod list;
#[allow(dead_code)]
#[path = "../../examples/memory_transport.rs"]
mod memory_transport;
#[allow(dead_code)]
#[path = "../../examples/own_transport.rs"]
mod own_transport;
#[allow(dead_code)]
#[path = "../../examples/resume.rs"]
mod resume;
#[allow(dead_code)]
#[path = "../../examples/webhook.rs"]
mod webhook;

async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::builder().seed(7).orders(230);
    sandbox.small(true).start().await.unwrap()
}

fn builder(sandbox: &Sandbox) -> ClientBuilder {
    let (key, secret) = (sandbox.linkbest_app_key(), sandbox.linkbest_app_secret());
    Client::builder(key, secret).base_url(sandbox.linkbest_base_url())
}

#[tokio::test]
async fn list() {
    let sandbox = sandbox().await;
    let (from, to) = sandbox.linkbest_range();
    assert_eq!(list::run(builder(&sandbox), from, to).await.unwrap(), 230);
}

#[tokio::test]
async fn resume() {
    let sandbox = sandbox().await;
    let (from, to) = sandbox.linkbest_range();
    let client = builder(&sandbox).build().unwrap();
    let mut orders = client.stream_orders(&ListOrders::new(from, to));
    let mut expected = Vec::new();
    while let Some(order) = orders.next().await {
        expected.extend(order.unwrap().order_sn.clone());
    }
    assert_eq!(expected.len(), 230);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("position.json");
    let mut read = Vec::new();
    loop {
        // A new client each time, as in another process.
        let more = resume::run(builder(&sandbox), (from, to), &file, 60);
        let more = more.await.unwrap();
        if more.is_empty() {
            break;
        }
        read.extend(more);
    }
    assert_eq!(read, expected);
}

#[tokio::test]
async fn own_transport() {
    let sandbox = sandbox().await;
    let truth = &sandbox.truth(Vendor::Linkbest)[0].json;
    let truth: serde_json::Value = serde_json::from_str(truth).unwrap();
    let text = |name: &str| match &truth[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (program, number) = (text("ProgramId"), text("OrderSn"));
    let (order, requests) = own_transport::run(builder(&sandbox), &program, &number)
        .await
        .unwrap();
    assert_eq!((order.order_sn.as_deref(), requests), (Some(&*number), 1));
}

#[tokio::test(start_paused = true)]
async fn memory_transport() {
    let sum = memory_transport::run().await.unwrap();
    assert_eq!(sum.to_string(), "20.00 USD");
}

/// Starts a receiver; gives back its address.
async fn serve(app: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

#[tokio::test]
async fn webhook() {
    let sandbox = sandbox().await;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let events = Arc::clone(&kept);
    let url = serve(webhook::app(sandbox.linkbest_push_secret(), move |push| {
        let number = match push.map(|event| event.resource) {
            Ok(Resource::Order(order)) => order.order_sn.clone().unwrap(),
            Ok(_) => "a test".to_owned(),
            Err((query, body)) => format!("unread: {query}{body:?}"),
        };
        events.lock().unwrap().push(number);
        Answer::Stored
    }))
    .await;
    let order = sandbox.create_order(Vendor::Linkbest).await;
    for form in [PushForm::Usual, PushForm::LinkbestV1] {
        let mut target = PushTarget::new(&url);
        target.form = form;
        for event in ["created", "review"] {
            let push = sandbox.push(Vendor::Linkbest, &target, event, &order);
            let status = push.await.unwrap()[0].status;
            assert_eq!(status, Some(200), "{form:?} {event}");
        }
    }
    {
        let kept = kept.lock().unwrap();
        assert_eq!((kept.len(), &kept[..2]), (4, &kept[2..]));
        assert!(kept[0] != "a test" && kept[1] == "a test", "{kept:?}");
    }

    let url = serve(webhook::app("another secret", |_| {
        panic!("it was verified")
    }))
    .await;
    let target = PushTarget::new(&url).intervals(Vec::new());
    let push = sandbox.push(Vendor::Linkbest, &target, "created", &order);
    assert_eq!(push.await.unwrap()[0].status, Some(401));
}
