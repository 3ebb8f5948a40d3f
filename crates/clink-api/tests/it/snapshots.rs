//! What each fixture becomes: the typed view under the vendor's names, and the core view of orders.

use bytes::Bytes;
use chrono::DateTime;
use clink_api::Mapper;
use clink_api::orders::{self, Order};
use clink_api::refunds;
use clink_api::webhooks::{Dispute, Event, Invoice, Resource, Subscription};
use orders_core::Unreadable;
use orders_wire::{Record, Row};
use serde::Serialize;

use crate::fixture;

/// The fixtures of one shape: each body becomes a text.
fn snapshots(shape: &str, least: usize, becomes: impl Fn(&str, &Bytes) -> String) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/clink")
        .join(shape);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") || name.ends_with(".txt"))
        .collect();
    names.sort();
    assert!(names.len() >= least, "{names:?}");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for name in names {
            let path = if shape.is_empty() { name.clone() } else { format!("{shape}/{name}") };
            insta::assert_snapshot!(path.replace('/', "."), becomes(&name, &fixture(&path)));
        }
    });
}

fn typed<T: Serialize>(value: &T) -> String {
    format!(
        "--- typed\n{}\n",
        serde_json::to_string_pretty(value).unwrap()
    )
}

fn order(order: &Record<Order>) -> String {
    let core = serde_json::to_string_pretty(&Mapper::new("main").order(order)).unwrap();
    format!("{}--- core\n{core}\n", typed(&order.value))
}

/// A record that could not be read.
fn failed(record: &Unreadable) -> String {
    let Unreadable {
        path, id, reason, ..
    } = record;
    format!("unreadable {path} (id {id:?}): {reason}\n")
}

fn outcome<T>(read: Result<T, impl std::fmt::Display>, shown: impl Fn(T) -> String) -> String {
    match read {
        Ok(value) => shown(value),
        Err(error) => format!("error: {error}\n"),
    }
}

fn bare<T: Row + Serialize>(body: &Bytes) -> String {
    outcome(Record::<T>::read(body), |record| typed(&record.value))
}

#[test]
fn snapshots_of_the_list() {
    snapshots("", 20, |name, body| {
        let read = if name == "single.json" {
            orders::decode_order(body).map(|order| (vec![order], Vec::new()))
        } else {
            orders::decode_page(body).map(|page| (page.records, page.unreadable))
        };
        outcome(read, |(orders, unreadable)| {
            let shown: String = orders.iter().map(order).collect();
            let failed: String = unreadable.iter().map(failed).collect();
            format!("{} orders\n{shown}{failed}", orders.len())
        })
    });
}

#[test]
fn snapshots_of_one_order() {
    snapshots("order", 10, |_, body| {
        outcome(orders::decode_single(body), |one| order(&one))
    });
}

#[test]
fn snapshots_of_refunds() {
    snapshots("refund", 15, |_, body| {
        outcome(refunds::decode_single(body), |refund| typed(&refund.value))
    });
}

#[test]
fn snapshots_of_invoices_subscriptions_and_disputes() {
    snapshots("invoice", 9, |_, body| bare::<Invoice>(body));
    snapshots("dispute", 6, |_, body| bare::<Dispute>(body));
    snapshots("subscription", 8, |_, body| bare::<Subscription>(body));
}

#[test]
fn snapshots_of_events() {
    snapshots("event", 20, |_, body| {
        outcome(Event::read(body, DateTime::UNIX_EPOCH), |event| {
            let resource = match &event.resource {
                Resource::Order(one) => format!("an order\n{}", order(one)),
                Resource::Refund(refund) => format!("a refund\n{}", typed(&refund.value)),
                Resource::Invoice(invoice) => format!("an invoice\n{}", typed(&invoice.value)),
                Resource::Subscription(one) => format!("a subscription\n{}", typed(&one.value)),
                Resource::Dispute(dispute) => {
                    let claim = Mapper::new("main").dispute(dispute, &event.name);
                    let core = serde_json::to_string_pretty(&claim).unwrap();
                    format!("a dispute\n{}--- core\n{core}\n", typed(&dispute.value))
                }
                other => format!("unread: {other:?}\n"),
            };
            format!(
                "{} {} at {:?}, about {resource}",
                event.idempotency_key(),
                event.name.as_str(),
                event.created
            )
        })
    });
}
