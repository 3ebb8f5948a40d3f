//! The customers of a store: whose orders there are to ask for.

mod customer;
mod list;

pub use customer::{Customer, MarketingConsent};
pub use list::{CustomersPage, ListCustomers, MAX_LIMIT, decode_page};
