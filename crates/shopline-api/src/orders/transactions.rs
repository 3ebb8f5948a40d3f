//! `GET orders/:id/transactions.json`: the payments of one order. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::Error;

use super::Transaction;
use crate::envelope::{Page, rows};

/// Reads the body of an order's transactions: `{"transactions": [..]}`. `null` is an empty list.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_transactions(body: &Bytes) -> Result<Page<Transaction>, Error> {
    rows(body, "transactions")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;

    use super::{Page, Transaction, decode_transactions};
    use crate::client::Client;
    use crate::orders::filters::check_order_id;

    const TRANSACTIONS: Endpoint = Endpoint::get(
        "GET orders/:id/transactions.json",
        "orders/:id/transactions.json",
    )
    .scope("read_orders");

    impl Client {
        /// The payments of an order.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.list_transactions("21071000000000000000000000").await?;
        ///     println!("{}", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_refunds`](Self::list_refunds).
        pub async fn list_transactions(&self, order_id: &str) -> Result<Page<Transaction>, Error> {
            check_order_id(order_id, TRANSACTIONS.name)?;
            self.list(
                TRANSACTIONS,
                &[order_id],
                &[],
                Bytes::new(),
                decode_transactions,
            )
            .await
        }
    }
}
