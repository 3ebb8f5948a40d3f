//! The customers of a store: whose orders can be requested.

mod customer;
mod list;

pub use customer::{Customer, MarketingConsent};
#[cfg(feature = "client")]
pub(crate) use list::LIST_CUSTOMERS;
pub use list::{ListCustomers, MAX_LIMIT, decode_page};
