//! One page of the report by program: what is asked, and what comes.

use bytes::Bytes;
use chrono::NaiveDate;
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::ProgramReport;
use crate::Params;
use crate::envelope::{self, Rows};
use crate::request::{Paging, broken, not_empty};

/// The service, which only reads.
#[cfg(feature = "client")]
pub(crate) const QUERY_REPORT: orders_http::Endpoint =
    orders_http::Endpoint::post(super::PROGRAM_REPORT, super::PROGRAM_REPORT).retry_safe();

/// The longest report, in days, the first and the last one counted (documented; whether both count is not, so the
/// shorter reading holds here).
pub const MAX_DAYS: i64 = 31;

/// One page of the report by program: all parameters of the vendor's page. Unset ones are not sent, and the vendor's
/// default holds.
///
/// ```
/// use chrono::NaiveDate;
/// use linkbest_api::reports::QueryReport;
/// let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
/// QueryReport::new(day(1), day(31)).page_size(200).check()?;
/// # Ok::<(), linkbest_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryReport {
    first: NaiveDate,
    last: NaiveDate,
    website_id: Option<String>,
    program_id: Option<String>,
    paging: Paging,
}

impl QueryReport {
    /// The first page for the days from `first` to `last` (`StartDate`, `EndDate`), in the vendor's zone (not
    /// documented, UTC+8 by inference). That the last day is part of the report is inferred.
    #[must_use]
    pub fn new(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            first,
            last,
            website_id: None,
            program_id: None,
            paging: Paging::default(),
        }
    }

    /// Only this website (`WebsiteId`).
    #[must_use]
    pub fn website_id(mut self, id: impl Into<String>) -> Self {
        self.website_id = Some(id.into());
        self
    }

    /// Only this program (`ProgramId`).
    #[must_use]
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.program_id = Some(id.into());
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
        not_empty([
            ("WebsiteId", &self.website_id),
            ("ProgramId", &self.program_id),
        ])
    }

    /// The parameters as they are sent, without `Timestamp`.
    #[must_use]
    pub fn params(&self) -> Params {
        let params = Params::new()
            .with("StartDate", self.first.format("%Y-%m-%d"))
            .with("EndDate", self.last.format("%Y-%m-%d"))
            .with_some("WebsiteId", self.website_id.as_ref())
            .with_some("ProgramId", self.program_id.as_ref());
        self.paging.add_to(params)
    }
}

/// One page of the report by program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ReportPage {
    /// The programs, in the vendor's order (which is not documented), each with its exact text.
    pub programs: Vec<Record<ProgramReport>>,
    /// The rows that could not be read. They cost no other row.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included: 200 of them are a full page.
    pub sent: usize,
    /// The vendor's message to the success, where it sent one.
    pub message: Option<String>,
}

impl From<Rows<ProgramReport>> for ReportPage {
    fn from(read: Rows<ProgramReport>) -> Self {
        Self {
            programs: read.records,
            unreadable: read.unreadable,
            sent: read.sent,
            message: read.message,
        }
    }
}

/// Reads the body of a page of the report. `Data` may be a list, one program, or programs under keys.
///
/// ```
/// use linkbest_api::reports::decode_page;
/// let page = decode_page(&br#"{"Status":0,"Data":[{"ProgramId":"7","OrderCount":"12"}]}"#[..].into())?;
/// assert_eq!(page.programs[0].order_count, Some(12));
/// # Ok::<(), linkbest_api::Error>(())
/// ```
///
/// # Errors
/// As [`orders::decode_page`](crate::orders::decode_page).
pub fn decode_page(body: &Bytes) -> Result<ReportPage, Error> {
    envelope::read(body).map(ReportPage::from)
}
