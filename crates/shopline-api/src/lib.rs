#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "The types of SHOPLINE's orders, without a client. The page of the crate is its README."
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
pub mod customers;
mod envelope;
pub mod failure;
mod mapping;
pub mod orders;
pub mod payments;
#[cfg(feature = "client")]
mod source;
pub mod tokens;
pub mod webhooks;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, DEFAULT_RATE_LIMIT, DEFAULT_VERSION};
pub use envelope::Page;
pub use mapping::Mapper;
pub use orders::{ListCustomerOrders, ListOrders, Order, StatusFilter};

pub use bytes::Bytes;
pub use chrono;
pub use orders_core as core;
pub use orders_core::{Error, ErrorKind, Unreadable};
#[cfg(feature = "client")]
pub use orders_http as http;
#[cfg(feature = "client")]
pub use orders_reader::{self as reader, RowStream, StreamPosition};
pub use orders_wire::{AnyJson, Drift, JsonType, RawJson, Record};
pub use rust_decimal::Decimal;

/// The vendor's name in errors, spans and core orders.
pub const VENDOR: &str = "shopline";

/// What requests name as their user agent, unless the user sets another.
#[cfg(feature = "client")]
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
