//! The sandbox over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clink;
mod data;
mod linkbest;
mod sandbox;
mod shopline;
mod support;
