//! Clink's shapes.

use std::fmt::Display;

use chrono::DateTime;
use clink_api::orders::{self, Order};
use clink_api::refunds::{self, Refund};
use clink_api::webhooks::{Dispute, Event, Invoice, Resource, Subscription};

use super::shape::{Shape, Types, Vendor, bytes, json, member, written};
use crate::generate::clink::{ORDERS, billing, bodies, event, single};
use crate::recorder::record;
use crate::workspace::Result;

pub(super) const VENDOR: Vendor = Vendor {
    name: "clink",
    shapes: &[
        Shape {
            name: "contract",
            what: "an order of the list",
            places: &[ORDERS],
            bodies,
            types: Some(Types {
                rewrite: |body| {
                    let page = orders::decode_page(&bytes(body)).map_err(text)?;
                    written("rows", &page.records, &page.unreadable)
                },
                reads: || record::<Order>(ORDERS),
            }),
        },
        Shape {
            name: "order",
            what: "one order",
            places: &[single::PLACE],
            bodies: single::orders,
            types: Some(Types {
                rewrite: |body| {
                    let order = orders::decode_single(&bytes(body)).map_err(text)?;
                    member(single::PLACE, &order.value)
                },
                reads: || record::<Order>(single::PLACE),
            }),
        },
        Shape {
            name: "refund",
            what: "a refund",
            places: &[single::PLACE],
            bodies: single::refunds,
            types: Some(Types {
                rewrite: |body| {
                    let refund = refunds::decode_single(&bytes(body)).map_err(text)?;
                    member(single::PLACE, &refund.value)
                },
                reads: || record::<Refund>(single::PLACE),
            }),
        },
        Shape {
            name: "invoice",
            what: "an invoice in a push",
            places: &[billing::PLACE],
            bodies: billing::invoices,
            types: Some(Types {
                rewrite: |body| match pushed("invoice.paid", body)? {
                    Resource::Invoice(invoice) => json(&invoice.value),
                    other => Err(format!("not an invoice: {other:?}")),
                },
                reads: || record::<Invoice>(billing::PLACE),
            }),
        },
        Shape {
            name: "subscription",
            what: "a subscription in a push",
            places: &[billing::PLACE],
            bodies: billing::subscriptions,
            types: Some(Types {
                rewrite: |body| match pushed("subscription.created", body)? {
                    Resource::Subscription(subscription) => json(&subscription.value),
                    other => Err(format!("not a subscription: {other:?}")),
                },
                reads: || record::<Subscription>(billing::PLACE),
            }),
        },
        Shape {
            name: "dispute",
            what: "a dispute in a push",
            places: &[billing::PLACE],
            bodies: billing::disputes,
            types: Some(Types {
                rewrite: |body| match pushed("dispute.created", body)? {
                    Resource::Dispute(dispute) => json(&dispute.value),
                    other => Err(format!("not a dispute: {other:?}")),
                },
                reads: || record::<Dispute>(billing::PLACE),
            }),
        },
        // The envelope of a push is read field by field; what it holds has contracts of its own.
        Shape {
            name: "event",
            what: "a push",
            places: &[event::PLACE],
            bodies: event::bodies,
            types: None,
        },
    ],
};

/// The resource of a push that holds this body.
fn pushed(name: &str, body: &str) -> Result<Resource> {
    let push = format!(r#"{{"id":"event_1","type":"{name}","data":{{"object":{body}}}}}"#);
    let event = Event::read(&bytes(&push), DateTime::UNIX_EPOCH).map_err(text)?;
    Ok(event.resource)
}

fn text(why: impl Display) -> String {
    why.to_string()
}
