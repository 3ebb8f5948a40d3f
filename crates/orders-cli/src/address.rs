//! The address of a Postgres database, which may hold a password.

use std::borrow::Cow;
use std::fmt;

use orders_sync::{Store, SyncError};

/// What an address begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?...`, as the user gave it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(String);

/// Without the password and the parameters.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Address {
    /// The address, if the text is meant as one.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_one = SCHEMES.iter().any(|scheme| text.starts_with(scheme));
        is_one.then(|| Self(text.to_owned()))
    }
}

/// What may be shown of an address: neither password nor parameters.
fn shown(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let place = rest.split('?').next().unwrap_or_default();
    match place.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        // A `?` that stands in a password: where that ends is not known.
        None if rest.contains('@') => format!("{scheme}://..."),
        None => format!("{scheme}://{place}"),
    }
}

/// A text with the addresses that stand in these arguments as they may be shown.
pub(crate) fn without_secrets(text: &str, arguments: impl Iterator<Item = String>) -> String {
    let mut text = Cow::Borrowed(text);
    for argument in arguments {
        let found = SCHEMES.iter().find_map(|scheme| argument.find(scheme));
        if let Some(address) = found.and_then(|at| argument.get(at..)) {
            text = text.replace(address, &shown(address)).into();
        }
    }
    text.into_owned()
}

#[cfg(feature = "postgres")]
impl Address {
    pub(crate) async fn open(&self) -> Result<Store, SyncError> {
        Store::connect(&self.complete()).await
    }

    /// `None` if nothing was pulled into it yet.
    pub(crate) async fn look(&self) -> Result<Option<Store>, SyncError> {
        use orders_sync::StoreFault::Empty;
        match Store::connect_read_only(&self.complete()).await {
            Err(SyncError::Store { fault: Empty, .. }) => Ok(None),
            store => store.map(Some),
        }
    }

    /// The address with the password of the environment, where it has none of its own.
    pub(crate) fn complete(&self) -> String {
        self.with_password(std::env::var("PGPASSWORD").ok().as_deref())
    }

    fn with_password(&self, password: Option<&str>) -> String {
        let address = &self.0;
        let (_, rest) = address.split_once("://").unwrap_or_default();
        let user = rest.rsplit_once('@').map_or("", |(user, _)| user);
        let own = user.contains(':') || rest.contains("password=");
        let Some(password) = password.filter(|password| !password.is_empty() && !own) else {
            return address.clone();
        };
        let encoded: String = password
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        let sign = if rest.contains('?') { '&' } else { '?' };
        format!("{address}{sign}password={encoded}")
    }
}

#[cfg(not(feature = "postgres"))]
impl Address {
    pub(crate) async fn open(&self) -> Result<Store, SyncError> {
        Err(SyncError::Options {
            message: format!("{self}: this program was built without Postgres"),
            next: "install it with: cargo install orders-cli --features postgres".to_owned(),
        })
    }

    pub(crate) async fn look(&self) -> Result<Option<Store>, SyncError> {
        self.open().await.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_shown() {
        for (address, text) in [
            ("postgres://h/x", "postgres://h/x"),
            ("postgres://u@h:7/x?sslmode=disable", "postgres://u@h:7/x"),
            ("postgresql://u:hush@h/x", "postgresql://u@h/x"),
            ("postgres://u:hu@sh@h/x", "postgres://u@h/x"),
            ("postgres://u:hu/sh@h/x", "postgres://u@h/x"),
            ("postgres://u:hu?sh@h/x", "postgres://..."),
            ("postgres://u@h/x?password=hush", "postgres://u@h/x"),
            ("postgres://h/x?password=hu@sh", "postgres://..."),
        ] {
            let read = Address::read(address).map(|it| (it.to_string(), format!("{it:?}")));
            assert_eq!(read, Some((text.to_owned(), text.to_owned())), "{address}");
            let said = without_secrets(
                &format!("no '{address}'"),
                [format!("-o{address}")].into_iter(),
            );
            assert_eq!(said, format!("no '{text}'"));
        }
        for file in ["postgres", "./postgres://u@h/x", "postgres.db", ""] {
            assert_eq!(Address::read(file), None, "{file}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn the_environment_gives_the_password_that_the_address_lacks() {
        let complete = |address: &str, password: Option<&str>| {
            Address::read(address).map(|address| address.with_password(password))
        };
        let with = |address: &str| complete(address, Some("a b"));
        let same = |address: &str| Some(address.to_owned());
        for address in [
            "postgres://u:hush@h/x",
            "postgres://u:@h/x",
            "postgres://u@h/x?password=hush",
        ] {
            assert_eq!(with(address), same(address));
        }
        for none in [None, Some("")] {
            assert_eq!(complete("postgres://u@h/x", none), same("postgres://u@h/x"));
        }
        assert_eq!(
            with("postgres://u@h/x"),
            same("postgres://u@h/x?password=%61%20%62")
        );
        assert_eq!(
            with("postgres://h/x?sslmode=disable"),
            same("postgres://h/x?sslmode=disable&password=%61%20%62")
        );
    }
}
