//! The addresses of a store, made so that neither a handle nor an id can lead anywhere else.

use orders_core::{Error, ErrorKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// What stands unescaped in a path segment: letters, digits and the marks that RFC 3986 leaves alone.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

fn config(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message)
}

/// The address of the store with this handle. A handle is one label of a host name and can name no other host.
pub(crate) fn store(handle: &str) -> Result<Url, Error> {
    let plain = handle
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let edges = handle.starts_with('-') || handle.ends_with('-');
    if handle.is_empty() || handle.len() > 63 || !plain || edges {
        let message = "the handle must be letters, digits and hyphens, as in a host name";
        return Err(config(message)
            .with_hint("it is the part of the store's domain before .myshopline.com"));
    }
    let url = Url::parse(&format!("https://{handle}.myshopline.com/"));
    url.map_err(|why| config("the handle makes no host name").with_source(why))
}

/// The handle for `Debug` before it is checked: a whole URL in its place may hold a password.
#[cfg(feature = "client")]
pub(crate) fn shown_handle(handle: &str) -> &str {
    match store(handle) {
        Ok(_) => handle,
        Err(_) => "(not a handle)",
    }
}

/// A base URL whose path ends in a slash, so that nothing of it is lost when paths are appended.
pub(crate) fn root(text: &str) -> Result<Url, Error> {
    let mut url =
        Url::parse(text).map_err(|why| config("the base URL is no URL").with_source(why))?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        let message = "the base URL must be http or https, without user, query and fragment";
        return Err(config(message));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// `v` and eight digits.
pub(crate) fn check_version(version: &str) -> Result<(), Error> {
    let digits = version.strip_prefix('v').unwrap_or_default();
    if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(config("the API version must be `v` and eight digits").with_hint("such as v20260301"))
}

/// A value as one segment of a path.
pub(crate) fn escaped(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}

/// Whether a path stays below the base: plain segments, none empty and none that leads up.
pub(crate) fn check_path(path: &str) -> Result<(), Error> {
    let plain = |segment: &str| {
        let text = percent_decode_str(segment).decode_utf8_lossy();
        !matches!(text.as_ref(), "" | "." | "..")
    };
    let odd = |c: char| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control();
    if path.split('/').all(plain) && !path.contains(odd) {
        return Ok(());
    }
    Err(Error::invalid_request(
        "the path must be a plain one below /admin/openapi/{version}/, without a leading slash and a query",
    ))
}

/// The URL of a path below a base that ends in a slash.
pub(crate) fn join(base: &Url, path: &str, query: &[(&str, String)]) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path()));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
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

    #[test]
    fn a_base_url_keeps_its_path() {
        let root = |text: &str| root(text).map(String::from);
        assert_eq!(
            root("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080/"
        );
        assert_eq!(
            root("https://proxy.example/tea").unwrap(),
            "https://proxy.example/tea/"
        );
        for text in [
            "tea.myshopline.com",
            "ftp://a.example/",
            "https://a@b.example/",
            "https://:p@b.example/",
            "https://a.example/?q",
            "https://a.example/#f",
        ] {
            assert!(root(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_stays_one_segment() {
        let base = Url::parse("https://tea.myshopline.com/admin/openapi/v20260301/").unwrap();
        for id in [
            "../../x", "a/b", "a?b=c", "a#b", "a b", "é", "%2e%2e", "a\\b",
        ] {
            let url = join(
                &base,
                &format!("customers/{}/orders.json", escaped(id)),
                &[],
            );
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            assert_eq!(segments.len(), 6, "{url}");
            let back = percent_decode_str(segments[4]).decode_utf8().unwrap();
            assert_eq!(back, id);
            assert_eq!(url.query(), None);
        }
    }

    #[test]
    fn a_raw_path_leads_nowhere_else() {
        for path in ["orders/count.json", "orders/v2/1/risks.json", "a/%2F/b"] {
            assert!(check_path(path).is_ok(), "{path}");
        }
        for path in [
            "",
            "/orders.json",
            "//evil.example/x",
            "orders/../../x",
            "orders/%2e%2e/x",
            "orders/.%2E/x",
            "orders//x",
            "orders?x=1",
            "orders#x",
            "orders\\x",
            "a b",
        ] {
            assert!(check_path(path).is_err(), "{path}");
        }
    }
}
