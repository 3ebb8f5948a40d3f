//! A full page, decoded exactly with its raw records kept, beside three peers on the same bytes.
//!
//! `Value`: serde_json's own tree. `f64`: a plain derive with strings and floats, neither exact nor tolerant, nothing
//! raw kept. `scan`: the floor of anything that looks at every token, keeping nothing.
#![allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc)]

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use linkbest_api::orders::decode_page;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code)]
struct FloatPage {
    status: i64,
    data: Vec<FloatOrder>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
#[allow(dead_code)]
struct FloatOrder {
    id: Option<String>,
    program_id: Option<String>,
    program_name: Option<String>,
    website_id: Option<String>,
    link_id: Option<String>,
    sub_id: Option<String>,
    order_sn: Option<String>,
    parent_order_sn: Option<String>,
    order_time: Option<String>,
    orders_price: Option<f64>,
    siter_commission: Option<f64>,
    currency: Option<String>,
    status: Option<String>,
    confirm_price: Option<f64>,
    confirm_siter_commission: Option<f64>,
    charge_currency: Option<String>,
    charge_time: Option<String>,
    details: Vec<FloatDetail>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
#[allow(dead_code)]
struct FloatDetail {
    item_cate: Option<String>,
    item_cate_name: Option<String>,
    item_id: Option<String>,
    item_name: Option<String>,
    item_price: Option<String>,
    item_count: Option<String>,
    orders_price: Option<f64>,
    order_status: Option<String>,
    order_commission: Option<f64>,
    order_sn: Option<String>,
    parent_order_sn: Option<String>,
    item_img: Option<String>,
    shop_title: Option<String>,
    lb_order_status: Option<String>,
}

/// Two hundred orders: the full fixture's order, again and again.
fn page() -> Bytes {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/linkbest/full.json");
    let full = decode_page(&Bytes::from(std::fs::read(path).unwrap())).unwrap();
    let rows = vec![serde_json::to_string(&full.records[0].value).unwrap(); 200];
    Bytes::from(format!(
        r#"{{"Status":0,"Message":"success","Data":[{}]}}"#,
        rows.join(",")
    ))
}

fn decode(c: &mut Criterion) {
    let body = page();
    let mut group = c.benchmark_group("linkbest page of 200");
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
