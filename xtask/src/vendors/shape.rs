//! What the tasks know of a vendor and its bodies, and how the types of a body are read and written.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use orders_wire::Record;
use serde::Serialize;

use crate::contract::{Contract, ORDERS};
use crate::generate::Body;
use crate::recorder::Read;
use crate::workspace::Result;

/// What the tasks know of one vendor.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// The folder under `fixtures/`; the crate is `<name>-api`.
    pub(crate) name: &'static str,
    /// The shapes of its bodies, the order list first.
    pub(crate) shapes: &'static [Shape],
}

/// One kind of body, with a contract of its own.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The contract `fixtures/<vendor>/<name>.tsv`.
    pub(crate) name: &'static str,
    /// What such a body tells of, for people.
    pub(crate) what: &'static str,
    /// Where the things stand in a body that has them; empty if the body is the thing.
    pub(crate) places: &'static [&'static str],
    /// Makes the fixture bodies.
    pub(crate) bodies: fn(&Contract) -> Result<Vec<Body>>,
    /// The crate's types of it; none where a body is read without one, or not read.
    pub(crate) types: Option<Types>,
}

/// How the types of a crate are asked.
#[derive(Debug)]
pub(crate) struct Types {
    /// Decodes a body into the crate's types and writes them again, in the shape of the body.
    pub(crate) rewrite: fn(&str) -> Result<String>,
    /// Every field that the crate's types read, with its path in a body.
    pub(crate) reads: fn() -> Result<BTreeSet<Read>>,
}

impl Vendor {
    pub(crate) fn package(&self) -> String {
        format!("{}-api", self.name)
    }

    /// Where the fixtures of a shape are.
    pub(crate) fn folder(&self, shape: &Shape) -> String {
        match shape.name {
            ORDERS => format!("fixtures/{}", self.name),
            name => format!("fixtures/{}/{name}", self.name),
        }
    }
}

pub(super) fn bytes(body: &str) -> Bytes {
    Bytes::copy_from_slice(body.as_bytes())
}

/// The things of a list, written by their types under the list's name. All of them must have been read.
pub(super) fn written<T: Serialize>(
    list: &str,
    things: &[Record<T>],
    unreadable: &[impl std::fmt::Debug],
) -> Result<String> {
    if let Some(record) = unreadable.first() {
        return Err(format!("{record:?}"));
    }
    let things: Vec<_> = things.iter().map(|record| &record.value).collect();
    member(list, &things)
}

/// One thing, written by its type.
pub(super) fn member<T: Serialize>(name: &str, thing: &T) -> Result<String> {
    json(&BTreeMap::from([(name, thing)]))
}

pub(super) fn json<T: Serialize>(thing: &T) -> Result<String> {
    serde_json::to_string(thing).map_err(|why| why.to_string())
}
