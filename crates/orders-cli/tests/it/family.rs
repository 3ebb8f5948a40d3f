//! The whole order family: the three real clients against the sandbox, over loopback.

mod clink;
mod linkbest;
mod shopline;
mod tokens;

use std::collections::BTreeMap;

use orders_core::{OrderRef, OrderSource};
use orders_sandbox::{Sandbox, TruthOrder, Vendor};
use serde_json::Value;

async fn sandbox(orders: usize) -> Sandbox {
    // The rate limit has tests of its own.
    let builder = Sandbox::builder().seed(11).orders(orders);
    builder.shopline_rate_limit(None).start().await.unwrap()
}

/// The exact texts that the sandbox holds, by id.
fn texts(truth: Vec<TruthOrder>) -> BTreeMap<String, String> {
    truth
        .into_iter()
        .map(|order| (order.id, order.json))
        .collect()
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// Every order of the truth comes back by its own reference, byte for byte; one that nobody has does not.
async fn fetches(source: &dyn OrderSource, sandbox: &Sandbox, vendor: Vendor, absent: OrderRef) {
    assert!(source.capabilities().fetches);
    let mut pulled = Vec::new();
    for order in sandbox.truth(vendor) {
        let reference = reference(vendor, &value(&order.json));
        let found = source.fetch(&reference).await.unwrap().unwrap();
        assert_eq!((&found.id, &*found.raw), (&order.id, order.json.as_bytes()));
        // The reference of what came is one to fetch by.
        let again = source.fetch(&found.reference()).await.unwrap().unwrap();
        assert_eq!(again.raw, found.raw);
        pulled.push(found);
    }
    assert!(!pulled.is_empty());
    assert!(source.fetch(&absent).await.unwrap().is_none());
}

/// Read by the names of the vendor's page, not by the client.
fn reference(vendor: Vendor, order: &Value) -> OrderRef {
    let text = |name: &str| match &order[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match vendor {
        Vendor::Clink => OrderRef::new(text("orderId")),
        Vendor::Linkbest => OrderRef::new(text("Id"))
            .with_number(text("OrderSn"))
            .with_program(text("ProgramId")),
        Vendor::Shopline => OrderRef::new(text("id")),
    }
}
