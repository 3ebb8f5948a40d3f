//! Orders: the types, and one file an endpoint.

mod get;
mod list;
mod order;
mod payment_method;
mod status;

pub use get::decode_single;
#[cfg(feature = "client")]
pub(crate) use list::OrderPages;
pub use list::{ListOrders, MAX_PAGE_SIZE, decode_page};
pub use order::{Order, PaymentExecutionDetail, PriceData, decode_order};
pub use payment_method::{PaymentMethod, Wallet};
pub use status::{OrderStatus, OrderType};
