//! Unofficial client for the Linkbest affiliate API: the full order schema with exact decimals.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod error;
mod mapping;
pub mod orders;
mod params;

pub use error::Code;
pub use mapping::Mapper;
pub use orders::{
    LbOrderStatus, ORDERS_QUERY, Order, OrderDetail, OrderField, OrderStatus, OrdersPage,
    OrdersRange, QueryOrders,
};
pub use orders_core::{Error, ErrorKind};
pub use orders_wire::Record;
pub use params::Params;
