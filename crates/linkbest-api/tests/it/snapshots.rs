//! What each fixture becomes: the typed view under the vendor's names, and the core view.

use bytes::Bytes;
use linkbest_api::orders::{decode_order, decode_page, decode_single};
use linkbest_api::webhooks::{Fields, Push, Resource, verify};
use linkbest_api::{Error, Mapper, Order, Record, Unreadable, reports, settlements};
use serde::Serialize;

use crate::fixture;

fn orders(orders: Result<Vec<Record<Order>>, Error>) -> String {
    let orders = match orders {
        Ok(orders) => orders,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut text = format!("{} orders\n", orders.len());
    for order in orders {
        let typed = serde_json::to_string_pretty(&order.value).unwrap();
        let core = serde_json::to_string_pretty(&Mapper::new("main").order(&order)).unwrap();
        text += &format!("--- typed\n{typed}\n--- core\n{core}\n");
    }
    text
}

fn rows<T: Serialize>(rows: Result<Vec<Record<T>>, Error>) -> String {
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut text = format!("{} rows\n", rows.len());
    for row in rows {
        let typed = serde_json::to_string_pretty(&row.value).unwrap();
        text += &format!("--- typed\n{typed}\n");
    }
    text
}

/// The records of a page that could not be read.
fn failed(records: Result<&[Unreadable], &Error>) -> String {
    let line = |r: &Unreadable| format!("unreadable {} (id {:?}): {}\n", r.path, r.id, r.reason);
    records.unwrap_or_default().iter().map(line).collect()
}

/// The secret that the pushes among the fixtures are signed with.
const PUSH_SECRET: &str = "push-secret";

/// Whether the push is genuine, and what is in it whether it is or not.
fn push(name: &str, body: &Bytes) -> String {
    let text = std::str::from_utf8(body).unwrap();
    let query = name.ends_with(".query");
    let verdict = match query {
        true => verify(text, &Bytes::new(), PUSH_SECRET),
        false => verify("", body, PUSH_SECRET),
    };
    let verdict = match verdict {
        Ok(_) => "genuine".to_owned(),
        Err(error) => format!("refused ({:?}): {error}", error.kind()),
    };
    let fields = match query {
        true => Fields::from_query(text),
        false => Fields::from_json(text),
    };
    let signed = Push::sign(PUSH_SECRET, fields.unwrap().iter());
    let event = verify(&signed.query(), &Bytes::new(), PUSH_SECRET).unwrap();
    let (review, order) = match event.resource {
        Resource::Order(order) => (false, order),
        Resource::Review(order) => (true, order),
        other => panic!("{other:?}"),
    };
    format!(
        "{verdict}\npush {:?}, review: {review}\n{}",
        event.push_id,
        orders(Ok(vec![*order]))
    )
}

fn becomes(folder: &str, name: &str, body: &Bytes) -> String {
    match folder {
        "detail" => orders(decode_single(body).map(|order| vec![order])),
        "settlement" => {
            let page = settlements::decode_page(body);
            let unreadable = failed(page.as_ref().map(|page| page.unreadable.as_slice()));
            rows(page.map(|page| page.records)) + &unreadable
        }
        "report" => {
            let page = reports::decode_page(body);
            let unreadable = failed(page.as_ref().map(|page| page.unreadable.as_slice()));
            rows(page.map(|page| page.records)) + &unreadable
        }
        "push" => push(name, body),
        _ if name == "single.json" => orders(decode_order(body).map(|order| vec![order])),
        _ => {
            let page = decode_page(body);
            let unreadable = failed(page.as_ref().map(|page| page.unreadable.as_slice()));
            orders(page.map(|page| page.records)) + &unreadable
        }
    }
}

/// The bodies in a folder of the fixtures; none where there is no such folder.
fn bodies(folder: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/linkbest")
        .join(folder);
    let mut names: Vec<String> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            [".json", ".txt", ".query"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .collect();
    names.sort();
    names
}

#[test]
fn snapshots() {
    assert!(bodies("").len() > 20);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for folder in ["", "detail", "settlement", "report", "push"] {
            for name in bodies(folder) {
                let (path, snapshot) = match folder {
                    "" => (name.clone(), name.clone()),
                    _ => (format!("{folder}/{name}"), format!("{folder}.{name}")),
                };
                insta::assert_snapshot!(snapshot, becomes(folder, &name, &fixture(&path)));
            }
        }
    });
}
