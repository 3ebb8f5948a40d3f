//! The crate as its user sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "client")]
mod secrets;
mod snapshots;
#[cfg(feature = "client")]
mod stream;

/// A fixture of this vendor.
fn fixture(name: &str) -> bytes::Bytes {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/clink")
        .join(name);
    std::fs::read(path).unwrap().into()
}
