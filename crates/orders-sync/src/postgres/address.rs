//! The address of a database: what is connected to, with which TLS, and what is shown of it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::error::SyncError;

/// The parameters that tokio-postgres knows. `sslmode` and `sslrootcert` are understood here.
const KNOWN: [&str; 17] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];
const CONNECT: Duration = Duration::from_secs(10);
/// After so long without an answer a connection is probed, and given up a while later.
const QUIET: Duration = Duration::from_secs(30);
const UNACKNOWLEDGED: Duration = Duration::from_secs(60);

/// How the server is known for the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// It is not encrypted.
    Off,
    /// By the certificates that the system trusts.
    System,
    /// By the certificates in a file.
    Roots(PathBuf),
}

/// Where a database is, and how to connect to it.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: Tls,
    /// What may be shown: no password, no parameters.
    pub(super) shown: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    pub(super) fn parse(address: &str) -> Result<Self, SyncError> {
        let scheme = ["postgres://", "postgresql://"];
        if !scheme.iter().any(|scheme| address.starts_with(scheme)) {
            return Err(unreadable("it does not begin with postgres://"));
        }
        // A password may hold the sign behind which the parameters are.
        let names = address.find('@').unwrap_or(0);
        let (place, parameters) = match address[names..].find('?') {
            Some(at) => (&address[..names + at], &address[names + at + 1..]),
            None => (address, ""),
        };
        let mut mode = None;
        let mut roots = None;
        let mut rest: Vec<&str> = Vec::new();
        for parameter in parameters.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name {
                "sslmode" => mode = Some(value),
                "sslrootcert" => roots = Some(value),
                _ if KNOWN.contains(&name) => rest.push(parameter),
                // What else stands there may belong to a password.
                _ => return Err(unreadable("it has a parameter that is not known")),
            }
        }
        let keeps_alive = rest.iter().any(|it| it.starts_with("keepalives"));
        let mut config: Config = format!("{place}?{}", rest.join("&")).parse().map_err(|_| {
            unreadable("see that its parts are written as in a URL (a `@` in a password is `%40`)")
        })?;
        if config.get_hosts().is_empty() {
            return Err(unreadable("it names no host"));
        }
        let tls = tls(mode, roots, is_local(&config))?;
        config.ssl_mode(match tls {
            Tls::Off => SslMode::Disable,
            _ => SslMode::Require,
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        if !keeps_alive {
            config
                .keepalives_idle(QUIET)
                .keepalives_interval(QUIET / 3)
                .keepalives_retries(3);
        }
        if config.get_application_name().is_none() {
            config.application_name("orders");
        }
        let shown = shown(&config);
        Ok(Self { config, tls, shown })
    }
}

fn unreadable(why: &str) -> SyncError {
    // Never the address itself: it may hold a password.
    SyncError::options(
        format!("the address of the database cannot be read: {why}"),
        "name it as postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    )
}

fn tls(mode: Option<&str>, roots: Option<&str>, local: bool) -> Result<Tls, SyncError> {
    let verified = || match roots {
        None | Some("system") => Ok(Tls::System),
        Some(file) => decoded(file)
            .map(|file| Tls::Roots(file.into()))
            .ok_or_else(|| {
                unreadable("the name of the file in sslrootcert is not written as in a URL")
            }),
    };
    match mode {
        None if local && roots.is_none() => Ok(Tls::Off),
        Some("disable") => Ok(Tls::Off),
        None | Some("require" | "verify-ca" | "verify-full") => verified(),
        Some(_) => Err(unreadable(
            "sslmode is `disable`, or `verify-full` (so are `require` and `verify-ca` taken); what encrypts only where \
             the server likes to protects nobody",
        )),
    }
}

/// A part of a URL with its bytes written out.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        match (first, more) {
            (b'%', [high, low, behind @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = behind;
            }
            (b'%', _) => return None,
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether all hosts are this machine.
fn is_local(config: &Config) -> bool {
    let loopback = |ip: IpAddr| ip.is_loopback();
    let host = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(loopback),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(host) && config.get_hostaddrs().iter().copied().all(loopback)
}

fn shown(config: &Config) -> String {
    let ports = config.get_ports();
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => {
                format!("{}:{port}", path.display().to_string().replace('/', "%2F"))
            }
        }
    });
    let hosts: Vec<_> = hosts.collect();
    let user = config
        .get_user()
        .map_or(String::new(), |user| format!("{user}@"));
    let database = config.get_dbname().or(config.get_user()).unwrap_or("");
    format!("postgres://{user}{}/{database}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_verified_unless_the_host_is_this_machine() {
        for (address, tls) in [
            ("postgres://u@db.example.com/x", Tls::System),
            ("postgres://u@10.0.0.7/x", Tls::System),
            ("postgres://u@localhost,10.0.0.7/x", Tls::System),
            ("postgres://u@db.example.com/x?sslmode=require", Tls::System),
            ("postgres://u@db.example.com/x?sslmode=disable", Tls::Off),
            (
                "postgres://u@localhost/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca%20root.pem",
                Tls::Roots("/etc/ca root.pem".into()),
            ),
            ("postgres://u@127.0.0.1:5433/x", Tls::Off),
            ("postgresql://u@localhost/x?connect_timeout=3", Tls::Off),
            ("postgres://u@%2Fvar%2Frun%2Fpostgresql/x", Tls::Off),
        ] {
            assert_eq!(Address::parse(address).unwrap().tls, tls, "{address}");
        }
    }

    #[test]
    fn no_password_is_shown() {
        let secret = "s3cr%40t?a=b";
        for address in [
            format!("postgres://u:{secret}@h:7/x"),
            format!("postgres://u:{secret}@h:7/x?sslmode=disable"),
            format!("postgres://u@h:7/x?password={}", "s3cr%40t"),
        ] {
            let parsed = Address::parse(&address).unwrap();
            assert_eq!(parsed.shown, "postgres://u@h:7/x");
            assert_eq!(format!("{parsed:?}"), parsed.shown);
        }
        for address in [
            format!("postgres://u:{secret}@h:port/x"),
            format!("postgres://u:{secret}@h/x?sslmode=prefer"),
            format!("postgres://u:{secret}/x"),
            format!("mysql://u:{secret}@h/x"),
            "postgres://h/x?s3cr=1".to_owned(),
        ] {
            let error = Address::parse(&address).unwrap_err();
            let text = format!("{error} {error:?} {}", error.next());
            assert!(!text.contains("s3cr"), "{text}");
            assert_eq!(error.kind(), "options");
        }
    }
}
