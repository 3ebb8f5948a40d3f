//! `GET refund/{id}`: one refund.
//!
//! Vendor page: `api-reference/endpoint/get-refund`.

use bytes::Bytes;
#[cfg(feature = "client")]
use orders_http::Endpoint;
use orders_wire::Record;

use super::Refund;
use crate::{Error, envelope};

/// The single thing.
#[cfg(feature = "client")]
pub(crate) const GET_REFUND: Endpoint = Endpoint::get("GET refund/:id", "refund/:id");

/// Decodes the body of a single refund.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` without a refund; `Decode` with the JSON path.
pub fn decode_single(body: &Bytes) -> Result<Record<Refund>, Error> {
    envelope::read(body, "refund")
}
