//! The examples, run against the sandbox over loopback.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use orders_sandbox::{Change, PushTarget, Sandbox, Vendor};
use shopline_api::webhooks::{Push, Topic};
use shopline_api::{Client, ClientBuilder};

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

/// A sandbox with orders of three pages, and whose client is that of a store on loopback.
async fn sandbox() -> Sandbox {
    let sandbox = Sandbox::builder().seed(7).orders(230);
    sandbox.small(true).start().await.unwrap()
}

fn builder(sandbox: &Sandbox) -> ClientBuilder {
    let (handle, token) = (sandbox.shopline_handle(), sandbox.shopline_access_token());
    Client::builder(handle, token.to_owned()).base_url(sandbox.shopline_base_url())
}

/// The ids of all orders that are not archived, sorted.
async fn listed(sandbox: &Sandbox) -> Vec<String> {
    let client = builder(sandbox).build().unwrap();
    let request = shopline_api::ListOrders::new().status(shopline_api::StatusFilter::Any);
    let mut orders = client.stream_orders(&request);
    let mut ids = Vec::new();
    while let Some(order) = orders.next().await {
        ids.extend(order.unwrap().id.clone());
    }
    ids
}

#[tokio::test]
async fn list() {
    let sandbox = sandbox().await;
    let expected = listed(&sandbox).await.len();
    assert!(expected > 100, "{expected}: one page shows nothing");
    assert_eq!(list::run(builder(&sandbox)).await.unwrap(), expected);
}

#[tokio::test]
async fn resume() {
    let sandbox = sandbox().await;
    let expected = listed(&sandbox).await;
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
    let expected = listed(&sandbox).await.len() as u64;
    let counted = own_transport::run(builder(&sandbox)).await.unwrap();
    assert_eq!(counted, (expected, 1));
}

#[tokio::test(start_paused = true)]
async fn memory_transport() {
    let sum = memory_transport::run().await.unwrap();
    assert_eq!(sum.to_string(), "20.00 USD");
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
    let app = webhook::app(sandbox.shopline_app_secret(), move |push| {
        let kept = match push {
            Ok(event) => event.topic.as_str().to_owned(),
            Err(body) => format!("unread: {}", body.len()),
        };
        events.lock().unwrap().push(kept);
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let target = PushTarget::new(&url);
    sandbox.push_to(Vendor::Shopline, target).unwrap();
    let order = sandbox.create_order(Vendor::Shopline).await;
    let attempts = sandbox
        .change_order(Vendor::Shopline, &order, Change::Pay)
        .await;
    assert!(attempts.unwrap().iter().all(|a| a.status == Some(200)));
    assert!(kept.lock().unwrap().contains(&"orders/paid".to_owned()));
    let unreadable = Push::sign(
        sandbox.shopline_app_secret(),
        Topic::OrdersPaid,
        "hook_1",
        "[]",
    );
    assert_eq!(post(&url, unreadable).await, "HTTP/1.1 200 OK");
    assert!(kept.lock().unwrap().contains(&"unread: 2".to_owned()));

    let wrong = webhook::app("another secret", |_| panic!("it was verified"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let other = tokio::spawn(async move { axum::serve(listener, wrong).await });
    let target = PushTarget::new(&url).intervals(Vec::new());
    let push = sandbox.push(Vendor::Shopline, &target, "orders/paid", &order);
    let refused = push.await.unwrap();
    assert_eq!(refused[0].status, Some(401));
    server.abort();
    other.abort();
}
