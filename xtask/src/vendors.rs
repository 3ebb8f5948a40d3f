//! The three vendors, one row each.

use std::collections::BTreeSet;

use crate::Result;
use crate::contract::Contract;
use crate::generate::{self, Body};
use crate::recorder::Read;

/// What the chores know of one vendor.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// The folder under `fixtures/`; the crate is `<name>-api`.
    pub(crate) name: &'static str,
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
        bodies: generate::clink::bodies,
        rewrite: |_| Err("no types yet".to_owned()),
        reads: || Err("no types yet".to_owned()),
    },
    Vendor {
        name: "linkbest",
        bodies: generate::linkbest::bodies,
        rewrite: |_| Err("no types yet".to_owned()),
        reads: || Err("no types yet".to_owned()),
    },
    Vendor {
        name: "shopline",
        bodies: generate::shopline::bodies,
        rewrite: |_| Err("no types yet".to_owned()),
        reads: || Err("no types yet".to_owned()),
    },
];
