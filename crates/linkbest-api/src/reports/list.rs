//! The report by program, page by page, or whole as a stream.

use bytes::Bytes;
use chrono::NaiveDate;
use orders_core::Error;

use super::ProgramReport;
use crate::envelope::{self, Page};
use crate::orders::Params;
use crate::orders::params::{Paging, broken};

/// The service name of the report by program. Documented.
pub const PROGRAM_REPORT: &str = "linkbest.open-service.report.program.get";

/// The service, which only reads.
#[cfg(feature = "client")]
const LIST_REPORT: orders_http::Endpoint =
    orders_http::Endpoint::post(PROGRAM_REPORT, PROGRAM_REPORT).retry_safe();

/// The longest report, in days, the first and the last one counted (documented; whether both count is not, so the
/// shorter reading holds here).
pub const MAX_DAYS: i64 = 31;

/// The report by program: all parameters of the vendor's page. What is not set is not sent, and the vendor's default
/// holds.
///
/// ```
/// use linkbest_api::chrono::NaiveDate;
/// use linkbest_api::reports::ListReport;
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
/// assert!(ListReport::new(day(1), day(31)).page_size(200).check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListReport {
    first: NaiveDate,
    last: NaiveDate,
    filters: Params,
    paging: Paging,
}

impl ListReport {
    /// The first page for the days from `first` to `last` (`StartDate`, `EndDate`), in the vendor's zone (not
    /// documented, UTC+8 by inference). That the last day is part of the report is inferred.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            first,
            last,
            filters: Params::new(),
            paging: Paging::default(),
        }
    }

    /// Only this website (`WebsiteId`).
    pub fn website_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("WebsiteId", id.into());
        self
    }

    /// Only this program (`ProgramId`).
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters = self.filters.with("ProgramId", id.into());
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
    /// [`InvalidRequest`](orders_core::ErrorKind::InvalidRequest) that names the rule: the days run forwards and are at
    /// most 31, pages start at 1, a page has 1 to 200 rows, and no filter is empty.
    pub fn check(&self) -> Result<(), Error> {
        let days = (self.last - self.first).num_days() + 1;
        if days < 1 {
            return Err(broken("StartDate must not be after EndDate"));
        }
        if days > MAX_DAYS {
            return Err(broken(&format!(
                "a report has at most {MAX_DAYS} days, StartDate and EndDate counted, got {days}"
            )));
        }
        self.paging.check()?;
        self.filters.check()
    }

    /// The parameters as they are sent, without `Timestamp`.
    pub fn params(&self) -> Params {
        let params = self
            .filters
            .clone()
            .with("StartDate", self.first.format("%Y-%m-%d"))
            .with("EndDate", self.last.format("%Y-%m-%d"));
        self.paging.add_to(params)
    }
}

/// Reads the body of a page of the report. `Data` may be a list, one program, or programs under keys.
///
/// ```
/// use linkbest_api::reports::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"ProgramId":"7","OrderCount":"12"}]}"#[..].into())?;
/// assert_eq!(page.records[0].order_count, Some(12));
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// As [`orders::decode_page`](crate::orders::decode_page).
pub fn decode_page(body: &Bytes) -> Result<Page<ProgramReport>, Error> {
    envelope::read(body)
}

#[cfg(feature = "client")]
mod call {
    use std::sync::Arc;

    use async_trait::async_trait;
    use orders_core::{Cursor, Error, Page, Slice, Walk};
    use orders_reader::{PageSource, RowKey, RowStream};
    use orders_wire::Record;

    use super::{LIST_REPORT, ListReport, Paging, ProgramReport};
    use crate::VENDOR;
    use crate::client::Client;
    use crate::orders::MAX_PAGE_SIZE;

    impl Client {
        /// One page of the report by program: clicks and orders of at most 31 days. Its order count is the number to
        /// verify a pull by creation time against.
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders).
        pub async fn list_report(
            &self,
            request: &ListReport,
        ) -> Result<crate::Page<ProgramReport>, Error> {
            let params = request.check().map(|()| request.params());
            self.page(&LIST_REPORT, params).await
        }

        /// All programs of a report, over all pages.
        ///
        /// A page with fewer than 200 programs is the last. A program whose numbers change while the report is read may
        /// come again. A vendor that answers the same page twice ends the stream with `Stalled`.
        ///
        /// ```no_run
        /// use linkbest_api::chrono::NaiveDate;
        /// use linkbest_api::reports::ListReport;
        /// use linkbest_api::{Client, Error};
        ///
        /// async fn clicks(client: &Client, first: NaiveDate, last: NaiveDate) -> Result<(), Error> {
        ///     let mut programs = client.stream_report(&ListReport::new(first, last));
        ///     while let Some(program) = programs.next().await {
        ///         let program = program?;
        ///         println!("{:?} {:?}", program.program_name, program.click_count);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        #[must_use]
        pub fn stream_report(&self, request: &ListReport) -> RowStream<Record<ProgramReport>> {
            let source = ReportSource {
                client: self.clone(),
                request: request.clone(),
            };
            RowStream::new(Arc::new(source), Slice::everything(Walk::Cursor))
        }
    }

    /// The pages of a report, 200 rows each. A page with fewer is the last: there is no total.
    #[derive(Debug)]
    struct ReportSource {
        client: Client,
        request: ListReport,
    }

    #[async_trait]
    impl PageSource<Record<ProgramReport>> for ReportSource {
        async fn read_page(
            &self,
            _: &Slice,
            cursor: Option<&Cursor>,
        ) -> Result<Page<Record<ProgramReport>>, Error> {
            let number: u32 = cursor
                .map_or(Some(1), |cursor| cursor.as_str().parse().ok())
                .ok_or_else(|| {
                    self.describe(Error::invalid_request("not a cursor of this source"))
                })?;
            let mut request = self.request.clone();
            request.paging = Paging::largest(number);
            let answer = self.client.list_report(&request).await?;
            let full = answer.sent >= MAX_PAGE_SIZE as usize;
            let next = number.checked_add(1).filter(|_| full);
            Ok(Page::new(answer.records)
                .with_next(next.map(|number| Cursor::new(number.to_string())))
                .with_full(full)
                .with_unreadable(answer.unreadable)
                .with_sent(answer.sent)
                .with_answered_at(answer.answered_at))
        }

        fn request(&self) -> String {
            format!("{:?}", self.request)
        }

        fn describe(&self, error: Error) -> Error {
            error.at(VENDOR, LIST_REPORT.name)
        }

        /// A program's numbers may change while the report is read: its row is known by its whole text.
        fn key(&self, row: &Record<ProgramReport>) -> RowKey {
            RowKey::new("", row.raw.as_str().as_bytes())
        }
    }
}
