//! `GET orders/:id/refunds.json` and `GET orders/:id/fulfillments.json`: what belongs to one order, alone.
//!
//! Both need the scope `read_orders`. Recorded: in the list of parcels the ids of lines are JSON numbers and a parcel's
//! name is of another form (`#1012.1`) than inside an order (`1012-F1`).

use bytes::Bytes;
use orders_core::Error;
use orders_wire::Record;

use super::{Fulfillment, Refund};
use crate::endpoint::{FULFILLMENTS, REFUNDS};
use crate::envelope::rows;

/// The largest number of refunds that the vendor gives. There is no cursor behind it.
pub const MAX_REFUNDS: usize = 250;

/// The refunds of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RefundsPage {
    /// The refunds in the vendor's order, each with its exact text.
    pub refunds: Vec<Record<Refund>>,
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
    let refunds = rows(body, "refunds", REFUNDS)?;
    Ok(RefundsPage {
        full: refunds.len() >= MAX_REFUNDS,
        refunds,
        trace_id: None,
    })
}

/// Reads the body of an order's parcels: `{"fulfillments": [..]}`. `null` is an empty list.
///
/// # Errors
/// As [`decode_refunds`].
pub fn decode_fulfillments(body: &Bytes) -> Result<Vec<Record<Fulfillment>>, Error> {
    rows(body, "fulfillments", FULFILLMENTS)
}
