//! `GET v2/customers.json`: the customers of the store.
//!
//! The page belongs to the customer pages of the Admin REST API and answers `{"customers": [..]}` with a `link` header.
//! It needs the scope `read_customers`. The vendor promises no order of the answer; newest first was recorded.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;

use super::Customer;
use crate::envelope::{Page, rows};
use crate::orders::filters::{Span, broken, check_ids, joined, present};
use crate::orders::paging::Paging;

const NAME: &str = "GET v2/customers.json";

/// The largest `limit` that the page allows.
pub const MAX_LIMIT: u32 = 250;

/// The largest number of ids (the page calls it the greatest length of the list).
const MAX_IDS: usize = 64;

/// A request for customers of the store. Every parameter is optional; those that are set must all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListCustomers {
    ids: Vec<String>,
    created_at: Span,
    updated_at: Span,
    paging: Paging,
}

impl ListCustomers {
    /// All customers, from the first page on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the customers with these ids, at most 64.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only customers created at this time or later.
    pub fn created_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.min = Some(at.into());
        self
    }

    /// Only customers created at this time or earlier.
    pub fn created_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.max = Some(at.into());
        self
    }

    /// Only customers last changed at this time or later. Whether a new order changes its customer is not documented.
    pub fn updated_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.min = Some(at.into());
        self
    }

    /// Only customers last changed at this time or earlier.
    pub fn updated_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.max = Some(at.into());
        self
    }

    /// Only these first-level fields, joined by commas.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.paging.fields = Some(fields.into());
        self
    }

    /// How many customers a page holds, 1 to 250. Unset: the vendor's default of 50. Streams request 250.
    pub fn limit(mut self, limit: u32) -> Self {
        self.paging.limit = Some(limit);
        self
    }

    /// The page to resume at: `next` or `previous` of an earlier answer. The vendor then takes the filters of the first
    /// request, so only `limit` and `fields` are sent beside it.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.paging.page_info = Some(page_info.into());
        self
    }

    /// Begins behind this customer. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        check_ids("ids", &self.ids, MAX_IDS, NAME)?;
        if self.created_at.is_backwards() || self.updated_at.is_backwards() {
            return Err(broken("the least time is later than the greatest", NAME));
        }
        self.paging.check(MAX_LIMIT, NAME)
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let page = self.paging.parameters();
        if self.paging.page_info.is_some() {
            return present(page);
        }
        let filters = [
            ("ids", joined(&self.ids)),
            ("created_at_min", self.created_at.min_text()),
            ("created_at_max", self.created_at.max_text()),
            ("updated_at_min", self.updated_at.min_text()),
            ("updated_at_max", self.updated_at.max_text()),
        ];
        present(filters.into_iter().chain(page))
    }
}

/// Reads the body of a page: `{"customers": [..]}`. `null` and an empty list are an empty page.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_page(body: &Bytes) -> Result<Page<Customer>, Error> {
    rows(body, "customers")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{ListCustomers, MAX_LIMIT, NAME, Page, Paging, decode_page};
    use crate::client::Client;
    use crate::customers::Customer;
    use crate::orders::paging::{CursorPages, ListRequest};

    pub(crate) const LIST_CUSTOMERS: Endpoint =
        Endpoint::get(NAME, "v2/customers.json").scope("read_customers");

    impl Client {
        /// One page of the store's customers.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        /// use shopline_api::customers::ListCustomers;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.list_customers(&ListCustomers::new()).await?;
        ///     println!("{} customers", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders), with the scope `read_customers`.
        pub async fn list_customers(
            &self,
            request: &ListCustomers,
        ) -> Result<Page<Customer>, Error> {
            self.page(request).await
        }

        /// All customers that the request names, over all pages from its own on, 250 a page unless it sets a limit; it
        /// ends as [`stream_orders`](Self::stream_orders).
        ///
        /// Orders of guests are recorded with an empty customer, so the orders of all customers need not be all orders of
        /// the store.
        #[must_use]
        pub fn stream_customers(&self, request: &ListCustomers) -> RowStream<Record<Customer>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListCustomers {
        type Row = Customer;
        const ENDPOINT: Endpoint = LIST_CUSTOMERS;
        const MAX_LIMIT: u32 = MAX_LIMIT;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(customer: &Customer) -> Option<&str> {
            customer.id.as_deref()
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<Customer>, Error> {
            decode_page(body)
        }
    }
}

#[cfg(feature = "client")]
pub(crate) use calls::LIST_CUSTOMERS;
