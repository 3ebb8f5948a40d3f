//! What settling changed: the confirmed amounts of an order before a change, the change, and after it
//! (`linkbest.open-service.orders.settlement.get`).
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/111>.

mod query;
mod range;
mod settlement;

#[cfg(feature = "client")]
pub(crate) use query::QUERY_SETTLEMENTS;
pub use query::{QuerySettlements, SettlementsPage, decode_page};
pub use range::SettlementsRange;
pub use settlement::Settlement;

/// The service name of the settlement changes. Documented.
pub const SETTLEMENTS_QUERY: &str = "linkbest.open-service.orders.settlement.get";
