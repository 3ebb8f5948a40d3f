//! A full page, decoded exactly with its raw records kept, beside three peers on the same bytes.
//!
//! `Value`: serde_json's own tree. `f64`: a plain derive with strings and floats, neither exact nor tolerant, nothing
//! raw kept. `scan`: the floor of anything that looks at every token, keeping nothing.
#![allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc)]

use std::hint::black_box;

use bytes::Bytes;
use clink_api::orders::decode_page;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[allow(dead_code)]
struct FloatPage {
    rows: Vec<FloatOrder>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
#[allow(dead_code)]
struct FloatOrder {
    order_id: Option<String>,
    r#type: Option<String>,
    merchant_reference_id: Option<String>,
    invoice_id: Option<String>,
    customer_id: Option<String>,
    customer_email: Option<String>,
    create_time: Option<i64>,
    product_id: Option<String>,
    price_id: Option<String>,
    amount_subtotal: Option<f64>,
    amount_total: Option<f64>,
    payment_currency: Option<String>,
    original_currency: Option<String>,
    status: Option<String>,
    failure_code: Option<String>,
    failure_message: Option<String>,
    payment_time: Option<i64>,
    session_id: Option<String>,
    risk_level: Option<String>,
    metadata: Option<std::collections::BTreeMap<String, String>>,
    price_data_list: Vec<FloatPrice>,
    payment_method: Option<FloatMethod>,
    payment_execution_details: Vec<FloatDetail>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
#[allow(dead_code)]
struct FloatPrice {
    name: Option<String>,
    unit_amount: Option<f64>,
    quantity: Option<i64>,
    currency: Option<String>,
    image_url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
#[allow(dead_code)]
struct FloatMethod {
    payment_method_type: Option<String>,
    payment_instrument_id: Option<String>,
    card_scheme: Option<String>,
    card_last_four: Option<String>,
    issuer_region: Option<String>,
    issuer_bank: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
#[allow(dead_code)]
struct FloatDetail {
    channel_code: Option<String>,
    channel_transaction_id: Option<String>,
    original_failure_code: Option<String>,
    original_failure_message: Option<String>,
}

/// Fifty orders: the full fixture's order, again and again.
fn page() -> Bytes {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clink/full.json");
    let full = decode_page(&Bytes::from(std::fs::read(path).unwrap())).unwrap();
    let rows = vec![serde_json::to_string(&full.records[0].value).unwrap(); 50];
    Bytes::from(format!(
        r#"{{"total":50,"rows":[{}],"code":200,"msg":"success"}}"#,
        rows.join(",")
    ))
}

fn decode(c: &mut Criterion) {
    let body = page();
    let mut group = c.benchmark_group("clink page of 50");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("exact, raw kept", |b| {
        b.iter(|| decode_page(black_box(&body)).unwrap())
    });
    group.bench_function("Value", |b| {
        b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(&body)).unwrap())
    });
    group.bench_function("f64", |b| {
        b.iter(|| serde_json::from_slice::<FloatPage>(black_box(&body)).unwrap())
    });
    group.bench_function("scan", |b| {
        b.iter(|| serde_json::from_slice::<IgnoredAny>(black_box(&body)).unwrap())
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
