//! SHOPLINE: the orders of the whole store, their count, and all customers.

use chrono::{DateTime, FixedOffset};
use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::shopline::{get, links, unlimited};
use crate::support::{Answer, assert_is_truth, http, send};

pub(crate) async fn ask(sandbox: &Sandbox, path: &str) -> Answer {
    let base = sandbox.shopline_base_url();
    get(sandbox, &format!("{base}admin/openapi/v20260601/{path}")).await
}

/// The records of every page.
pub(crate) async fn all(sandbox: &Sandbox, path: &str, key: &str) -> Vec<String> {
    let mut answer = ask(sandbox, path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut found = answer.raw(key);
    while let Some(next) = links(&answer).get("next") {
        answer = get(sandbox, next).await;
        found.extend(answer.raw(key));
    }
    found
}

pub(crate) async fn orders(sandbox: &Sandbox, query: &str) -> Vec<String> {
    all(sandbox, &format!("orders.json?limit=7&{query}"), "orders").await
}

/// The orders of the truth that fit, oldest first.
fn truth(sandbox: &Sandbox, fits: impl Fn(&Value) -> bool) -> Vec<String> {
    let fits = |json: &String| fits(&serde_json::from_str(json).unwrap());
    let truth = sandbox.truth(Vendor::Shopline).into_iter();
    truth.map(|order| order.json).filter(fits).collect()
}

fn time(order: &Value, member: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(order[member].as_str().unwrap()).unwrap()
}

fn is_shown(order: &Value) -> bool {
    order["hidden_order"] == false
}

#[tokio::test]
async fn both_sides_of_hidden_order_are_the_truth() {
    let sandbox = unlimited(150).await;
    let mut found = orders(&sandbox, "").await;
    assert_eq!(found, truth(&sandbox, is_shown), "oldest first");
    found.extend(orders(&sandbox, "hidden_order=true").await);
    assert_is_truth(&sandbox, Vendor::Shopline, found);
}

#[tokio::test]
async fn every_filter_narrows_list_and_count() {
    let sandbox = unlimited(200).await;
    let buyer = sandbox.shopline_customers()[0].clone();
    let sample = truth(&sandbox, is_shown);
    let sample: Value = serde_json::from_str(&sample[60]).unwrap();
    let (mail, name) = (sample["email"].as_str().unwrap(), &sample["name"]);
    let (created, updated) = (time(&sample, "created_at"), time(&sample, "updated_at"));
    let at = |time: DateTime<FixedOffset>| time.to_rfc3339().replace('+', "%2B");
    let ids: Vec<_> = sandbox.truth(Vendor::Shopline)[20..40]
        .iter()
        .map(|order| order.id.clone())
        .collect();
    let is = |member: &'static str, value: &str| {
        let value = json!(value);
        Box::new(move |order: &Value| order[member] == value)
    };
    let one_of = |member: &'static str, values: [&'static str; 2]| {
        Box::new(move |order: &Value| values.contains(&order[member].as_str().unwrap()))
    };
    type Fits = Box<dyn Fn(&Value) -> bool>;
    let known = ids.clone();
    let cases: Vec<(String, Fits)> = vec![
        (String::new(), Box::new(|_| true)),
        ("status=any".to_owned(), Box::new(|_| true)),
        (
            "status=open".to_owned(),
            Box::new(|order| order["cancelled_at"].is_null()),
        ),
        (
            "status=cancelled".to_owned(),
            Box::new(|order| !order["cancelled_at"].is_null()),
        ),
        (
            "financial_status=partially_paid".to_owned(),
            is("financial_status", "partially_paid"),
        ),
        (
            "fulfillment_status=unshipped".to_owned(),
            one_of("fulfillment_status", ["null", "unshipped"]),
        ),
        (
            "fulfillment_status=partial".to_owned(),
            is("fulfillment_status", "partial"),
        ),
        (
            "fulfillment_status=shipped".to_owned(),
            one_of("fulfillment_status", ["fulfilled", "shipped"]),
        ),
        (format!("buyer_id={buyer}"), is("user_id", &buyer)),
        ("buyer_id=12".to_owned(), Box::new(|_| false)),
        (format!("email={mail}"), is("email", mail)),
        (
            format!("name={}", name.as_str().unwrap()),
            is("name", name.as_str().unwrap()),
        ),
        (
            format!("created_at_min={}", at(created)),
            Box::new(move |order| time(order, "created_at") >= created),
        ),
        (
            format!("created_at_max={}", at(created)),
            Box::new(move |order| time(order, "created_at") <= created),
        ),
        (
            format!("order_at_max={}", at(created)),
            Box::new(move |order| time(order, "created_at") <= created),
        ),
        (
            format!(
                "updated_at_min={}&updated_at_max={}",
                at(updated),
                at(updated)
            ),
            Box::new(move |order| time(order, "updated_at") == updated),
        ),
        (
            format!("updated_at_min={}&status=open", at(updated)),
            Box::new(move |order| {
                time(order, "updated_at") >= updated && order["cancelled_at"].is_null()
            }),
        ),
        (
            format!("ids={},7", ids.join(",")),
            Box::new(move |order| known.iter().any(|id| order["id"] == id.as_str())),
        ),
        (
            format!("since_id={}", ids[10]),
            Box::new({
                let floor = ids[10].clone();
                move |order| order["id"].as_str().unwrap() > floor.as_str()
            }),
        ),
    ];
    for (query, fits) in cases {
        let expected = truth(&sandbox, |order| is_shown(order) && fits(order));
        assert_eq!(orders(&sandbox, &query).await, expected, "{query}");
        let count = ask(&sandbox, &format!("orders/count.json?{query}")).await;
        assert_eq!(
            count.body,
            format!("{{\"count\":{}}}", expected.len()),
            "{query}"
        );
        if !query.contains("=12") {
            assert!(!expected.is_empty(), "{query} finds something");
        }
    }
}

#[tokio::test]
async fn sorting_turns_the_list_and_its_links() {
    let sandbox = unlimited(60).await;
    let mut expected = truth(&sandbox, is_shown);
    assert_eq!(orders(&sandbox, "sort_condition=id:asc").await, expected);
    expected.reverse();
    for sort in ["order_at:desc", "id:desc,order_at:asc"] {
        let query = format!("sort_condition={sort}");
        assert_eq!(orders(&sandbox, &query).await, expected);
    }
    // There and back.
    let first = ask(&sandbox, "orders.json?limit=9&sort_condition=id:desc").await;
    let second = get(&sandbox, &links(&first)["next"]).await;
    let third = get(&sandbox, &links(&second)["next"]).await;
    assert_eq!(third.raw("orders"), expected[18..27]);
    let back = get(&sandbox, &links(&third)["previous"]).await;
    assert_eq!(back.body, second.body);
    let back = get(&sandbox, &links(&back)["previous"]).await;
    assert_eq!(back.body, first.body);
    assert_eq!(links(&back).keys().collect::<Vec<_>>(), ["next"]);
}

#[tokio::test]
async fn default_limit_fields_and_token() {
    let sandbox = unlimited(150).await;
    let first = ask(&sandbox, "orders.json").await;
    assert_eq!(first.raw("orders").len(), 20, "recorded, not documented");
    let next = &links(&first)["next"];
    let (_, token) = next.split_once("?limit=20&page_info=").unwrap();
    assert!(
        token.len() > 100
            && token
                .bytes()
                .all(|byte| b"0123456789ABCDEF".contains(&byte))
    );

    // Everything but limit and fields is ignored beside a token.
    let again =
        format!("orders.json?page_info={token}&status=wrong&ids=1&limit=3&fields=name,id,nothing");
    let again = ask(&sandbox, &again).await;
    let rows = again.raw("orders");
    let shown = truth(&sandbox, is_shown);
    assert_eq!(rows.len(), 3);
    for (row, order) in rows.iter().zip(&shown[20..]) {
        let order: Value = serde_json::from_str(order).unwrap();
        let expected = format!("{{\"id\":{},\"name\":{}}}", order["id"], order["name"]);
        assert_eq!(*row, expected, "as the order has them, in its order");
    }
    // A token keeps its filters, and is of one list only.
    let filtered = ask(&sandbox, "orders.json?limit=2&financial_status=paid").await;
    let second = get(&sandbox, &links(&filtered)["next"]).await;
    assert!(
        second
            .raw("orders")
            .iter()
            .all(|order| order.contains("\"financial_status\":\"paid\""))
    );
    for path in [
        "orders.json?page_info=ABC",
        &format!("v2/customers.json?page_info={token}"),
    ] {
        assert_eq!(ask(&sandbox, path).await.status, 422, "{path}");
    }
}

#[tokio::test]
async fn wrong_values_are_422() {
    let sandbox = unlimited(10).await;
    let many = vec!["1"; 101].join(",");
    for (query, why) in [
        (
            "fulfillment_status=sent",
            "fulfillment status value is illegal",
        ),
        (
            "fulfillment_status=any",
            "fulfillment status value is illegal",
        ),
        ("financial_status=void", "financial status value is illegal"),
        ("status=canceled", "status value is illegal"),
        ("hidden_order=1", "hidden order value is illegal"),
        ("sort_condition=name:asc", "sort condition value is illegal"),
        ("sort_condition=id", "sort condition value is illegal"),
        ("created_at_min=2026-01-01", "created_at_min must be a time"),
        (
            "updated_at_max=2026-01-01T00:00:00+08:00",
            "updated_at_max must be a time",
        ),
        ("since_id=x", "since_id is not valid"),
        ("limit=101", "limit must be between 1 and 100"),
        ("limit=0", "limit must be between 1 and 100"),
        (&format!("ids={many}"), "ids can name at most 100"),
    ] {
        let answer = ask(&sandbox, &format!("orders.json?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        let text = answer.json()["errors"].as_str().unwrap().to_owned();
        assert!(text.starts_with(why), "{query}: {text}");
    }
    let answer = ask(&sandbox, "orders.json?search_content=tea").await;
    assert_eq!(answer.status, 501, "not supported by the sandbox");
    let answer = ask(&sandbox, "orders/count.json?order_source=mars").await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn counting_has_words_of_its_own() {
    let sandbox = unlimited(90).await;
    let count = async |query: &str| {
        let answer = ask(&sandbox, &format!("orders/count.json?{query}")).await;
        answer.json()["count"].as_u64().unwrap() as usize
    };
    let shown = truth(&sandbox, is_shown).len();
    assert_eq!(
        count("status=any&financial_status=any&fulfillment_status=any").await,
        shown
    );
    assert_eq!(count("status=hidden").await, 90 - shown);
    assert_eq!(count("order_source=web").await, shown);
    assert_eq!(count("order_source=any").await, shown);
    assert_eq!(count("order_source=pos").await, 0);
}

#[tokio::test]
async fn an_order_moves_through_update_windows() {
    let sandbox = unlimited(40).await;
    sandbox.advance(chrono::TimeDelta::minutes(10));
    let now = sandbox.virtual_now().to_rfc3339().replace('+', "%2B");
    let query = format!("updated_at_min={now}");
    assert!(orders(&sandbox, &query).await.is_empty());
    let all = truth(&sandbox, |order| {
        is_shown(order) && order["cancelled_at"].is_null()
    });
    let order: Value = serde_json::from_str(&all[0]).unwrap();
    let id = order["id"].as_str().unwrap();
    sandbox
        .change_order(Vendor::Shopline, id, Change::Cancel)
        .await
        .unwrap();
    let found = orders(&sandbox, &query).await;
    assert_eq!(found.len(), 1);
    let changed: Value = serde_json::from_str(&found[0]).unwrap();
    assert_eq!(changed["id"], id);
    assert_eq!(changed["cancelled_at"], changed["updated_at"]);
    assert_ne!(changed["updated_at"], order["updated_at"]);
}

#[tokio::test]
async fn all_customers_by_cursor() {
    let sandbox = unlimited(300).await;
    let customers = all(&sandbox, "v2/customers.json?limit=6", "customers").await;
    let values: Vec<Value> = customers
        .iter()
        .map(|customer| serde_json::from_str(customer).unwrap())
        .collect();
    let mut buyers = Vec::new();
    for customer in &values {
        let id = customer["id"].as_str().unwrap();
        assert!(customer["addresses"].is_array());
        if customer["orders_count"] == 0 {
            let last = &customer["last_order_id"];
            assert!(last.is_null() || last == "N/A", "{last}");
        } else {
            let last = customer["last_order_id"].as_str().unwrap();
            let path = format!("customers/{id}/orders.json?status=any&limit=100");
            let orders = ask(&sandbox, &path).await.raw("list");
            assert!(orders.iter().any(|order| order.contains(last)), "{id}");
            buyers.push(id.to_owned());
        }
    }
    let mut expected = sandbox.shopline_customers();
    expected.sort_by_key(|id| (id.len(), id.clone()));
    assert_eq!(buyers, expected, "ascending by number, each once");

    let later = format!("v2/customers.json?since_id={}&limit=100", buyers[3]);
    let later = ask(&sandbox, &later).await.raw("customers");
    assert_eq!(later.last(), customers.last());
    assert!(later.len() < customers.len());
    assert_eq!(
        ask(&sandbox, "v2/customers.json?since_id=x").await.status,
        422
    );
    assert_eq!(
        ask(&sandbox, "v2/customers.json?limit=251").await.status,
        422
    );
}

#[tokio::test]
async fn the_new_routes_ask_for_everything_the_old_one_does() {
    let sandbox = unlimited(5).await;
    let base = sandbox.shopline_base_url();
    for path in [
        "orders.json",
        "orders/count.json",
        "orders/1/refunds.json",
        "orders/1/fulfillments.json",
        "orders/1/transactions.json",
        "v2/customers.json",
    ] {
        let url = format!("{base}admin/openapi/v20260601/{path}");
        assert_eq!(send(http().get(&url)).await.status, 401, "{path}");
        let token = sandbox.shopline_access_token();
        let untyped = send(http().get(&url).bearer_auth(token)).await;
        assert_eq!(untyped.status, 400, "{path}");
        let deleted = send(http().delete(&url).bearer_auth(token)).await;
        assert_eq!(deleted.status, 405, "{path}");
        let version = url.replace("v20260601", "v20250901");
        assert_eq!(get(&sandbox, &version).await.status, 404, "{path}");
    }
}
