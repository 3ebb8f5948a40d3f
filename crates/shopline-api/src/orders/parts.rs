//! `GET orders/:id/refunds.json` and `GET orders/:id/fulfillments.json`: what belongs to one order, alone.
//!
//! Both need the scope `read_orders`. Recorded: in the list of parcels the ids of lines are JSON numbers and a parcel's
//! name is of another form (`#1012.1`) than inside an order (`1012-F1`).

use bytes::Bytes;
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::{Fulfillment, Refund};
use crate::envelope::rows;

/// The largest number of refunds that the vendor gives. There is no cursor behind it.
pub const MAX_REFUNDS: usize = 250;

/// The refunds of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RefundsPage {
    /// The refunds in the vendor's order, each with its exact text.
    pub refunds: Vec<Record<Refund>>,
    /// The refunds that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// Whether as many came as the vendor gives at most ([`MAX_REFUNDS`]): then there may be more, which no request
    /// reaches.
    pub full: bool,
    /// The id under which the vendor can find the request. From the `traceid` header, so only the client sets it.
    pub trace_id: Option<String>,
}

/// Reads the body of an order's refunds: `{"refunds": [..]}`. `null` is an empty list.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_refunds(body: &Bytes) -> Result<RefundsPage, Error> {
    let rows = rows(body, "refunds")?;
    Ok(RefundsPage {
        full: rows.sent >= MAX_REFUNDS,
        refunds: rows.records,
        unreadable: rows.unreadable,
        trace_id: None,
    })
}

/// The parcels of one order.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FulfillmentsPage {
    /// The parcels in the vendor's order, each with its exact text.
    pub fulfillments: Vec<Record<Fulfillment>>,
    /// The parcels that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
}

/// Reads the body of an order's parcels: `{"fulfillments": [..]}`. `null` is an empty list.
///
/// # Errors
/// As [`decode_refunds`].
pub fn decode_fulfillments(body: &Bytes) -> Result<FulfillmentsPage, Error> {
    let rows = rows(body, "fulfillments")?;
    Ok(FulfillmentsPage {
        fulfillments: rows.records,
        unreadable: rows.unreadable,
    })
}
