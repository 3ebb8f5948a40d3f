//! A full page, decoded exactly with its raw records kept, beside three peers on the same bytes.
//!
//! `Value`: serde_json's own tree. `f64`: a plain derive of the main fields with strings and floats, neither exact nor
//! tolerant, nothing raw kept. `scan`: the floor of anything that looks at every token, keeping nothing.
#![allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc)]

use std::hint::black_box;
use std::path::Path;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use serde::de::IgnoredAny;
use shopline_api::orders::decode_page;

const ORDERS: usize = 50;

#[derive(Deserialize)]
#[allow(dead_code)]
struct FloatPage {
    list: Vec<FloatOrder>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatOrder {
    id: Option<String>,
    name: Option<String>,
    status: Option<String>,
    financial_status: Option<String>,
    fulfillment_status: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    cancelled_at: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    user_id: Option<String>,
    tags: Option<String>,
    note: Option<String>,
    currency: Option<String>,
    presentment_currency: Option<String>,
    order_status_url: Option<String>,
    total_weight: Option<f64>,
    subtotal_price: Option<String>,
    total_tax: Option<String>,
    total_discounts: Option<String>,
    total_outstanding: Option<String>,
    current_total_price: Option<String>,
    current_subtotal_price: Option<String>,
    subtotal_price_set: Option<FloatSet>,
    total_tax_set: Option<FloatSet>,
    total_discounts_set: Option<FloatSet>,
    total_shipping_price_set: Option<FloatSet>,
    total_line_items_price_set: Option<FloatSet>,
    current_total_price_set: Option<FloatSet>,
    current_subtotal_price_set: Option<FloatSet>,
    current_total_tax_set: Option<FloatSet>,
    current_total_discounts_set: Option<FloatSet>,
    adjust_price_set: Option<FloatSet>,
    customer: Option<FloatCustomer>,
    shipping_address: Option<FloatAddress>,
    billing_address: Option<FloatAddress>,
    line_items: Vec<FloatLine>,
    shipping_lines: Vec<FloatShipping>,
    payment_details: Vec<FloatPayment>,
    tax_lines: Vec<FloatTax>,
    payment_gateway_names: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatSet {
    shop_money: Option<FloatMoney>,
    presentment_money: Option<FloatMoney>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatMoney {
    amount: Option<String>,
    currency_code: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatCustomer {
    id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    currency: Option<String>,
    addresses: Option<FloatAddress>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatAddress {
    name: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    country: Option<String>,
    country_code: Option<String>,
    province: Option<String>,
    zip: Option<String>,
    phone: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatLine {
    id: Option<String>,
    product_id: Option<String>,
    variant_id: Option<String>,
    sku: Option<String>,
    title: Option<String>,
    name: Option<String>,
    variant_title: Option<String>,
    attribute: Option<String>,
    quantity: Option<f64>,
    fulfillable_quantity: Option<f64>,
    price: Option<String>,
    grams: Option<f64>,
    taxable: Option<bool>,
    requires_shipping: Option<bool>,
    gift_card: Option<bool>,
    vendor: Option<String>,
    fulfillment_status: Option<String>,
    image_url: Option<String>,
    tax_lines: Vec<FloatTax>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatShipping {
    title: Option<String>,
    code: Option<String>,
    price: Option<String>,
    price_set: Option<FloatSet>,
    tax_lines: Vec<FloatTax>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatTax {
    title: Option<String>,
    price: Option<String>,
    rate: Option<f64>,
    price_set: Option<FloatSet>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct FloatPayment {
    pay_seq: Option<String>,
    pay_amount: Option<f64>,
    pay_status: Option<String>,
    payment_channel: Option<String>,
}

/// Fifty orders: that of a fixture, again and again, without the white space of its file.
fn page(fixture: &str) -> Bytes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shopline");
    let body = Bytes::from(std::fs::read(folder.join(fixture)).unwrap());
    let order = decode_page(&body).unwrap().records.remove(0);
    let order = compact(order.raw.as_str());
    Bytes::from(format!(r#"{{"list":[{}]}}"#, vec![order; ORDERS].join(",")))
}

fn compact(json: &str) -> String {
    let lines = json.lines().map(str::trim_start);
    lines.map(|line| line.replacen("\": ", "\":", 1)).collect()
}

fn decode(c: &mut Criterion) {
    for (name, fixture) in [("usual", "page-2.json"), ("every field", "full.json")] {
        let body = page(fixture);
        let mut group = c.benchmark_group(format!("shopline page of {ORDERS}, {name}"));
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
}

criterion_group!(benches, decode);
criterion_main!(benches);
