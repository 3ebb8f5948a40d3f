//! `GET orders/:id/transactions.json`: the payments of one order. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::Transaction;
use crate::envelope::{Rows, rows};

/// The payments of one order.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TransactionsPage {
    /// The payments in the vendor's order, each with its exact text.
    pub transactions: Vec<Record<Transaction>>,
    /// The payments that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
}

impl From<Rows<Transaction>> for TransactionsPage {
    fn from(rows: Rows<Transaction>) -> Self {
        Self {
            transactions: rows.records,
            unreadable: rows.unreadable,
        }
    }
}

/// Reads the body of an order's transactions: `{"transactions": [..]}`. `null` is an empty list.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_transactions(body: &Bytes) -> Result<TransactionsPage, Error> {
    rows(body, "transactions").map(TransactionsPage::from)
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::{Endpoint, Reply};

    use super::{TransactionsPage, decode_transactions};
    use crate::client::Client;
    use crate::failure::decoded;
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
        ///     let page = client.order_transactions("21071000000000000000000000").await?;
        ///     println!("{}", page.transactions.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`order_refunds`](Self::order_refunds).
        pub async fn order_transactions(&self, order_id: &str) -> Result<TransactionsPage, Error> {
            check_order_id(order_id, TRANSACTIONS.name)?;
            let read = |reply: &Reply| decoded(reply, TRANSACTIONS, decode_transactions);
            self.call(TRANSACTIONS, &[order_id], &[], Bytes::new(), read)
                .await
        }
    }
}
