//! Linkbest: one order, settlements, the report.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use futures_util::TryStreamExt as _;
use linkbest_api::reports::ListReport;
use linkbest_api::settlements::{ListSettlements, Settlement};
use linkbest_api::{Client, ErrorKind, Record};
use orders_core::{OrderRef, OrderSource, Slice, TimeAxis, Walk, Window};
use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::Value;

use super::{fetches, sandbox, texts, value};

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(
        sandbox.linkbest_app_key(),
        sandbox.linkbest_app_secret().to_owned(),
    );
    let builder = builder.base_url(sandbox.linkbest_base_url());
    // The sandbox asks for no pauses.
    builder.build().unwrap()
}

fn text(order: &Value, name: &str) -> String {
    match &order[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// When an order was placed, as its page says it.
fn placed(order: &Value) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(&text(order, "OrderTime"), "%Y-%m-%d %H:%M:%S").unwrap()
}

/// Local days (UTC+8), as a window of times.
fn window(first: NaiveDate, last: NaiveDate) -> Window {
    let zone = FixedOffset::east_opt(8 * 3600).unwrap();
    let midnight = |day: NaiveDate| {
        let local = day.and_hms_opt(0, 0, 0).unwrap();
        local.and_local_timezone(zone).unwrap().to_utc()
    };
    Window::new(midnight(first), midnight(last + Days::new(1))).unwrap()
}

#[tokio::test]
async fn every_order_comes_by_program_and_number() {
    let sandbox = sandbox(40).await;
    let client = client(&sandbox);
    let truth = texts(sandbox.truth(Vendor::Linkbest));
    for (id, json) in &truth {
        let known = value(json);
        let (program, number) = (text(&known, "ProgramId"), text(&known, "OrderSn"));
        let order = client.get_order(&program, &number).await.unwrap();
        assert_eq!((order.id.as_ref(), order.raw.as_str()), (Some(id), &**json));
    }
    let error = client.get_order("1", "nobody").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");

    let absent = OrderRef::new("1").with_number("nobody").with_program("1");
    fetches(&client, &sandbox, Vendor::Linkbest, absent).await;
}

#[tokio::test]
async fn the_report_counts_what_the_truth_holds() {
    let sandbox = sandbox(300).await;
    let client = client(&sandbox);
    let orders: Vec<_> = sandbox.truth(Vendor::Linkbest);
    let orders: Vec<_> = orders.iter().map(|order| value(&order.json)).collect();
    let days: BTreeSet<_> = orders.iter().map(|order| placed(order).date()).collect();
    let (first, end) = (*days.first().unwrap(), *days.last().unwrap());
    let mut counted = 0;
    // The whole truth in reports of a week, and once the longest report.
    let weeks = (0..).map(|week| first + Days::new(7 * week));
    let weeks = weeks.take_while(|day| *day <= end);
    let spans = weeks.map(|day| (day, day + Days::new(6), true));
    for (first, last, sums) in spans.chain([(first, first + Days::new(30), false)]) {
        let within = |order: &&Value| (first..=last).contains(&placed(order).date());
        let mut expected = BTreeMap::<String, i64>::new();
        for order in orders.iter().filter(within) {
            *expected.entry(text(order, "ProgramId")).or_default() += 1;
        }
        let report = client.stream_report(&ListReport::new(first, last));
        let report: Vec<_> = report.try_collect().await.unwrap();
        let found = report.iter().map(|row| {
            let program = row.program_id.clone().unwrap();
            (program, row.order_count.unwrap())
        });
        // Programs without orders have a row too.
        let found: BTreeMap<_, _> = found.filter(|(_, count)| *count > 0).collect();
        assert_eq!(found, expected, "{first} {last}");

        let slice = Slice::window(Walk::Windows, TimeAxis::Created, window(first, last));
        let sum = expected.values().sum::<i64>().unsigned_abs();
        assert_eq!(client.count(&slice).await.unwrap(), Some(sum));
        counted += if sums { sum } else { 0 };
    }
    assert_eq!(counted, 300);
}

async fn settlements(client: &Client, window: Window) -> Vec<Record<Settlement>> {
    let range = ListSettlements::new(window.from, window.to);
    client
        .stream_settlements(&range)
        .try_collect()
        .await
        .unwrap()
}

#[tokio::test]
async fn settlements_belong_to_orders_and_add_up() {
    let sandbox = sandbox(150).await;
    let client = client(&sandbox);
    let orders = sandbox.truth(Vendor::Linkbest);
    let orders: BTreeMap<_, _> = orders
        .iter()
        .map(|order| {
            let json = value(&order.json);
            (text(&json, "OrderSn"), (order.id.clone(), json))
        })
        .collect();
    let days: BTreeSet<_> = orders.values().map(|(_, o)| placed(o).date()).collect();
    let all = window(*days.first().unwrap(), *days.last().unwrap());
    let rows = settlements(&client, all).await;
    assert!(rows.len() > 20, "{}", rows.len());
    let mut numbers = BTreeSet::new();
    for row in &rows {
        let number = row.order_sn.clone().unwrap();
        let (_, order) = &orders[&number];
        assert!(
            matches!(text(order, "Status").as_str(), "-1" | "2"),
            "{order}"
        );
        assert_eq!(row.order_time, Some(placed(order)));
        let amounts = (row.confirm_price_old.unwrap(), row.modify_price.unwrap());
        assert_eq!(Some(amounts.0 + amounts.1), row.confirm_price);
        let confirmed = text(order, "ConfirmPrice").parse().unwrap();
        assert_eq!(row.confirm_price, Some(confirmed));
        assert!(numbers.insert(number), "twice");
    }

    // Two halves are the whole, and a change makes one row more.
    let middle = all.from + (all.to - all.from) / 2 + TimeDelta::milliseconds(1);
    let mut halves = settlements(&client, Window::new(all.from, middle).unwrap()).await;
    halves.extend(settlements(&client, Window::new(middle, all.to).unwrap()).await);
    let raws = |rows: &[Record<Settlement>]| -> BTreeSet<String> {
        rows.iter().map(|row| row.raw.as_str().to_owned()).collect()
    };
    assert_eq!(raws(&halves), raws(&rows));
    let (number, (id, _)) = orders
        .iter()
        .find(|(_, (_, order))| text(order, "Status") == "0")
        .unwrap();
    for change in [Change::Confirm, Change::Settle] {
        let changed = sandbox.change_order(Vendor::Linkbest, id, change).await;
        changed.unwrap();
    }
    let more = settlements(&client, all).await;
    assert_eq!(more.len(), rows.len() + 1);
    assert!(more.iter().any(|row| row.order_sn.as_ref() == Some(number)));
}
