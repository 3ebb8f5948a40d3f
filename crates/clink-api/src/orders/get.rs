//! `GET order/{id}`: one order, in the schema of the list.
//!
//! Vendor page: `api-reference/endpoint/get-order`. How an unknown id is answered is not documented; a null `data`, a
//! code of 404 and HTTP 404 are all read as *not found* (inferred).

use bytes::Bytes;
use orders_core::Error;
use orders_wire::Record;

use super::Order;
use crate::envelope;

#[cfg(feature = "client")]
const GET_ORDER: orders_http::Endpoint = orders_http::Endpoint::get("GET order/:id", "order/:id");

/// Decodes the body of a single order.
///
/// ```
/// use clink_api::orders::decode_single;
///
/// let body = br#"{"code":200,"data":{"orderId":"order_1","amountTotal":19.90}}"#;
/// let order = decode_single(&body[..].into())?;
/// assert_eq!(order.amount_total.unwrap().to_string(), "19.90");
/// # Ok::<(), clink_api::Error>(())
/// ```
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` without an order; `Decode` with the JSON path, and with the
/// [record](Error::record) where only that could not be read.
pub fn decode_single(body: &Bytes) -> Result<Record<Order>, Error> {
    envelope::read(body, "order")
}

#[cfg(feature = "client")]
impl crate::client::Client {
    /// One order as it is now.
    ///
    /// ```no_run
    /// use clink_api::{Client, Error, ErrorKind};
    ///
    /// async fn exists(client: &Client, id: &str) -> Result<bool, Error> {
    ///     match client.get_order(id).await {
    ///         Ok(_) => Ok(true),
    ///         Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// `NotFound` where the vendor does not have it; `InvalidRequest` for an id that cannot stand in a path; else as
    /// [`list_orders`](Self::list_orders).
    pub async fn get_order(&self, id: &str) -> Result<Record<Order>, Error> {
        self.get_one(&GET_ORDER, id, decode_single).await
    }
}
