//! The crate as its user sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "reqwest")]
mod examples;
#[cfg(feature = "client")]
mod faults;
mod mapping;
#[cfg(feature = "client")]
mod reports;
#[cfg(feature = "client")]
mod rows;
mod secrets;
#[cfg(feature = "client")]
mod settlements;
#[cfg(feature = "client")]
mod single;
mod snapshots;
#[cfg(feature = "client")]
mod sockets;
#[cfg(feature = "client")]
mod source;
#[cfg(feature = "client")]
mod stream;
#[cfg(feature = "client")]
mod vendor;
mod webhooks;

use bytes::Bytes;

/// A fixture of this vendor.
fn fixture(name: &str) -> Bytes {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/linkbest")
        .join(name);
    std::fs::read(path).unwrap().into()
}

#[cfg(feature = "client")]
fn at(seconds: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap()
}
