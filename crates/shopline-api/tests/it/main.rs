//! The crate against the fixtures, a transport in memory, and real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "client")]
mod client;
mod decoding;
#[cfg(feature = "client")]
mod errors;
mod fixtures;
mod mapping;
#[cfg(feature = "client")]
mod paging;
#[cfg(feature = "client")]
mod play;
#[cfg(feature = "client")]
mod secrets;
mod snapshots;
#[cfg(feature = "client")]
mod sockets;
#[cfg(feature = "client")]
mod source;
mod webhooks;
