//! The crate against the fixtures, a transport in memory, and real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod customers;
mod decoding;
#[cfg(feature = "client")]
mod errors;
#[cfg(feature = "reqwest")]
mod examples;
mod fixtures;
mod mapping;
mod money;
#[cfg(feature = "client")]
mod paging;
#[cfg(feature = "client")]
mod parts;
#[cfg(feature = "client")]
mod payments;
#[cfg(feature = "client")]
mod play;
#[cfg(feature = "client")]
mod rows;
mod secrets;
mod snapshots;
#[cfg(feature = "client")]
mod sockets;
#[cfg(feature = "client")]
mod source;
#[cfg(feature = "client")]
mod store;
mod tokens;
mod webhooks;
#[cfg(feature = "client")]
mod windows;
