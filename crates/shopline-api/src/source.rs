//! SHOPLINE as a source of orders: the store by windows of time, or customer by customer.

use std::hash::Hasher;

use async_trait::async_trait;
use bytes::Bytes;
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Identity, Order as CoreOrder, OrderRef,
    OrderSource, Page, Query, Slice, Slices, TimeAxis, Walk,
};

use crate::VENDOR;
use crate::client::Client;
use crate::customers::{LIST_CUSTOMERS, ListCustomers};
use crate::mapping::Mapper;
use crate::orders::paging::CursorPages;
use crate::orders::{LIST_ORDERS, ListCustomerOrders, StatusFilter, window};

/// How many named customers one page of slices holds.
const SLICES: usize = 500;

/// What a cursor in the list of all customers begins with.
const LISTED: &str = "customers ";

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        self.account()
    }

    /// Filters by last change and by creation, counts windows, and looks orders up by id. Pages say no total.
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Created];
        capabilities.takes_partitions = true;
        capabilities.counts = true;
        capabilities.fetches = true;
        capabilities
    }

    /// A query with a window is one slice of the whole store, archived orders included; on the axis of last changes
    /// unless it names one. Without a window there is one slice a customer: for those that are named, in their order
    /// (each is to be named once), else for all customers that the vendor lists.
    ///
    /// Orders of guests belong to no customer (recorded): only windows have them.
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        match (query.window, query.partitions.as_slice()) {
            (Some(_), [_, ..]) => Err(no_window()),
            (Some(window), []) => {
                let axis = window::axis_of(query.axis)?;
                if after.is_some() {
                    return Err(not_ours());
                }
                Ok(Slices::new(vec![Slice::window(Walk::Cursor, axis, window)]))
            }
            (None, _) if query.axis.is_some() => {
                let message = "a time axis needs a window";
                Err(Error::invalid_request(message).at(VENDOR, LIST_ORDERS.name))
            }
            (None, []) => listed(self, after).await,
            (None, customers) => named(customers, after),
        }
    }

    /// A hundred orders at most; of a customer with `status=any`, the only value that is documented to include archived
    /// orders.
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let page = match (slice.window, &slice.partition) {
            (Some(_), Some(_)) => return Err(no_window()),
            (None, None) => return Err(nothing()),
            (Some(window), None) => {
                let axis = window::axis_of(slice.axis)?;
                window::page(self, axis, window, cursor).await?
            }
            (None, Some(customer)) => {
                let pages = CursorPages {
                    client: self.clone(),
                    request: ListCustomerOrders::new(customer, StatusFilter::Any),
                };
                pages.page(cursor).await?
            }
        };
        Ok(page.map(|record| -> CoreOrder { self.mapper().order(&record) }))
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<CoreOrder>, Error> {
        match self.get_order(&reference.id).await {
            Ok(record) => Ok(Some(self.mapper().order(&record))),
            // With a status it is the address that is not there, not the order.
            Err(error) if error.kind() == ErrorKind::NotFound && error.status().is_none() => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn read(&self, raw: &Bytes) -> Option<Result<CoreOrder, Error>> {
        Some(self.mapper().read(raw))
    }

    fn mapping_version(&self) -> u32 {
        Mapper::VERSION
    }

    /// The orders of a window, archived ones included; `None` for a customer, and where the vendor's counts by status do
    /// not add up.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        match (slice.window, &slice.partition) {
            (Some(window), None) => {
                let axis = window::axis_of(slice.axis)?;
                window::count(self, axis, window).await
            }
            _ => Ok(None),
        }
    }

    /// The store by its handle; the token unless it is renewed.
    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        self.identify(part, into)
    }

    fn requests_sent(&self) -> Option<u64> {
        Some(self.requests_sent())
    }
}

/// A slice for each customer of the next page of customers.
async fn listed(client: &Client, after: Option<&Cursor>) -> Result<Slices, Error> {
    let request = ListCustomers::new()
        .fields("id")
        .limit(crate::customers::MAX_LIMIT);
    let place = match after {
        None => None,
        Some(cursor) => {
            let place = cursor.as_str().strip_prefix(LISTED);
            Some(place.filter(|p| !p.is_empty()).ok_or_else(not_ours)?)
        }
    };
    let page = match place {
        Some(place) => client.list_customers(&request.page_info(place)).await?,
        None => client.list_customers(&request).await?,
    };
    if page.next.is_some() && page.next.as_deref() == place {
        let message = "the vendor gave the same cursor twice";
        return Err(Error::new(ErrorKind::Stalled, message).at(VENDOR, LIST_CUSTOMERS.name));
    }
    let read = page
        .records
        .iter()
        .filter_map(|customer| customer.id.as_deref());
    let mut slices: Vec<Slice> = read.map(Slice::partition).collect();
    // Of a customer that cannot be read the id is enough.
    for customer in page.unreadable {
        match &customer.id {
            Some(id) => slices.push(Slice::partition(id)),
            None => return Err(Error::unreadable(customer).at(VENDOR, LIST_CUSTOMERS.name)),
        }
    }
    let next = page.next.map(|next| Cursor::new(format!("{LISTED}{next}")));
    Ok(Slices::new(slices).with_next(next))
}

/// A slice for each of the named customers; the cursor is the number of those that were given.
fn named(customers: &[String], after: Option<&Cursor>) -> Result<Slices, Error> {
    let place = |cursor: &Cursor| cursor.as_str().parse().map_err(|_| not_ours());
    let start: usize = after.map_or(Ok(0), place)?;
    let left = customers.get(start..).unwrap_or_default();
    if left.is_empty() {
        return Err(not_ours());
    }
    let slices = left.iter().take(SLICES).map(Slice::partition).collect();
    let end = start + SLICES;
    let next = (end < customers.len()).then(|| Cursor::new(end.to_string()));
    Ok(Slices::new(slices).with_next(next))
}

fn not_ours() -> Error {
    Error::invalid_request("the cursor is not one of this source and query")
        .at(VENDOR, LIST_ORDERS.name)
}

fn nothing() -> Error {
    Error::invalid_request("a slice of SHOPLINE is a window of time or a customer")
        .at(VENDOR, LIST_ORDERS.name)
}

fn no_window() -> Error {
    Error::unsupported("SHOPLINE cannot filter a customer's orders by time")
        .at(VENDOR, LIST_ORDERS.name)
        .with_hint("ask for the window without customers, or for everything, and filter what comes")
}
