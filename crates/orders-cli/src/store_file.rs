//! The file that holds the orders.

use std::path::{Path, PathBuf};

use orders_core::Error;
use orders_sync::{SqliteStore, SyncError};

/// The default file.
pub(crate) const DEFAULT: &str = "orders.db";

/// A file of orders (SQLite).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreFile {
    pub(crate) path: PathBuf,
}

impl StoreFile {
    /// The file at a path.
    ///
    /// # Errors
    /// `InvalidRequest` for a name of JSON Lines: a pull keeps its state beside its orders, and needs a database.
    pub(crate) fn at(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let ending = path.extension().and_then(|ending| ending.to_str());
        let lines = ending.is_some_and(|ending| {
            ending.eq_ignore_ascii_case("jsonl") || ending.eq_ignore_ascii_case("ndjson")
        });
        if lines {
            let name = path.display();
            let message = format!("{name} is named as JSON Lines; orders are stored in SQLite");
            return Err(Error::invalid_request(message).with_hint(format!(
                "for JSON Lines: orders list VENDOR > {name}; for a pull name a database: -o {}",
                path.with_extension("db").display()
            )));
        }
        Ok(Self { path })
    }

    /// Opens the file for a pull; creates it if it does not exist.
    pub(crate) fn open(&self) -> Result<SqliteStore, SyncError> {
        SqliteStore::open(&self.path)
    }

    /// Opens the file read-only. `None` if nothing was pulled into it yet.
    pub(crate) fn look(&self) -> Result<Option<SqliteStore>, SyncError> {
        if is_unwritten(&self.path) {
            return Ok(None);
        }
        SqliteStore::open_read_only(&self.path).map(Some)
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
    fn a_name_of_json_lines_is_refused_with_what_to_do() {
        for name in ["orders.db", "orders", ".jsonl"] {
            assert!(StoreFile::at(name).is_ok(), "{name}");
        }
        for name in ["a/orders.JSONL", "orders.ndjson"] {
            let error = StoreFile::at(name).unwrap_err();
            let hint = error.hint().unwrap_or_default();
            assert!(hint.contains(&format!("> {name}")), "{hint}");
            assert!(hint.contains("orders.db"), "{hint}");
        }
    }
}
