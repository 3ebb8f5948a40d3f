//! Requests without a socket.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_sandbox::{Fault, FaultRule, Race, RaceRule, Sandbox, Vendor};

use crate::support::{http, now_ms, send};

fn request(sandbox: &Sandbox, path: &str, time: i64) -> Request<Bytes> {
    Request::get(format!("{}{path}", sandbox.clink_base_url()))
        .header("X-API-KEY", sandbox.clink_api_key())
        .header("X-Timestamp", time.to_string())
        .body(Bytes::new())
        .unwrap()
}

#[tokio::test]
async fn the_same_answers_as_over_a_socket() {
    let sandbox = Sandbox::builder().orders(120).start().await.unwrap();
    let here = sandbox
        .handle(request(&sandbox, "order?pageNum=2", now_ms()))
        .await
        .unwrap();
    let url = format!("{}order?pageNum=2", sandbox.clink_base_url());
    let there = http().get(url).header("X-API-KEY", sandbox.clink_api_key());
    let there = send(there.header("X-Timestamp", now_ms().to_string())).await;
    assert_eq!(
        (here.status().as_u16(), here.body().as_ref()),
        (200, there.body.as_bytes())
    );
    assert_eq!(here.headers()["content-type"], there.content_type.as_str());
    let requests = sandbox.requests();
    assert_eq!(requests[0], requests[1]);

    let customer = &sandbox.shopline_customers()[0];
    let base = sandbox.shopline_base_url();
    let list = format!("{base}admin/openapi/v20260301/customers/{customer}/orders.json");
    let request = Request::get(format!("{list}?status=any&limit=1"))
        .header("Content-Type", "application/json; charset=utf-8")
        .header(
            "Authorization",
            format!("Bearer {}", sandbox.shopline_access_token()),
        );
    let page = sandbox
        .handle(request.body(Bytes::new()).unwrap())
        .await
        .unwrap();
    let link = page.headers()["link"].to_str().unwrap();
    assert!(
        link.starts_with(&format!("<{list}?limit=1&page_info=")),
        "{link}"
    );
    assert!(page.headers().contains_key("traceid"));
}

#[tokio::test]
async fn broken_connections_are_errors() {
    let sandbox = Sandbox::builder().orders(30).start().await.unwrap();
    let ask = async || sandbox.handle(request(&sandbox, "order", now_ms())).await;
    for (fault, kind) in [
        (Fault::Reset, ErrorKind::ConnectionReset),
        (Fault::CutBody, ErrorKind::UnexpectedEof),
    ] {
        sandbox.set_faults(1, vec![FaultRule::new(fault).nth(1)]);
        assert_eq!(ask().await.unwrap_err().kind(), kind);
        assert_eq!(ask().await.unwrap().status(), 200);
    }
    sandbox.set_races(1, vec![RaceRule::new(Race::Insert).times(1)]);
    assert_eq!(sandbox.count(Vendor::Clink), 30);
    ask().await.unwrap();
    assert_eq!(sandbox.count(Vendor::Clink), 31);
}

#[tokio::test]
async fn works_in_paused_time() {
    let start: DateTime<Utc> = "2026-02-01T00:00:00Z".parse().unwrap();
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let clock = Arc::new(move || start + begun.elapsed());
    let sandbox = Sandbox::builder()
        .orders(30)
        .clock(clock)
        .start()
        .await
        .unwrap();
    sandbox.set_faults(
        1,
        vec![FaultRule::new(Fault::Slow(Duration::from_secs(3600))).nth(1)],
    );
    let early = request(&sandbox, "order", start.timestamp_millis());
    let slow = sandbox.handle(early.clone()).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(3600));
    // The hour has passed for the check of the timestamp too.
    assert_eq!(slow.status(), 401);
    assert_eq!(sandbox.handle(early).await.unwrap().status(), 401);
    let now = request(&sandbox, "order", start.timestamp_millis() + 3_600_000);
    assert_eq!(sandbox.handle(now).await.unwrap().status(), 200);
}

#[tokio::test]
async fn many_tasks_can_ask_at_once() {
    let sandbox = Arc::new(Sandbox::builder().orders(30).start().await.unwrap());
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let sandbox = Arc::clone(&sandbox);
            tokio::spawn(async move {
                let request = request(&sandbox, "order", now_ms());
                sandbox.handle(request).await.unwrap().status()
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
    assert_eq!(sandbox.requests().len(), 20);
}

/// Every answer says what time it is at the vendor: by the clock, or by the virtual now for who goes with that.
#[tokio::test]
async fn answers_are_dated() {
    let date = async |sandbox: &Sandbox| {
        let answer = sandbox.handle(request(sandbox, "order", now_ms()));
        let answer = answer.await.unwrap();
        let date = answer.headers()["date"].to_str().unwrap();
        DateTime::parse_from_rfc2822(date).unwrap().to_utc()
    };
    let clock = Arc::new(|| DateTime::<Utc>::from_timestamp(1_700_000_000, 0).unwrap());
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    assert_eq!(date(&sandbox).await.timestamp(), 1_700_000_000);

    let later = |now| now + chrono::TimeDelta::minutes(3);
    let sandbox = Sandbox::builder().date(later).start().await.unwrap();
    sandbox.advance(chrono::TimeDelta::days(2));
    assert_eq!(
        date(&sandbox).await,
        sandbox.virtual_now() + chrono::TimeDelta::minutes(3)
    );
    let url = format!("{}order", sandbox.clink_base_url());
    let there = http().get(url).send().await.unwrap();
    let there = there.headers()["date"].to_str().unwrap().to_owned();
    assert_eq!(
        DateTime::parse_from_rfc2822(&there).unwrap(),
        date(&sandbox).await
    );
}
