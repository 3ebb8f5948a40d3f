//! SHOPLINE as a source of orders: customer by customer, each by the vendor's cursor.

use async_trait::async_trait;
use orders_core::{
    Account, Capabilities, Cursor, Error, Limits, Order as CoreOrder, OrderSource, Page,
    PageSource, Query, RowKey, Slice, Slices,
};
use orders_wire::Record;

use crate::client::Client;
use crate::orders::{CustomerOrders, MAX_LIMIT, Order, StatusFilter};
use crate::{CUSTOMER_ORDERS, VENDOR};

/// How many customers one page of slices holds.
const SLICES: usize = 500;

/// The orders that a request asks for, page by page.
#[derive(Clone, Debug)]
pub(crate) struct CustomerSource {
    pub(crate) client: Client,
    pub(crate) request: CustomerOrders,
}

impl CustomerSource {
    async fn page(&self, cursor: Option<&Cursor>) -> Result<Page<Record<Order>>, Error> {
        let request = match cursor {
            Some(cursor) => self.request.continued(cursor.as_str()),
            None => self.request.clone(),
        };
        let limit = request.limit.unwrap_or(MAX_LIMIT);
        let answer = self.client.customer_orders(&request.limit(limit)).await?;
        Ok(Page {
            full: answer.orders.len() >= limit as usize,
            orders: answer.orders,
            next: answer.next.map(Cursor::new),
            total: None,
        })
    }
}

#[async_trait]
impl PageSource<Record<Order>> for CustomerSource {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Order>>, Error> {
        self.page(cursor).await
    }

    fn window_limits(&self) -> Limits {
        Limits::default()
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        let id = record.id.as_deref().unwrap_or_default();
        RowKey::new(id, record.raw.as_str().as_bytes())
    }
}

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        &self.account
    }

    /// No time filter, no total, no count and no look-up of one order; the customers have to be named.
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.needs_partitions = true;
        capabilities
    }

    /// One slice a customer, in the order named; each customer is to be named once.
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        if query.window.is_some() || query.axis.is_some() {
            return Err(no_window());
        }
        if query.partitions.is_empty() {
            return Err(nobody());
        }
        let start = after.map_or(Ok(0), place)?;
        let customers = query.partitions.get(start..).unwrap_or_default();
        if customers.is_empty() {
            return Err(not_ours());
        }
        let slices = customers
            .iter()
            .take(SLICES)
            .map(Slice::partition)
            .collect();
        let end = start + SLICES;
        let next = (end < query.partitions.len()).then(|| Cursor::new(end.to_string()));
        Ok(Slices { slices, next })
    }

    /// All orders of the customer, archived ones included (`status=any`), a hundred a page.
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        if slice.window.is_some() {
            return Err(no_window());
        }
        let customer = slice.partition.as_deref().ok_or_else(nobody)?;
        let source = CustomerSource {
            client: self.clone(),
            request: CustomerOrders::new(customer, StatusFilter::Any),
        };
        let page = source.page(cursor).await?;
        Ok(page.map(|record| -> CoreOrder { self.mapper.order(&record) }))
    }
}

fn place(cursor: &Cursor) -> Result<usize, Error> {
    cursor.as_str().parse().map_err(|_| not_ours())
}

fn not_ours() -> Error {
    Error::invalid_request("the cursor is not one of this source and query")
        .at(VENDOR, CUSTOMER_ORDERS)
}

fn nobody() -> Error {
    Error::invalid_request("no customers are named: SHOPLINE lists orders customer by customer")
        .at(VENDOR, CUSTOMER_ORDERS)
        .with_hint("name the customers as the partitions of the query")
}

fn no_window() -> Error {
    Error::unsupported("SHOPLINE cannot filter a customer's orders by time")
        .at(VENDOR, CUSTOMER_ORDERS)
        .with_hint("ask for everything and filter what comes")
}
