//! The program as its users run it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod cases;
mod codes;
mod decode;
mod demo;
mod docs;
mod family;
#[cfg(unix)]
mod files;
mod forget;
mod gone;
mod help;
mod liars;
mod list;
mod list_errors;
#[cfg(feature = "postgres")]
mod postgres;
mod pull;
mod pull_errors;
#[cfg(unix)]
mod pull_signals;
#[cfg(unix)]
mod receive;
mod sample;
mod sandbox;
mod stored;
mod support;
#[cfg(unix)]
mod terminal;
mod width;
#[cfg(all(unix, feature = "workers"))]
mod workers;
