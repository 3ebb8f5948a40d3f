//! `GET refund/{id}`: one refund.
//!
//! Vendor page: `api-reference/endpoint/get-refund`.

use bytes::Bytes;
use orders_core::Error;
use orders_wire::Record;

use super::Refund;
use crate::envelope;

#[cfg(feature = "client")]
const GET_REFUND: orders_http::Endpoint =
    orders_http::Endpoint::get("GET refund/:id", "refund/:id");

/// Decodes the body of a single refund.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` without a refund; `Decode` with the JSON path, and with the
/// [record](Error::record) where only that could not be read.
pub fn decode_single(body: &Bytes) -> Result<Record<Refund>, Error> {
    envelope::read(body, "refund")
}

#[cfg(feature = "client")]
impl crate::client::Client {
    /// One refund as it is now. There is no list of refunds: their ids come by push.
    ///
    /// ```no_run
    /// use clink_api::{Client, Error};
    ///
    /// async fn print(client: &Client) -> Result<(), Error> {
    ///     let refund = client.get_refund("rfd_1").await?;
    ///     println!("{:?} {:?}", refund.refund_amount, refund.refund_currency);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`get_order`](Self::get_order).
    pub async fn get_refund(&self, id: &str) -> Result<Record<Refund>, Error> {
        self.get_one(&GET_REFUND, id, decode_single).await
    }
}
