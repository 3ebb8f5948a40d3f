//! Orders that live while virtual time passes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use orders_sandbox::{Change, Sandbox, TruthOrder, Vendor};
use serde_json::Value;

async fn living(seed: u64, per_day: u32) -> Sandbox {
    let builder = Sandbox::builder().seed(seed).orders(70).life(per_day);
    builder.start().await.unwrap()
}

fn truth(sandbox: &Sandbox) -> Vec<Vec<TruthOrder>> {
    Vendor::ALL.map(|vendor| sandbox.truth(vendor)).into()
}

fn value(order: &TruthOrder) -> Value {
    serde_json::from_str(&order.json).unwrap()
}

#[tokio::test]
async fn the_steps_of_time_do_not_matter() {
    let at_once = living(4, 5).await;
    at_once.advance(TimeDelta::days(45));
    let expected = truth(&at_once);
    assert!(expected.iter().all(|orders| orders.len() == 70 + 5 * 45));

    let daily = living(4, 5).await;
    (0..45).for_each(|_| daily.advance(TimeDelta::days(1)));
    assert_eq!(truth(&daily), expected);
    let uneven = living(4, 5).await;
    for step in 0..45 {
        uneven.advance(TimeDelta::seconds(1 + 977 * step));
        uneven.advance(TimeDelta::days(1) - TimeDelta::seconds(1 + 977 * step));
    }
    assert_eq!(truth(&uneven), expected);

    let other = living(5, 5).await;
    other.advance(TimeDelta::days(45));
    assert_ne!(truth(&other), expected);
    let (from, to) = at_once.linkbest_range();
    assert!(to <= at_once.virtual_now() && to > from + TimeDelta::days(45));
}

#[tokio::test]
async fn without_life_only_the_clock_moves() {
    let sandbox = Sandbox::builder().orders(30).start().await.unwrap();
    let before = truth(&sandbox);
    sandbox.advance(TimeDelta::days(400));
    assert_eq!(truth(&sandbox), before);
    let living = living(1, 3).await;
    let same_start = Sandbox::builder().orders(70).start().await.unwrap();
    assert_eq!(
        truth(&living),
        truth(&same_start),
        "life changes nothing at the start"
    );
}

/// What each order's words were on each of so many days.
async fn histories(vendor: Vendor, days: i64, words: &[&str]) -> BTreeMap<String, Vec<String>> {
    let sandbox = living(2, 4).await;
    let mut histories: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for day in 0..=days {
        let orders = sandbox.truth(vendor).into_iter();
        for order in orders.filter(|order| seen.insert(order.json.clone())) {
            let value = value(&order);
            let words: Vec<_> = words.iter().map(|name| value[*name].to_string()).collect();
            let now = words.join(" ").replace('"', "");
            let history = histories.entry(order.id).or_default();
            if history.last().is_none_or(|last| *last != now) {
                history.push(now);
            }
        }
        if day < days {
            sandbox.advance(TimeDelta::days(1));
        }
    }
    histories
}

#[tokio::test]
async fn commissions_go_from_0_to_1_to_2_or_to_minus_1() {
    let histories = histories(Vendor::Linkbest, 120, &["Status"]).await;
    let kinds: BTreeSet<_> = histories
        .values()
        .map(|history| history.join(">"))
        .collect();
    let allowed = ["0", "1", "2", "-1", "0>1", "0>-1", "0>1>2", "1>2"];
    assert!(
        kinds.iter().all(|kind| allowed.contains(&kind.as_str())),
        "{kinds:?}"
    );
    let count = |kind: &str| {
        histories
            .values()
            .filter(|history| history.join(">") == kind)
            .count()
    };
    let (settled, refused) = (count("0>1>2"), count("0>-1"));
    assert!(settled > 100 && refused > 20, "{settled} {refused}");
    let share = refused * 100 / (settled + refused + count("0>1"));
    assert!((8..25).contains(&share), "{share}");
}

#[tokio::test]
async fn each_event_has_its_own_time() {
    let sandbox = living(3, 6).await;
    let start = sandbox.virtual_now();
    sandbox.advance(TimeDelta::days(90));
    let mut charged = BTreeSet::new();
    for order in sandbox.truth(Vendor::Linkbest) {
        let order = value(&order);
        if order["Status"] == "2" && order["ChargeTime"].as_str().unwrap() > "2026-03-02" {
            let day = |member: &str| order[member].as_str().unwrap()[..10].to_owned();
            assert!(day("OrderTime") < day("ChargeTime"));
            charged.insert(order["ChargeTime"].to_string());
        }
    }
    assert!(charged.len() > 50, "{charged:?}");
    let mut last = String::new();
    for order in sandbox.truth(Vendor::Shopline) {
        let order = value(&order);
        let (created, updated) = (
            order["created_at"].to_string(),
            order["updated_at"].to_string(),
        );
        assert!(created >= last && updated >= created, "{order}");
        last = created;
    }
    let times: Vec<i64> = sandbox
        .truth(Vendor::Clink)
        .iter()
        .map(|order| {
            let order = value(order);
            let paid = order["paymentTime"].as_i64();
            let created = order["createTime"].as_i64().unwrap();
            assert!(
                paid.is_none_or(|paid| paid >= created && paid - created < 86_400_000
                    || created < start.timestamp_millis())
            );
            created
        })
        .collect();
    assert!(
        times.is_sorted_by(|newer, older| newer >= older),
        "newest first"
    );
}

#[tokio::test]
async fn clink_and_shopline_live_too() {
    let clink = histories(Vendor::Clink, 70, &["status"]).await;
    let kinds: BTreeSet<_> = clink.values().map(|history| history.join(">")).collect();
    for kind in ["created>success", "created>failed", "success>refunded"] {
        assert!(
            kinds.iter().any(|other| other.contains(kind)),
            "{kind}: {kinds:?}"
        );
    }
    assert!(
        kinds
            .iter()
            .any(|kind| kind.contains("success>partial_refunded")),
        "{kinds:?}"
    );
    let words = [
        "financial_status",
        "fulfillment_status",
        "status",
        "hidden_order",
    ];
    let shopline = histories(Vendor::Shopline, 70, &words).await;
    let kinds: BTreeSet<_> = shopline.values().map(|history| history.join(">")).collect();
    for kind in [
        "unpaid null open false>paid null open false>paid fulfilled open false",
        "paid fulfilled open true",
        "refunded fulfilled open false",
        "cancelled",
    ] {
        assert!(
            kinds.iter().any(|other| other.contains(kind)),
            "{kind}: {kinds:?}"
        );
    }
    let sandbox = living(2, 4).await;
    sandbox.advance(TimeDelta::days(70));
    let buyer = |order: &TruthOrder| value(order)["user_id"].to_string();
    let new = &sandbox.truth(Vendor::Shopline)[70..];
    assert!(
        new.iter().map(buyer).collect::<BTreeSet<_>>().len() > 5,
        "of several customers"
    );
}

#[tokio::test]
async fn orders_made_and_changed_by_hand_live_on() {
    let sandbox = living(6, 1).await;
    let settled = sandbox.create_order(Vendor::Linkbest).await;
    let left = sandbox.create_order(Vendor::Linkbest).await;
    sandbox
        .change_order(Vendor::Linkbest, &settled, Change::Settle)
        .await
        .unwrap();
    let order = |id: &str| {
        let orders = sandbox.truth(Vendor::Linkbest);
        value(orders.iter().find(|order| order.id == id).unwrap())
    };
    let before = order(&settled);
    sandbox.advance(TimeDelta::days(100));
    assert_eq!(
        order(&settled),
        before,
        "what no longer fits does not happen"
    );
    assert!(["2", "-1"].contains(&order(&left)["Status"].as_str().unwrap()));
}
