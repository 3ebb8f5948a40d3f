//! What requests ask for, page by page: the sources under the streams.

use std::sync::Arc;

use async_trait::async_trait;
use orders_core::{Cursor, Error, Page, Slice, Walk};
use orders_reader::{PageSource, RowKey, RowStream};
use orders_wire::Record;

use crate::VENDOR;
use crate::client::Client;
use crate::customers::{self, Customer, ListCustomers};
use crate::endpoint::{CUSTOMER_ORDERS, CUSTOMERS, ORDERS};
use crate::orders::{CustomerOrders, ListOrders, MAX_LIMIT, Order, OrdersPage};

impl Client {
    /// All orders that the request asks for, over all pages from its own on, a hundred a page unless it sets a limit.
    ///
    /// It ends where the vendor names no next page. An error is given once and ends the stream; a page that comes twice
    /// is the error `Stalled`.
    #[must_use]
    pub fn stream_customer_orders(&self, request: &CustomerOrders) -> RowStream<Record<Order>> {
        let pages = CustomerPages {
            client: self.clone(),
            request: request.clone(),
        };
        RowStream::new(Arc::new(pages), by_cursor())
    }

    /// All orders of the store that the request asks for, as
    /// [`stream_customer_orders`](Self::stream_customer_orders).
    ///
    /// Archived orders come only with [`ListOrders::hidden_order`], and the others only without (inferred): two streams
    /// for all.
    #[must_use]
    pub fn stream_orders(&self, request: &ListOrders) -> RowStream<Record<Order>> {
        let pages = StorePages {
            client: self.clone(),
            request: request.clone(),
        };
        RowStream::new(Arc::new(pages), by_cursor())
    }

    /// All customers that the request asks for, over all pages from its own on, 250 a page unless it sets a limit; it
    /// ends as [`stream_customer_orders`](Self::stream_customer_orders).
    ///
    /// Orders of guests are recorded with an empty customer, so the orders of all customers need not be all orders of
    /// the store.
    #[must_use]
    pub fn stream_customers(&self, request: &ListCustomers) -> RowStream<Record<Customer>> {
        let pages = CustomersPages {
            client: self.clone(),
            request: request.clone(),
        };
        RowStream::new(Arc::new(pages), by_cursor())
    }
}

/// A slice for streams, whose source knows by itself what it reads.
fn by_cursor() -> Slice {
    Slice::everything(Walk::Cursor)
}

/// A customer's orders.
#[derive(Clone, Debug)]
pub(crate) struct CustomerPages {
    pub(crate) client: Client,
    pub(crate) request: CustomerOrders,
}

impl CustomerPages {
    pub(crate) async fn page(&self, cursor: Option<&Cursor>) -> Result<Page<Record<Order>>, Error> {
        let request = match cursor {
            Some(cursor) => self.request.continued(cursor.as_str()),
            None => self.request.clone(),
        };
        let limit = request.limit.unwrap_or(MAX_LIMIT);
        let answer = self.client.customer_orders(&request.limit(limit)).await?;
        Ok(page_of(answer, limit))
    }
}

/// The store's orders.
#[derive(Clone, Debug)]
pub(crate) struct StorePages {
    pub(crate) client: Client,
    pub(crate) request: ListOrders,
}

impl StorePages {
    pub(crate) async fn page(&self, cursor: Option<&Cursor>) -> Result<Page<Record<Order>>, Error> {
        let limit = self.request.limit.unwrap_or(MAX_LIMIT);
        let request = match cursor {
            Some(cursor) => self.request.continued(cursor.as_str()),
            None => self.request.clone(),
        };
        let answer = self.client.list_orders(&request.limit(limit)).await?;
        Ok(page_of(answer, limit))
    }
}

fn page_of(answer: OrdersPage, limit: u32) -> Page<Record<Order>> {
    Page::new(answer.orders)
        .with_next(answer.next.map(Cursor::new))
        .with_full(answer.sent >= limit as usize)
        .with_unreadable(answer.unreadable)
        .with_sent(answer.sent)
}

fn order_key(record: &Record<Order>) -> RowKey {
    let id = record.id.as_deref().unwrap_or_default();
    RowKey::new(id, record.raw.as_str().as_bytes())
}

#[async_trait]
impl PageSource<Record<Order>> for CustomerPages {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Order>>, Error> {
        self.page(cursor).await
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, CUSTOMER_ORDERS.name)
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        order_key(record)
    }
}

#[async_trait]
impl PageSource<Record<Order>> for StorePages {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Order>>, Error> {
        self.page(cursor).await
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, ORDERS.name)
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        order_key(record)
    }
}

/// The store's customers.
#[derive(Clone, Debug)]
pub(crate) struct CustomersPages {
    pub(crate) client: Client,
    pub(crate) request: ListCustomers,
}

#[async_trait]
impl PageSource<Record<Customer>> for CustomersPages {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Customer>>, Error> {
        let limit = self.request.limit.unwrap_or(customers::MAX_LIMIT);
        let request = match cursor {
            Some(cursor) => self.request.continued(cursor.as_str()),
            None => self.request.clone(),
        };
        let answer = self.client.list_customers(&request.limit(limit)).await?;
        Ok(Page::new(answer.customers)
            .with_next(answer.next.map(Cursor::new))
            .with_full(answer.sent >= limit as usize)
            .with_unreadable(answer.unreadable)
            .with_sent(answer.sent))
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, CUSTOMERS.name)
    }

    fn key(&self, record: &Record<Customer>) -> RowKey {
        let id = record.id.as_deref().unwrap_or_default();
        RowKey::new(id, record.raw.as_str().as_bytes())
    }
}
