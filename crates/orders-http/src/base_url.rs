//! The address of an API, and the one rule for paths below it.

use std::fmt;

use http::Uri;
use orders_core::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Url};

use crate::config;
use crate::origin::Origin;

/// What stands unescaped in a path segment: letters, digits and the marks that RFC 3986 leaves alone.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The address under which an API is: `http` or `https`, a host, perhaps a path; no user, query nor fragment.
///
/// Its path ends in a slash, and everything joined to it stays below it, so a credential cannot be led elsewhere by a
/// path or an id.
///
/// ```
/// use orders_http::BaseUrl;
///
/// # fn main() -> Result<(), orders_core::Error> {
/// let base = BaseUrl::parse("https://api.acme.example/v1")?;
/// let uri = base.join("orders/a%2Fb", &[("page", "2".to_owned())])?;
/// assert_eq!(uri.to_string(), "https://api.acme.example/v1/orders/a%2Fb?page=2");
/// assert!(base.join("../admin", &[]).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads an address, with or without a slash at its end.
    ///
    /// # Errors
    /// `Config`, without the text, which may hold a password.
    pub fn parse(text: &str) -> Result<Self, Error> {
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
        Ok(Self(url))
    }

    /// The base that is this path below it.
    ///
    /// # Errors
    /// `InvalidRequest`, where the path is not a plain one.
    pub fn below(&self, path: &str) -> Result<Self, Error> {
        let mut url = self.at(path)?;
        url.set_path(&format!("{}/", url.path()));
        Ok(Self(url))
    }

    /// The address of a path below the base, with these query parameters. The path is relative, its segments are
    /// escaped ([`segment`]) and none is empty, `.` or `..`; it has no query of its own.
    ///
    /// # Errors
    /// `InvalidRequest`, where the path is not such a one.
    pub fn join(&self, path: &str, query: &[(&str, String)]) -> Result<Uri, Error> {
        let mut url = self.at(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url.as_str()
            .parse()
            .map_err(|why| Error::invalid_request("the address is too long").with_source(why))
    }

    fn at(&self, path: &str) -> Result<Url, Error> {
        check_path(path)?;
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path()));
        Ok(url)
    }

    /// Its scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::of_url(&self.0)
    }

    /// The address as text, which ends in a slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether requests go over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the host is this machine: a loopback address, `localhost`, or a name below it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// Whether nobody but this machine can read what is sent.
    pub(crate) fn is_private(&self) -> bool {
        self.is_https() || self.is_loopback()
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value as one segment of a path, escaped.
///
/// # Errors
/// `InvalidRequest`, where it is empty, `.` or `..`: no escaping makes a segment of these.
pub fn segment(value: &str) -> Result<String, Error> {
    if matches!(value, "" | "." | "..") {
        return Err(Error::invalid_request("an id is needed"));
    }
    Ok(utf8_percent_encode(value, SEGMENT).to_string())
}

fn check_path(path: &str) -> Result<(), Error> {
    let plain = |segment: &str| {
        let text = percent_decode_str(segment).decode_utf8_lossy();
        !matches!(text.as_ref(), "" | "." | "..")
    };
    let odd = |c: char| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control();
    if path.split('/').all(plain) && !path.contains(odd) {
        return Ok(());
    }
    Err(Error::invalid_request(
        "the path must be a plain one below the base URL, without a leading slash and a query",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_keeps_its_path_and_ends_in_a_slash() {
        for (text, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("https://a.example/tea", "https://a.example/tea/"),
            ("https://a.example/tea/", "https://a.example/tea/"),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(base.as_str(), expected);
            assert_eq!(
                base.join("k/a.b", &[]).unwrap(),
                format!("{expected}k/a.b").as_str()
            );
        }
        let below = BaseUrl::parse("https://a.example/tea").unwrap();
        let below = below.below("admin/v1").unwrap();
        assert_eq!(below.as_str(), "https://a.example/tea/admin/v1/");
    }

    #[test]
    fn what_is_no_base_is_refused_and_not_quoted() {
        for text in [
            "",
            "a.example/hush",
            "ftp://a.example/",
            "https://hush@b.example/",
            "https://:hush@b.example/",
            "https://a.example/?hush",
            "https://a.example/#hush",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert_eq!(error.kind(), orders_core::ErrorKind::Config, "{text}");
            assert!(!format!("{error:?}").contains("hush"), "{error:?}");
        }
    }

    #[test]
    fn only_loopback_and_tls_are_private() {
        for (text, private) in [
            ("https://a.example", true),
            ("http://127.0.0.1:1/x", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:80", true),
            ("http://LOCALHOST", true),
            ("http://api.localhost", true),
            ("http://a.example", false),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
        ] {
            assert_eq!(
                BaseUrl::parse(text).unwrap().is_private(),
                private,
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_stays_one_segment() {
        let base = BaseUrl::parse("https://a.example/api/").unwrap();
        for id in [
            "../../x", "a/b", "a?b=c", "a#b", "a b", "é", "%2e%2e", "a\\b",
        ] {
            let path = format!("orders/{}/parts", segment(id).unwrap());
            let uri = base.join(&path, &[]).unwrap();
            let segments: Vec<_> = uri.path().split('/').collect();
            assert_eq!(segments.len(), 5, "{uri}");
            let back = percent_decode_str(segments[3]).decode_utf8().unwrap();
            assert_eq!(back, id);
            assert_eq!(uri.query(), None);
        }
        for id in ["", ".", ".."] {
            assert!(segment(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        let base = BaseUrl::parse("https://a.example/api/").unwrap();
        for path in ["orders/count.json", "orders/v2/1/risks.json", "a/%2F/b"] {
            assert!(base.join(path, &[]).is_ok(), "{path}");
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
            assert!(base.join(path, &[]).is_err(), "{path}");
        }
    }
}
