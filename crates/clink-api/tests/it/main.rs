//! The crate as its user sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "reqwest")]
mod examples;
mod mapping;
#[cfg(feature = "client")]
mod rows;
mod secrets;
#[cfg(feature = "client")]
mod single;
mod snapshots;
#[cfg(feature = "reqwest")]
mod sockets;
#[cfg(feature = "client")]
mod stream;
mod webhooks;

/// A fixture of this vendor.
fn fixture(name: &str) -> bytes::Bytes {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/clink")
        .join(name);
    std::fs::read(path).unwrap().into()
}
