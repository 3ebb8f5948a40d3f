//! From the vendor's text to types and back, exactly.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::value::RawValue;
use shopline_api::orders::{self, FulfillmentStatus, Order, OrderStatus, decode_page};
use shopline_api::{Error, ErrorKind};

use crate::fixtures;

fn one(body: &'static str) -> Order {
    let page = decode_page(&Bytes::from_static(body.as_bytes())).unwrap();
    page.records.into_iter().next().unwrap().value
}

fn failure(body: String) -> Error {
    decode_page(&Bytes::from(body)).unwrap_err()
}

/// The scalars of a JSON text by path, each by its characters; nothing for null.
fn leaves(path: &str, json: &str, found: &mut Vec<(String, String)>) {
    match json.as_bytes()[0] {
        b'{' => {
            let map: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap();
            for (key, value) in map {
                leaves(&format!("{path}.{key}"), value.get(), found);
            }
        }
        b'[' => {
            let list: Vec<&RawValue> = serde_json::from_str(json).unwrap();
            for (index, value) in list.iter().enumerate() {
                leaves(&format!("{path}[{index}]"), value.get(), found);
            }
        }
        b'n' => {}
        _ => found.push((path.to_owned(), json.trim_matches('"').to_owned())),
    }
}

#[test]
fn every_field_of_the_contract_survives() {
    for name in ["full.json", "numbers-as-text.json", "text-as-numbers.json"] {
        let body = fixtures::body(name);
        let page = decode_page(&body).unwrap();
        let (mut sent, mut written) = (Vec::new(), Vec::new());
        for record in &page.records {
            leaves("", record.raw.as_str(), &mut sent);
            leaves(
                "",
                &serde_json::to_string(&record.value).unwrap(),
                &mut written,
            );
        }
        assert!(sent.len() > 320, "{name}: {} values", sent.len());
        assert_eq!(written, sent, "{name}");
    }
}

#[test]
fn what_is_written_reads_the_same() {
    for name in fixtures::names(".json") {
        let Ok(page) = decode_page(&fixtures::body(&name)) else {
            continue;
        };
        for record in page.records {
            let text = serde_json::to_string(&record.value).unwrap();
            let again: Order = orders_wire::decode_text(&text).unwrap();
            assert_eq!(again, record.value, "{name}");
        }
    }
}

#[test]
fn the_raw_text_is_a_piece_of_the_body() {
    let body = fixtures::body("page-1.json");
    let text = fixtures::text("page-1.json");
    let page = decode_page(&body).unwrap();
    assert_eq!(page.records.len(), 2);
    for record in page.records {
        assert!(text.contains(record.raw.as_str()));
        let raw = record.raw.clone().into_bytes();
        assert!(body.as_ptr_range().contains(&raw.as_ptr()), "copied");
    }
}

#[test]
fn every_order_of_a_page_reads_alone() {
    for name in fixtures::names(".json") {
        let Ok(page) = decode_page(&fixtures::body(&name)) else {
            continue;
        };
        for record in page.records {
            let alone = orders::decode_order(&record.raw.clone().into_bytes()).unwrap();
            assert_eq!(alone, record, "{name}");
        }
    }
}

#[test]
fn ids_keep_every_digit_and_may_be_numbers() {
    let order = one(
        r#"{"list":[{"id":21076844529148410284138412,"line_items":[{"id":459465},{"id":"RDP7684453972527028388"}]}]}"#,
    );
    assert_eq!(order.id.as_deref(), Some("21076844529148410284138412"));
    assert_eq!(order.line_items[0].id.as_deref(), Some("459465"));
    assert_eq!(
        order.line_items[1].id.as_deref(),
        Some("RDP7684453972527028388")
    );
}

#[test]
fn new_words_and_new_fields_fail_nothing() {
    let order = one(
        r#"{"list":[{"id":"1","status":"brand_new","financial_status":"un pad","fulfillment_status":"null",
        "invented":{"deep":[1]},"line_items":[{"fulfillment_status":"lost"}]}]}"#,
    );
    assert_eq!(order.status, Some(OrderStatus::Unknown("brand_new".into())));
    assert_eq!(order.financial_status.unwrap().as_str(), "un pad");
    assert_eq!(order.fulfillment_status, Some(FulfillmentStatus::Null));
    let line = order.line_items[0].fulfillment_status.as_ref().unwrap();
    assert_eq!(line.as_str(), "lost");
    let page = decode_page(&fixtures::body("drift.json")).unwrap();
    assert!(!page.records.is_empty());
}

#[test]
fn a_missing_object_may_be_null_or_full_of_nulls() {
    let order = one(
        r#"{"list":[{"id":"1","billing_address":null,"shipping_address":{"city":null,"name":""},
        "customer":{"id":null,"currency":"USD","addresses":{"name":""}}}]}"#,
    );
    assert!(order.billing_address.is_none());
    assert!(order.shipping_address.unwrap().is_empty());
    let customer = order.customer.unwrap();
    assert_eq!((customer.id, customer.addresses.len()), (None, 1));
    let list = one(r#"{"list":[{"id":"1","customer":{"addresses":[{"city":"a"},{"city":"b"}]}}]}"#);
    assert_eq!(list.customer.unwrap().addresses.len(), 2);
    let none = one(r#"{"list":[{"id":"1","customer":{"addresses":null}}]}"#);
    assert!(none.customer.unwrap().addresses.is_empty());
}

#[test]
fn lists_may_be_null_absent_or_keyed() {
    let order = one(
        r#"{"list":[{"id":"1","refunds":null,"discount_codes":{"0":{"code":"x","type":1}},"tax_lines":[null]}]}"#,
    );
    assert!(order.refunds.is_empty() && order.line_items.is_empty());
    assert_eq!(order.discount_codes[0].code.as_deref(), Some("x"));
    let kind = order.discount_codes[0].r#type.as_ref().unwrap();
    assert_eq!(kind.as_str(), "1");
    assert!(order.tax_lines.is_empty());
}

#[test]
fn a_number_beyond_a_decimal_is_refused_with_its_path() {
    let page = decode_page(&fixtures::body("beyond-decimal.json")).unwrap();
    assert!(page.unreadable[0].path.starts_with("list[0]."));
    let page = decode_page(&Bytes::from(r#"{"list":[{"id":"7","total_tax":"1_000"}]}"#)).unwrap();
    assert_eq!(page.unreadable[0].path, "list[0].total_tax");
    assert_eq!(page.unreadable[0].id.as_deref(), Some("7"));
}

#[test]
fn a_cut_body_is_refused_wherever_it_is_cut() {
    let whole = fixtures::text("page-2.json");
    let whole = whole.trim_end();
    for at in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
        let error = failure(whole[..at].to_owned());
        assert_eq!(error.kind(), ErrorKind::Decode, "cut at {at}");
    }
}

#[test]
fn money_keeps_value_and_scale_in_both_spellings() {
    let order = one(
        r#"{"list":[{"id":"1","subtotal_price":1000000.0,"total_tax":"1e2","refunds":[{
        "refund_line_items":[{"subtotal":"7.10","quantity":"2.5"}],
        "order_adjustments":[{"amount":5,"amount_set":{"shop_money":{"amount":"5.50","currency_code":"USD"}}}]}]}]}"#,
    );
    let refund = &order.refunds[0];
    let text = serde_json::to_string(&order).unwrap();
    assert_eq!(order.subtotal_price.unwrap().to_string(), "1000000.0");
    assert_eq!(order.total_tax.unwrap().to_string(), "100");
    assert_eq!(
        refund.refund_line_items[0].quantity.unwrap().to_string(),
        "2.5"
    );
    for part in [
        r#""subtotal_price":"1000000.0""#,
        r#""subtotal":7.10"#,
        r#""amount":5.50"#,
        r#""amount":"5""#,
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn unknown_fields_are_listed_on_request() {
    let unknown = orders_wire::unknown_fields::<Order>(
        r#"{"id":"1","invented":1,"line_items":[{"new":1},{"new":2}]}"#,
    );
    let unknown = unknown.unwrap();
    assert_eq!(unknown["invented"], 1);
    assert_eq!(unknown["line_items[].new"], 2);
}

proptest! {
    #[test]
    fn any_amount_survives(units in any::<i64>(), scale in 0u32..=12, as_text: bool) {
        let amount = rust_decimal::Decimal::new(units, scale).to_string();
        let sent = if as_text { format!("\"{amount}\"") } else { amount.clone() };
        let body = format!(
            r#"{{"list":[{{"id":"1","total_tax":{sent},"refunds":[{{"refund_line_items":[{{"subtotal":{sent}}}]}}]}}]}}"#
        );
        let page = decode_page(&Bytes::from(body)).unwrap();
        let order = &page.records[0].value;
        prop_assert_eq!(order.total_tax.unwrap().to_string(), amount.clone());
        let again: Order = orders_wire::decode_text(&serde_json::to_string(order).unwrap()).unwrap();
        prop_assert_eq!(again.refunds[0].refund_line_items[0].subtotal.unwrap().to_string(), amount);
    }

    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let body = Bytes::from(body);
        let _ = decode_page(&body);
        let _ = orders::decode_order(&body);
    }

    #[test]
    fn no_json_makes_it_panic(body in r#"\{"(list|orders|errors|code)":[\[\]{}",:0-9a-z]{0,40}\}"#) {
        let _ = decode_page(&Bytes::from(body));
    }
}
