//! Linkbest's shapes.

use linkbest_api::orders::{self, Order};
use linkbest_api::reports::{self, ProgramReport};
use linkbest_api::settlements::{self, Settlement};

use super::shape::{Shape, Types, Vendor, bytes, member, written};
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
                    let page = orders::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("Data", &page.records, &page.unreadable)
                },
                reads: || record::<Order>(ORDERS),
            }),
        },
        Shape {
            name: "detail",
            what: "one order",
            places: &["Data"],
            bodies: services::detail,
            types: Some(Types {
                rewrite: |body| {
                    let order =
                        orders::decode_single(&bytes(body)).map_err(|why| why.to_string())?;
                    member("Data", &order.value)
                },
                reads: || record::<Order>("Data"),
            }),
        },
        Shape {
            name: "settlement",
            what: "a change of a settlement",
            places: &["Data[]"],
            bodies: services::settlements,
            types: Some(Types {
                rewrite: |body| {
                    let page =
                        settlements::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("Data", &page.records, &page.unreadable)
                },
                reads: || record::<Settlement>("Data[]"),
            }),
        },
        Shape {
            name: "report",
            what: "a program in the report",
            places: &["Data[]"],
            bodies: services::report,
            types: Some(Types {
                rewrite: |body| {
                    let page = reports::decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("Data", &page.records, &page.unreadable)
                },
                reads: || record::<ProgramReport>("Data[]"),
            }),
        },
        // Its fields are read as an order; the checksum is no part of one.
        Shape {
            name: "push",
            what: "a pushed order",
            places: &[push::PLACE],
            bodies: push::bodies,
            types: None,
        },
    ],
};
