//! The sandbox itself: start, stop, log.

use orders_sandbox::{Sandbox, Vendor};

use crate::support::{http, now_ms, send};

#[tokio::test]
async fn records_what_it_was_asked() {
    let sandbox = Sandbox::builder().orders(20).start().await.unwrap();
    let orders = format!("{}order?pageNum=1", sandbox.clink_base_url());
    let clink = http()
        .get(&orders)
        .header("X-API-KEY", sandbox.clink_api_key());
    send(clink.header("X-Timestamp", now_ms().to_string())).await;
    send(http().get(&orders)).await;
    send(http().get(format!(
        "{}admin/openapi/v20260301/customers/7/orders.json",
        sandbox.shopline_base_url()
    )))
    .await;
    send(http().post(format!("{}77/some.service", sandbox.linkbest_base_url()))).await;
    let nobody = send(http().get(format!("http://{}/elsewhere", sandbox.address()))).await;
    assert_eq!(nobody.status, 404);

    let seen: Vec<_> = sandbox
        .requests()
        .into_iter()
        .map(|request| {
            (
                request.vendor,
                request.method,
                request.route,
                request.status,
            )
        })
        .collect();
    let line = |vendor, method: &str, route: &str, status| {
        (vendor, method.to_owned(), route.to_owned(), status)
    };
    let shopline = "/shopline/admin/openapi/{version}/customers/{id}/orders.json";
    assert_eq!(
        seen,
        [
            line(Some(Vendor::Clink), "GET", "/clink/api/order", 200),
            line(Some(Vendor::Clink), "GET", "/clink/api/order", 401),
            line(Some(Vendor::Shopline), "GET", shopline, 401),
            line(
                Some(Vendor::Linkbest),
                "POST",
                "/linkbest/{app_key}/{service}",
                404
            ),
            line(None, "GET", "/elsewhere", 404),
        ]
    );
    assert_eq!(
        sandbox.requests()[2].path,
        "/shopline/admin/openapi/v20260301/customers/7/orders.json"
    );
}

#[tokio::test]
async fn several_run_beside_each_other_and_stop() {
    let (one, two) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    assert_ne!(one.address(), two.address());
    assert!(one.address().ip().is_loopback());
    let taken = Sandbox::builder().port(two.address().port()).start().await;
    assert!(taken.is_err(), "a port that is taken is an error");

    let address = one.address();
    one.shutdown().await;
    assert!(
        http()
            .get(format!("http://{address}/"))
            .send()
            .await
            .is_err()
    );
    let again = Sandbox::builder()
        .port(address.port())
        .start()
        .await
        .unwrap();
    assert_eq!(again.address(), address);
}

#[tokio::test]
async fn dropping_stops_the_server() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.address();
    drop(sandbox);
    for _ in 0..1000 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("still listening");
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let text = format!(
        "{sandbox:?} {:?} {:?}",
        Sandbox::builder(),
        sandbox.requests()
    );
    for secret in [
        sandbox.clink_api_key(),
        sandbox.linkbest_app_secret(),
        sandbox.shopline_access_token(),
    ] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn an_empty_sandbox_answers() {
    let sandbox = Sandbox::builder().orders(0).start().await.unwrap();
    assert!(
        Vendor::ALL
            .into_iter()
            .all(|vendor| sandbox.truth(vendor).is_empty())
    );
    assert!(sandbox.shopline_customers().is_empty());
    let clink = http()
        .get(format!("{}order", sandbox.clink_base_url()))
        .header("X-API-KEY", sandbox.clink_api_key());
    let answer = send(clink.header("X-Timestamp", now_ms().to_string())).await;
    assert_eq!(
        answer.body,
        "{\"total\":0,\"rows\":[],\"code\":200,\"msg\":\"success\"}"
    );
    let one = Sandbox::builder().orders(1).start().await.unwrap();
    assert!(
        Vendor::ALL
            .into_iter()
            .all(|vendor| one.truth(vendor).len() == 1)
    );
    assert_eq!(one.shopline_customers().len(), 1);
}

#[tokio::test]
async fn answers_only_to_the_names_of_this_machine() {
    let sandbox = Sandbox::builder().orders(3).start().await.unwrap();
    let url = format!("http://{}/_sandbox/truth", sandbox.address());
    let port = sandbox.address().port();
    for (header, value, status) in [
        ("host", "evil.example".to_owned(), 421),
        ("host", format!("evil.example:{port}"), 421),
        ("host", format!("127.0.0.1.evil.example:{port}"), 421),
        ("host", format!("localhost@evil.example:{port}"), 421),
        ("host", format!("localhost:{port}"), 200),
        ("host", format!("127.0.0.7:{port}"), 200),
        ("host", "[::1]".to_owned(), 200),
        ("origin", "https://evil.example".to_owned(), 403),
        ("origin", "null".to_owned(), 403),
        ("origin", format!("http://localhost:{port}"), 200),
    ] {
        let answer = send(http().get(&url).header(header, &value)).await;
        assert_eq!(answer.status, status, "{header}: {value}");
        assert_eq!(answer.body.lines().count() > 1, status == 200, "{value}");
    }
    // What is refused reaches nobody: a page cannot make the sandbox send pushes.
    let push = http()
        .post(format!("http://{}/_sandbox/create", sandbox.address()))
        .header("host", "evil.example")
        .header("content-type", "application/json");
    let answer = send(push.body(r#"{"vendor":"clink"}"#)).await;
    assert_eq!((answer.status, sandbox.count(Vendor::Clink)), (421, 3));
}
