//! Linkbest's shapes.

use linkbest_api::orders::{Order, decode_page};

use super::{Shape, Types, Vendor, bytes, written};
use crate::generate::linkbest::{ORDERS, bodies, push, services};
use crate::recorder::record;

pub(super) const VENDOR: Vendor = Vendor {
    name: "linkbest",
    shapes: &[
        Shape {
            name: "contract",
            what: "an order of the list",
            places: &[ORDERS],
            bodies,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("Data", &page.orders)
                },
                reads: || record::<Order>(ORDERS),
            }),
        },
        Shape {
            name: "detail",
            what: "one order",
            places: &["Data"],
            bodies: services::detail,
            types: None,
        },
        Shape {
            name: "settlement",
            what: "a change of a settlement",
            places: &["Data[]"],
            bodies: services::settlements,
            types: None,
        },
        Shape {
            name: "report",
            what: "a program in the report",
            places: &["Data[]"],
            bodies: services::report,
            types: None,
        },
        Shape {
            name: "push",
            what: "a pushed order",
            places: &[push::PLACE],
            bodies: push::bodies,
            types: None,
        },
    ],
};
