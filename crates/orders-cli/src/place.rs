//! Where orders are stored: a file, or a database of a server.

use std::fmt;
use std::path::{Path, PathBuf};

use orders_core::Error;
use orders_sync::{Store, SyncError};

use crate::address::Address;

/// The default file.
const DEFAULT: &str = "orders.db";

const LINES: &str = "JSON Lines";
/// Endings of names that promise what a pull does not make.
const OTHERS: [(&[&str], &str); 5] = [
    (&["jsonl", "ndjson"], LINES),
    (&["json"], "JSON"),
    (&["csv", "tsv", "txt"], "text"),
    (&["xlsx", "xls", "ods"], "a spreadsheet"),
    (&["parquet"], "Parquet"),
];

/// A store, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of Postgres.
    Database(Address),
}

impl Default for Place {
    fn default() -> Self {
        Self::File(DEFAULT.into())
    }
}

impl From<PathBuf> for Place {
    fn from(name: PathBuf) -> Self {
        match name.to_str().and_then(Address::read) {
            Some(address) => Self::Database(address),
            None => Self::File(name),
        }
    }
}

/// A file's path, or a database's address without what is secret.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Database(address) => address.fmt(f),
        }
    }
}

impl Place {
    /// A file, if it is one, is meant from this folder.
    pub(crate) fn beside(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            database @ Self::Database(_) => database,
        }
    }

    /// The same, if its name promises nothing else.
    ///
    /// # Errors
    /// `InvalidRequest` for a file named by another form: a pull keeps its state beside its orders, and needs a database.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let Self::File(path) = &self else {
            return Ok(self);
        };
        let ending = path.extension().and_then(|ending| ending.to_str());
        let other = ending.and_then(|ending| {
            let named = |(endings, _): &&(&[&str], _)| {
                endings.iter().any(|one| one.eq_ignore_ascii_case(ending))
            };
            OTHERS.iter().find(named).map(|(_, form)| form)
        });
        let Some(form) = other else { return Ok(self) };
        let name = path.display();
        let message = format!("{name} is named as {form}; orders are stored in SQLite");
        let database = path.with_extension("db");
        let hint = format!("name a database: -o {}", database.display());
        Err(Error::invalid_request(message).with_hint(match *form {
            LINES => format!("for JSON Lines: orders list VENDOR > {name}; for a pull {hint}"),
            _ => hint,
        }))
    }

    /// Opens it for a pull; makes what does not exist.
    pub(crate) async fn open(&self) -> Result<Store, SyncError> {
        match self {
            Self::File(path) => Store::open(path),
            Self::Database(address) => address.open().await,
        }
    }

    /// Opens it read-only. `None` if nothing was pulled into it yet.
    pub(crate) async fn look(&self) -> Result<Option<Store>, SyncError> {
        match self {
            Self::File(path) if is_unwritten(path) => Ok(None),
            Self::File(path) => Store::open_read_only(path).map(Some),
            Self::Database(address) => address.look().await,
        }
    }

    /// Opens it for writing, an older schema brought up to date. `None` if there is nothing to change.
    pub(crate) async fn change(&self) -> Result<Option<Store>, SyncError> {
        let nothing = match self {
            Self::File(path) => !path.is_file(),
            Self::Database(address) => matches!(address.look().await, Ok(None)),
        };
        match nothing {
            true => Ok(None),
            false => self.open().await.map(Some),
        }
    }
}

/// Whether there is no such file yet, or an empty one.
fn is_unwritten(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(meta) => meta.is_file() && meta.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn checked(name: &str) -> Result<Place, Error> {
        Place::from(PathBuf::from(name)).checked()
    }

    #[test]
    fn a_name_that_promises_another_form_is_refused_with_what_to_do() {
        for name in ["orders.db", "orders.sqlite", "orders", ".jsonl", "a.2026"] {
            assert!(checked(name).is_ok(), "{name}");
        }
        assert!(checked("postgres://u@h/orders.json").is_ok());
        for name in ["a/orders.JSONL", "orders.ndjson"] {
            let error = checked(name).unwrap_err();
            let hint = error.hint().unwrap_or_default();
            assert!(hint.contains(&format!("> {name}")), "{hint}");
            assert!(hint.contains("orders.db"), "{hint}");
        }
        for (name, form) in [
            ("o.txt", "text"),
            ("o.CSV", "text"),
            ("o.parquet", "Parquet"),
        ] {
            let error = checked(name).unwrap_err();
            let message = format!("{name} is named as {form}; orders are stored in SQLite");
            assert_eq!(error.message(), message);
            assert_eq!(error.hint(), Some("name a database: -o o.db"));
        }
    }

    #[test]
    fn a_file_is_beside_its_configuration_and_a_database_is_not() {
        let placed = |name: &str| Place::from(PathBuf::from(name)).beside(Path::new("conf"));
        assert_eq!(placed("o.db"), Place::File("conf/o.db".into()));
        assert_eq!(placed("postgres://u@h/o").to_string(), "postgres://u@h/o");
    }
}
