//! The address of a store, made so that a handle can lead nowhere else.

use orders_core::{Error, ErrorKind};
use orders_http::BaseUrl;
use url::Url;

fn config(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message)
}

/// The address of the store with this handle. A handle is one label of a host name and can name no other host.
pub(crate) fn store(handle: &str) -> Result<BaseUrl, Error> {
    let plain = handle
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let edges = handle.starts_with('-') || handle.ends_with('-');
    if handle.is_empty() || handle.len() > 63 || !plain || edges {
        let message = "the handle must be letters, digits and hyphens, as in a host name";
        return Err(config(message)
            .with_hint("it is the part of the store's domain before .myshopline.com"));
    }
    BaseUrl::parse(&format!("https://{handle}.myshopline.com/"))
}

/// The handle for `Debug` before it is checked: a whole URL in its place may hold a password.
pub(crate) fn shown_handle(handle: &str) -> &str {
    match store(handle) {
        Ok(_) => handle,
        Err(_) => "(not a handle)",
    }
}

/// A base URL for links that are relative to it.
pub(crate) fn url(base: &BaseUrl) -> Result<Url, Error> {
    Url::parse(base.as_str()).map_err(|why| config("the base URL is no URL").with_source(why))
}

/// `v` and eight digits.
pub(crate) fn check_version(version: &str) -> Result<(), Error> {
    let digits = version.strip_prefix('v').unwrap_or_default();
    if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(config("the API version must be `v` and eight digits").with_hint("such as v20260301"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_one_label_of_a_host() {
        assert_eq!(
            store("open001").unwrap().as_str(),
            "https://open001.myshopline.com/"
        );
        let long = "a".repeat(64);
        for handle in [
            "",
            "evil.example",
            "evil.example/",
            "evil.example#",
            "evil.example?",
            "a@evil",
            "a:80",
            "a b",
            "a\\b",
            "-a",
            "a-",
            "\u{e9}",
            "a%2e",
            "open001.myshopline.com",
            long.as_str(),
        ] {
            let error = store(handle).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{handle}");
        }
    }

    #[test]
    fn a_version_is_v_and_eight_digits() {
        assert!(check_version("v20260301").is_ok());
        for version in [
            "",
            "20260301",
            "v2026",
            "v2026030１",
            "v20260301/..",
            "V20260301",
        ] {
            assert!(check_version(version).is_err(), "{version}");
        }
    }
}
