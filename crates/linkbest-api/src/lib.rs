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
mod params;
pub mod reports;
mod request;
pub mod settlements;
#[cfg(feature = "client")]
mod source;
pub mod webhooks;
#[cfg(feature = "client")]
mod windows;

#[cfg(feature = "client")]
pub use auth::{Joining, Md5Signing, SignPlace, SigningStrategy, canonical_text};
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL};
pub use mapping::Mapper;
pub use orders::{
    LbOrderStatus, Order, OrderDetail, OrderField, OrderStatus, OrdersPage, OrdersRange,
    QueryOrders,
};
pub use params::Params;

pub use orders_core::{Error, ErrorKind, Unreadable};
#[cfg(feature = "client")]
pub use orders_http as http;
pub use orders_wire::{DecimalText, Drift, JsonType, RawJson, Record};

/// The vendor's name in errors, spans and core orders.
pub const VENDOR: &str = "linkbest";
