//! The three vendors, one row each.

use crate::Result;
use crate::contract::Contract;
use crate::generate::{self, Body};

/// What the chores know of one vendor.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// The folder under `fixtures/`; the crate is `<name>-api`.
    pub(crate) name: &'static str,
    /// Makes the fixture bodies.
    pub(crate) bodies: fn(&Contract) -> Result<Vec<Body>>,
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
    },
    Vendor {
        name: "linkbest",
        bodies: generate::linkbest::bodies,
    },
    Vendor {
        name: "shopline",
        bodies: generate::shopline::bodies,
    },
];
