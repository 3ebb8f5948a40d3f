//! Habits of a vendor, orders that are deleted, and pages that are empty though there are orders.

use orders_sandbox::{
    Change, EmptyList, Fault, FaultRule, Habits, Race, RaceRule, Sandbox, Vendor,
};
use serde_json::{Value, json};

use crate::clink::ask as clink;
use crate::control::post;
use crate::linkbest::ask as linkbest;
use crate::shopline::unlimited;
use crate::store::ask as store;

/// A page of each vendor's orders.
async fn page(sandbox: &Sandbox, vendor: Vendor, size: u32, page: u32) -> Value {
    match vendor {
        Vendor::Clink => clink(sandbox, &format!("?pageSize={size}&pageNum={page}"))
            .await
            .json(),
        Vendor::Linkbest => {
            let (from, to) = sandbox.linkbest_range();
            let from = from.timestamp().max(to.timestamp() - 86_400);
            let body = json!({"Stime": from.to_string(), "Etime": to.timestamp().to_string(),
                "PageSize": size.to_string(), "Page": page.to_string()});
            linkbest(sandbox, body).await.json()
        }
        _ => store(sandbox, &format!("orders.json?limit={size}"))
            .await
            .json(),
    }
}

const fn list(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Clink => "rows",
        Vendor::Linkbest => "Data",
        Vendor::Shopline => "orders",
    }
}

fn rows(page: &Value, vendor: Vendor) -> Vec<Value> {
    page[list(vendor)].as_array().unwrap().clone()
}

#[tokio::test]
async fn pages_are_capped_and_numbered_by_the_cap() {
    let sandbox = unlimited(120).await;
    for vendor in Vendor::ALL {
        let all = rows(&page(&sandbox, vendor, 50, 1).await, vendor);
        assert!(all.len() > 8, "{vendor}: {}", all.len());
        sandbox.set_habits(vendor, Habits::new().page_rows(4));
        let first = rows(&page(&sandbox, vendor, 50, 1).await, vendor);
        assert_eq!(first, all[..4], "{vendor}");
        if vendor != Vendor::Shopline {
            let second = rows(&page(&sandbox, vendor, 50, 2).await, vendor);
            assert_eq!(second, all[4..8], "{vendor}");
        }
    }
    sandbox.reset();
    assert_eq!(
        rows(&page(&sandbox, Vendor::Clink, 50, 1).await, Vendor::Clink).len(),
        50
    );
}

#[tokio::test]
async fn a_list_without_orders_has_the_form_that_is_set() {
    let sandbox = Sandbox::builder().orders(0).start().await.unwrap();
    for vendor in Vendor::ALL {
        for (form, expected) in [
            (EmptyList::List, Some(json!([]))),
            (EmptyList::Missing, None),
            (EmptyList::Null, Some(Value::Null)),
            (EmptyList::Object, Some(json!({}))),
            (EmptyList::Text, Some(json!(""))),
        ] {
            sandbox.set_habits(vendor, Habits::new().empty_list(form));
            let page = page(&sandbox, vendor, 20, 1).await;
            let given = page.as_object().unwrap().get(list(vendor)).cloned();
            assert_eq!(given, expected, "{vendor}, {form:?}");
        }
    }
    let body = json!({"vendor": "linkbest", "page_rows": 3, "empty_list": "missing"});
    assert_eq!(post(&sandbox, "habits", body).await.status, 200);
    let left_out = page(&sandbox, Vendor::Linkbest, 20, 1).await;
    assert!(left_out.get("Data").is_none(), "{left_out}");
    for wrong in [
        json!({"vendor": "linkbest", "page_rows": 0}),
        json!({"vendor": "linkbest", "empty_list": "gone"}),
        json!({"vendor": "nobody"}),
    ] {
        assert_eq!(post(&sandbox, "habits", wrong).await.status, 400);
    }
}

#[tokio::test]
async fn a_deleted_order_is_in_no_answer() {
    let sandbox = unlimited(60).await;
    for vendor in Vendor::ALL {
        let before = sandbox.truth(vendor);
        let deleted = &before[7];
        let changed = sandbox.change_order(vendor, &deleted.id, Change::Delete);
        assert_eq!(changed.await.unwrap(), [], "{vendor}");
        let mut expected = before.clone();
        expected.remove(7);
        assert_eq!(sandbox.truth(vendor), expected, "{vendor}");
        assert_eq!(sandbox.count(vendor), 59, "{vendor}");
        let again = sandbox.change_order(vendor, &deleted.id, Change::Delete);
        assert!(again.await.is_err(), "{vendor}");
    }
    let gone = |vendor| {
        let all = Sandbox::builder().orders(60).shopline_rate_limit(None);
        async move { all.start().await.unwrap().truth(vendor)[7].clone() }
    };
    let of_clink = gone(Vendor::Clink).await;
    let listed = clink(&sandbox, "?pageSize=50").await.json();
    assert_eq!(listed["total"], 59);
    assert!(!listed.to_string().contains(&of_clink.id));
    let customer = serde_json::from_str::<Value>(&of_clink.json).unwrap()["customerId"].clone();
    let filtered = clink(
        &sandbox,
        &format!("?customerId={}", customer.as_str().unwrap()),
    )
    .await;
    assert!(!filtered.body.contains(&of_clink.id));
    let single = clink(&sandbox, &format!("/{}", of_clink.id)).await.json();
    assert_eq!(single["code"], 404);

    let of_shop = gone(Vendor::Shopline).await;
    for path in [
        "orders.json?limit=100".to_owned(),
        format!("orders.json?ids={}", of_shop.id),
        "orders.json?limit=100&updated_at_min=2020-01-01T00:00:00Z".to_owned(),
    ] {
        let answer = store(&sandbox, &path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains(&of_shop.id), "{path}");
    }
    let hidden = store(&sandbox, "orders/count.json?hidden_order=true")
        .await
        .json();
    let shown = store(&sandbox, "orders/count.json").await.json();
    let count = |json: &Value| json["count"].as_u64().unwrap();
    assert_eq!(count(&hidden) + count(&shown), 59);
}

#[tokio::test]
async fn orders_are_deleted_between_two_answers() {
    let sandbox = unlimited(60).await;
    for vendor in Vendor::ALL {
        sandbox.set_races(5, vec![RaceRule::new(Race::Delete).vendor(vendor).times(2)]);
        for _ in 0..4 {
            page(&sandbox, vendor, 20, 1).await;
        }
        assert_eq!(sandbox.count(vendor), 58, "{vendor}");
    }
    assert_eq!(sandbox.fired(), [("delete", 6)]);
}

#[tokio::test]
async fn a_page_can_be_empty_though_there_are_orders() {
    let sandbox = unlimited(60).await;
    for vendor in Vendor::ALL {
        let rule = FaultRule::new(Fault::EmptyPage).vendor(vendor).times(1);
        sandbox.set_faults(1, vec![rule]);
        assert_eq!(page(&sandbox, vendor, 20, 1).await[list(vendor)], json!([]));
        let next = page(&sandbox, vendor, 20, 1).await;
        assert!(!rows(&next, vendor).is_empty(), "{vendor}");
    }
}
