//! Orders: the list (`linkbest.open-service.orders.query.get`), one order (`linkbest.open-service.orders.detail.get`),
//! and the types of an order.

mod detail;
mod get;
mod list;
mod order;
mod range;
mod status;

pub use crate::request::{LONGEST_WINDOW, MAX_PAGE_SIZE};
pub use detail::OrderDetail;
pub use get::decode_single;
#[cfg(feature = "client")]
pub(crate) use get::{GET_ORDER, params, single};
#[cfg(feature = "client")]
pub(crate) use list::LIST_ORDERS;
pub use list::{OrderField, OrdersPage, QueryOrders, decode_order, decode_page};
pub use order::Order;
pub use range::OrdersRange;
pub use status::{LbOrderStatus, OrderStatus};

/// The service name of the order list. Documented.
pub const ORDERS_QUERY: &str = "linkbest.open-service.orders.query.get";

/// The service name of one order. Documented.
pub const ORDER_DETAIL: &str = "linkbest.open-service.orders.detail.get";
