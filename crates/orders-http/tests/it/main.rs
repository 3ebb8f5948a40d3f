//! The engine from outside: in memory and paused time, and briefly over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod limits;
mod options;
mod own_secrets;
mod retries;
#[cfg(feature = "reqwest")]
mod sockets;
mod spans;
mod support;
mod time;
