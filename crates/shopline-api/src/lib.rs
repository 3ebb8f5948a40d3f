#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "The types of SHOPLINE's orders, without a client. The page of the crate is its README."
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(feature = "client")]
mod address;
#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
pub mod customers;
mod endpoint;
mod envelope;
pub mod error;
#[cfg(feature = "client")]
mod fault;
mod mapping;
pub mod orders;
#[cfg(feature = "client")]
mod pages;
#[cfg(feature = "client")]
mod paging;
mod parameters;
#[cfg(feature = "client")]
mod reads;
#[cfg(feature = "client")]
mod source;
pub mod tokens;
pub mod webhooks;
#[cfg(feature = "client")]
mod window;

#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, DEFAULT_RATE_LIMIT, DEFAULT_VERSION};
pub use mapping::Mapper;
pub use orders::{CustomerOrders, ListOrders, Order, OrdersPage, StatusFilter};

pub use bytes::Bytes;
pub use chrono;
pub use orders_core as core;
pub use orders_core::{Error, ErrorKind, Unreadable};
#[cfg(feature = "client")]
pub use orders_http as http;
#[cfg(feature = "client")]
pub use orders_reader as reader;
pub use orders_wire::{AnyJson, Drift, JsonType, RawJson, Record};
pub use rust_decimal::Decimal;

/// The vendor's name in errors, spans and core orders.
pub const VENDOR: &str = "shopline";
