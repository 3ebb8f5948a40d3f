#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
mod envelope;
pub mod error;
mod mapping;
pub mod orders;
pub mod refunds;
#[cfg(feature = "client")]
mod source;
pub mod webhooks;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, Environment};
pub use mapping::Mapper;
pub use orders::{ListOrders, Order, OrdersPage};

pub use orders_core::{Error, ErrorKind, Unreadable};
#[cfg(feature = "client")]
pub use orders_http as http;
pub use orders_wire::{AnyJson, Drift, JsonType, RawJson, Record};

/// The vendor's name in errors, spans and core orders.
pub const VENDOR: &str = "clink";
