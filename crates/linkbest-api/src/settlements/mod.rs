//! What settling changed: the confirmed amounts of an order before a change, the change, and after it
//! (`linkbest.open-service.orders.settlement.get`).
//!
//! Vendor page: <https://developers.linkbest.com/partner-integration/apis/111>.

mod list;
mod settlement;

pub use list::{ListSettlements, SETTLEMENTS_QUERY, decode_page};
pub use settlement::Settlement;
