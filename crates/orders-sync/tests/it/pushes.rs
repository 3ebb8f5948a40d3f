//! What the vendors push: kept once, applied where it is newer, and never in the way of a pull.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{
    Account, Adjustment, AdjustmentKind, AdjustmentStatus, Error, ErrorKind, Mapped, Meaning,
    Order, PaymentStatus, Push, Total, TotalKind, Unreadable, Version,
};
use orders_sync::{
    Batch, Commit, DueFilter, KeptPush, NoFailpoints, Outcome, Receipt, Received, ScanMark, Store,
    pull,
};
use serde_json::Value;

use crate::bench::{
    assert_truth, execute, fresh, is_postgres, number, options, rows, run, texts, time_column,
    tools,
};
use crate::sim::{DAY, KINDS, Kind, Sim, T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

/// An order as its text says: `id`, `updated` and `created` (seconds after T0), `status`, `key`.
fn read(text: &Bytes) -> Result<Order, Error> {
    let wrong = || Error::new(ErrorKind::Decode, "no order");
    let value: Value = serde_json::from_slice(text).map_err(|_| wrong())?;
    let mut order = Order::new("sim", "main", value["id"].as_str().ok_or_else(wrong)?);
    let time = |name: &str| value[name].as_i64().map(|s| at(T0 + s).fixed_offset());
    order.updated_at = time("updated");
    order.created_at = time("created");
    order.key = value["key"].as_str().map(str::to_owned);
    if let Some(word) = value["status"].as_str() {
        let payment = match word {
            "paid" => PaymentStatus::Paid,
            "refunded" => PaymentStatus::Refunded,
            _ => PaymentStatus::Unpaid,
        };
        order.payment = Some(Mapped::new(word, payment));
        order.totals = vec![Total::new(
            TotalKind::Charged,
            "20.00 EUR".parse::<orders_core::Money>().unwrap(),
        )];
    }
    order.raw = text.clone();
    Ok(order)
}

fn order(text: &str) -> Order {
    read(&Bytes::copy_from_slice(text.as_bytes())).unwrap()
}

/// A page that was requested and stored at these seconds after T0.
async fn page(store: &Store, requested: i64, stored: i64, texts: &[&str]) {
    let batch = Batch {
        orders: texts
            .iter()
            .map(|text| Received::new(order(text)))
            .collect(),
        requested_at: Some(at(T0 + requested)),
        ..Batch::default()
    };
    commit(store, stored, batch).await;
}

async fn commit(store: &Store, stored: i64, batch: Batch) -> orders_sync::Counts {
    let at = Commit {
        account: account(),
        run: 1,
        now: at(T0 + stored),
        mapping: 1,
        state: "{}".to_owned(),
    };
    let failpoints = Arc::new(NoFailpoints);
    store.commit(at, vec![batch], failpoints).await.unwrap()[0]
}

async fn receive(store: &Store, received: i64, push: Push) -> Receipt {
    let now = at(T0 + received);
    let account = account();
    let received = store.receive(&account, 1, now, push, read);
    received.await.unwrap()
}

fn push(key: &str, order: &str, meaning: Meaning) -> Push {
    let mut push = Push::new(key, "changed", Bytes::copy_from_slice(key.as_bytes()));
    push.order = Some(order.to_owned());
    push.meaning = meaning;
    push
}

fn version(key: &str, text: &str, version: Version) -> Push {
    let order = order(text);
    let id = order.id.clone();
    push(key, &id, Meaning::Order(Box::new(order), version))
}

fn time(seconds: i64) -> DateTime<Utc> {
    at(T0 + seconds)
}

fn refund(id: &str, amount: &str) -> Meaning {
    let refund = Adjustment::new(AdjustmentKind::Refund);
    let mut refund = refund.with_status("success", AdjustmentStatus::Succeeded);
    refund.id = Some(id.to_owned());
    refund.amount = Some(amount.parse::<orders_core::Money>().unwrap().into());
    Meaning::Adjustment(Box::new(refund))
}

fn text(store: &Store, sql: &str) -> String {
    let value = rows(store, sql).swap_remove(0).swap_remove(0);
    value.unwrap_or_else(|| "NULL".to_owned())
}

/// The newest version of the one order, and whether it is due.
fn stored(store: &Store) -> (String, bool) {
    let due = number(store, "SELECT due_at IS NOT NULL FROM orders");
    (text(store, "SELECT raw FROM orders"), due == 1)
}

#[tokio::test]
async fn a_push_is_kept_once_and_byte_for_byte() {
    let store = fresh().await;
    let odd = |bytes: &'static [u8]| {
        let mut push = Push::new("", "", Bytes::from_static(bytes));
        push.meaning = Meaning::Unread("no text".to_owned());
        push
    };
    let none = Push::new("k", "invoice.paid", "{\"a\": 1.50}\n".into());
    assert_eq!(receive(&store, 1, none.clone()).await, Receipt::Waits);
    assert_eq!(receive(&store, 2, none).await, Receipt::Repeated);
    let unread = Receipt::Unread("no text".to_owned());
    assert_eq!(receive(&store, 3, odd(b"\xff\x00")).await, unread);
    assert_eq!(receive(&store, 4, odd(b"\xff\x01")).await, unread);
    assert_eq!(
        receive(&store, 5, odd(b"\xff\x00")).await,
        Receipt::Repeated
    );
    let hex = match is_postgres() {
        true => "upper(encode(raw, 'hex'))",
        false => "hex(raw)",
    };
    let raw = format!("SELECT {hex} || ' ' || state FROM pushes ORDER BY seq");
    let kept = "7B2261223A20312E35307D0A waiting,FF00 unread,FF01 unread";
    assert_eq!(texts(&store, &raw).join(","), kept);
    let received = time_column("received_at");
    let seen = format!("SELECT {received} || ' ' || event FROM pushes WHERE key = 'k'");
    let first = format!("{} invoice.paid", time(1).format("%FT%T%.3fZ"));
    assert_eq!(text(&store, &seen), first);
    assert_eq!(number(&store, "SELECT count(*) FROM orders"), 0);
}

#[tokio::test]
async fn a_state_may_come_again() {
    let store = fresh().await;
    let state = |state: &str| {
        let mut push = version(state, r#"{"id":"1"}"#, Version::Untimed);
        push.may_recur = true;
        push
    };
    assert_eq!(receive(&store, 1, state("valid")).await, Receipt::New);
    assert_eq!(receive(&store, 2, state("valid")).await, Receipt::Repeated);
    assert_eq!(receive(&store, 3, state("invalid")).await, Receipt::Older);
    assert_eq!(receive(&store, 4, state("valid")).await, Receipt::Older);
    assert_eq!(receive(&store, 5, state("valid")).await, Receipt::Repeated);
    assert_eq!(number(&store, "SELECT count(*) FROM pushes"), 3);
}

/// Whichever of the two is committed first, the newest version stays.
#[tokio::test]
async fn the_newer_time_of_update_stays() {
    let at = |seconds: i64| format!(r#"{{"id":"1","updated":{seconds},"via":"pull"}}"#);
    let pushed = |seconds: i64| {
        let text = format!(r#"{{"id":"1","updated":{seconds},"via":"push"}}"#);
        version(&format!("p{seconds}"), &text, Version::Updated)
    };
    let is = |store: &Store, updated: i64, via: &str| {
        let text = format!(r#"{{"id":"1","updated":{updated},"via":"{via}"}}"#);
        assert_eq!(stored(store), (text, false));
    };
    let store = fresh().await;
    page(&store, 10, 11, &[&at(5)]).await;
    assert_eq!(receive(&store, 12, pushed(4)).await, Receipt::Older);
    assert_eq!(receive(&store, 13, pushed(5)).await, Receipt::Older);
    is(&store, 5, "pull");
    assert_eq!(receive(&store, 14, pushed(12)).await, Receipt::Changed);
    assert_eq!(receive(&store, 15, pushed(9)).await, Receipt::Older);
    is(&store, 12, "push");
    let changed = "SELECT count(*) FROM history WHERE what = 'changed' AND changes LIKE '%push%'";
    assert_eq!(number(&store, changed), 1);
    // Requested before the change, stored after the push.
    let seen = "SELECT seen_at FROM orders";
    let before = text(&store, seen);
    page(&store, 11, 20, &[&at(5)]).await;
    is(&store, 12, "push");
    assert_ne!(text(&store, seen), before, "it was shown");
    page(&store, 21, 22, &[&at(12)]).await;
    is(&store, 12, "pull");
    page(&store, 21, 23, &[&at(5)]).await;
    is(&store, 5, "pull");
    // Without a time nothing is newer: it is requested.
    let untimed = version("x", r#"{"id":"1","via":"push"}"#, Version::Updated);
    assert_eq!(receive(&store, 24, untimed).await, Receipt::Due);
    assert!(stored(&store).1);
}

#[tokio::test]
async fn an_event_is_newer_than_what_was_requested_before_it() {
    let (old, new) = (r#"{"id":"1","v":1}"#, r#"{"id":"1","v":2}"#);
    let event = |key: &str, text: &str, at: i64| version(key, text, Version::At(time(at)));
    let store = fresh().await;
    page(&store, 10, 30, &[old]).await;
    // It happened after the request, and before the answer was stored.
    assert_eq!(
        receive(&store, 31, event("a", new, 20)).await,
        Receipt::Changed
    );
    assert_eq!(stored(&store), (new.to_owned(), true));
    // Requested before it happened: older. Requested after it happened, before it came: newer, and still due.
    page(&store, 19, 40, &[old]).await;
    assert_eq!(stored(&store), (new.to_owned(), true));
    page(&store, 25, 41, &[old]).await;
    assert_eq!(stored(&store), (old.to_owned(), true));
    page(&store, 50, 51, &[old]).await;
    assert_eq!(stored(&store), (old.to_owned(), false));
    // An event from before the request that says otherwise: by two clocks, so it is requested again.
    assert_eq!(receive(&store, 60, event("b", new, 49)).await, Receipt::Due);
    assert_eq!(
        receive(&store, 61, event("c", old, 48)).await,
        Receipt::Older
    );
    page(&store, 62, 63, &[old]).await;
    assert_eq!(stored(&store), (old.to_owned(), false));
    // The vendor's clock is an hour ahead: what is requested after the push is newer all the same.
    assert_eq!(
        receive(&store, 70, event("d", new, 3670)).await,
        Receipt::Changed
    );
    page(&store, 71, 72, &[old]).await;
    assert_eq!(stored(&store), (old.to_owned(), false));
}

#[tokio::test]
async fn a_push_without_a_time_takes_no_place() {
    let store = fresh().await;
    let by_key = |v: &str| format!(r#"{{"id":"no-id/7/S1/+","key":"7/S1/+","v":{v}}}"#);
    let untimed = |key: &str, v: &str| version(key, &by_key(v), Version::Untimed);
    assert_eq!(receive(&store, 1, untimed("a", "1")).await, Receipt::New);
    assert_eq!(stored(&store), (by_key("1"), true));
    assert_eq!(text(&store, "SELECT seen_at FROM orders"), "NULL");
    assert_eq!(receive(&store, 2, untimed("b", "2")).await, Receipt::Due);
    assert_eq!(stored(&store), (by_key("1"), true));
    assert_eq!(store.pushed(&account()).await.unwrap(), 1);
    // It is pulled with its id: one order.
    let pulled = r#"{"id":"101","key":"7/S1/+","v":3}"#;
    page(&store, 3, 4, &[pulled]).await;
    assert_eq!(text(&store, "SELECT id FROM orders"), "101");
    assert_eq!(stored(&store), (pulled.to_owned(), false));
    assert_eq!(store.pushed(&account()).await.unwrap(), 0);
    assert_eq!(receive(&store, 5, untimed("c", "4")).await, Receipt::Due);
    assert_eq!(stored(&store), (pulled.to_owned(), true));
}

#[tokio::test]
async fn a_refund_stays_whatever_is_pulled() {
    let store = fresh().await;
    let paid = |status: &str| format!(r#"{{"id":"1","status":"{status}"}}"#);
    let back = |store: &Store| {
        let sql = "SELECT coalesce(money_back, '-') || ' ' || coalesce(net, '-') FROM orders";
        text(store, sql)
    };
    let first = push("r1", "1", refund("r1", "15.00 EUR"));
    assert_eq!(receive(&store, 1, first).await, Receipt::NotStored);
    page(&store, 2, 3, &[&paid("paid")]).await;
    assert_eq!(back(&store), "- -", "at least 15: there may be more");
    let waiting = "SELECT count(*) FROM pushes WHERE state = 'waiting'";
    assert_eq!(number(&store, waiting), 0);
    page(&store, 4, 5, &[&paid("refunded")]).await;
    let rest = push("r2", "1", refund("r2", "5 EUR"));
    assert_eq!(receive(&store, 6, rest).await, Receipt::Adjusted);
    assert!(stored(&store).1, "its own text changed, too");
    assert_eq!(back(&store), "20.00 0.00");
    let adjusted =
        "SELECT count(*) FROM history WHERE what = 'adjusted' AND changes LIKE '%money_back%'";
    assert_eq!(number(&store, adjusted), 1);
    page(&store, 7, 8, &[&paid("refunded")]).await;
    page(
        &store,
        9,
        10,
        &[r#"{"id":"1","status":"refunded","more":1}"#],
    )
    .await;
    assert_eq!(back(&store), "20.00 0.00");
    assert_eq!(number(&store, "SELECT count(*) FROM adjustments"), 2);
    // Read again by a later mapping.
    let done = store.remap(&account(), 2, time(11), read).await.unwrap();
    assert_eq!((done.read, done.changed), (1, 0));
    assert_eq!(back(&store), "20.00 0.00");
    let found = store.find("1").await.unwrap();
    assert_eq!(found[0].adjustments.len(), 2);
}

#[tokio::test]
async fn what_waits_is_read_again() {
    let store = fresh().await;
    let mut push = Push::new("k", "changed", r#"{"id":"1","v":2}"#.into());
    push.meaning = Meaning::Unread("not yet".to_owned());
    receive(&store, 1, push).await;
    receive(&store, 2, Push::new("n", "other", Bytes::new())).await;
    let read_push = |kept: &KeptPush| match &*kept.event {
        "changed" => {
            let text = String::from_utf8_lossy(&kept.raw);
            Ok(version("", &text, Version::At(time(1))))
        }
        _ => Ok(Push::new("", &kept.event, kept.raw.clone())),
    };
    let account = account();
    let again = || store.read_pushes_again(&account, 1, time(3), read, read_push);
    assert_eq!(again().await.unwrap(), 1);
    assert_eq!(stored(&store), (r#"{"id":"1","v":2}"#.to_owned(), true));
    assert_eq!(again().await.unwrap(), 0);
    let sql = "SELECT key || ' ' || state FROM pushes ORDER BY seq";
    assert_eq!(texts(&store, sql), ["k applied", "n waiting"]);
}

/// A push often leaves the time of creation out.
#[tokio::test]
async fn a_time_of_creation_is_kept() {
    let store = fresh().await;
    page(&store, 1, 2, &[r#"{"id":"1","created":0}"#]).await;
    let newer = version("a", r#"{"id":"1","v":2}"#, Version::At(time(5)));
    assert_eq!(receive(&store, 5, newer).await, Receipt::Changed);
    let created = format!("SELECT {} FROM orders", time_column("created_at"));
    let created = &*created;
    assert_eq!(text(&store, created), "2023-11-14T22:13:20.000Z");
    store.remap(&account(), 2, time(6), read).await.unwrap();
    assert_eq!(text(&store, created), "2023-11-14T22:13:20.000Z");
}

/// A push is no reading: marks, doubts and counts of scans stay as they are.
#[tokio::test]
async fn a_push_is_no_reading() {
    let store = fresh().await;
    let mark = ScanMark {
        scan: 1,
        generation: 1,
        attempt: 1,
        cutoff: None,
    };
    let batch = |texts: &[&str], unreadable: Vec<Unreadable>| Batch {
        orders: texts
            .iter()
            .map(|text| Received::new(order(text)))
            .collect(),
        unreadable,
        mark: Some(mark),
        requested_at: Some(time(1)),
        ..Batch::default()
    };
    let bad = Unreadable::new("rows[1].amount", "no number", "{\"id\":\"2\"}".into());
    let bad = bad.with_id(Some("2".to_owned()));
    commit(&store, 2, batch(&[r#"{"id":"1","v":1}"#], vec![bad])).await;
    let whose = account();
    let marked = || store.marked(&whose, 1..=2);
    assert_eq!(marked().await.unwrap(), 2);
    for (id, receipt) in [
        ("1", Receipt::Changed),
        ("2", Receipt::Unreadable),
        ("3", Receipt::New),
    ] {
        let text = format!(r#"{{"id":"{id}","v":2}}"#);
        let push = version(id, &text, Version::At(time(5)));
        assert_eq!(receive(&store, 5, push).await, receipt, "{id}");
    }
    assert_eq!(marked().await.unwrap(), 2);
    let doubt = |of: &str| format!("UPDATE order_rows SET doubted_at = 6, {of} WHERE id = '1'");
    execute(&store, &doubt("absent_at = 6, doubted_from = 6"));
    let push = version("d", r#"{"id":"1","v":3}"#, Version::At(time(7)));
    assert_eq!(receive(&store, 7, push).await, Receipt::Changed);
    assert_eq!(
        number(
            &store,
            "SELECT count(*) FROM orders WHERE doubted_at IS NOT NULL"
        ),
        1
    );
    let due = store
        .due_orders(&account(), DueFilter::Pushed, None, 9)
        .await
        .unwrap();
    assert_eq!(
        due.len(),
        2,
        "a push that came since the doubt began is looked up"
    );
}

#[tokio::test]
async fn an_order_that_is_gone_is_back_by_a_later_event_alone() {
    let store = fresh().await;
    page(&store, 1, 2, &[r#"{"id":"1","v":1}"#]).await;
    let gone = Batch {
        gone: vec!["1".to_owned()],
        ..Batch::default()
    };
    commit(&store, 100, gone).await;
    let is_gone = "SELECT gone_at IS NOT NULL FROM orders";
    let event = |key: &str, at: i64| {
        version(
            key,
            &format!(r#"{{"id":"1","v":{at}}}"#),
            Version::At(time(at)),
        )
    };
    assert_eq!(receive(&store, 110, event("a", 50)).await, Receipt::Changed);
    assert_eq!(number(&store, is_gone), 1, "it was deleted since");
    assert_eq!(
        receive(&store, 111, push("b", "1", Meaning::Due)).await,
        Receipt::Older
    );
    assert_eq!(
        receive(&store, 130, event("c", 120)).await,
        Receipt::Changed
    );
    assert_eq!(number(&store, is_gone), 0);
    let back = "SELECT count(*) FROM history WHERE what = 'back' AND run = 0";
    assert_eq!(number(&store, back), 1);
}

/// What is due is requested by the next pull of every kind, and only then.
#[tokio::test(start_paused = true)]
async fn the_next_pull_requests_what_is_due() {
    for kind in KINDS {
        if kind == Kind::Cursor {
            continue;
        }
        let sim = Sim::new(kind, 41).filled(60, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        let id = sim.world().rows[7].name();
        // Changed without a trace in its time of update: no window shows it.
        let updated = sim.world().rows[7].updated;
        sim.world().change(7, 2, updated);
        sim.clock.advance(7200);
        let now = at(sim.clock.seconds());
        let due = push("a", &id, Meaning::Due);
        let due = store.receive(&sim.account, 1, now, due, read).await;
        assert_eq!(due.unwrap(), Receipt::Due, "{kind:?}");
        sim.clock.advance(60);
        let summary = run(&sim, &store, &options(kind)).await.summary;
        assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
        assert_truth(&store, &sim, &format!("{kind:?}"));
        let left = number(
            &store,
            "SELECT count(*) FROM orders WHERE due_at IS NOT NULL",
        );
        assert_eq!(left, 0, "{kind:?}");
        sim.clock.advance(60);
        let before = sim.calls();
        run(&sim, &store, &options(kind)).await;
        let usual = sim.calls() - before;
        assert!(usual < 8, "{kind:?}: {usual}");
    }
}

/// An order that a push made up is looked up in vain, doubted a day later, and gone after another.
#[tokio::test(start_paused = true)]
async fn an_order_that_the_vendor_does_not_have_goes_again() {
    for kind in [Kind::Windows, Kind::NewestFirst, Kind::Store] {
        let sim = Sim::new(kind, 43).filled(40, 20, 0);
        let store = fresh().await;
        run(&sim, &store, &options(kind)).await;
        let text = format!(
            r#"{{"id":"nobody","created":{}}}"#,
            sim.clock.seconds() - T0 - 3600
        );
        let now = at(sim.clock.seconds());
        let push = version("a", &text, Version::Untimed);
        let new = store.receive(&sim.account, 1, now, push, read).await;
        assert_eq!(new.unwrap(), Receipt::New);
        for _ in 0..6 {
            sim.clock.advance(DAY + 60);
            run(&sim, &store, &options(kind)).await;
        }
        let full = orders_sync::Options {
            mode: orders_sync::Mode::Full,
            ..options(kind)
        };
        for _ in 0..3 {
            pull(&sim, &store, &full, &tools(&sim)).await.unwrap();
            sim.clock.advance(DAY + 60);
        }
        assert_truth(&store, &sim, &format!("{kind:?}"));
        let due = number(
            &store,
            "SELECT count(*) FROM orders WHERE due_at IS NOT NULL",
        );
        assert_eq!(due, 0, "{kind:?}");
    }
}
