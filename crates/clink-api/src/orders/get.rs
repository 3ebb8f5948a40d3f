//! `GET order/{id}`: one order, in the schema of the list.
//!
//! Vendor page: `api-reference/endpoint/get-order`. How an unknown id is answered is not documented; a null `data`, a
//! code of 404 and HTTP 404 are all read as *not found* (inferred).

use bytes::Bytes;
#[cfg(feature = "client")]
use orders_http::Endpoint;
use orders_wire::Record;

use super::Order;
use crate::{Error, envelope};

/// The single thing.
#[cfg(feature = "client")]
pub(crate) const GET_ORDER: Endpoint = Endpoint::get("GET order/:id", "order/:id");

/// Decodes the body of a single order.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` without an order; `Decode` with the JSON path.
pub fn decode_single(body: &Bytes) -> Result<Record<Order>, Error> {
    envelope::read(body, "order")
}
