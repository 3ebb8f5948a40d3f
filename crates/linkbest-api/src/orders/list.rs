//! `linkbest.open-service.orders.query.get`: the orders of a window of time, by page, or of any range as a stream.
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/109>.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::Error;

use super::params::{Paging, Params, Span, broken};
use super::{Order, OrderField, OrderStatus};
use crate::envelope::{self, Listed, Page};

/// The service name of the order list. Documented.
pub const ORDERS_QUERY: &str = "linkbest.open-service.orders.query.get";

/// The service, which only reads.
#[cfg(feature = "client")]
const LIST_ORDERS: orders_http::Endpoint =
    orders_http::Endpoint::post(ORDERS_QUERY, ORDERS_QUERY).retry_safe();

/// The orders of a range of time: all parameters of the vendor's page. What is not set is not sent, and the vendor's
/// default holds.
///
/// [`Client::list_orders`](crate::Client::list_orders) takes a range of at most a day,
/// [`Client::stream_orders`](crate::Client::stream_orders) one of any length.
///
/// ```
/// use linkbest_api::chrono::DateTime;
/// use linkbest_api::{ListOrders, OrderField, OrderStatus};
///
/// let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
/// let request = ListOrders::new(at(1_692_633_600), at(1_692_720_000))
///     .order_field(OrderField::OrderDatatime)
///     .status(OrderStatus::Invalid)
///     .page_size(200);
/// assert!(request.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListOrders {
    span: Span,
    order_field: Option<OrderField>,
    status: Option<OrderStatus>,
    filters: Params,
    paging: Paging,
}

impl ListOrders {
    /// The orders from `from` to `to` (`Stime`, `Etime`), with the vendor's defaults. Sent in whole seconds, the beginning
    /// rounded down and the end up. Whether the vendor counts the edges in is not documented.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            span: Span { from, to },
            order_field: None,
            status: None,
            filters: Params::new(),
            paging: Paging::default(),
        }
    }

    /// The time that the range is about (`OrderField`, default [`OrderField::UpdateTime`]).
    pub fn order_field(mut self, field: OrderField) -> Self {
        self.order_field = Some(field);
        self
    }

    /// Only orders whose commission stands so (`Status`).
    pub fn status(mut self, status: OrderStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Only orders of this website (`WebsiteId`).
    pub fn website_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("WebsiteId", id.into());
        self
    }

    /// Only orders of this program (`ProgramId`).
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("ProgramId", id.into());
        self
    }

    /// Only orders with this label (`SubId`).
    pub fn sub_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("SubId", id.into());
        self
    }

    /// The page, from 1 (`Page`, default 1). A stream ignores it.
    pub fn page(mut self, number: u32) -> Self {
        self.paging.page = Some(number);
        self
    }

    /// Rows on a page, 1 to 200 (`PageSize`, default 20). A stream ignores it.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.paging.page_size = Some(rows);
        self
    }

    /// Checks what the vendor's page states, before anything is sent.
    ///
    /// # Errors
    /// [`InvalidRequest`](orders_core::ErrorKind::InvalidRequest) that names the rule: the range runs forwards and is
    /// at most a day long, pages start at 1, a page has 1 to 200 rows, the status is a documented one, and no filter
    /// is empty (the vendor might take it for no filter).
    pub fn check(&self) -> Result<(), Error> {
        self.span.check("stream_orders")?;
        self.paging.check()?;
        if let Some(OrderStatus::Unknown(word)) = &self.status {
            return Err(broken(&format!(
                "Status must be -1, 0, 1 or 2, got {word:?}"
            )));
        }
        self.filters.check()
    }

    /// The parameters as they are sent, without `Timestamp`.
    pub fn params(&self) -> Params {
        let params = self
            .filters
            .clone()
            .with_some("OrderField", self.order_field.map(OrderField::as_str))
            .with_some("Status", self.status.as_ref());
        self.paging.add_to(self.span.add_to(params))
    }
}

/// Reads the body of an order list.
///
/// `Data` may be a list, one order, or orders under keys. `null`, `""` and `{}` are no list (inferred): see the errors.
///
/// ```
/// use linkbest_api::orders::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"Id":"7","OrdersPrice":10.00,"Currency":"USD"}]}"#[..].into())?;
/// assert_eq!(page.records[0].orders_price.unwrap().to_string(), "10.00");
/// assert_eq!(page.records[0].raw.as_str(), r#"{"Id":"7","OrdersPrice":10.00,"Currency":"USD"}"#);
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// The failure that the body names by its `Status`; [`Decode`](orders_core::ErrorKind::Decode) with the JSON path for a
/// body that is cut, no JSON, without `Status`, or holds a value that cannot be kept exactly. A success without its list
/// is a [missing list](Error::is_missing_list), never an empty page: a stream requests it once more, and then takes it as
/// an empty window.
pub fn decode_page(body: &Bytes) -> Result<Page<Order>, Error> {
    envelope::read(body)
}

impl Listed for Order {
    const MANY: &'static str = "orders";
    const KNOWN_BY: &'static [&'static str] = &["Id", "OrderSn"];
}

#[cfg(feature = "client")]
mod call {
    use chrono::NaiveDateTime;
    use orders_core::{Error, TimeAxis, Window};
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{LIST_ORDERS, ListOrders, Order, Page, Paging, Params, Span};
    use crate::client::Client;
    use crate::mapping::identity;
    use crate::orders::windows::{WindowSource, Windowed};

    impl Client {
        /// One page of orders. A read: it is retried where that makes sense.
        ///
        /// A range with more rows than its page holds has further pages; there is no total. While orders change, rows
        /// move between pages and some are lost: [`stream_orders`](Self::stream_orders) reads windows that fit one page
        /// instead.
        ///
        /// ```no_run
        /// use linkbest_api::chrono::{DateTime, TimeDelta, Utc};
        /// use linkbest_api::{Client, Error, ListOrders};
        ///
        /// async fn last_hour(client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
        ///     let request = ListOrders::new(now - TimeDelta::hours(1), now).page_size(200);
        ///     let page = client.list_orders(&request).await?;
        ///     println!("{} orders, {} unreadable", page.records.len(), page.unreadable.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one under
        /// HTTP 200; `Decode` with the JSON path where the answer has no list.
        pub async fn list_orders(&self, request: &ListOrders) -> Result<Page<Order>, Error> {
            self.page(&LIST_ORDERS, request.checked()).await
        }

        /// All orders of a range of any length, each once (and again where it changed meanwhile).
        ///
        /// The range is read in windows of less than a day that each fit one page of 200; a window that comes back full
        /// is halved and requested again. A single second with more rows is paged forwards to its end and once more
        /// backwards, so that rows that move meanwhile are met on one of the ways. The stream holds one page. A record
        /// that cannot be read is an error, and the stream continues; a page that fails, or a request that breaks a stated
        /// rule, ends it. [`RowStream::position`] is a place to save and to [`resume`](RowStream::resume) from.
        ///
        /// Orders of the last minutes may still be on their way into the vendor's answers: end the range a little before
        /// now, and begin the next where this one ended.
        ///
        /// ```no_run
        /// use linkbest_api::chrono::{DateTime, TimeDelta, Utc};
        /// use linkbest_api::{Client, Error, ListOrders};
        ///
        /// async fn last_month(client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
        ///     let mut orders = client.stream_orders(&ListOrders::new(now - TimeDelta::days(30), now));
        ///     while let Some(order) = orders.next().await {
        ///         println!("{:?}", order?.order_sn);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        #[must_use]
        pub fn stream_orders(&self, request: &ListOrders) -> RowStream<Record<Order>> {
            WindowSource::new(self, request).stream()
        }
    }

    impl Windowed for ListOrders {
        type Row = Order;
        const ENDPOINT: Endpoint = LIST_ORDERS;

        fn span(&self) -> Span {
            self.span
        }

        fn axis(&self) -> TimeAxis {
            self.order_field.unwrap_or_default().axis()
        }

        fn of_window(&self, window: Window, page: u32) -> Self {
            Self {
                span: Span::around(window),
                order_field: Some(self.order_field.unwrap_or_default()),
                paging: Paging::largest(page),
                ..self.clone()
            }
        }

        fn checked(&self) -> Result<Params, Error> {
            self.check().map(|()| self.params())
        }

        fn id(order: &Order) -> String {
            identity(order)
        }

        /// Rows have no time of their last change.
        fn time(order: &Order, axis: TimeAxis) -> Option<NaiveDateTime> {
            match axis {
                TimeAxis::Created => order.order_time,
                TimeAxis::Settled => order.charge_time,
                _ => None,
            }
        }
    }
}
