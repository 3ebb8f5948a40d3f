//! Scheme, host and port: where a secret may go.

use std::fmt;

use http::Uri;
use url::Url;

/// Scheme, host and port of an HTTP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute `http` or `https` address; `None` for any other.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let host = uri.host()?.to_ascii_lowercase();
        let port = uri.port_u16().or(default_port(&scheme))?;
        default_port(&scheme).map(|_| Self { scheme, host, port })
    }

    /// The origin of an `http` or `https` URL.
    pub(crate) fn of_url(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or_default(),
        }
    }

    /// The host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// As `https://host` or `http://host:8080`: never user, path or query.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if default_port(&self.scheme) == Some(self.port) {
            return Ok(());
        }
        write!(f, ":{}", self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(uri: &str) -> Option<Origin> {
        Origin::of(&uri.parse().unwrap())
    }

    #[test]
    fn default_ports_and_case_do_not_matter() {
        assert_eq!(
            origin("https://API.example/a?b=c"),
            origin("HTTPS://api.example:443/")
        );
        assert_ne!(origin("https://api.example"), origin("http://api.example"));
        assert_ne!(
            origin("http://api.example"),
            origin("http://api.example:8080")
        );
        assert_eq!(origin("/path"), None);
        assert_eq!(origin("ftp://api.example"), None);
    }

    #[test]
    fn its_text_holds_neither_user_nor_query() {
        let origin = origin("http://user:secret@api.example:8080/path?token=secret").unwrap();
        assert_eq!(origin.to_string(), "http://api.example:8080");
    }
}
