//! The file that holds the orders.

use std::path::{Path, PathBuf};

use orders_core::Error;
use orders_sync::{Store, SyncError};

/// The default file.
pub(crate) const DEFAULT: &str = "orders.db";

const LINES: &str = "JSON Lines";
/// Endings of names that promise what a pull does not make.
const OTHERS: [(&[&str], &str); 5] = [
    (&["jsonl", "ndjson"], LINES),
    (&["json"], "JSON"),
    (&["csv", "tsv", "txt"], "text"),
    (&["xlsx", "xls", "ods"], "a spreadsheet"),
    (&["parquet"], "Parquet"),
];

/// A file of orders (SQLite).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreFile {
    pub(crate) path: PathBuf,
}

impl StoreFile {
    /// The file at a path.
    ///
    /// # Errors
    /// `InvalidRequest` for a name of another form: a pull keeps its state beside its orders, and needs a database.
    pub(crate) fn at(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let ending = path.extension().and_then(|ending| ending.to_str());
        let other = ending.and_then(|ending| {
            let named = |(endings, _): &&(&[&str], _)| {
                endings.iter().any(|one| one.eq_ignore_ascii_case(ending))
            };
            OTHERS.iter().find(named).map(|(_, form)| form)
        });
        if let Some(form) = other {
            let name = path.display();
            let message = format!("{name} is named as {form}; orders are stored in SQLite");
            let database = path.with_extension("db");
            let hint = format!("name a database: -o {}", database.display());
            return Err(Error::invalid_request(message).with_hint(match *form {
                LINES => format!("for JSON Lines: orders list VENDOR > {name}; for a pull {hint}"),
                _ => hint,
            }));
        }
        Ok(Self { path })
    }

    /// Opens the file for a pull; creates it if it does not exist.
    pub(crate) fn open(&self) -> Result<Store, SyncError> {
        Store::open(&self.path)
    }

    /// Opens the file read-only. `None` if nothing was pulled into it yet.
    pub(crate) fn look(&self) -> Result<Option<Store>, SyncError> {
        if is_unwritten(&self.path) {
            return Ok(None);
        }
        Store::open_read_only(&self.path).map(Some)
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

    #[test]
    fn a_name_that_promises_another_form_is_refused_with_what_to_do() {
        for name in ["orders.db", "orders.sqlite", "orders", ".jsonl", "a.2026"] {
            assert!(StoreFile::at(name).is_ok(), "{name}");
        }
        for name in ["a/orders.JSONL", "orders.ndjson"] {
            let error = StoreFile::at(name).unwrap_err();
            let hint = error.hint().unwrap_or_default();
            assert!(hint.contains(&format!("> {name}")), "{hint}");
            assert!(hint.contains("orders.db"), "{hint}");
        }
        for (name, form) in [
            ("o.txt", "text"),
            ("o.CSV", "text"),
            ("o.parquet", "Parquet"),
        ] {
            let error = StoreFile::at(name).unwrap_err();
            let message = format!("{name} is named as {form}; orders are stored in SQLite");
            assert_eq!(error.message(), message);
            assert_eq!(error.hint(), Some("name a database: -o o.db"));
        }
    }
}
