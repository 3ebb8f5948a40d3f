//! One order by itself, without what an answer puts around it.

use bytes::Bytes;
use orders_core::Error;
use orders_wire::Record;

use super::Order;
use crate::envelope;

/// Reads one bare order.
///
/// # Errors
/// [`Decode`](orders_core::ErrorKind::Decode) with the JSON path, also for a text that is no object.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    envelope::bare(text)
}
