//! How a request is authenticated: a Bearer token, which goes to the store with this handle and nowhere else.
//!
//! Documented: `Authorization: Bearer {token}` and `Content-Type: application/json; charset=utf-8`, on reads too. The
//! token of a private app lives 3 years, any other 10 hours; it is copied from the store's admin or got by OAuth.

use http::{HeaderValue, header, request};
use orders_core::{Error, ErrorKind};
use orders_http::BaseUrl;
use secrecy::{ExposeSecret, SecretString};

pub(crate) const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Refuses a text that cannot be a token.
pub(crate) fn check(token: &SecretString) -> Result<(), Error> {
    let text = token.expose_secret();
    if text.is_empty() || text.contains(char::is_whitespace) {
        let message = "the access token is empty or holds white space";
        return Err(Error::new(ErrorKind::Config, message)
            .with_hint("give the token alone, without `Bearer` and without a line break"));
    }
    bearer(token).map(|_| ())
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let message = "the access token holds characters that a header cannot carry";
        Error::new(ErrorKind::Config, message)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Adds the headers that every call needs.
pub(crate) fn authenticate(
    token: &SecretString,
    request: request::Builder,
) -> Result<request::Builder, Error> {
    Ok(request
        .header(header::AUTHORIZATION, bearer(token)?)
        .header(header::CONTENT_TYPE, CONTENT_TYPE)
        .header(header::ACCEPT, "application/json"))
}

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
    use crate::tokens::AccessToken;

    #[test]
    fn a_token_that_no_header_carries_is_refused() {
        for token in ["", "Bearer abc", "abc\n", "abc\u{7f}"] {
            let error = AccessToken::new(token.to_owned()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{token:?}");
            assert!(!format!("{error:?}").contains("abc"), "{error:?}");
        }
    }

    #[test]
    fn the_header_is_sensitive() {
        let token = AccessToken::new("s3cret".to_owned()).unwrap();
        let request = authenticate(token.secret(), http::Request::builder()).unwrap();
        let headers = request.headers_ref().unwrap();
        assert_eq!(headers["authorization"], "Bearer s3cret");
        assert!(headers["authorization"].is_sensitive());
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        assert!(!format!("{token:?}{headers:?}").contains("s3cret"));
    }

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
