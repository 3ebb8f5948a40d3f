//! SHOPLINE's shapes.

use shopline_api::orders::{Order, decode_page};

use super::{Shape, Types, Vendor, bytes, written};
use crate::generate::shopline::{ORDERS, account, bodies, money, parcel, push};
use crate::recorder::record;

pub(super) const VENDOR: Vendor = Vendor {
    name: "shopline",
    shapes: &[
        Shape {
            name: "contract",
            what: "an order of the list",
            places: &[ORDERS],
            bodies,
            types: Some(Types {
                rewrite: |body| {
                    let page = decode_page(&bytes(body)).map_err(|why| why.to_string())?;
                    written("list", &page.orders)
                },
                reads: || record::<Order>(ORDERS),
            }),
        },
        Shape {
            name: "refunds",
            what: "a refund of an order",
            places: &["refunds[]"],
            bodies: money::refunds,
            types: None,
        },
        Shape {
            name: "fulfillments",
            what: "a parcel of an order",
            places: &["fulfillments[]"],
            bodies: parcel::bodies,
            types: None,
        },
        Shape {
            name: "transactions",
            what: "a transaction of an order",
            places: &money::TRANSACTIONS,
            bodies: money::transactions,
            types: None,
        },
        Shape {
            name: "customers",
            what: "a customer of the store",
            places: &["customers[]"],
            bodies: account::customers,
            types: None,
        },
        Shape {
            name: "push",
            what: "a pushed order",
            places: &[push::PLACE],
            bodies: push::bodies,
            types: None,
        },
        // Read without a type of their own.
        Shape {
            name: "count",
            what: "a count of orders",
            places: &[""],
            bodies: account::counts,
            types: None,
        },
        Shape {
            name: "token",
            what: "an access token",
            places: &["data"],
            bodies: account::tokens,
            types: None,
        },
    ],
};
