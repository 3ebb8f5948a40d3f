//! One odd leaf in one of many rows: its neighbours come all the same.

use bytes::Bytes;
use clink_api::Page;
use clink_api::orders::{Order, decode_page};
use serde_json::{Value, json};

use crate::fixture;

/// The list of a page.
const LIST: &str = "rows";
/// Currencies of the contract that no amount stands in.
const NOT_STRICT: &[&str] = &[];

fn page(body: Value) -> Page<Order> {
    decode_page(&Bytes::from(body.to_string())).unwrap()
}

/// A page of a good order, this one and another good one.
fn between(row: &Value) -> Page<Order> {
    let good = |id: &str| json!({ "orderId": id });
    let mut body = json!({"code": 200, "total": 3});
    body[LIST] = json!([good("first"), row, good("last")]);
    page(body)
}

fn full() -> Value {
    let body: Value = serde_json::from_slice(&fixture("full.json")).unwrap();
    body[LIST][0].clone()
}

/// The JSON paths of all values below `value`, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |key: &str, value: &Value| {
        let at = format!("{at}/{key}");
        places(value, &at, found);
        found.push(at);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => (0..)
            .zip(items)
            .for_each(|(i, value)| below(&i.to_string(), value)),
        _ => {}
    }
}

/// `/a/0/b` as `a[0].b`, and as the contract writes it, `a[].b`.
fn shown(place: &str) -> (String, String) {
    let (mut path, mut contract) = (String::new(), String::new());
    for step in place.split('/').skip(1) {
        if step.bytes().all(|b| b.is_ascii_digit()) {
            path += &format!("[{step}]");
            contract += "[]";
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path += &format!("{dot}{step}");
            contract += &format!("{dot}{step}");
        }
    }
    (path, contract)
}

/// The paths of an order's amounts and currencies in the contract.
fn money() -> Vec<String> {
    let table = include_str!("../../../../fixtures/clink/contract.tsv");
    let fields = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let amounts = fields.filter(|f| f[3].starts_with("decimal") || f[3] == "currency");
    let paths = amounts.filter_map(|f| f[0].strip_prefix("rows[].").map(str::to_owned));
    paths
        .filter(|path| !NOT_STRICT.contains(&path.as_str()))
        .collect()
}

#[test]
fn an_odd_value_anywhere_costs_at_most_its_own_order() {
    let order = full();
    let mut all = Vec::new();
    places(&order, "", &mut all);
    let money = money();
    let (mut strict, mut drifted) = (0, 0);
    let others = [
        json!(["x"]),
        json!("x,y"),
        json!(7.5),
        json!(true),
        json!(null),
    ];
    for (place, other) in all.iter().zip(others.iter().cycle()) {
        let (path, contract) = shown(place);
        for odd in [&json!({"x": 1}), other] {
            let mut row = order.clone();
            *row.pointer_mut(place).unwrap() = odd.clone();
            let page = between(&row);
            let ids: Vec<_> = page
                .records
                .iter()
                .map(|o| o.value.order_id.clone().unwrap_or_default())
                .collect();
            assert_eq!(
                (ids[0].as_str(), ids[ids.len() - 1].as_str()),
                ("first", "last"),
                "{path} {odd}"
            );
            assert_eq!(
                (page.sent, page.records.len() + page.unreadable.len()),
                (3, 3),
                "{path} {odd}"
            );
            if odd.is_object() && money.contains(&contract) {
                let failed = &page.unreadable[0];
                assert_eq!(failed.path, format!("{LIST}[1].{path}"), "{odd}");
                assert_eq!(failed.raw, row.to_string().as_bytes());
                assert_eq!(failed.id.as_deref(), row["orderId"].as_str());
                strict += 1;
            }
            if let [_, odd_one, _] = page.records.as_slice() {
                assert_eq!(odd_one.raw.as_str(), row.to_string());
                for drift in &odd_one.drift {
                    assert!(drift.path.starts_with(&path), "{path}: {drift:?}");
                    drifted += 1;
                }
            }
        }
    }
    assert!(strict >= 6 && drifted > 5, "{strict} {drifted}");
}

#[test]
fn a_lenient_leaf_is_none_and_named() {
    let mut row = full();
    row["customerEmail"] = json!(["x"]);
    let page = between(&row);
    let record = &page.records[1];
    assert!(page.unreadable.is_empty());
    let drift = &record.drift[0];
    assert_eq!(
        (drift.path.as_str(), drift.found.as_str()),
        ("customerEmail", "list")
    );
    assert!(page.records[0].drift.is_empty());
}

#[test]
fn a_value_of_an_order_keeps_every_digit() {
    let page = decode_page(&fixture("full.json")).unwrap();
    for record in &page.records {
        let text = serde_json::to_string(&record.value).unwrap();
        let value = serde_json::to_value(&record.value).unwrap();
        let again: Order = serde_json::from_value(value).unwrap();
        // A value of any shape comes back without the white space between its tokens.
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(solid(&serde_json::to_string(&again).unwrap()), solid(&text));
    }
}

/// No text can hold half a surrogate pair. Beside the records it is none of theirs.
#[test]
fn half_a_surrogate_pair_in_the_envelope_costs_no_record() {
    let body = br#"{"code":200,"odd\ud83d":"\ud83e","total":1,"rows":[{"orderId":"o"}]}"#;
    let page = decode_page(&body[..].into()).unwrap();
    assert_eq!((page.records.len(), page.sent), (1, 1));
}
