//! Clicks and orders by program (`linkbest.open-service.report.program.get`).
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/113>.

#[cfg(feature = "client")]
pub(crate) mod count;
mod list;
mod program;

pub use list::{ListReport, MAX_DAYS, PROGRAM_REPORT, decode_page};
pub use program::ProgramReport;
