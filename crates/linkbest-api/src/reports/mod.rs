//! Clicks and orders by program (`linkbest.open-service.report.program.get`).
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/113>.

#[cfg(feature = "client")]
pub(crate) mod pass;
mod program;
mod query;

pub use program::ProgramReport;
#[cfg(feature = "client")]
pub(crate) use query::QUERY_REPORT;
pub use query::{MAX_DAYS, QueryReport, ReportPage, decode_page};

/// The service name of the report by program. Documented.
pub const PROGRAM_REPORT: &str = "linkbest.open-service.report.program.get";
