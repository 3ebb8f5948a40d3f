#![cfg_attr(docsrs, feature(doc_cfg))]
// Its examples need the client: they are no tests of a build without it.
#![cfg_attr(any(feature = "reqwest", not(doctest)), doc = include_str!("../README.md"))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
mod envelope;
pub mod failure;
mod mapping;
pub mod orders;
pub mod reports;
pub mod settlements;
#[cfg(feature = "client")]
mod source;
pub mod webhooks;

#[cfg(feature = "client")]
pub use auth::{Joining, Md5Signing, SignPlace, SigningStrategy, canonical_text};
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, DEFAULT_BASE_URL, DEFAULT_RATE_LIMIT};
pub use envelope::Page;
pub use mapping::Mapper;
pub use orders::{LbOrderStatus, ListOrders, Order, OrderDetail, OrderField, OrderStatus, Params};

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
pub const VENDOR: &str = "linkbest";
