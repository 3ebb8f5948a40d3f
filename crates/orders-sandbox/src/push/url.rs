//! The URL of a push target: plain HTTP to this machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A URL on loopback.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// Host and port, as written.
    pub(super) host: String,
    pub(super) address: SocketAddr,
    /// With its query.
    pub(super) path: String,
}

impl Url {
    /// Reads a URL. The error says why the sandbox sends nothing there.
    pub(super) fn read(url: &str) -> Result<Self, &'static str> {
        let rest = url
            .strip_prefix("http://")
            .ok_or("only http:// is supported")?;
        if url.bytes().any(|byte| !(0x21..=0x7e).contains(&byte)) {
            return Err("it has a space or a character outside ASCII");
        }
        let rest = rest.split('#').next().unwrap_or(rest);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        if host.contains('@') {
            return Err("it has a user name");
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => {
                (name, port.parse().map_err(|_| "its port is no number")?)
            }
            _ => (host, 80),
        };
        let address: Option<IpAddr> = match name {
            "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
            _ => name
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse()
                .ok(),
        };
        let address = address
            .filter(IpAddr::is_loopback)
            .ok_or("its host is not this machine's loopback")?;
        Ok(Self {
            host: host.to_owned(),
            address: (address, port).into(),
            path: match path.starts_with('/') {
                true => path.to_owned(),
                false => format!("/{path}"),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_loopback_is_accepted() {
        for (url, address, path) in [
            ("http://127.0.0.1:81/a?b=c", "127.0.0.1:81", "/a?b=c"),
            ("http://127.9.9.9", "127.9.9.9:80", "/"),
            ("http://localhost:8080?x", "127.0.0.1:8080", "/?x"),
            ("http://[::1]:9/p#f", "[::1]:9", "/p"),
            ("http://[::1]/", "[::1]:80", "/"),
        ] {
            let url = Url::read(url).unwrap();
            assert_eq!(url.address, address.parse().unwrap());
            assert_eq!(url.path, path);
        }
        for url in [
            "https://127.0.0.1/",
            "http://192.0.2.1/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1:x/",
            "http://localhost@192.0.2.1/",
            "http://0.0.0.0/",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\r\nX: y",
            "ftp://localhost/",
            "",
        ] {
            assert!(Url::read(url).is_err(), "{url}");
        }
    }
}
