//! `GET payments/store/transactions.json`: the payments, refunds and disputes of the store. Needs the scope
//! `read_payment`.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/shopline-payments/query-store-transaction-records>.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;

use super::words::{StoreTransactionStatus, StoreTransactionType};
use super::{StoreTransaction, span};
use crate::envelope::{Page, rows};
use crate::orders::filters::{Span, present};
use crate::orders::paging::Paging;

const NAME: &str = "GET payments/store/transactions.json";

/// The largest `limit` that the page allows.
const MAX_LIMIT: u32 = 1000;

/// The longest span, in months.
const MONTHS: u32 = 6;

/// A request for transactions of the store. Every parameter is optional; those that are set must all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListStoreTransactions {
    created: Span,
    transaction_type: Option<StoreTransactionType>,
    status: Option<StoreTransactionStatus>,
    trade_order_id: Option<String>,
    merchant_id: Option<String>,
    paging: Paging,
}

impl ListStoreTransactions {
    /// All transactions that the vendor gives without a span of time, from the first page on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only transactions made from the first time on (`date_min`) and before the second (`date_max`): at most six months
    /// apart, and the first at most twelve months back. Sent in whole seconds, never narrower.
    pub fn created(
        mut self,
        from: impl Into<DateTime<FixedOffset>>,
        to: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        self.created = Span {
            min: Some(from.into()),
            max: Some(to.into()),
        };
        self
    }

    /// Only payments, refunds or disputes.
    pub fn transaction_type(mut self, kind: StoreTransactionType) -> Self {
        self.transaction_type = Some(kind);
        self
    }

    /// Only transactions that stand there.
    pub fn status(mut self, status: StoreTransactionStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Only the transaction with this id.
    pub fn trade_order_id(mut self, id: impl Into<String>) -> Self {
        self.trade_order_id = Some(id.into());
        self
    }

    /// Only those of this merchant (from v20260601).
    pub fn merchant_id(mut self, id: impl Into<String>) -> Self {
        self.merchant_id = Some(id.into());
        self
    }

    /// How many transactions a page holds, 1 to 1000. Unset: the vendor's default of 100. Streams request 1000.
    pub fn limit(mut self, limit: u32) -> Self {
        self.paging.limit = Some(limit);
        self
    }

    /// The page to continue at: `next` or `previous` of an earlier answer. The vendor then takes the filters of the first
    /// request, so only `limit` is sent beside it.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.paging.page_info = Some(page_info.into());
        self
    }

    /// Only transactions made before this one. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page. How far back it may go depends on the vendor's clock: the vendor
    /// checks that.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        span::check(&self.created, ["date_min", "date_max"], MONTHS, NAME)?;
        self.paging.check(MAX_LIMIT, NAME)
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let page = self.paging.parameters();
        if self.paging.page_info.is_some() {
            return present(page);
        }
        let word = |word: Option<&str>| word.map(str::to_owned);
        let filters = [
            ("date_min", self.created.min_text()),
            ("date_max", self.created.max_text()),
            (
                "transaction_type",
                word(
                    self.transaction_type
                        .as_ref()
                        .map(StoreTransactionType::as_str),
                ),
            ),
            (
                "status",
                word(self.status.as_ref().map(StoreTransactionStatus::as_str)),
            ),
            ("trade_order_id", self.trade_order_id.clone()),
            ("merchant_id", self.merchant_id.clone()),
        ];
        present(filters.into_iter().chain(page))
    }
}

/// Reads the body of a page: `{"transactions": [..]}`. `null` and an empty list are an empty page.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_store_transactions(body: &Bytes) -> Result<Page<StoreTransaction>, Error> {
    rows(body, "transactions")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{
        ListStoreTransactions, MAX_LIMIT, NAME, Page, Paging, StoreTransaction,
        decode_store_transactions,
    };
    use crate::client::Client;
    use crate::orders::paging::{CursorPages, ListRequest};

    const LIST_STORE_TRANSACTIONS: Endpoint =
        Endpoint::get(NAME, "payments/store/transactions.json").scope("read_payment");

    impl Client {
        /// One page of the store's transactions.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        /// use shopline_api::payments::ListStoreTransactions;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let request = ListStoreTransactions::new().limit(100);
        ///     let page = client.list_store_transactions(&request).await?;
        ///     println!("{} of them, next page: {:?}", page.records.len(), page.next);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `NotFound` for a store without SHOPLINE Payments; else as [`list_orders`](Self::list_orders), with the scope
        /// `read_payment`.
        pub async fn list_store_transactions(
            &self,
            request: &ListStoreTransactions,
        ) -> Result<Page<StoreTransaction>, Error> {
            self.page(request).await
        }

        /// All the store's transactions that are requested, over all pages from the request's own on, 1000 a page unless it sets a
        /// limit; it ends as [`stream_orders`](Self::stream_orders).
        #[must_use]
        pub fn stream_store_transactions(
            &self,
            request: &ListStoreTransactions,
        ) -> RowStream<Record<StoreTransaction>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListStoreTransactions {
        type Row = StoreTransaction;
        const ENDPOINT: Endpoint = LIST_STORE_TRANSACTIONS;
        const MAX_LIMIT: u32 = MAX_LIMIT;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(row: &StoreTransaction) -> Option<&str> {
            row.trade_order_id.as_deref()
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<StoreTransaction>, Error> {
            decode_store_transactions(body)
        }
    }
}
