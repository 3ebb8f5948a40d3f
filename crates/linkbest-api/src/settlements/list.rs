//! Settlement changes of the orders placed in a window of time, by page, or in any range as a stream.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::Error;

use super::Settlement;
use crate::envelope::{self, Page};
use crate::orders::Params;
use crate::orders::params::{Paging, Span};

/// The service name of the settlement changes. Documented.
pub const SETTLEMENTS_QUERY: &str = "linkbest.open-service.orders.settlement.get";

/// The service, which only reads.
#[cfg(feature = "client")]
const LIST_SETTLEMENTS: orders_http::Endpoint =
    orders_http::Endpoint::post(SETTLEMENTS_QUERY, SETTLEMENTS_QUERY).retry_safe();

/// The settlement changes of the orders placed in a range of time: all parameters of the vendor's page. What is not set is
/// not sent, and the vendor's default holds.
///
/// [`Client::list_settlements`](crate::Client::list_settlements) takes a range of at most a day,
/// [`Client::stream_settlements`](crate::Client::stream_settlements) one of any length.
///
/// ```
/// use linkbest_api::chrono::DateTime;
/// use linkbest_api::settlements::ListSettlements;
///
/// let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
/// let request = ListSettlements::new(at(1_692_633_600), at(1_692_720_000)).program_id("7").page_size(200);
/// assert!(request.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListSettlements {
    span: Span,
    filters: Params,
    paging: Paging,
}

impl ListSettlements {
    /// The changes of orders placed from `from` to `to` (`Stime`, `Etime`), with the vendor's defaults. Sent in whole
    /// seconds, the beginning rounded down and the end up. Whether the vendor counts the edges in is not documented.
    ///
    /// The range is about **order times**: a change made today belongs to the day on which its order was placed. To find
    /// late changes, request the past again.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            span: Span { from, to },
            filters: Params::new(),
            paging: Paging::default(),
        }
    }

    /// Only orders of this program (`ProgramId`).
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("ProgramId", id.into());
        self
    }

    /// Only the order with this number (`OrderSn`).
    pub fn order_sn(mut self, number: impl Into<String>) -> Self {
        self.filters = self.filters.with("OrderSn", number.into());
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
    /// at most a day long, pages start at 1, a page has 1 to 200 rows, and no filter is empty.
    pub fn check(&self) -> Result<(), Error> {
        self.span.check("stream_settlements")?;
        self.paging.check()?;
        self.filters.check()
    }

    /// The parameters as they are sent, without `Timestamp`.
    pub fn params(&self) -> Params {
        self.paging.add_to(self.span.add_to(self.filters.clone()))
    }
}

/// Reads the body of a page of settlement changes. `Data` may be a list, one change, or changes under keys.
///
/// ```
/// use linkbest_api::settlements::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"OrderSn":"A1","ModifyPrice":-1.2500}]}"#[..].into())?;
/// assert_eq!(page.records[0].modify_price.unwrap().to_string(), "-1.2500");
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// As [`orders::decode_page`](crate::orders::decode_page).
pub fn decode_page(body: &Bytes) -> Result<Page<Settlement>, Error> {
    envelope::read(body)
}

#[cfg(feature = "client")]
mod call {
    use chrono::NaiveDateTime;
    use orders_core::{Error, TimeAxis, Window};
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{LIST_SETTLEMENTS, ListSettlements, Page, Paging, Params, Settlement, Span};
    use crate::client::Client;
    use crate::orders::windows::{WindowSource, Windowed};

    impl Client {
        /// One page of settlement changes. A range with more rows than its page holds has further pages; there is no
        /// total.
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders).
        pub async fn list_settlements(
            &self,
            request: &ListSettlements,
        ) -> Result<Page<Settlement>, Error> {
            self.page(&LIST_SETTLEMENTS, request.checked()).await
        }

        /// All settlement changes of the orders placed in a range of any length, read like
        /// [`stream_orders`](Self::stream_orders).
        ///
        /// A change has no id: its whole text tells it from others, and changes of the same text in one answer all come.
        /// Only in a single second with more than 200 changes could two of the same text, on two pages, count as one.
        ///
        /// ```no_run
        /// use linkbest_api::chrono::{DateTime, TimeDelta, Utc};
        /// use linkbest_api::settlements::ListSettlements;
        /// use linkbest_api::{Client, Error};
        ///
        /// async fn quarter(client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
        ///     let request = ListSettlements::new(now - TimeDelta::days(90), now);
        ///     let mut changes = client.stream_settlements(&request);
        ///     while let Some(change) = changes.next().await {
        ///         let change = change?;
        ///         println!("{:?} {:?}", change.order_sn, change.modify_siter_commission);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        #[must_use]
        pub fn stream_settlements(
            &self,
            request: &ListSettlements,
        ) -> RowStream<Record<Settlement>> {
            WindowSource::new(self, request).stream()
        }
    }

    impl Windowed for ListSettlements {
        type Row = Settlement;
        const ENDPOINT: Endpoint = LIST_SETTLEMENTS;

        fn span(&self) -> Span {
            self.span
        }

        fn axis(&self) -> TimeAxis {
            TimeAxis::Created
        }

        fn of_window(&self, window: Window, page: u32) -> Self {
            Self {
                span: Span::around(window),
                paging: Paging::largest(page),
                ..self.clone()
            }
        }

        fn checked(&self) -> Result<Params, Error> {
            self.check().map(|()| self.params())
        }

        /// An order can have several changes and no field numbers them: the text tells them apart.
        fn id(_: &Settlement) -> String {
            String::new()
        }

        fn time(change: &Settlement, _: TimeAxis) -> Option<NaiveDateTime> {
            change.order_time
        }
    }
}
