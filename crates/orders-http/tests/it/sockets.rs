use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use orders_core::{Error, ErrorKind};
use orders_http::{ClientOptions, Endpoint, Engine, ReqwestTransport, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::{body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Build, READ, SECRET, WRITE, read, request};

fn options() -> ClientOptions {
    ClientOptions::new().retry(RetryPolicy::default().base(Duration::from_millis(2)))
}

async fn get(engine: &Engine, base: &str) -> Result<String, Error> {
    call(engine, &READ, base).await
}

async fn call(engine: &Engine, endpoint: &Endpoint, base: &str) -> Result<String, Error> {
    let uri = format!("{base}/orders?sign={SECRET}");
    let result = engine.run(endpoint, |_| request(&uri), read).await;
    if let Err(error) = &result {
        assert_no_secret(error);
    }
    result
}

/// Neither the error nor any of its causes shows the query or a header of the request.
fn assert_no_secret(error: &Error) {
    let mut all = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        all.push_str(&format!(" {inner} {inner:?}"));
        cause = inner.source();
    }
    assert!(!all.contains(SECRET), "{all}");
}

/// A server that treats its connections by hand; `n` counts them from 0.
async fn serve<F>(
    treat: impl Fn(usize, TcpStream) -> F + Send + 'static,
) -> (String, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            treat(count.fetch_add(1, Ordering::SeqCst), stream).await;
        }
    });
    (base, connections)
}

async fn read_request(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        seen.push(stream.read_u8().await.unwrap());
    }
}

async fn answer(mut stream: TcpStream, text: &str) {
    read_request(&mut stream).await;
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_request_arrives_as_built_and_its_answer_as_sent() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(201)
        .insert_header("traceid", "6a98")
        .set_body_bytes(vec![0, 159, 255]);
    Mock::given(method("POST"))
        .and(path("/orders/a%2Fb"))
        .and(query_param("q", "a b"))
        .and(header("authorization", "Bearer t"))
        .and(header("user-agent", "shop/2"))
        .and(body_string(r#"{"a":1}"#))
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;
    let engine = options()
        .user_agent("shop/2")
        .build_at(&server.uri())
        .unwrap();
    let build = |_| {
        let request = http::Request::post(format!("{}/orders/a%2Fb?q=a%20b", server.uri()))
            .header("authorization", "Bearer t");
        Ok(request.body(r#"{"a":1}"#.into()).unwrap())
    };
    let read = |reply: &orders_http::Reply| {
        assert_eq!(reply.status(), 201);
        assert_eq!(reply.trace_id(), Some("6a98"));
        Ok(reply.body().to_vec())
    };
    assert_eq!(
        engine.run(&WRITE, build, read).await.unwrap(),
        [0, 159, 255]
    );
}

#[tokio::test]
async fn a_redirect_to_another_host_is_refused_and_no_token_goes_there() {
    let thief = MockServer::start().await;
    Mock::given(path("/orders"))
        .respond_with(ResponseTemplate::new(200))
        .expect(0)
        .mount(&thief)
        .await;
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        let target = format!("{}/orders?token={SECRET}", thief.uri());
        let redirect = ResponseTemplate::new(status).insert_header("location", target.as_str());
        Mock::given(method("GET"))
            .respond_with(redirect)
            .expect(1)
            .mount(&server)
            .await;
        let error = get(&options().build_at(&server.uri()).unwrap(), &server.uri())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Config, Some(status))
        );
        assert_eq!(
            error.message(),
            format!("redirected to {}, not followed", thief.uri())
        );
    }
    assert!(thief.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_announced_body_over_the_cap_is_not_read() {
    let (base, connections) = serve(|_, mut stream| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        // Nothing follows: who reads the body waits until the test fails.
        let _ = stream.read_u8().await;
    })
    .await;
    let engine = options()
        .max_body(1000)
        .attempt_timeout(Duration::from_secs(20))
        .build_at(&base)
        .unwrap();
    let error = get(&engine, &base).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(
        error.message(),
        "the body has 10000000000 bytes, more than the cap of 1000 bytes"
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_cap() {
    let (base, connections) = serve(|_, mut stream| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
        // Ends when the client hangs up.
        while stream.write_all(chunk.as_bytes()).await.is_ok() {}
    })
    .await;
    let engine = options().max_body(100_000).build_at(&base).unwrap();
    let error = get(&engine, &base).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1));
    assert_eq!(
        error.message(),
        "the body is larger than the cap of 100000 bytes"
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_body_of_exactly_the_cap_is_whole() {
    let server = MockServer::start().await;
    let body = ResponseTemplate::new(200).set_body_string("a".repeat(1000));
    Mock::given(method("GET"))
        .respond_with(body)
        .mount(&server)
        .await;
    let engine = options().max_body(1000).build_at(&server.uri()).unwrap();
    assert_eq!(get(&engine, &server.uri()).await.unwrap().len(), 1000);
}

#[tokio::test]
async fn a_cut_body_is_never_taken_for_a_whole_one() {
    const CUT: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{\"id\":1}";
    const CUT_CHUNKS: &str =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n[{\"id\":1}\r\n";
    const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
    let (base, _) =
        serve(|n, stream| answer(stream, [CUT, CUT_CHUNKS, WHOLE, CUT][n.min(3)])).await;
    assert_eq!(
        get(&options().build_at(&base).unwrap(), &base)
            .await
            .unwrap(),
        "[]"
    );

    let once = options()
        .retry(RetryPolicy::none())
        .build_at(&base)
        .unwrap();
    let error = get(&once, &base).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(
        error.message().starts_with("the connection broke"),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_that_is_reset_is_made_again_for_reads_only() {
    // Closing with the request unread resets the connection.
    let (base, connections) = serve(|n, stream| async move {
        match n {
            0 | 2 => drop(stream),
            _ => answer(stream, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndata").await,
        }
    })
    .await;
    let engine = options().build_at(&base).unwrap();
    assert_eq!(get(&engine, &base).await.unwrap(), "data");
    assert_eq!(connections.load(Ordering::SeqCst), 2);

    let error = call(&engine, &WRITE, &base).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert!(!error.is_retryable());
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn where_nobody_listens_every_call_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = call(&options().build_at(&base).unwrap(), &WRITE, &base)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 4));
    assert!(
        error.message().starts_with("could not connect: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_silent_server_runs_into_the_attempt_timeout() {
    let (base, _) = serve(|_, mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.read_u8().await;
    })
    .await;
    let engine = options()
        .attempt_timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none())
        .build_at(&base)
        .unwrap();
    let error = get(&engine, &base).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_web_page_with_200_is_for_read_to_refuse() {
    let server = MockServer::start().await;
    let page = "<!DOCTYPE html><html><head><title>Log in</title></head></html>";
    let page = ResponseTemplate::new(200).set_body_raw(page, "text/html");
    Mock::given(method("GET"))
        .respond_with(page)
        .expect(1)
        .mount(&server)
        .await;
    let error = get(&options().build_at(&server.uri()).unwrap(), &server.uri())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Decode, Some(200))
    );
    assert_eq!(error.excerpt(), Some(r#"an HTML page titled "Log in""#));
}

#[tokio::test]
async fn a_header_that_is_folded_over_lines_is_read_as_one() {
    let folded = "HTTP/1.1 200 OK\r\nlink: <https://a.example/?p=1>; rel=\"previous\",\r\n \
                  <https://a.example/?p=2>; rel=\"next\"\r\ncontent-length: 2\r\n\r\n{}";
    let (base, _) = serve(move |_, stream| answer(stream, folded)).await;
    let engine = options().build_at(&base).unwrap();
    let uri = format!("{base}/orders");
    let link = |reply: &orders_http::Reply| Ok(reply.header("link").map(str::to_owned));
    let link = engine.run(&READ, |_| request(&uri), link).await.unwrap();
    let entries = link.unwrap();
    assert!(
        entries.contains("p=1") && entries.contains("p=2"),
        "{entries}"
    );
}

#[tokio::test]
async fn what_is_no_http_is_an_error_without_the_address() {
    let (base, _) = serve(|_, stream| answer(stream, "SSH-2.0-OpenSSH_9.9\r\n\r\n")).await;
    let once = options()
        .retry(RetryPolicy::none())
        .build_at(&base)
        .unwrap();
    let error = get(&once, &base).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn requests_go_through_a_named_proxy() {
    let proxy = MockServer::start().await;
    Mock::given(header("host", "acme.example"))
        .and(path("/orders"))
        .respond_with(ResponseTemplate::new(200).set_body_string("by proxy"))
        .expect(1)
        .mount(&proxy)
        .await;
    let transport = ReqwestTransport::builder()
        .proxy(proxy.uri())
        .build()
        .unwrap();
    let engine = options()
        .transport(Arc::new(transport))
        .allow_plain_http(true)
        .build_at("http://acme.example")
        .unwrap();
    assert_eq!(
        get(&engine, "http://acme.example").await.unwrap(),
        "by proxy"
    );

    let error = ReqwestTransport::builder()
        .proxy("no address")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_client_of_ones_own_sends_too() {
    let server = MockServer::start().await;
    Mock::given(header("x-own", "1"))
        .respond_with(ResponseTemplate::new(200).set_body_string("by own client"))
        .expect(1)
        .mount(&server)
        .await;
    let headers = [(
        http::HeaderName::from_static("x-own"),
        http::HeaderValue::from_static("1"),
    )];
    let client = reqwest::Client::builder()
        .no_proxy()
        .default_headers(headers.into_iter().collect())
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let engine = options()
        .transport(Arc::new(ReqwestTransport::from_client(client)))
        .build_at(&server.uri())
        .unwrap();
    assert_eq!(get(&engine, &server.uri()).await.unwrap(), "by own client");
}

#[test]
fn certificates_that_cannot_be_read_are_refused() {
    let pem = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for builder in [
        ReqwestTransport::builder().root_certificates("no certificate"),
        ReqwestTransport::builder().root_certificates(pem),
        ReqwestTransport::builder().client_certificate(pem, "no key"),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
}
