//! Each client names its own crate to the vendor.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use clink_api::http::ClientOptions;
use orders_core::OrderRef;
use orders_core::OrderSource;

/// Answers one request with 404, and gives its `User-Agent`.
fn listen() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let agent = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        let head = reader.lines().map(Result::unwrap);
        let head: Vec<String> = head.take_while(|line| !line.is_empty()).collect();
        let answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).unwrap();
        let agent = head.iter().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("user-agent").then_some(value)
        });
        agent.unwrap_or_default().to_owned()
    });
    (base, agent)
}

async fn seen(source: impl OrderSource, agent: JoinHandle<String>) -> String {
    let reference = OrderRef::new("1").with_number("1").with_program("1");
    source.fetch(&reference).await.unwrap_err();
    agent.join().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_names_its_crate_and_version_or_what_it_is_given() {
    // Not that of `orders-http`; the version is the crate's own.
    let names = |agent: &str, name: &str| {
        let version = agent
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('/'));
        version.is_some_and(|version| version.split('.').count() == 3)
    };
    let (base, agent) = listen();
    let clink = clink_api::Client::builder("key").base_url(&base).build();
    let agent = seen(clink.unwrap(), agent).await;
    assert!(names(&agent, "clink-api"), "{agent}");

    let (base, agent) = listen();
    let linkbest = linkbest_api::Client::builder("key", "secret").base_url(&base);
    let linkbest = linkbest.build().unwrap();
    let agent = seen(linkbest, agent).await;
    assert!(names(&agent, "linkbest-api"), "{agent}");

    let (base, agent) = listen();
    let shopline = shopline_api::Client::builder("tea", "token").base_url(&base);
    let shopline = shopline.build().unwrap();
    let agent = seen(shopline, agent).await;
    assert!(names(&agent, "shopline-api"), "{agent}");

    let (base, agent) = listen();
    let own = ClientOptions::new().user_agent("my-shop/2");
    let own = clink_api::Client::builder("key")
        .base_url(&base)
        .options(own);
    assert_eq!(seen(own.build().unwrap(), agent).await, "my-shop/2");
}
