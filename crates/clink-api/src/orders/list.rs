//! `GET order`: the list of orders, by page number. One page, or a stream over all.
//!
//! Vendor page: `api-reference/endpoint/list-orders`. There is no filter by time or status, and the order of the
//! rows is not stated.

use bytes::Bytes;
use orders_core::Error;
use orders_wire::{Integer, Rows};

use super::Order;
use crate::envelope::{Page, success, unreadable};
use crate::failure::undecodable;

#[cfg(feature = "client")]
pub(crate) use call::OrderPages;

/// The largest page: documented; larger values are capped by the server, so they are refused here.
pub const MAX_PAGE_SIZE: u32 = 50;

/// Which orders to list. What is not set is not sent, and the vendor's default holds.
///
/// ```
/// use clink_api::ListOrders;
/// let request = ListOrders::new().customer_id("cus_1").page(2).page_size(50);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListOrders {
    pub(crate) subscription_id: Option<String>,
    pub(crate) customer_id: Option<String>,
    pub(crate) merchant_reference_id: Option<String>,
    pub(crate) page_num: Option<u32>,
    pub(crate) page_size: Option<u32>,
}

impl ListOrders {
    /// All orders, the vendor's first page.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only charges of this subscription (`subscriptionId`).
    #[must_use]
    pub fn subscription_id(mut self, id: impl Into<String>) -> Self {
        self.subscription_id = Some(id.into());
        self
    }

    /// Only orders of this customer (`customerId`).
    #[must_use]
    pub fn customer_id(mut self, id: impl Into<String>) -> Self {
        self.customer_id = Some(id.into());
        self
    }

    /// Only orders with this reference of the seller (`merchantReferenceId`; in the specification, not on the page).
    #[must_use]
    pub fn merchant_reference_id(mut self, id: impl Into<String>) -> Self {
        self.merchant_reference_id = Some(id.into());
        self
    }

    /// The page, from 1 (`pageNum`, default 1).
    #[must_use]
    pub fn page(mut self, number: u32) -> Self {
        self.page_num = Some(number);
        self
    }

    /// Rows a page, 1 to 50 (`pageSize`, default 20).
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = Some(rows);
        self
    }

    /// Checks what the page states.
    ///
    /// # Errors
    /// `InvalidRequest` that names the rule.
    pub fn check(&self) -> Result<(), Error> {
        if self.page_num == Some(0) {
            return Err(Error::invalid_request("pageNum counts from 1"));
        }
        match self.page_size {
            Some(rows) if rows == 0 || rows > MAX_PAGE_SIZE => {
                Err(Error::invalid_request(format!(
                    "pageSize must be 1 to {MAX_PAGE_SIZE}, got {rows}: the vendor would cap it silently"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let number = |n: Option<u32>| n.map(|n| n.to_string());
        [
            ("subscriptionId", self.subscription_id.clone()),
            ("customerId", self.customer_id.clone()),
            ("merchantReferenceId", self.merchant_reference_id.clone()),
            ("pageNum", number(self.page_num)),
            ("pageSize", number(self.page_size)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Decodes the body of a page.
///
/// ```
/// use clink_api::orders::decode_page;
///
/// let body = br#"{"code":200,"total":2,"rows":[
///     {"orderId":"order_1","amountTotal":19.90},{"orderId":"order_2","amountTotal":"a lot"}]}"#;
/// let page = decode_page(&body[..].into())?;
/// assert_eq!(page.records[0].amount_total.unwrap().to_string(), "19.90");
/// assert_eq!(page.unreadable[0].path, "rows[1].amountTotal");
/// # Ok::<(), clink_api::Error>(())
/// ```
///
/// # Errors
/// The vendor's failure where `code` is not 200 (whatever the HTTP status was); `Decode` where the body is no page:
/// with the JSON path, or as a [missing list](Error::is_missing_list) where `rows` is absent or null beside a total that is
/// not 0.
pub fn decode_page(body: &Bytes) -> Result<Page<Order>, Error> {
    let members = success(body)?;
    let total = members
        .value::<Integer, i64>("total")
        .map_err(undecodable)?;
    let rows = members.once("rows").map_err(undecodable)?;
    let rows = rows.filter(|rows| rows.get() != "null");
    if rows.is_none() && total == Some(0) {
        // A count of 0 is reached without a list.
        return Ok(Page {
            total,
            ..Page::default()
        });
    }
    let Some(rows) = rows else {
        let message = format!(
            "a page without its list of orders; keys seen: {}",
            members.names()
        );
        let total = total.and_then(|total| u64::try_from(total).ok());
        return Err(Error::missing_list("rows", message).with_total(total));
    };
    let rows = Rows::of_list(body, rows, "rows").map_err(undecodable)?;
    Ok(Page {
        records: rows.records,
        unreadable: rows
            .unreadable
            .into_iter()
            .map(unreadable::<Order>)
            .collect(),
        sent: rows.sent,
        total,
        answered_at: None,
    })
}

#[cfg(feature = "client")]
mod call {
    use std::sync::Arc;

    use async_trait::async_trait;
    use chrono::{DateTime, Utc};
    use orders_core::{Cursor, Error, Page, Slice};
    use orders_http::{Endpoint, Reply};
    use orders_reader::{PageSource, RowKey, RowStream};
    use orders_wire::Record;

    use super::{ListOrders, MAX_PAGE_SIZE, Order, decode_page};
    use crate::VENDOR;
    use crate::client::Client;
    use crate::failure::decoded;

    const LIST_ORDERS: Endpoint = Endpoint::get("GET order", "order");

    impl Client {
        /// One page of the list of orders. A read: it is sent again where that makes sense.
        ///
        /// ```no_run
        /// use clink_api::{Client, Error, ListOrders};
        ///
        /// async fn first_page(client: &Client) -> Result<(), Error> {
        ///     let page = client.list_orders(&ListOrders::new().page_size(50)).await?;
        ///     println!("{} of {:?} orders", page.records.len(), page.total);
        ///     for record in &page.unreadable {
        ///         println!("{:?} cannot be read: {} at {}", record.id, record.reason, record.path);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one
        /// under HTTP 200; `Decode` with the JSON path where the answer is no page.
        pub async fn list_orders(&self, request: &ListOrders) -> Result<crate::Page<Order>, Error> {
            let checked = request.check();
            checked.map_err(|error| error.at(VENDOR, LIST_ORDERS.name))?;
            let read = |reply: &Reply| {
                let mut page = decoded(reply, decode_page)?;
                page.answered_at = reply.date().map(DateTime::from);
                Ok(page)
            };
            let query = request.parameters();
            self.run(&LIST_ORDERS, LIST_ORDERS.path, &query, read).await
        }

        /// All orders over all pages, each once. The page number and the page size in `request` are ignored.
        ///
        /// Orders may move between pages while they are read. So the list is read until as many different orders came
        /// as the vendor counts; otherwise the stream ends with an `Incomplete` error. An order that changes meanwhile
        /// comes again. The stream remembers a few dozen bytes an order, and its position carries them. A list without
        /// a total is read at least twice, and its end is [unproven](orders_reader::Proof::Agreed).
        ///
        /// An order that cannot be read comes as an error with its [record](Error::record), and the stream continues.
        /// A page that fails ends it. Another stream resumes from the [position](RowStream::position).
        ///
        /// ```no_run
        /// use clink_api::{Client, Error, ListOrders};
        ///
        /// async fn print(client: &Client) -> Result<(), Error> {
        ///     let mut orders = client.stream_orders(&ListOrders::new());
        ///     while let Some(order) = orders.next().await {
        ///         match order {
        ///             Ok(order) => println!("{:?} {:?}", order.order_id, order.amount_total),
        ///             Err(error) if error.record().is_some() => eprintln!("{error}"),
        ///             Err(error) => return Err(error),
        ///         }
        ///     }
        ///     Ok(())
        /// }
        /// ```
        #[must_use]
        pub fn stream_orders(&self, request: &ListOrders) -> RowStream<Record<Order>> {
            let pages = OrderPages::new(self.clone(), request.clone());
            RowStream::new(Arc::new(pages), Slice::pass())
        }
    }

    /// The pages of the orders that a request filters, as large as the vendor has them.
    #[derive(Clone, Debug)]
    pub(crate) struct OrderPages {
        client: Client,
        request: ListOrders,
    }

    impl OrderPages {
        pub(crate) fn new(client: Client, request: ListOrders) -> Self {
            Self { client, request }
        }

        /// One page. It always names the next one, unless it is empty: where the list ends is for the reader to decide.
        pub(crate) async fn page(
            &self,
            cursor: Option<&Cursor>,
        ) -> Result<Page<Record<Order>>, Error> {
            let number = number(cursor)?;
            let request = self.request.clone().page(number).page_size(MAX_PAGE_SIZE);
            let page = self.client.list_orders(&request).await?;
            let total = page.total.and_then(|total| u64::try_from(total).ok());
            Ok(Page::new(page.records)
                .with_next(after(number).filter(|_| page.sent > 0))
                .with_total(total)
                .with_full(page.sent >= MAX_PAGE_SIZE as usize)
                .with_unreadable(page.unreadable)
                .with_sent(page.sent)
                .with_answered_at(page.answered_at))
        }

        /// The place behind a page, which may be one that cannot be read.
        pub(crate) fn behind(cursor: Option<&Cursor>) -> Option<Cursor> {
            after(number(cursor).ok()?)
        }
    }

    /// The number of the page at a cursor. Cursors of earlier versions also name how many rows come before.
    fn number(cursor: Option<&Cursor>) -> Result<u32, Error> {
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

    fn after(number: u32) -> Option<Cursor> {
        Some(Cursor::new(format!("page {}", number.checked_add(1)?)))
    }

    #[async_trait]
    impl PageSource<Record<Order>> for OrderPages {
        async fn read_page(
            &self,
            _: &Slice,
            cursor: Option<&Cursor>,
        ) -> Result<Page<Record<Order>>, Error> {
            self.page(cursor).await
        }

        fn request(&self) -> String {
            format!("{:?}", self.request)
        }

        fn describe(&self, error: Error) -> Error {
            error.at(VENDOR, LIST_ORDERS.name)
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

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn behind_a_page_is_the_next() {
            let behind =
                |cursor: Option<&str>| OrderPages::behind(cursor.map(Cursor::new).as_ref());
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
                assert!(number(Some(&Cursor::new(text))).is_err(), "{text}");
            }
        }
    }
}
