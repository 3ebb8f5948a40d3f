//! One page of settlement changes: what is asked, and what comes.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::Settlement;
use crate::Params;
use crate::envelope::{self, Rows};
use crate::request::{Paging, Span, not_empty};

/// The service, which only reads.
#[cfg(feature = "client")]
pub(crate) const QUERY_SETTLEMENTS: orders_http::Endpoint =
    orders_http::Endpoint::post(super::SETTLEMENTS_QUERY, super::SETTLEMENTS_QUERY).retry_safe();

/// One page of settlement changes: all parameters of the vendor's page. Unset ones are not sent, and the vendor's
/// default holds.
///
/// ```
/// use linkbest_api::settlements::QuerySettlements;
/// # use chrono::DateTime;
/// # let at = |s| DateTime::from_timestamp(s, 0).unwrap();
/// let query = QuerySettlements::new(at(1_692_633_600), at(1_692_720_000)).program_id("7").page_size(200);
/// query.check()?;
/// # Ok::<(), linkbest_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuerySettlements {
    span: Span,
    pub(super) filters: Filters,
    paging: Paging,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Filters {
    pub(super) program_id: Option<String>,
    pub(super) order_sn: Option<String>,
    pub(super) sub_id: Option<String>,
}

impl QuerySettlements {
    /// The first page of a window of **order times** (`Stime`, `Etime`), with the vendor's defaults. Sent in whole
    /// seconds, the beginning rounded down and the end up; at most a day. Whether the vendor counts the edges in is not
    /// documented.
    #[must_use]
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            span: Span { from, to },
            filters: Filters::default(),
            paging: Paging::default(),
        }
    }

    /// Only orders of this program (`ProgramId`).
    #[must_use]
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters.program_id = Some(id.into());
        self
    }

    /// Only the order with this number (`OrderSn`).
    #[must_use]
    pub fn order_sn(mut self, number: impl Into<String>) -> Self {
        self.filters.order_sn = Some(number.into());
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
    /// at most a day long, pages start at 1, a page has 1 to 200 rows, and no filter is empty.
    pub fn check(&self) -> Result<(), Error> {
        self.span.check("stream_settlements")?;
        self.paging.check()?;
        not_empty([
            ("ProgramId", &self.filters.program_id),
            ("OrderSn", &self.filters.order_sn),
            ("SubId", &self.filters.sub_id),
        ])
    }

    /// The parameters as they are sent, without `Timestamp`.
    #[must_use]
    pub fn params(&self) -> Params {
        let params = Params::new()
            .with_some("ProgramId", self.filters.program_id.as_ref())
            .with_some("OrderSn", self.filters.order_sn.as_ref())
            .with_some("SubId", self.filters.sub_id.as_ref());
        self.paging.add_to(self.span.add_to(params))
    }
}

/// One page of settlement changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SettlementsPage {
    /// The changes, in the vendor's order (which is not documented), each with its exact text.
    pub settlements: Vec<Record<Settlement>>,
    /// The rows that could not be read. They cost no other row.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included: 200 of them are a full page.
    pub sent: usize,
    /// The vendor's message to the success, where it sent one.
    pub message: Option<String>,
}

impl From<Rows<Settlement>> for SettlementsPage {
    fn from(read: Rows<Settlement>) -> Self {
        Self {
            settlements: read.records,
            unreadable: read.unreadable,
            sent: read.sent,
            message: read.message,
        }
    }
}

/// Reads the body of a page of settlement changes. `Data` may be a list, one change, or changes under keys.
///
/// ```
/// use linkbest_api::settlements::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"OrderSn":"A1","ModifyPrice":-1.2500}]}"#[..].into())?;
/// assert_eq!(page.settlements[0].modify_price.unwrap().to_string(), "-1.2500");
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// As [`orders::decode_page`](crate::orders::decode_page).
pub fn decode_page(body: &Bytes) -> Result<SettlementsPage, Error> {
    envelope::read(body).map(SettlementsPage::from)
}
