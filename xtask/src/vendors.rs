//! The three vendors, one row each.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use orders_wire::Record;
use serde::Serialize;

use crate::Result;
use crate::contract::Contract;
use crate::generate::{self, Body};
use crate::recorder::{Read, record};

/// What the chores know of one vendor.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// The folder under `fixtures/`; the crate is `<name>-api`.
    pub(crate) name: &'static str,
    /// Where the orders stand in a page's body.
    pub(crate) orders: &'static str,
    /// Makes the fixture bodies.
    pub(crate) bodies: fn(&Contract) -> Result<Vec<Body>>,
    /// Decodes a page's body into the crate's types and writes them again, in the shape of the body.
    pub(crate) rewrite: fn(&str) -> Result<String>,
    /// Every field that the crate's types read, with its path in a page's body.
    pub(crate) reads: fn() -> Result<BTreeSet<Read>>,
}

impl Vendor {
    pub(crate) fn package(&self) -> String {
        format!("{}-api", self.name)
    }
}

pub(crate) const VENDORS: [Vendor; 3] = [
    Vendor {
        name: "clink",
        orders: generate::clink::ORDERS,
        bodies: generate::clink::bodies,
        rewrite: |body| {
            let page =
                clink_api::orders::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
            written("rows", &page.orders)
        },
        reads: || record::<clink_api::orders::Order>(generate::clink::ORDERS),
    },
    Vendor {
        name: "linkbest",
        orders: generate::linkbest::ORDERS,
        bodies: generate::linkbest::bodies,
        rewrite: |body| {
            let page =
                linkbest_api::orders::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
            written("Data", &page.orders)
        },
        reads: || record::<linkbest_api::orders::Order>(generate::linkbest::ORDERS),
    },
    Vendor {
        name: "shopline",
        orders: generate::shopline::ORDERS,
        bodies: generate::shopline::bodies,
        rewrite: |body| {
            let page =
                shopline_api::orders::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
            written("list", &page.orders)
        },
        reads: || record::<shopline_api::orders::Order>(generate::shopline::ORDERS),
    },
];

fn bytes(body: &str) -> Bytes {
    Bytes::copy_from_slice(body.as_bytes())
}

/// The orders of a page, written by their types.
fn written<T: Serialize>(list: &str, orders: &[Record<T>]) -> Result<String> {
    let orders: Vec<_> = orders.iter().map(|record| &record.value).collect();
    serde_json::to_string(&BTreeMap::from([(list, orders)])).map_err(|why| why.to_string())
}
