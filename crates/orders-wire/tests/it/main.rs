//! The adapters over real JSON, in every build of `serde_json` and `rust_decimal` that a user's program may make.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contexts;
mod decimals;
mod records;
mod shapes;
