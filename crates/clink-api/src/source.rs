//! Clink as a source of orders: one pass over the list, by page number.

use std::sync::Arc;

use async_trait::async_trait;
use futures_core::Stream;
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Limits, Order as CoreOrder, OrderRef,
    OrderSource, Page, PageReader, PageSource, Query, RowKey, Slice, Slices,
};
use orders_wire::Record;

use crate::client::Client;
use crate::orders::list::MAX_PAGE_SIZE;
use crate::orders::{ListOrders, Order};

/// A pass over the orders that a request filters, in pages of fifty.
#[derive(Clone, Debug)]
pub(crate) struct PassSource {
    pub(crate) client: Client,
    pub(crate) request: ListOrders,
}

impl PassSource {
    async fn page(&self, cursor: Option<&Cursor>) -> Result<Page<Record<Order>>, Error> {
        let place = Place::read(cursor)?;
        let request = self
            .request
            .clone()
            .page(place.page)
            .page_size(MAX_PAGE_SIZE);
        let answer = self.client.list_orders(&request).await?;
        let rows = answer.orders.len() as u64;
        let total = answer.total.and_then(|total| u64::try_from(total).ok());
        Ok(Page::new(answer.orders)
            .with_next(place.after(rows, total))
            .with_total(total)
            .with_full(rows >= u64::from(MAX_PAGE_SIZE)))
    }
}

/// Where a pass is: the page to ask, and how many rows were given before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    page: u32,
    rows: u64,
}

impl Place {
    fn read(cursor: Option<&Cursor>) -> Result<Self, Error> {
        let Some(cursor) = cursor else {
            return Ok(Self { page: 1, rows: 0 });
        };
        let parts = cursor
            .as_str()
            .strip_prefix("page ")
            .and_then(|rest| rest.split_once(" after "));
        let place = parts.and_then(|(page, rows)| {
            Some(Self {
                page: page.parse().ok()?,
                rows: rows.parse().ok()?,
            })
        });
        place.filter(|place| place.page > 0).ok_or_else(|| {
            Error::invalid_request(format!(
                "{:?} is not a cursor of this source",
                cursor.as_str()
            ))
        })
    }

    /// The next page. The rows that came are believed, not the page size that was asked: the server may cap it. An
    /// empty page ends the pass, whatever the total says; so does having as many rows as the total, but not on a full
    /// page: the total may be capped, and only what comes behind shows that.
    fn after(self, rows: u64, total: Option<u64>) -> Option<Cursor> {
        let seen = self.rows + rows;
        let full = rows >= u64::from(MAX_PAGE_SIZE);
        if rows == 0 || !full && total.is_some_and(|total| seen >= total) {
            return None;
        }
        Some(Cursor::new(format!(
            "page {} after {seen}",
            self.page.checked_add(1)?
        )))
    }
}

#[async_trait]
impl PageSource<Record<Order>> for PassSource {
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

    fn describe(&self, error: Error) -> Error {
        error.at(crate::VENDOR, "GET order")
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        RowKey::new(
            record.order_id.as_deref().unwrap_or_default(),
            record.raw.as_str().as_bytes(),
        )
    }
}

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        &self.account
    }

    /// No time filter exists, so no axis. Pages say the total.
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
            let message = "Clink cannot filter by time: ask for everything and filter what comes";
            return Err(Error::unsupported(message).at(crate::VENDOR, "GET order"));
        }
        if query.partitions.is_empty() {
            return Ok(Slices::new(vec![Slice::pass()]));
        }
        let slices = query
            .partitions
            .iter()
            .map(|customer| customer_pass(customer))
            .collect();
        Ok(Slices::new(slices))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let page = self.pass(slice).page(cursor).await?;
        Ok(page.map(|record| -> CoreOrder { self.mapper.order(&record) }))
    }

    /// The page after it, as if it had fifty rows.
    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        let place = Place::read(cursor).ok()?;
        place.after(u64::from(MAX_PAGE_SIZE), None)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<CoreOrder>, Error> {
        match self.get_order(&reference.id).await {
            Ok(record) => Ok(Some(self.mapper.order(&record))),
            Err(error) if is_vendors_word(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The total of the slice's first page.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let request = self.pass(slice).request.page_size(1);
        let total = self.list_orders(&request).await?.total;
        Ok(total.and_then(|total| u64::try_from(total).ok()))
    }
}

/// Whether the vendor itself says that an order does not exist. A bare HTTP 404 may come from a proxy or a wrong base URL.
fn is_vendors_word(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound && (error.code().is_some() || error.status() == Some(200))
}

/// A partition is a customer.
fn customer_pass(customer: &str) -> Slice {
    Slice::pass().with_partition(customer)
}

impl Client {
    /// All orders over all pages, each once. The vendor's page number and size in `request` are ignored.
    ///
    /// Orders may move between pages while they are read. The stream therefore reads until as many distinct orders
    /// were seen as the vendor says there are, and otherwise ends with an `Incomplete` error; an order that changed
    /// meanwhile comes again. It remembers a few dozen bytes an order.
    pub fn stream_orders(
        &self,
        request: &ListOrders,
    ) -> impl Stream<Item = Result<Record<Order>, Error>> + Send + use<> {
        let source = PassSource {
            client: self.clone(),
            request: request.clone(),
        };
        orders_http::rows(PageReader::owned(Arc::new(source), Slice::pass()))
    }

    fn pass(&self, slice: &Slice) -> PassSource {
        let request = match &slice.partition {
            Some(customer) => ListOrders::new().customer_id(customer),
            None => ListOrders::new(),
        };
        PassSource {
            client: self.clone(),
            request,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_that_came_are_believed() {
        let start = Place::read(None).unwrap();
        assert_eq!(
            start.after(50, Some(120)),
            Some(Cursor::new("page 2 after 50"))
        );
        // The server capped the page at 20: the pass goes on, no page is skipped.
        assert_eq!(
            start.after(20, Some(21)),
            Some(Cursor::new("page 2 after 20"))
        );
        assert_eq!(start.after(20, Some(20)), None);
        // A total that the vendor caps: a full page that reaches it is no end.
        assert_eq!(
            start.after(50, Some(50)),
            Some(Cursor::new("page 2 after 50"))
        );
        assert_eq!(start.after(0, Some(20)), None);
        // Without a total only an empty page ends the pass.
        assert_eq!(start.after(7, None), Some(Cursor::new("page 2 after 7")));
        let later = Place::read(Some(&Cursor::new("page 3 after 100"))).unwrap();
        assert_eq!(later, Place { page: 3, rows: 100 });
        assert_eq!(later.after(20, Some(120)), None);
    }

    #[test]
    fn behind_a_page_that_cannot_be_read_is_the_next() {
        let client = Client::new("key").unwrap();
        let behind =
            |cursor: Option<&str>| client.behind(&Slice::pass(), cursor.map(Cursor::new).as_ref());
        assert_eq!(behind(None), Some(Cursor::new("page 2 after 50")));
        let third = behind(Some("page 3 after 100"));
        assert_eq!(third, Some(Cursor::new("page 4 after 150")));
        assert_eq!(behind(Some("foreign")), None);
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in [
            "",
            "3",
            "page 0 after 0",
            "page x after 1",
            "page 1",
            "eyJhIjoxfQ",
        ] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
