//! SHOPLINE: tokens made and refreshed by signed calls, their ends, and scopes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta};
use orders_sandbox::Sandbox;
use serde_json::Value;

use crate::shopline::unlimited;
use crate::support::{Answer, http, now_ms, send};

fn sign(secret: &str, text: &str) -> String {
    let mac = hmac_sha256::HMAC::mac(text, secret);
    mac.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn call(sandbox: &Sandbox, which: &str, body: &str, timestamp: &str) -> Answer {
    let signature = sign(sandbox.shopline_app_secret(), &format!("{body}{timestamp}"));
    let key = sandbox.shopline_app_key();
    signed(sandbox, which, body, (key, timestamp, &signature)).await
}

async fn signed(
    sandbox: &Sandbox,
    which: &str,
    body: &str,
    (key, timestamp, signature): (&str, &str, &str),
) -> Answer {
    let url = format!("{}admin/oauth/token/{which}", sandbox.shopline_base_url());
    let request = http()
        .post(url)
        .header("appkey", key)
        .header("timestamp", timestamp)
        .header("sign", signature);
    send(request.body(body.to_owned())).await
}

async fn create(sandbox: &Sandbox) -> Value {
    let body = format!("{{\"code\":\"{}\"}}", sandbox.shopline_code());
    let answer = call(sandbox, "create", &body, &now_ms().to_string()).await;
    token_of(&answer)
}

fn token_of(answer: &Answer) -> Value {
    let value = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(value["code"], 200, "{}", answer.body);
    assert_eq!(value["i18nCode"], "SUCCESS");
    value["data"].clone()
}

async fn status(sandbox: &Sandbox, token: &Value, path: &str) -> u16 {
    let url = format!(
        "{}admin/openapi/v20260301/{path}",
        sandbox.shopline_base_url()
    );
    let request = http()
        .get(url)
        .bearer_auth(token.as_str().unwrap())
        .header("Content-Type", "application/json; charset=utf-8");
    send(request).await.status
}

#[tokio::test]
async fn a_code_buys_one_token_of_ten_hours() {
    let sandbox = unlimited(5).await;
    let before = now_ms();
    let data = create(&sandbox).await;
    assert_eq!(data["scope"], "read_customers,read_orders,read_payment");
    let text = data["expireTime"].as_str().unwrap();
    assert!(text.ends_with("+00:00") && text.len() == "2025-10-20T19:18:08.465+00:00".len());
    let expires = DateTime::parse_from_rfc3339(text).unwrap();
    assert!((expires.timestamp_millis() - before - 36_000_000).abs() < 60_000);
    let token = &data["accessToken"];
    assert_eq!(status(&sandbox, token, "orders.json").await, 200);

    let code = sandbox.shopline_code();
    let body = format!("{{\"code\":\"{code}\"}}");
    let now = now_ms().to_string();
    token_of(&call(&sandbox, "create", &body, &now).await);
    for body in [body.as_str(), "{\"code\":\"x\"}", "{}", ""] {
        let answer = call(&sandbox, "create", body, &now).await;
        assert_eq!(answer.status, 200, "failures are HTTP 200 too");
        assert_eq!(answer.json()["i18nCode"], "OAUTH_CODE_INVALID", "{body}");
        assert_ne!(answer.json()["code"], 200);
        assert_eq!(answer.json()["data"], Value::Null);
    }
    let late = format!("{{\"code\":\"{}\"}}", sandbox.shopline_code());
    sandbox.advance(TimeDelta::minutes(11));
    let late = call(&sandbox, "create", &late, &now).await;
    assert_eq!(late.json()["i18nCode"], "OAUTH_CODE_INVALID");
}

#[tokio::test]
async fn the_old_token_lives_five_minutes_more() {
    let sandbox = unlimited(5).await;
    let old = create(&sandbox).await["accessToken"].clone();
    sandbox.advance(TimeDelta::hours(9));
    let answer = call(&sandbox, "refresh", "", &now_ms().to_string()).await;
    let data = token_of(&answer);
    let new = &data["accessToken"];
    assert_ne!(*new, old);
    // By the caller's clock, which knows nothing of the nine hours.
    let expires = DateTime::parse_from_rfc3339(data["expireTime"].as_str().unwrap()).unwrap();
    assert!((expires.timestamp_millis() - now_ms() - 36_000_000).abs() < 60_000);

    assert_eq!(status(&sandbox, &old, "orders.json").await, 200);
    sandbox.advance(TimeDelta::seconds(299));
    assert_eq!(status(&sandbox, &old, "orders.json").await, 200);
    sandbox.advance(TimeDelta::seconds(2));
    assert_eq!(status(&sandbox, &old, "orders.json").await, 401);
    assert_eq!(status(&sandbox, new, "orders.json").await, 200);
    sandbox.advance(TimeDelta::hours(10));
    assert_eq!(status(&sandbox, new, "orders.json").await, 401);
    let private = Value::from(sandbox.shopline_access_token());
    assert_eq!(status(&sandbox, &private, "orders.json").await, 200);
    sandbox.expire_shopline_tokens();
    assert_eq!(status(&sandbox, &private, "orders.json").await, 401);
    let fresh = call(&sandbox, "refresh", "", &now_ms().to_string()).await;
    assert_eq!(
        status(&sandbox, &token_of(&fresh)["accessToken"], "orders.json").await,
        200
    );
}

#[tokio::test]
async fn tokens_age_by_the_clock() {
    let time = Arc::new(AtomicI64::new(1_800_000_000_000));
    let source = Arc::clone(&time);
    let clock = move || DateTime::from_timestamp_millis(source.load(Ordering::SeqCst)).unwrap();
    let sandbox = Sandbox::builder()
        .clock(Arc::new(clock))
        .start()
        .await
        .unwrap();
    let body = format!("{{\"code\":\"{}\"}}", sandbox.shopline_code());
    let answer = call(&sandbox, "create", &body, "1800000000000").await;
    let data = token_of(&answer);
    assert_eq!(data["expireTime"], "2027-01-15T18:00:00.000+00:00");
    let token = &data["accessToken"];
    time.fetch_add(36_000_000 - 1, Ordering::SeqCst);
    assert_eq!(status(&sandbox, token, "orders.json").await, 200);
    time.fetch_add(1, Ordering::SeqCst);
    assert_eq!(status(&sandbox, token, "orders.json").await, 401);
}

#[tokio::test]
async fn calls_must_be_signed_and_fresh() {
    let sandbox = unlimited(5).await;
    let (key, secret) = (sandbox.shopline_app_key(), sandbox.shopline_app_secret());
    let now = now_ms();
    let text = now.to_string();
    let good = sign(secret, &text);
    assert_eq!(
        signed(&sandbox, "refresh", "", (key, &text, &good))
            .await
            .json()["code"],
        200
    );
    let stale = (now - 11 * 60_000).to_string();
    let early = (now + 11 * 60_000).to_string();
    let cases = [
        ("wrong", text.as_str(), good.clone(), "APP_KEY_INVALID"),
        (key, &text, sign("other", &text), "SIGN_INVALID"),
        (key, &text, good.to_uppercase(), "SIGN_INVALID"),
        (key, &text, String::new(), "SIGN_INVALID"),
        (
            key,
            &text,
            sign(secret, &format!("{{}}{text}")),
            "SIGN_INVALID",
        ),
        (key, &stale, sign(secret, &stale), "TIMESTAMP_INVALID"),
        (key, &early, sign(secret, &early), "TIMESTAMP_INVALID"),
        (key, "now", sign(secret, "now"), "TIMESTAMP_INVALID"),
    ];
    for (key, timestamp, signature, name) in cases {
        let answer = signed(&sandbox, "refresh", "", (key, timestamp, &signature)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["i18nCode"], name, "{timestamp} {signature}");
        assert_ne!(answer.json()["code"], 200);
    }
    let nine = (now - 9 * 60_000).to_string();
    token_of(&call(&sandbox, "refresh", "", &nine).await);
    let url = format!("{}admin/oauth/token/refresh", sandbox.shopline_base_url());
    assert_eq!(send(http().get(url)).await.status, 405);
}

#[tokio::test]
async fn a_scope_that_is_missing_is_403() {
    let start = async |scopes: &[&str]| {
        let builder = Sandbox::builder()
            .orders(5)
            .shopline_scopes(scopes.iter().copied());
        builder.start().await.unwrap()
    };
    let orders = [
        "orders.json",
        "orders/count.json",
        "orders/1/refunds.json",
        "orders/1/fulfillments.json",
        "orders/1/transactions.json",
    ];
    let customers = ["v2/customers.json", "customers/1/orders.json?status=any"];
    for (scope, refused) in [
        ("read_customers", &orders[..]),
        ("read_orders", &customers[..]),
    ] {
        let sandbox = start(&[scope]).await;
        for path in orders.iter().chain(&customers) {
            let url = format!(
                "{}admin/openapi/v20260301/{path}",
                sandbox.shopline_base_url()
            );
            let request = http()
                .get(url)
                .bearer_auth(sandbox.shopline_access_token())
                .header("Content-Type", "application/json; charset=utf-8");
            let answer = send(request).await;
            assert_eq!(
                answer.status == 403,
                refused.contains(path),
                "{scope} {path}"
            );
            if answer.status == 403 {
                let text = answer.json()["errors"].as_str().unwrap().to_owned();
                assert!(!text.contains("read_"), "names no scope: {text}");
            }
        }
        assert_eq!(create(&sandbox).await["scope"], scope);
    }
}
