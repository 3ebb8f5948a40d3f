//! `linkbest.open-service.orders.query.get`: the orders of a window of time, by page.
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/109>.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Error, TimeAxis, Unreadable};
use orders_wire::Record;

use super::{Order, OrderStatus};
use crate::Params;
use crate::envelope::{self, Listed, Rows};
use crate::request::{Paging, Span, broken, not_empty};

/// The service, which only reads.
#[cfg(feature = "client")]
pub(crate) const LIST_ORDERS: orders_http::Endpoint =
    orders_http::Endpoint::post(super::ORDERS_QUERY, super::ORDERS_QUERY).retry_safe();

/// Which time of an order a window is about. Closed: the vendor may read an unknown word as the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// When the order last changed. The vendor's default; the time itself is in no field of an order.
    #[default]
    UpdateTime,
    /// When the commission was settled.
    ChargeTime,
    /// When the order was placed; spelt `OrderDatatime` by the vendor.
    OrderDatatime,
}

impl OrderField {
    /// The vendor's word, as the vendor spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdateTime => "UpdateTime",
            Self::ChargeTime => "ChargeTime",
            Self::OrderDatatime => "OrderDatatime",
        }
    }

    /// The field of a time axis; `None` where Linkbest has none.
    #[must_use]
    pub fn of(axis: TimeAxis) -> Option<Self> {
        match axis {
            TimeAxis::Updated => Some(Self::UpdateTime),
            TimeAxis::Settled => Some(Self::ChargeTime),
            TimeAxis::Created => Some(Self::OrderDatatime),
            _ => None,
        }
    }

    /// The time axis of the field.
    #[must_use]
    pub fn axis(self) -> TimeAxis {
        match self {
            Self::UpdateTime => TimeAxis::Updated,
            Self::ChargeTime => TimeAxis::Settled,
            Self::OrderDatatime => TimeAxis::Created,
        }
    }
}

/// One page of orders: all parameters of the vendor's page. Unset ones are not sent, and the vendor's default holds.
///
/// ```
/// use linkbest_api::{OrderField, OrderStatus, QueryOrders};
/// # use chrono::DateTime;
/// # let at = |s| DateTime::from_timestamp(s, 0).unwrap();
/// let query = QueryOrders::new(at(1_692_633_600), at(1_692_720_000))
///     .order_field(OrderField::OrderDatatime)
///     .status(OrderStatus::Invalid)
///     .page_size(200);
/// query.check()?;
/// # Ok::<(), linkbest_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryOrders {
    span: Span,
    order_field: Option<OrderField>,
    pub(super) filters: Filters,
    paging: Paging,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Filters {
    pub(super) status: Option<OrderStatus>,
    pub(super) website_id: Option<String>,
    pub(super) program_id: Option<String>,
    pub(super) sub_id: Option<String>,
}

impl QueryOrders {
    /// The first page of a window (`Stime`, `Etime`), with the vendor's defaults. Sent in whole seconds, the beginning
    /// rounded down and the end up; at most a day. Whether the vendor counts the edges in is not documented.
    #[must_use]
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            span: Span { from, to },
            order_field: None,
            filters: Filters::default(),
            paging: Paging::default(),
        }
    }

    /// The time that the window is about (`OrderField`, default [`OrderField::UpdateTime`]).
    #[must_use]
    pub fn order_field(mut self, field: OrderField) -> Self {
        self.order_field = Some(field);
        self
    }

    /// Only orders whose commission stands so (`Status`).
    #[must_use]
    pub fn status(mut self, status: OrderStatus) -> Self {
        self.filters.status = Some(status);
        self
    }

    /// Only orders of this website (`WebsiteId`).
    #[must_use]
    pub fn website_id(mut self, id: impl Into<String>) -> Self {
        self.filters.website_id = Some(id.into());
        self
    }

    /// Only orders of this program (`ProgramId`).
    #[must_use]
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters.program_id = Some(id.into());
        self
    }

    /// Only orders with this label (`SubId`).
    #[must_use]
    pub fn sub_id(mut self, id: impl Into<String>) -> Self {
        self.filters.sub_id = Some(id.into());
        self
    }

    /// The page, from 1 (`Page`, default 1).
    #[must_use]
    pub fn page(mut self, number: u32) -> Self {
        self.paging.page = Some(number);
        self
    }

    /// Rows on a page, 1 to 200 (`PageSize`, default 20).
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.paging.page_size = Some(rows);
        self
    }

    /// Checks what the vendor's page states, before anything is sent.
    ///
    /// # Errors
    /// [`InvalidRequest`](orders_core::ErrorKind::InvalidRequest) that names the rule: the window runs forwards and is
    /// at most a day long, pages start at 1, a page has 1 to 200 rows, the status is a documented one, and no filter
    /// is empty (the vendor might read it as no filter).
    pub fn check(&self) -> Result<(), Error> {
        self.span.check("stream_orders")?;
        self.paging.check()?;
        self.filters.check()
    }

    /// The parameters as they are sent, without `Timestamp`.
    #[must_use]
    pub fn params(&self) -> Params {
        let params = Params::new()
            .with_some("OrderField", self.order_field.map(OrderField::as_str))
            .with_some("Status", self.filters.status.as_ref())
            .with_some("WebsiteId", self.filters.website_id.as_ref())
            .with_some("ProgramId", self.filters.program_id.as_ref())
            .with_some("SubId", self.filters.sub_id.as_ref());
        self.paging.add_to(self.span.add_to(params))
    }
}

impl Filters {
    fn check(&self) -> Result<(), Error> {
        if let Some(OrderStatus::Unknown(word)) = &self.status {
            return Err(broken(&format!(
                "Status must be -1, 0, 1 or 2, got {word:?}"
            )));
        }
        not_empty([
            ("WebsiteId", &self.website_id),
            ("ProgramId", &self.program_id),
            ("SubId", &self.sub_id),
        ])
    }
}

/// One page of orders, read from an answer like this (invented) one:
///
/// ```json
#[doc = include_str!("../../examples/order-page.json")]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OrdersPage {
    /// The orders, in the vendor's order (which is not documented), each with its exact text.
    pub orders: Vec<Record<Order>>,
    /// The rows that could not be read. They cost no other row.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included: 200 of them are a full page.
    pub sent: usize,
    /// The vendor's message to the success, where it sent one.
    pub message: Option<String>,
}

/// Reads the body of an order list.
///
/// `Data` may be a list, one order, or orders under keys; `null`, `""`, `{}` and `[]` are an empty page (inferred).
///
/// ```
/// use linkbest_api::orders::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"Id":"7","OrdersPrice":10.00,"Currency":"USD"}]}"#[..].into())?;
/// assert_eq!(page.orders[0].orders_price.unwrap().to_string(), "10.00");
/// assert_eq!(page.orders[0].raw.as_str(), r#"{"Id":"7","OrdersPrice":10.00,"Currency":"USD"}"#);
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// The failure that the body names by its `Status`; [`Decode`](orders_core::ErrorKind::Decode) with the JSON path for a
/// body that is cut, no JSON, without `Status`, successful without `Data`, or holds a value that cannot be kept exactly.
/// Never an empty page instead.
pub fn decode_page(body: &Bytes) -> Result<OrdersPage, Error> {
    envelope::read(body).map(OrdersPage::from)
}

impl Listed for Order {
    const MANY: &'static str = "orders";
    const KNOWN_BY: &'static [&'static str] = &["Id", "OrderSn"];
}

impl From<Rows<Order>> for OrdersPage {
    fn from(read: Rows<Order>) -> Self {
        Self {
            orders: read.records,
            unreadable: read.unreadable,
            sent: read.sent,
            message: read.message,
        }
    }
}

/// Reads one bare order.
///
/// # Errors
/// [`Decode`](orders_core::ErrorKind::Decode) with the JSON path, also for a text that is no object.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    envelope::bare(text)
}
