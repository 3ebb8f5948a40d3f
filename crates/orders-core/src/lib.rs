//! The common vocabulary for orders pulled from different vendors, and nothing else: no I/O, no HTTP, no runtime.
//!
//! A vendor crate maps its own order to [`Order`] and offers itself as an [`OrderSource`]; whoever pulls
//! (a service, a loader, a test) knows only this crate.
//!
//! - [`Money`] is an exact decimal with a currency code, never rounded on the way in.
//! - [`Order::total`], [`Order::charged`], [`Order::money_back`] and [`Order::net`] are the same questions for every
//!   vendor. What a vendor does not say is unknown there, never zero ([`Sums`]).
//! - [`Mapped`] keeps the vendor's own word beside ours; every status of ours has `Unknown`.
//! - A [`Slice`] is a piece of work that one worker can own, a [`Cursor`] a place inside it, a [`Page`] one answer, an
//!   [`Unreadable`] a record of it that could not be read.
//! - [`Error`] tells an operator what happened and whether trying again makes sense.
//!
//! ```
//! use orders_core::{Money, Order, PaymentStatus, Mapped};
//!
//! let price: Money = Money::parse("19.90", "EUR")?;
//! let shipping = Money::parse("4.10", "EUR")?;
//! assert_eq!(price.checked_add(&shipping)?.to_string(), "24.00 EUR");
//!
//! let mut order = Order::new("clink", "main", "order_1");
//! order.payment = Some(Mapped::new("refunded", PaymentStatus::Refunded));
//! assert!(order.is_terminal());
//! # Ok::<(), orders_core::MoneyError>(())
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod adjustment;
mod amount;
mod currency;
mod error;
mod error_kind;
mod money;
mod order;
mod page;
mod parts;
mod push;
mod reference;
mod slice;
mod source;
mod status;
mod sums;
mod unreadable;

pub use adjustment::{Adjustment, AdjustmentKind};
pub use amount::{Amount, MoneyPair};
pub use currency::Currency;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use money::{Money, MoneyError};
pub use order::{Order, OrderKind};
pub use page::Page;
pub use parts::{Commission, Customer, Line, Total, TotalKind};
pub use push::{Meaning, Push, Version};
pub use reference::OrderRef;
pub use rust_decimal::{Decimal, RoundingStrategy};
pub use slice::{Cursor, Limits, Slice, TimeAxis, Walk, Window};
pub use source::{Account, Capabilities, Identity, OrderSource, Query, Slices};
pub use status::{AdjustmentStatus, CommissionStatus, FulfillmentStatus, Mapped, PaymentStatus};
pub use sums::Sums;
pub use unreadable::Unreadable;
