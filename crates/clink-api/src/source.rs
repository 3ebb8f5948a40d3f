//! Clink as a source of orders: one pass over the list, by page number.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Order as CoreOrder, OrderRef, OrderSource,
    Page, Query, Slice, Slices,
};
use orders_reader::{PageSource, RowKey, RowStream};
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
    /// One page. It always names the next one, unless it is empty: where the list ends is for the reader to decide.
    async fn page(&self, cursor: Option<&Cursor>) -> Result<Page<Record<Order>>, Error> {
        let number = page_number(cursor)?;
        let request = self.request.clone().page(number).page_size(MAX_PAGE_SIZE);
        let answer = self.client.list_orders(&request).await?;
        let rows = answer.sent;
        let total = answer.total.and_then(|total| u64::try_from(total).ok());
        Ok(Page::new(answer.orders)
            .with_next(page_after(number).filter(|_| rows > 0))
            .with_total(total)
            .with_full(rows >= MAX_PAGE_SIZE as usize)
            .with_unreadable(answer.unreadable)
            .with_sent(rows))
    }
}

/// The number of the page at a cursor. Cursors of earlier versions also say how many rows come before.
fn page_number(cursor: Option<&Cursor>) -> Result<u32, Error> {
    let Some(cursor) = cursor else { return Ok(1) };
    let number = cursor.as_str().strip_prefix("page ").and_then(|rest| {
        let (number, rows) = rest.split_once(" after ").unwrap_or((rest, "0"));
        rows.parse::<u64>().ok()?;
        number.parse().ok().filter(|number| *number > 0)
    });
    number.ok_or_else(|| {
        let message = format!("{:?} is not a cursor of this source", cursor.as_str());
        Error::invalid_request(message)
    })
}

fn page_after(number: u32) -> Option<Cursor> {
    Some(Cursor::new(format!("page {}", number.checked_add(1)?)))
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

    fn describe(&self, error: Error) -> Error {
        error.at(crate::VENDOR, "GET order")
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        RowKey::new(
            record.order_id.as_deref().unwrap_or_default(),
            record.raw.as_str().as_bytes(),
        )
    }

    fn created(&self, record: &Record<Order>) -> Option<DateTime<Utc>> {
        record.create_time
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

    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        page_after(page_number(cursor).ok()?)
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
    /// Orders may move between pages while they are read. So the list is read until as many different orders came as
    /// the vendor counts; otherwise the stream ends with an `Incomplete` error. An order that changes meanwhile comes
    /// again. The stream remembers a few dozen bytes an order, and its position carries them. A list without a total is
    /// read at least twice, and its end is [unproven](orders_reader::Proof::Agreed).
    #[must_use]
    pub fn stream_orders(&self, request: &ListOrders) -> RowStream<Record<Order>> {
        let source = PassSource {
            client: self.clone(),
            request: request.clone(),
        };
        RowStream::new(Arc::new(source), Slice::pass())
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
    fn behind_a_page_that_cannot_be_read_is_the_next() {
        let client = Client::new("key").unwrap();
        let behind =
            |cursor: Option<&str>| client.behind(&Slice::pass(), cursor.map(Cursor::new).as_ref());
        assert_eq!(behind(None), Some(Cursor::new("page 2")));
        let third = behind(Some("page 3 after 100"));
        assert_eq!(third, Some(Cursor::new("page 4")));
        assert_eq!(behind(Some("foreign")), None);
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in [
            "",
            "3",
            "page 0 after 0",
            "page x after 1",
            "page 1 after",
            "eyJhIjoxfQ",
        ] {
            assert!(page_number(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
