//! `GET orders/:id/refunds.json`: the refunds of one order. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::Error;

use super::Refund;
use crate::envelope::{Page, rows};

/// The largest number of refunds that the vendor gives. There is no cursor behind it.
pub const MAX_REFUNDS: usize = 250;

/// Reads the body of an order's refunds: `{"refunds": [..]}`. `null` is an empty list.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_refunds(body: &Bytes) -> Result<Page<Refund>, Error> {
    rows(body, "refunds")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;

    use super::{MAX_REFUNDS, Page, Refund, decode_refunds};
    use crate::client::Client;
    use crate::orders::filters::check_order_id;

    const REFUNDS: Endpoint =
        Endpoint::get("GET orders/:id/refunds.json", "orders/:id/refunds.json")
            .scope("read_orders");

    impl Client {
        /// The refunds of an order, at most [`MAX_REFUNDS`]: where so many are [sent](Page::sent), there may be more, which no
        /// request reaches.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.list_refunds("21071000000000000000000000").await?;
        ///     println!("{}", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `NotFound` where the store has no such order; else as [`list_orders`](Self::list_orders).
        pub async fn list_refunds(&self, order_id: &str) -> Result<Page<Refund>, Error> {
            check_order_id(order_id, REFUNDS.name)?;
            let limit = [("limit", MAX_REFUNDS.to_string())];
            self.list(REFUNDS, &[order_id], &limit, Bytes::new(), decode_refunds)
                .await
        }
    }
}
