//! `GET orders/:id/fulfillments.json`: the parcels of one order. Needs the scope `read_orders`.
//!
//! Recorded: the ids of lines are JSON numbers here, and a parcel's name is of another form (`#1012.1`) than inside an
//! order (`1012-F1`).

use bytes::Bytes;
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::Fulfillment;
use crate::envelope::rows;

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
/// As [`decode_refunds`](super::decode_refunds).
pub fn decode_fulfillments(body: &Bytes) -> Result<FulfillmentsPage, Error> {
    let rows = rows(body, "fulfillments")?;
    Ok(FulfillmentsPage {
        fulfillments: rows.records,
        unreadable: rows.unreadable,
    })
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::{Endpoint, Reply};

    use super::{FulfillmentsPage, decode_fulfillments};
    use crate::client::Client;
    use crate::failure::decoded;
    use crate::orders::filters::check_order_id;

    const FULFILLMENTS: Endpoint = Endpoint::get(
        "GET orders/:id/fulfillments.json",
        "orders/:id/fulfillments.json",
    )
    .scope("read_orders");

    impl Client {
        /// The parcels of an order.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.order_fulfillments("21071000000000000000000000").await?;
        ///     println!("{}", page.fulfillments.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`order_refunds`](Self::order_refunds).
        pub async fn order_fulfillments(&self, order_id: &str) -> Result<FulfillmentsPage, Error> {
            check_order_id(order_id, FULFILLMENTS.name)?;
            let read = |reply: &Reply| decoded(reply, FULFILLMENTS, decode_fulfillments);
            self.call(FULFILLMENTS, &[order_id], &[], Bytes::new(), read)
                .await
        }
    }
}
