//! Refunds: money paid back for an order.

mod get;
mod refund;

#[cfg(feature = "client")]
pub(crate) use get::GET_REFUND;
pub use get::decode_single;
pub use refund::{Refund, RefundStatus, decode_refund};
