//! Refunds: money paid back for an order.

mod get;
mod refund;

pub use get::decode_single;
pub use refund::{Refund, RefundStatus, decode_refund};
