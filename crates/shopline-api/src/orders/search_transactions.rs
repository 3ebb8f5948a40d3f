//! `POST transactions/query.json`: the payments of one order by a question. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::Error;
use serde::Serialize;

use super::Transaction;
use super::filters::{broken, is_id};
use crate::envelope::{Page, rows};

const NAME: &str = "POST transactions/query.json";

/// A question for the transactions of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[must_use]
pub struct SearchTransactions {
    order_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
}

impl SearchTransactions {
    /// All transactions of this order.
    pub fn new(order_id: impl Into<String>) -> Self {
        Self {
            order_id: order_id.into(),
            transaction_id: None,
        }
    }

    /// Only the transaction with this id.
    pub fn transaction_id(mut self, id: impl Into<String>) -> Self {
        self.transaction_id = Some(id.into());
        self
    }

    /// Whether the question keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        let ids = [Some(&self.order_id), self.transaction_id.as_ref()];
        match ids.into_iter().flatten().all(|id| is_id(id)) {
            true => Ok(()),
            false => Err(broken("an id is empty", NAME)),
        }
    }
}

/// Reads the answer to a question for transactions: `{"transaction_list": [..]}`. `null` is an empty list.
///
/// # Errors
/// As [`decode_transactions`](super::decode_transactions).
pub fn decode_transaction_list(body: &Bytes) -> Result<Page<Transaction>, Error> {
    rows(body, "transaction_list")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;

    use super::{NAME, Page, SearchTransactions, Transaction, broken, decode_transaction_list};
    use crate::client::Client;

    const QUERY_TRANSACTIONS: Endpoint = Endpoint::post(NAME, "transactions/query.json")
        .scope("read_orders")
        .retry_safe();

    impl Client {
        /// The payments of an order by a question, with other members than
        /// [`list_transactions`](Self::list_transactions) gives.
        ///
        /// It is sent by POST, yet it only reads: nothing changes at the vendor's, so it is retried like any read.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        /// use shopline_api::orders::SearchTransactions;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let question = SearchTransactions::new("21071000000000000000000000");
        ///     let page = client.search_transactions(&question).await?;
        ///     println!("{}", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders).
        pub async fn search_transactions(
            &self,
            question: &SearchTransactions,
        ) -> Result<Page<Transaction>, Error> {
            question.check()?;
            let body = serde_json::to_vec(question)
                .map_err(|why| broken("the question cannot be written", NAME).with_source(why))?;
            let body = Bytes::from(body);
            self.list(QUERY_TRANSACTIONS, &[], &[], body, decode_transaction_list)
                .await
        }
    }
}
