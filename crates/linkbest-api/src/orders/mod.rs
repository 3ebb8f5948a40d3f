//! Orders: the list (`linkbest.open-service.orders.query.get`), one order (`linkbest.open-service.orders.detail.get`),
//! and the types of an order.

mod bare;
mod detail;
mod get;
mod identity;
mod list;
mod order;
pub(crate) mod params;
mod status;
#[cfg(feature = "client")]
pub(crate) mod windows;

pub use bare::decode_order;
pub use detail::OrderDetail;
pub use get::{ORDER_DETAIL, decode_single};
pub(crate) use identity::{china, key_of};
pub use list::{ListOrders, ORDERS_QUERY, decode_page};
pub use order::Order;
pub(crate) use order::{means_none, named};
pub use params::{LONGEST_WINDOW, MAX_PAGE_SIZE, Params};
pub use status::{LbOrderStatus, OrderField, OrderStatus};
