//! What each fixture becomes: the typed orders and the core orders as JSON text, or the error. Reviewed as a diff.

use std::fmt::Display;

use bytes::Bytes;
use chrono::DateTime;
use orders_wire::Record;
use serde::Serialize;
use shopline_api::orders::{Fulfillment, Order, Refund, Transaction};
use shopline_api::webhooks::{Event, Headers, Push, Resource, Topic, WebhookError, verify};
use shopline_api::{Error, Mapper, Page, Unreadable, customers, orders, payments, tokens};

use crate::fixtures;

fn shown(page: &Page<Order>) -> String {
    listed(&page.records, order) + &failed(&page.unreadable)
}

fn listed<T>(rows: &[Record<T>], shown: impl Fn(&Record<T>) -> String) -> String {
    match rows {
        [] => "an empty page\n".to_owned(),
        rows => rows.iter().map(shown).collect(),
    }
}

fn order(record: &Record<Order>) -> String {
    let core = Mapper::new("main").order(record);
    let core = serde_json::to_string_pretty(&core).unwrap();
    format!("{}core: {core}\n", typed(record))
}

fn typed<T: Serialize>(record: &Record<T>) -> String {
    let json = serde_json::to_string(&record.value).unwrap();
    format!("typed: {}\n", pretty(&json))
}

/// Indents JSON without reading its values, so that every digit stays.
fn pretty(json: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    for c in json.chars() {
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '"' => in_text = true,
            _ => {}
        }
        let new_line = format!("\n{}", "  ".repeat(depth));
        match c {
            '{' | '[' | ',' => out.push_str(&format!("{c}{new_line}")),
            '}' | ']' => out.push_str(&format!("{new_line}{c}")),
            ':' => out.push_str(": "),
            _ => out.push(c),
        }
    }
    out
}

/// The records that could not be read.
fn failed(records: &[Unreadable]) -> String {
    let line = |r: &Unreadable| format!("unreadable {} (id {:?}): {}\n", r.path, r.id, r.reason);
    records.iter().map(line).collect()
}

fn outcome<T>(read: Result<T, impl Display>, shown: impl Fn(T) -> String) -> String {
    match read {
        Ok(value) => shown(value),
        Err(error) => format!("error: {error}\n"),
    }
}

/// What becomes of each body of a folder, or of those of the list of orders.
fn snapshots(folder: &str, least: usize, becomes: impl Fn(&str, &Bytes) -> String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let names = [
            fixtures::names_in(folder, ".json"),
            fixtures::names_in(folder, ".txt"),
        ]
        .concat();
        assert!(names.len() >= least, "{names:?}");
        for name in names {
            let path = match folder {
                "" => name.clone(),
                folder => format!("{folder}/{name}"),
            };
            let text = becomes(&name, &fixtures::body(&path));
            insta::assert_snapshot!(path.replace(['.', '/'], "-"), text);
        }
    });
}

#[test]
fn every_body() {
    snapshots("", 30, |_, body| {
        outcome(orders::decode_page(body), |page| shown(&page))
    });
}

#[test]
fn every_list_of_refunds() {
    snapshots("refunds", 15, |name, body| {
        if name == "single.json" {
            return outcome(Record::<Refund>::read(body), |one| typed(&one));
        }
        outcome(orders::decode_refunds(body), |page| {
            listed(&page.records, typed) + &failed(&page.unreadable)
        })
    });
}

#[test]
fn every_list_of_parcels() {
    snapshots("fulfillments", 15, |name, body| {
        if name == "single.json" {
            return outcome(Record::<Fulfillment>::read(body), |one| typed(&one));
        }
        outcome(orders::decode_fulfillments(body), |page| {
            listed(&page.records, typed) + &failed(&page.unreadable)
        })
    });
}

#[test]
fn every_list_of_transactions() {
    let shown = |page: Page<Transaction>| listed(&page.records, typed) + &failed(&page.unreadable);
    snapshots("transactions", 20, |name, body| {
        if name == "both-lists.json" {
            let lists = outcome(orders::decode_transactions(body), shown);
            return lists + &outcome(orders::decode_transaction_list(body), shown);
        }
        // `list-null` is one of the order's list; `list-list-null` is its twin of the question.
        let of_question =
            name.starts_with("list-") && !matches!(name, "list-null.json" | "list-missing.json");
        match of_question {
            true => outcome(orders::decode_transaction_list(body), shown),
            false => outcome(orders::decode_transactions(body), shown),
        }
    });
}

#[test]
fn every_list_of_customers() {
    snapshots("customers", 15, |_, body| {
        outcome(customers::decode_page(body), |page| {
            listed(&page.records, typed) + &failed(&page.unreadable)
        })
    });
}

#[test]
fn every_list_of_shopline_payments() {
    fn shown<T: Serialize>(page: Page<T>) -> String {
        listed(&page.records, typed) + &failed(&page.unreadable)
    }
    snapshots("store-transactions", 12, |_, body| {
        outcome(payments::decode_store_transactions(body), shown)
    });
    snapshots("payouts", 12, |_, body| {
        outcome(payments::decode_payouts(body), shown)
    });
    snapshots("balance-transactions", 12, |_, body| {
        outcome(payments::decode_balance_transactions(body), shown)
    });
    snapshots("balance", 12, |_, body| {
        outcome(payments::decode_balance(body), |page| {
            listed(&page.records, typed) + &failed(&page.unreadable)
        })
    });
}

#[test]
fn every_list_of_attributions() {
    snapshots("attributions", 11, |_, body| {
        outcome(orders::decode_attributions(body), |page| {
            listed(&page.records, typed) + &failed(&page.unreadable)
        })
    });
}

#[test]
fn every_count() {
    snapshots("count", 9, |_, body| {
        outcome(orders::decode_count(body), |count| {
            format!("{count} orders\n")
        })
    });
}

#[test]
fn every_answer_for_a_token() {
    snapshots("token", 12, |_, body| {
        // The token itself stays out of sight.
        outcome(tokens::decode_answer(body), |answer| {
            format!("{answer:#?}\n")
        })
    });
}

#[test]
fn every_push_of_another_kind() {
    for (folder, topic) in [
        ("push-dispute", Topic::PaymentsCreate),
        ("push-redaction", Topic::CustomersRedact),
        ("push-attribution", Topic::OrderAttributionCreate),
    ] {
        snapshots(folder, 6, |_, body| {
            outcome(pushed(topic.clone(), body), |event| match &event.resource {
                Resource::Dispute(one) => typed(one),
                Resource::Redaction(one) => typed(one),
                Resource::Attribution(one) => typed(one),
                other => format!("{other:?}\n"),
            })
        });
    }
}

fn pushed(topic: Topic, body: &Bytes) -> Result<Event, WebhookError> {
    let push = Push::sign("secret", topic, "hook-1", body.clone());
    let headers = push.headers.iter();
    let headers = headers.map(|(name, value)| (*name, value.as_str()));
    let headers = Headers::from_pairs(headers);
    verify(&headers, &push.body, "secret", DateTime::UNIX_EPOCH)
}

#[test]
fn every_push() {
    snapshots("push", 12, |name, body| {
        let topic = match name.trim_end_matches(".json") {
            "order-transactions-create" => Topic::OrderTransactionsCreate,
            "orders-delete" => Topic::OrdersDelete,
            "orders-updated" => Topic::OrdersUpdated,
            "refunds-create" => Topic::RefundsCreate,
            _ => Topic::OrdersCreate,
        };
        outcome(pushed(topic, body), |event| {
            let thing = match &event.resource {
                Resource::Order(one) => order(one),
                Resource::Refund(one) => typed(one),
                Resource::Fulfillment(one) => typed(one),
                other => format!("{other:?}\n"),
            };
            format!("{} at {:?}\n{thing}", event.topic, event.changed_at())
        })
    });
}

#[test]
fn a_bare_order() -> Result<(), Error> {
    let page = orders::decode_page(&fixtures::body("page-2.json"))?;
    let bare = Bytes::from(page.records[0].raw.as_str().to_owned());
    assert_eq!(orders::decode_order(&bare)?, page.records[0]);
    Ok(())
}
