//! `GET refund/{id}`: one refund.
//!
//! Vendor page: `api-reference/endpoint/get-refund`.

use bytes::Bytes;
use orders_wire::Record;

use super::Refund;
use crate::{Error, envelope};

/// Decodes the body of a single refund.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` without a refund; `Decode` with the JSON path.
pub fn decode_single(body: &Bytes) -> Result<Record<Refund>, Error> {
    envelope::read(body, "refund")
}
