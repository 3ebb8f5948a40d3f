//! `linkbest.open-service.orders.detail.get`: one order as it is now, by program and order number.
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/110>. Its fields are those of the list. What
//! stands in `Data` where there is no such order is not documented: code 4001 is, an empty `Data` is inferred.

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_wire::Record;

use super::Order;
use crate::envelope::{self, Page};

/// The service name of one order. Documented.
pub const ORDER_DETAIL: &str = "linkbest.open-service.orders.detail.get";

/// The service, which only reads.
#[cfg(feature = "client")]
const GET_ORDER: orders_http::Endpoint =
    orders_http::Endpoint::post(ORDER_DETAIL, ORDER_DETAIL).retry_safe();

/// Reads the body of a single order.
///
/// `Data` may be the order itself (documented), or a list that holds it alone (tolerated).
///
/// ```
/// use linkbest_api::orders::decode_single;
/// let order = decode_single(&br#"{"Status":0,"Data":{"OrderSn":"A1","ProgramId":"9","OrdersPrice":10.00}}"#[..].into())?;
/// assert_eq!(order.orders_price.unwrap().to_string(), "10.00");
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// The failure that the body names by its `Status`; [`NotFound`](ErrorKind::NotFound) for code 4001 and for a `Data` that
/// is `null`, `""`, `{}` or `[]`; [`Decode`](ErrorKind::Decode) with the JSON path, also for more than one order.
pub fn decode_single(body: &Bytes) -> Result<Record<Order>, Error> {
    single(envelope::success(body)?.rows_or_none(body, true)?)
}

/// The one order of a successful answer.
fn single(read: Page<Order>) -> Result<Record<Order>, Error> {
    let (mut orders, mut unreadable) = (read.records, read.unreadable);
    match orders.len() + unreadable.len() {
        0 | 1 => match (orders.pop(), unreadable.pop()) {
            (Some(order), _) => Ok(order),
            (None, Some(record)) => Err(Error::unreadable(record)),
            (None, None) => {
                let message = "the vendor has no such order";
                Err(Error::new(ErrorKind::NotFound, message))
            }
        },
        many => Err(Error::decode(
            "Data",
            format!("expected one order, got {many}"),
        )),
    }
}

#[cfg(feature = "client")]
impl crate::client::Client {
    /// One order as it is now, by its program and its number at the merchant: the vendor finds none by its id.
    ///
    /// ```no_run
    /// use linkbest_api::{Client, Error};
    ///
    /// async fn status(client: &Client) -> Result<(), Error> {
    ///     let order = client.get_order("program", "order number").await?;
    ///     println!("{:?}", order.status);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// `InvalidRequest` where one of them is empty (nothing is sent); `NotFound` where the vendor does not have the order;
    /// else as [`list_orders`](Self::list_orders).
    pub async fn get_order(
        &self,
        program_id: &str,
        order_sn: &str,
    ) -> Result<Record<Order>, Error> {
        let read = |reply: &orders_http::Reply| {
            single(envelope::check(reply)?.rows_or_none(reply.body(), true)?)
        };
        self.run(&GET_ORDER, params(program_id, order_sn), read)
            .await
    }
}

/// The parameters of the call, both of them required.
#[cfg(feature = "client")]
fn params(program_id: &str, order_sn: &str) -> Result<super::Params, Error> {
    for (name, value) in [("ProgramId", program_id), ("OrderSn", order_sn)] {
        if value.is_empty() {
            let rule = format!("{name} must not be empty: an order is found by both");
            return Err(super::params::broken(&rule));
        }
    }
    Ok(super::Params::new()
        .with("ProgramId", program_id)
        .with("OrderSn", order_sn))
}
