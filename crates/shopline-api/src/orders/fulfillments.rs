//! `GET orders/:id/fulfillments.json`: the parcels of one order. Needs the scope `read_orders`.
//!
//! Recorded: the ids of lines are JSON numbers here, and a parcel's name is of another form (`#1012.1`) than inside an
//! order (`1012-F1`).

use bytes::Bytes;
use orders_core::Error;

use super::Fulfillment;
use crate::envelope::{Page, rows};

/// Reads the body of an order's parcels: `{"fulfillments": [..]}`. `null` is an empty list.
///
/// # Errors
/// As [`decode_refunds`](super::decode_refunds).
pub fn decode_fulfillments(body: &Bytes) -> Result<Page<Fulfillment>, Error> {
    rows(body, "fulfillments")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;

    use super::{Fulfillment, Page, decode_fulfillments};
    use crate::client::Client;
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
        ///     let page = client.list_fulfillments("21071000000000000000000000").await?;
        ///     println!("{}", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_refunds`](Self::list_refunds).
        pub async fn list_fulfillments(&self, order_id: &str) -> Result<Page<Fulfillment>, Error> {
            check_order_id(order_id, FULFILLMENTS.name)?;
            self.list(
                FULFILLMENTS,
                &[order_id],
                &[],
                Bytes::new(),
                decode_fulfillments,
            )
            .await
        }
    }
}
