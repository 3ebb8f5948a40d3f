//! What happens between two requests.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use orders_sandbox::{Fault, FaultRule, Race, RaceRule, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::clink::ask as ask_clink;
use crate::linkbest::ask as ask_linkbest;
use crate::shopline::unlimited;
use crate::store::ask as ask_store;
use crate::support::{Answer, http, send};

async fn ask(sandbox: &Sandbox, vendor: Vendor) -> Answer {
    match vendor {
        Vendor::Clink => ask_clink(sandbox, "?pageSize=5").await,
        Vendor::Linkbest => ask_linkbest(sandbox, json!({})).await,
        Vendor::Shopline => ask_store(sandbox, "orders.json?limit=5").await,
    }
}

/// The orders by id.
fn held(sandbox: &Sandbox, vendor: Vendor) -> BTreeMap<String, String> {
    let orders = sandbox.truth(vendor).into_iter();
    orders.map(|order| (order.id, order.json)).collect()
}

#[tokio::test]
async fn an_order_changes_after_the_answer_and_before_the_next() {
    for vendor in Vendor::ALL {
        let run = async |seed| {
            let sandbox = unlimited(60).await;
            sandbox.advance(TimeDelta::hours(1));
            sandbox.set_races(
                seed,
                vec![RaceRule::new(Race::Change).vendor(vendor).nth(2)],
            );
            let before = held(&sandbox, vendor);
            let mut bodies = Vec::new();
            for count in 1..=4 {
                bodies.push(ask(&sandbox, vendor).await.body);
                let same = held(&sandbox, vendor) == before;
                assert_eq!(same, count < 2, "{vendor}: after answer {count}");
            }
            assert_eq!(bodies[0], bodies[1], "the answer itself is from before");
            assert_eq!(bodies[2], bodies[3]);
            let after = held(&sandbox, vendor);
            assert!(before.keys().eq(after.keys()));
            let changed: Vec<_> = before
                .iter()
                .filter(|(id, json)| after[*id] != **json)
                .collect();
            assert_eq!(changed.len(), 1, "{vendor}");
            assert_eq!(sandbox.fired(), [("change", 1)]);
            for other in Vendor::ALL.into_iter().filter(|other| *other != vendor) {
                ask(&sandbox, other).await;
            }
            assert_eq!(sandbox.fired(), [("change", 1)]);
            (changed[0].0.clone(), after)
        };
        let one = run(1).await;
        assert_eq!(one, run(1).await, "the seed decides");
        let others = [run(2).await.0, run(3).await.0, run(4).await.0];
        assert!(others.iter().any(|other| *other != one.0));
    }
}

#[tokio::test]
async fn orders_come_between_two_pages() {
    let sandbox = unlimited(30).await;
    sandbox.advance(TimeDelta::minutes(30));
    let page = async |number| ask_clink(&sandbox, &format!("?pageSize=10&pageNum={number}")).await;
    let first = page(1).await.raw("rows");
    sandbox.set_races(
        1,
        vec![
            RaceRule::new(Race::Insert)
                .route("/order")
                .every(2)
                .times(1),
        ],
    );
    assert_eq!(page(1).await.raw("rows"), first);
    assert_eq!(page(1).await.raw("rows"), first);
    let second = page(2).await;
    assert_eq!(second.json()["total"], 31);
    assert_eq!(
        second.raw("rows")[0],
        first[9],
        "everything has moved by one place"
    );
    assert_eq!(page(2).await.json()["total"], 31, "once and no more");
    sandbox.clear_races();
    assert_eq!(sandbox.fired(), [("insert", 1)]);
}

#[tokio::test]
async fn a_crowd_shares_one_second() {
    for vendor in Vendor::ALL {
        let sandbox = unlimited(20).await;
        sandbox.advance(TimeDelta::hours(2));
        let before = held(&sandbox, vendor);
        sandbox.set_races(1, vec![RaceRule::new(Race::Crowd(500)).nth(1)]);
        ask(&sandbox, vendor).await;
        let after = held(&sandbox, vendor);
        assert_eq!(after.len(), before.len() + 500, "{vendor}");
        assert!(before.iter().all(|(id, json)| after[id] == *json));
        let member = match vendor {
            Vendor::Clink => "createTime",
            Vendor::Linkbest => "OrderTime",
            Vendor::Shopline => "created_at",
        };
        let time = |json: &String| {
            let order: Value = serde_json::from_str(json).unwrap();
            order[member].to_string()
        };
        let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
        let times: BTreeSet<_> = new.map(|(_, json)| time(json)).collect();
        assert_eq!(times.len(), 1, "{vendor}: {times:?}");
    }
    let sandbox = unlimited(20).await;
    sandbox.advance(TimeDelta::hours(2));
    sandbox.set_races(1, vec![RaceRule::new(Race::Crowd(500)).nth(1)]);
    ask(&sandbox, Vendor::Linkbest).await;
    let second = sandbox.virtual_now().timestamp().to_string();
    let mut ids = BTreeSet::new();
    for page in 1..=3 {
        let over = json!({"Stime": second, "Etime": second, "PageSize": 200, "Page": page});
        ids.extend(ask_linkbest(&sandbox, over).await.raw("Data"));
    }
    assert_eq!(ids.len(), 500);
}

#[tokio::test]
async fn an_order_leaves_the_window_it_was_found_in() {
    let sandbox = unlimited(60).await;
    sandbox.advance(TimeDelta::days(2));
    let rule = || RaceRule::new(Race::LeaveWindow).route("orders.query.get");
    sandbox.set_races(3, vec![rule().nth(2)]);
    let (from, _) = sandbox.linkbest_range();
    let window = json!({"Stime": from.timestamp() + 86_400, "Etime": from.timestamp() + 2 * 86_400, "PageSize": 200});
    let empty = json!({"Stime": 1, "Etime": 2});
    assert!(
        ask_linkbest(&sandbox, empty).await.raw("Data").is_empty(),
        "does not count"
    );
    let first = ask_linkbest(&sandbox, window.clone()).await.raw("Data");
    assert_eq!(
        ask_linkbest(&sandbox, window.clone()).await.raw("Data"),
        first
    );
    let left = ask_linkbest(&sandbox, window).await.raw("Data");
    assert_eq!(left.len(), first.len() - 1);
    let gone: Vec<_> = first.iter().filter(|order| !left.contains(order)).collect();
    let now = sandbox.virtual_now().timestamp();
    let moved = ask_linkbest(&sandbox, json!({"Stime": now, "Etime": now})).await;
    assert_eq!(
        moved.raw("Data"),
        [gone[0].clone()],
        "the same text in another window"
    );
    assert_eq!(sandbox.fired(), [("leave_window", 1)]);

    sandbox.set_races(
        3,
        vec![
            RaceRule::new(Race::LeaveWindow)
                .vendor(Vendor::Shopline)
                .times(1),
        ],
    );
    let before = ask_store(&sandbox, "orders.json?limit=3").await.json();
    let after = ask_store(&sandbox, "orders.json?limit=3").await.json();
    let time = |orders: &Value, place: usize| orders["orders"][place]["updated_at"].to_string();
    let moved = (0..3).filter(|place| time(&before, *place) != time(&after, *place));
    assert_eq!(moved.count(), 1);

    sandbox.set_races(3, vec![RaceRule::new(Race::LeaveWindow)]);
    let held_before = held(&sandbox, Vendor::Clink);
    ask(&sandbox, Vendor::Clink).await;
    assert_eq!(
        held(&sandbox, Vendor::Clink),
        held_before,
        "Clink has no such windows"
    );
    assert_eq!(sandbox.fired(), [("leave_window", 2)]);
}

#[tokio::test]
async fn answers_that_went_wrong_do_not_count() {
    let sandbox = unlimited(30).await;
    sandbox.set_races(1, vec![RaceRule::new(Race::Insert).nth(1)]);
    let faults = [
        Fault::Unavailable,
        Fault::Html,
        Fault::ErrorCode,
        Fault::InternalError,
    ];
    for fault in faults {
        sandbox.set_faults(1, vec![FaultRule::new(fault)]);
        ask(&sandbox, Vendor::Clink).await;
    }
    sandbox.clear_faults();
    let unsigned = send(http().get(format!("{}order", sandbox.clink_base_url()))).await;
    assert_eq!(unsigned.status, 401);
    assert_eq!(sandbox.truth(Vendor::Clink).len(), 30);
    sandbox.set_faults(1, vec![FaultRule::new(Fault::UnknownFields)]);
    ask(&sandbox, Vendor::Clink).await;
    assert_eq!(sandbox.truth(Vendor::Clink).len(), 31);
    let names: Vec<_> = sandbox.fired().into_iter().map(|(name, _)| name).collect();
    assert!(
        names.contains(&"insert") && names.contains(&"html"),
        "{names:?}"
    );
}
