//! The order list (`linkbest.open-service.orders.query.get`): what is asked, what comes, and the types of an order.

mod detail;
mod envelope;
mod list;
mod order;
mod range;
mod status;

pub(crate) use envelope::Envelope;
#[cfg(feature = "client")]
pub(crate) use envelope::names;
#[cfg(feature = "client")]
pub(crate) use list::page_of;

pub use detail::OrderDetail;
pub use list::{
    LONGEST_WINDOW, MAX_PAGE_SIZE, OrderField, OrdersPage, QueryOrders, decode_order, decode_page,
};
pub use order::Order;
pub use range::OrdersRange;
pub use status::{LbOrderStatus, OrderStatus};

/// The service name of the order list. Documented.
pub const ORDERS_QUERY: &str = "linkbest.open-service.orders.query.get";
