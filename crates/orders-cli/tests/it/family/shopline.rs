//! SHOPLINE: the orders of the store, one order, its parts, the customers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;
use orders_core::{OrderRef, OrderSource, Query, TimeAxis, Window};
use orders_sandbox::{Change, Sandbox, Vendor};
use serde_json::Value;
use shopline_api::customers::ListCustomers;
use shopline_api::orders::{CountOrders, CountStatus, ListOrders, SearchTransactions};
use shopline_api::{Client, ErrorKind, StatusFilter};

use super::{fetches, sandbox, texts, value};

fn client(sandbox: &Sandbox) -> Client {
    let (handle, token) = (sandbox.shopline_handle(), sandbox.shopline_access_token());
    let builder = Client::builder(handle, token).base_url(sandbox.shopline_base_url());
    let unlimited = shopline_api::http::ClientOptions::new().no_rate_limit();
    builder.options(unlimited).build().unwrap()
}

fn created(json: &str) -> DateTime<Utc> {
    time(json, "created_at")
}

fn time(json: &str, name: &str) -> DateTime<Utc> {
    let order = value(json);
    let text = order[name].as_str().unwrap();
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn is_archived(json: &str) -> bool {
    value(json)["hidden_order"] == Value::Bool(true)
}

/// The exact texts that a window gives, by id; an order that came twice is an error.
async fn pulled(client: &Client, axis: TimeAxis, window: Window) -> BTreeMap<String, String> {
    let query = Query::over(window).with_axis(Some(axis));
    let slices = client.slices(&query, None).await.unwrap();
    assert!(slices.next.is_none());
    let mut found = BTreeMap::new();
    for slice in slices.slices {
        let counted = client.count(&slice).await.unwrap().unwrap();
        let before = found.len();
        let mut orders = orders_reader::read_slice(Arc::new(client.clone()), slice);
        while let Some(order) = orders.next().await {
            let order = order.unwrap();
            let text = String::from_utf8(order.raw.to_vec()).unwrap();
            assert!(found.insert(order.id, text).is_none());
        }
        // The edges are asked a second wider than they are counted.
        let came = (found.len() - before) as u64;
        assert!((counted..=counted + 2).contains(&came), "{counted} {came}");
    }
    found
}

#[tokio::test]
async fn a_window_of_the_store_is_the_truth() {
    let sandbox = sandbox(330).await;
    let client = client(&sandbox);
    let truth = texts(sandbox.truth(Vendor::Shopline));
    assert!(truth.values().any(|json| is_archived(json)));
    let second = TimeDelta::seconds(1);
    for (axis, name) in [
        (TimeAxis::Created, "created_at"),
        (TimeAxis::Updated, "updated_at"),
    ] {
        let times: BTreeSet<_> = truth.values().map(|json| time(json, name)).collect();
        let (from, to) = (*times.first().unwrap(), *times.last().unwrap() + second);
        let window = Window::new(from, to).unwrap();
        assert_eq!(pulled(&client, axis, window).await, truth);

        // A third of it is exactly those orders, but for the seconds at its edges.
        let third = (to - from) / 3;
        let window = Window::new(from + third, to - third).unwrap();
        let found = pulled(&client, axis, window).await;
        let inside = |by: TimeDelta| -> BTreeSet<String> {
            let (from, to) = (window.from - by, window.to + by);
            let fits = |json: &str| (from..to).contains(&time(json, name));
            let fitting = truth.iter().filter(|(_, json)| fits(json));
            fitting.map(|(id, _)| id.clone()).collect()
        };
        let ids: BTreeSet<_> = found.keys().cloned().collect();
        assert!(inside(TimeDelta::zero()).is_subset(&ids));
        assert!(ids.is_subset(&inside(second * 2)));
        assert!(ids.len() > 20 && found.iter().all(|(id, json)| truth[id] == *json));
    }
}

#[tokio::test]
async fn lists_streams_and_counts_agree_with_the_truth() {
    let sandbox = sandbox(260).await;
    let client = client(&sandbox);
    let truth = texts(sandbox.truth(Vendor::Shopline));
    let (archived, others): (BTreeMap<_, _>, BTreeMap<_, _>) = truth
        .iter()
        .map(|(id, json)| (id.clone(), json.clone()))
        .partition(|(_, json)| is_archived(json));
    assert!(!archived.is_empty() && others.len() > 100);
    let any = || ListOrders::new().status(StatusFilter::Any);
    for (request, expected) in [
        (any(), &others),
        (ListOrders::new(), &others),
        (any().hidden_order(true), &archived),
    ] {
        let orders = client.stream_orders(&request);
        let orders: Vec<_> = orders.try_collect().await.unwrap();
        assert_eq!(orders.len(), expected.len());
        for order in &orders {
            let id = order.id.as_deref().unwrap();
            assert_eq!(order.raw.as_str(), expected[id]);
        }
        // The same by hand, page by page.
        let (mut ids, mut next) = (BTreeSet::new(), None::<String>);
        loop {
            let request = match &next {
                Some(place) => ListOrders::new().page_info(place).limit(30),
                None => request.clone().limit(30),
            };
            let page = client.list_orders(&request).await.unwrap();
            assert!(page.records.len() <= 30);
            let came = page.records.iter();
            ids.extend(came.map(|order| order.id.clone().unwrap()));
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        assert!(ids.iter().eq(expected.keys()));
    }

    let count = |request: CountOrders| {
        let client = client.clone();
        async move { client.count_orders(&request).await.unwrap() as usize }
    };
    let of = |status| count(CountOrders::new().status(status));
    assert_eq!(of(CountStatus::Hidden).await, archived.len());
    let apart = of(CountStatus::Open).await + of(CountStatus::Cancelled).await;
    assert_eq!(apart, others.len());
    let middle = created(others.values().nth(others.len() / 2).unwrap());
    let before = count(CountOrders::new().created_at_max(middle)).await;
    let after = count(CountOrders::new().created_at_min(middle)).await;
    let same = truth.values().filter(|json| created(json) == middle);
    assert_eq!(
        before + after,
        count(CountOrders::new()).await + same.count()
    );
}

#[tokio::test]
async fn every_order_comes_by_id_archived_or_not() {
    let sandbox = sandbox(30).await;
    let client = client(&sandbox);
    let one = sandbox.truth(Vendor::Shopline).remove(0).id;
    let put_away = |id: String| {
        let sandbox = &sandbox;
        async move {
            sandbox
                .change_order(Vendor::Shopline, &id, Change::Archive)
                .await
        }
    };
    if !is_archived(&texts(sandbox.truth(Vendor::Shopline))[&one]) {
        put_away(one.clone()).await.unwrap();
    }
    let truth = texts(sandbox.truth(Vendor::Shopline));
    assert!(is_archived(&truth[&one]));
    for (id, json) in &truth {
        assert_eq!(client.get_order(id).await.unwrap().raw.as_str(), json);
    }
    let error = client.get_order("99").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    fetches(&client, &sandbox, Vendor::Shopline, OrderRef::new("99")).await;
}

#[tokio::test]
async fn the_parts_of_an_order_are_those_inside_it() {
    let sandbox = sandbox(90).await;
    let client = client(&sandbox);
    let (mut refunds, mut parcels, mut payments) = (0, 0, 0);
    let ids = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.map(|part| part["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for (id, json) in texts(sandbox.truth(Vendor::Shopline)) {
        let order = value(&json);
        let page = client.list_refunds(&id).await.unwrap();
        assert!(page.sent < 250);
        let inside = order["refunds"].as_array().into_iter().flatten();
        let inside: Vec<_> = inside.cloned().collect();
        let found: Vec<_> = page.records.iter().map(|r| value(r.raw.as_str())).collect();
        assert_eq!(found, inside);
        refunds += found.len();

        let found = client.list_fulfillments(&id).await.unwrap();
        let found: Vec<_> = found
            .records
            .iter()
            .map(|parcel| parcel.id.clone().unwrap())
            .collect();
        assert_eq!(found, ids(&order["fulfillments"]));
        parcels += found.len();

        let all = client.list_transactions(&id).await.unwrap().records;
        let asked = client
            .search_transactions(&SearchTransactions::new(&id))
            .await;
        let raws = |list: &[shopline_api::Record<shopline_api::orders::Transaction>]| -> Vec<_> {
            list.iter().map(|t| t.raw.as_str().to_owned()).collect()
        };
        assert_eq!(raws(&all), raws(&asked.unwrap().records));
        let of_refunds = inside
            .iter()
            .flat_map(|refund| ids(&refund["transactions"]));
        let known: BTreeSet<_> = all.iter().map(|t| t.id.clone().unwrap()).collect();
        assert!(of_refunds.into_iter().all(|id| known.contains(&id)));
        if let Some(first) = all.first() {
            let one = SearchTransactions::new(&id).transaction_id(first.id.clone().unwrap());
            let one = client.search_transactions(&one).await.unwrap().records;
            assert_eq!(raws(&one), raws(&all[..1]));
        }
        payments += all.len();
    }
    assert!(refunds > 3 && parcels > 10 && payments > 20);
    for error in [
        client.list_refunds("99").await.unwrap_err(),
        client.list_fulfillments("99").await.unwrap_err(),
        client.list_transactions("99").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn all_customers_come_and_their_orders_are_the_truth() {
    let sandbox = sandbox(400).await;
    let client = client(&sandbox);
    let known: BTreeSet<_> = sandbox.shopline_customers().into_iter().collect();
    let customers = client.stream_customers(&ListCustomers::new().limit(20));
    let customers: Vec<_> = customers.try_collect().await.unwrap();
    assert!(customers.len() > 20 && customers.len() == known.len());
    let found: BTreeSet<_> = customers.iter().map(|c| c.id.clone().unwrap()).collect();
    assert_eq!(found, known);
    // Asked for nothing in particular, the source lists the customers by itself.
    let slices = client.slices(&Query::default(), None).await.unwrap();
    let listed: BTreeSet<_> = slices
        .slices
        .iter()
        .filter_map(|s| s.partition.clone())
        .collect();
    assert_eq!((listed, slices.next), (known, None));

    // Customer by customer: orders of guests are under somebody here.
    let truth = texts(sandbox.truth(Vendor::Shopline));
    let query = Query::everything().with_partitions(found.into_iter().collect());
    let slices = client.slices(&query, None).await.unwrap();
    assert!(slices.next.is_none());
    let mut found = BTreeMap::new();
    for slice in slices.slices {
        let mut orders = orders_reader::read_slice(Arc::new(client.clone()), slice);
        while let Some(order) = orders.next().await {
            let order = order.unwrap();
            let text = String::from_utf8(order.raw.to_vec()).unwrap();
            assert!(found.insert(order.id, text).is_none());
        }
    }
    assert_eq!(found, truth);
}
