//! SHOPLINE: every rule, all customers by cursor, the rate limit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use orders_sandbox::{Sandbox, Vendor};

use crate::support::{Answer, assert_is_truth, http, send};

const TYPE: &str = "application/json; charset=utf-8";

pub(crate) async fn unlimited(orders: usize) -> Sandbox {
    Sandbox::builder()
        .orders(orders)
        .shopline_rate_limit(None)
        .start()
        .await
        .unwrap()
}

fn url(sandbox: &Sandbox, customer: &str, query: &str) -> String {
    format!(
        "{}admin/openapi/v20260301/customers/{customer}/orders.json{query}",
        sandbox.shopline_base_url()
    )
}

pub(crate) async fn get(sandbox: &Sandbox, url: &str) -> Answer {
    let request = http().get(url).header("Content-Type", TYPE);
    let answer = send(request.bearer_auth(sandbox.shopline_access_token())).await;
    let trace = answer.headers.get("traceid").unwrap().to_str().unwrap();
    assert_eq!(trace.len(), 32);
    answer
}

async fn ask(sandbox: &Sandbox, customer: &str, query: &str) -> Answer {
    get(sandbox, &url(sandbox, customer, query)).await
}

/// The entries of the `link` header by their `rel`.
pub(crate) fn links(answer: &Answer) -> BTreeMap<String, String> {
    let Some(link) = answer.headers.get("link") else {
        return BTreeMap::new();
    };
    let entries = link.to_str().unwrap().split(", ");
    let entry = |text: &str| {
        let (url, rel) = text
            .strip_prefix('<')
            .unwrap()
            .split_once(">; rel=\"")
            .unwrap();
        (rel.strip_suffix('"').unwrap().to_owned(), url.to_owned())
    };
    entries.map(entry).collect()
}

/// Every page from this one on, by its `next` links.
async fn follow(sandbox: &Sandbox, first: Answer) -> (Vec<Vec<String>>, Answer) {
    let mut pages = vec![first.raw("list")];
    let mut answer = first;
    while let Some(next) = links(&answer).get("next") {
        answer = get(sandbox, next).await;
        pages.push(answer.raw("list"));
    }
    (pages, answer)
}

#[tokio::test]
async fn all_customers_are_the_truth() {
    let sandbox = unlimited(150).await;
    let customers = sandbox.shopline_customers();
    assert!(customers.len() > 5);
    let mut pulled = Vec::new();
    for customer in &customers {
        let first = ask(&sandbox, customer, "?status=any&limit=4").await;
        assert_eq!(first.status, 200);
        pulled.extend(follow(&sandbox, first).await.0.into_iter().flatten());
    }
    assert_is_truth(&sandbox, Vendor::Shopline, pulled);
}

#[tokio::test]
async fn links_lead_there_and_back() {
    let sandbox = unlimited(120).await;
    let customer = &sandbox.shopline_customers()[0];
    let first = ask(&sandbox, customer, "?status=any&limit=5").await;
    assert_eq!(links(&first).keys().collect::<Vec<_>>(), ["next"]);
    let base = sandbox.shopline_base_url();
    let next = &links(&first)["next"];
    let path = format!(
        "{base}admin/openapi/v20260301/customers/{customer}/orders.json?limit=5&page_info="
    );
    assert!(next.starts_with(&path), "{next}");
    assert!(
        !next.contains("status"),
        "the token keeps the filters: {next}"
    );

    let (pages, mut answer) = follow(&sandbox, first).await;
    assert!(pages.len() > 3);
    assert_eq!(
        links(&answer).keys().collect::<Vec<_>>(),
        ["previous"],
        "the last page has only the way back"
    );
    for page in pages.iter().rev().skip(1) {
        answer = get(&sandbox, &links(&answer)["previous"]).await;
        assert_eq!(&answer.raw("list"), page);
    }
    let text = ask(&sandbox, customer, "?status=any&limit=5").await;
    let second = get(&sandbox, &links(&text)["next"]).await;
    let header = second.headers["link"].to_str().unwrap();
    assert!(header.find("rel=\"next\"").unwrap() < header.find("rel=\"previous\"").unwrap());
}

#[tokio::test]
async fn the_token_keeps_its_filters_and_ignores_others() {
    let sandbox = unlimited(300).await;
    let customer = &sandbox.shopline_customers()[0];
    let first = ask(&sandbox, customer, "?status=cancelled&limit=2").await;
    let next = links(&first)["next"].clone();
    let plain = get(&sandbox, &next).await.raw("list");
    let ignored = get(&sandbox, &format!("{next}&status=nonsense&since_id=x"))
        .await
        .raw("list");
    assert_eq!(plain, ignored);
    assert!(
        plain
            .iter()
            .all(|order| order.contains("\"cancelled_at\":\""))
    );
    let more = get(&sandbox, &next.replace("limit=2", "limit=3")).await;
    assert_eq!(more.raw("list").len(), 3, "limit counts beside a token");
    assert!(links(&more)["next"].contains("limit=3"));

    let (pages, _) = follow(&sandbox, first).await;
    let all = ask(&sandbox, customer, "?status=cancelled&limit=100")
        .await
        .raw("list");
    assert_eq!(pages.concat(), all);
    let token = &next[next.find("page_info=").unwrap()..];
    let other = &sandbox.shopline_customers()[1];
    assert_eq!(
        ask(&sandbox, other, &format!("?{token}")).await.status,
        422,
        "another customer's token"
    );
}

#[tokio::test]
async fn only_any_includes_archived_orders() {
    let sandbox = unlimited(400).await;
    let customer = &sandbox.shopline_customers()[0];
    let all = ask(&sandbox, customer, "?status=any&limit=100").await;
    let hidden = |order: &String| order.contains("\"hidden_order\":true");
    let cancelled = |order: &String| !order.contains("\"cancelled_at\":null");
    let (mut any, mut rest) = (follow(&sandbox, all).await.0.concat(), Vec::new());
    assert!(any.iter().any(|order| hidden(order) && cancelled(order)));
    any.retain(|order| !hidden(order));
    for status in ["open", "cancelled"] {
        let first = ask(&sandbox, customer, &format!("?status={status}&limit=100")).await;
        let orders = follow(&sandbox, first).await.0.concat();
        assert!(
            orders
                .iter()
                .all(|order| cancelled(order) == (status == "cancelled"))
        );
        rest.extend(orders);
    }
    any.sort_unstable();
    rest.sort_unstable();
    assert_eq!(any, rest);
}

#[tokio::test]
async fn limit_and_since_id() {
    let sandbox = unlimited(400).await;
    let customer = &sandbox.shopline_customers()[0];
    let by_default = ask(&sandbox, customer, "?status=any").await.raw("list");
    assert_eq!(by_default.len(), 50);
    assert_eq!(
        ask(&sandbox, customer, "?status=any&limit=100&fields=id")
            .await
            .raw("list")[..50],
        by_default
    );
    let id = serde_json::from_str::<serde_json::Value>(&by_default[9]).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let since = ask(
        &sandbox,
        customer,
        &format!("?status=any&limit=5&since_id={id}"),
    )
    .await;
    assert_eq!(since.raw("list"), by_default[10..15]);
    assert!(
        !links(&since).contains_key("previous"),
        "what since_id shut out is not on a page before"
    );
    let numeric = ask(&sandbox, customer, "?status=any&limit=5&since_id=9").await;
    assert_eq!(
        numeric.raw("list"),
        by_default[..5],
        "ids compare as numbers"
    );
}

#[tokio::test]
async fn bad_parameters_are_422() {
    let sandbox = unlimited(20).await;
    let customer = &sandbox.shopline_customers()[0];
    for query in [
        "",
        "?limit=10",
        "?status=",
        "?status=canceled",
        "?status=any&limit=101",
        "?status=any&limit=0",
        "?status=any&limit=ten",
        "?status=any&since_id=abc",
        "?page_info=7B7D",
        "?page_info=eyJzaW5jZUlkIjoiMSJ9",
    ] {
        let answer = ask(&sandbox, customer, query).await;
        assert_eq!(answer.status, 422, "{query}");
        assert!(answer.json()["errors"].is_string(), "{query}");
    }
    let nobody = ask(&sandbox, "1", "?status=any").await;
    assert_eq!(
        (nobody.status, nobody.body.as_str()),
        (200, "{\"list\":[]}")
    );
}

#[tokio::test]
async fn token_content_type_version_and_path() {
    let sandbox = unlimited(20).await;
    let customer = sandbox.shopline_customers()[0].clone();
    let url = url(&sandbox, &customer, "?status=any");
    let token = format!("Bearer {}", sandbox.shopline_access_token());
    let cases = [
        (None, Some(TYPE), 401),
        (Some("Bearer wrong"), Some(TYPE), 401),
        (Some(sandbox.shopline_access_token()), Some(TYPE), 401),
        (Some(token.as_str()), None, 400),
        (Some(token.as_str()), Some("application/json"), 400),
        (
            Some(token.as_str()),
            Some("application/json;charset=UTF-8"),
            200,
        ),
    ];
    for (authorization, content_type, status) in cases {
        let mut request = http().get(&url);
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{authorization:?} {content_type:?}");
        assert!(answer.headers.contains_key("traceid"));
        if status != 200 {
            assert!(answer.json()["errors"].is_string());
        }
    }
    assert_eq!(
        get(&sandbox, &url.replace("v20260301", "v20250901"))
            .await
            .status,
        404,
        "there is no such version"
    );
    assert_eq!(
        get(&sandbox, &url.replace("v20260301", "20260301"))
            .await
            .status,
        404
    );
    assert_eq!(
        get(&sandbox, &url.replace("v20260301", "v20240301"))
            .await
            .status,
        200,
        "deprecated, still answered"
    );
    let without_json = get(&sandbox, &url.replace("orders.json", "orders")).await;
    assert_eq!(
        (
            without_json.status,
            without_json.json()["errors"].is_string()
        ),
        (404, true)
    );
    assert_eq!(send(http().post(&url)).await.status, 405);
}

#[tokio::test]
async fn the_bucket_holds_forty_and_leaks_four_a_second() {
    let time = Arc::new(AtomicI64::new(1_700_000_000_000));
    let clock = Arc::clone(&time);
    let now = move || DateTime::from_timestamp_millis(clock.load(Ordering::SeqCst)).unwrap();
    let sandbox = Sandbox::builder()
        .orders(20)
        .clock(Arc::new(now))
        .start()
        .await
        .unwrap();
    let customer = sandbox.shopline_customers()[0].clone();
    for _ in 0..40 {
        assert_eq!(ask(&sandbox, &customer, "?status=any").await.status, 200);
    }
    let over = ask(&sandbox, &customer, "?status=any").await;
    assert_eq!(
        (over.status, over.body.as_str()),
        (429, "{\"errors\":\"Too many request\"}")
    );
    assert!(!over.headers.contains_key("retry-after"));

    let without_token = send(http().get(url(&sandbox, &customer, "?status=any"))).await;
    assert_eq!(
        without_token.status, 401,
        "a stranger does not fill the store's bucket"
    );
    time.fetch_add(250, Ordering::SeqCst);
    assert_eq!(ask(&sandbox, &customer, "?status=any").await.status, 200);
    assert_eq!(ask(&sandbox, &customer, "?status=any").await.status, 429);
}
