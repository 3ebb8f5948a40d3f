//! The examples, run against the sandbox over loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use clink_api::webhooks::Push;
use clink_api::{Client, ClientBuilder, ListOrders};
use orders_sandbox::{PushTarget, Sandbox, Vendor};

#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/list.rs"]
mod list;
#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/memory_transport.rs"]
mod memory_transport;
#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/own_transport.rs"]
mod own_transport;
#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/resume.rs"]
mod resume;
#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/webhook.rs"]
mod webhook;

/// A sandbox with orders of five pages.
async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::builder().seed(7).orders(230);
    sandbox.small(true).start().await.unwrap()
}

fn builder(sandbox: &Sandbox) -> ClientBuilder {
    Client::builder(sandbox.clink_api_key()).base_url(sandbox.clink_base_url())
}

#[tokio::test]
async fn list() {
    let sandbox = sandbox().await;
    assert_eq!(list::run(builder(&sandbox)).await.unwrap(), 230);
}

#[tokio::test]
async fn resume() {
    let sandbox = sandbox().await;
    let client = builder(&sandbox).build().unwrap();
    let mut orders = client.stream_orders(&ListOrders::new());
    let mut expected = Vec::new();
    while let Some(order) = orders.next().await {
        expected.extend(order.unwrap().order_id.clone());
    }
    assert_eq!(expected.len(), 230);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("position.json");
    let mut read = Vec::new();
    loop {
        // A new client each time, as in another process; 60 ends within a page.
        let more = resume::run(builder(&sandbox), &file, 60).await.unwrap();
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
    let id = sandbox.truth(Vendor::Clink)[0].id.clone();
    let (order, requests) = own_transport::run(builder(&sandbox), &id).await.unwrap();
    assert_eq!((order.order_id.as_ref(), requests), (Some(&id), 1));
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

/// Sends a push; the first line of the answer.
async fn post(url: &str, push: Push) -> String {
    let address = url.replace("http://", "").replace("/hook", "");
    let sent = move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        let length = push.body.len();
        write!(stream, "POST /hook HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n").unwrap();
        for (name, value) in push.headers {
            write!(stream, "{name}: {value}\r\n").unwrap();
        }
        stream.write_all(b"\r\n").unwrap();
        stream.write_all(&push.body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    };
    tokio::task::spawn_blocking(sent).await.unwrap()
}

#[tokio::test]
async fn webhook() {
    let sandbox = sandbox().await;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let events = Arc::clone(&kept);
    let url = serve(webhook::app(sandbox.clink_webhook_secret(), move |push| {
        let kept = match push {
            Ok(event) => event.name.as_str().to_owned(),
            Err(body) => format!("unread: {}", body.len()),
        };
        events.lock().unwrap().push(kept);
    }))
    .await;
    let order = sandbox.truth(Vendor::Clink)[0].id.clone();
    let target = PushTarget::new(&url).intervals(Vec::new());
    let push = sandbox.push(Vendor::Clink, &target, "order.succeeded", &order);
    assert_eq!(push.await.unwrap()[0].status, Some(200));
    let unreadable = Push::sign(
        sandbox.clink_webhook_secret(),
        SystemTime::now().into(),
        "[]",
    );
    assert_eq!(post(&url, unreadable).await, "HTTP/1.1 200 OK");
    assert_eq!(*kept.lock().unwrap(), ["order.succeeded", "unread: 2"]);

    let url = serve(webhook::app("whsec_another", |_| panic!("it was verified"))).await;
    let target = PushTarget::new(&url).intervals(Vec::new());
    let push = sandbox.push(Vendor::Clink, &target, "order.succeeded", &order);
    assert_eq!(push.await.unwrap()[0].status, Some(401));
}
