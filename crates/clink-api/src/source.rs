//! Clink as a source of orders, in the common vocabulary.

use std::hash::Hasher;

use async_trait::async_trait;
use bytes::Bytes;
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Identity, Order, OrderRef, OrderSource, Page,
    Query, Slice, Slices,
};

use crate::VENDOR;
use crate::client::Client;
use crate::mapping::Mapper;
use crate::orders::{ListOrders, OrderPages};

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        self.account()
    }

    /// No time filter exists, so no axis. Pages carry the total.
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.takes_partitions = true;
        capabilities.page_total = true;
        capabilities.counts = true;
        capabilities.fetches = true;
        capabilities
    }

    async fn slices(&self, query: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
        if query.window.is_some() || query.axis.is_some() {
            let message = "Clink cannot filter by time: read everything and filter what comes";
            return Err(Error::unsupported(message).at(VENDOR, "GET order"));
        }
        if query.partitions.is_empty() {
            return Ok(Slices::new(vec![Slice::pass()]));
        }
        let customers = query.partitions.iter();
        let slices = customers.map(|customer| Slice::pass().with_partition(customer));
        Ok(Slices::new(slices.collect()))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let pages = OrderPages::new(self.clone(), request(slice));
        let page = pages.page(cursor).await?;
        Ok(page.map(|record| -> Order { self.mapper().order(&record) }))
    }

    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        OrderPages::behind(cursor)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        match self.get_order(&reference.id).await {
            Ok(record) => Ok(Some(self.mapper().order(&record))),
            Err(error) if is_vendors_answer(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, raw: &Bytes) -> Option<Result<Order, Error>> {
        Some(self.mapper().read(raw))
    }

    fn mapping_version(&self) -> u32 {
        Mapper::VERSION
    }

    /// The total of the slice's first page.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let page = self.list_orders(&request(slice).page_size(1)).await?;
        Ok(page.total.and_then(|total| u64::try_from(total).ok()))
    }

    /// The key names no account by itself, so only the credential is known.
    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        let known = part == Identity::Credential;
        if known {
            self.identify(into);
        }
        known
    }

    fn requests_sent(&self) -> Option<u64> {
        Some(self.requests_sent())
    }
}

/// Whether the vendor itself reports that an order does not exist. A bare HTTP 404 may come from a proxy or a wrong base URL.
fn is_vendors_answer(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound && (error.code().is_some() || error.status() == Some(200))
}

/// A partition is a customer.
fn request(slice: &Slice) -> ListOrders {
    match &slice.partition {
        Some(customer) => ListOrders::new().customer_id(customer),
        None => ListOrders::new(),
    }
}
