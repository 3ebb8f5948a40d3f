//! Which file holds the orders, and of which kind it is.

use std::path::{Path, PathBuf};

use orders_sync::{JsonlStore, SqliteStore, Store, SyncError};

/// The file where none is named.
pub(crate) const DEFAULT: &str = "orders.db";

/// How a file holds orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Jsonl,
}

/// A file of orders. Its kind goes by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

impl Output {
    pub(crate) fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let ending = path.extension().and_then(|ending| ending.to_str());
        let lines = ending.is_some_and(|ending| {
            ending.eq_ignore_ascii_case("jsonl") || ending.eq_ignore_ascii_case("ndjson")
        });
        let kind = if lines { Kind::Jsonl } else { Kind::Sqlite };
        Self { path, kind }
    }

    /// For a pull: made where it is missing.
    pub(crate) fn open(&self) -> Result<Box<dyn Store>, SyncError> {
        Ok(match self.kind {
            Kind::Sqlite => Box::new(SqliteStore::open(&self.path)?),
            Kind::Jsonl => Box::new(JsonlStore::open(&self.path)?),
        })
    }

    /// For looking: nothing is changed; `None` where nothing was pulled into it yet.
    pub(crate) fn look(&self) -> Result<Option<Box<dyn Store>>, SyncError> {
        if is_unwritten(&self.path) {
            return Ok(None);
        }
        Ok(Some(match self.kind {
            Kind::Sqlite => Box::new(SqliteStore::open_read_only(&self.path)?),
            Kind::Jsonl => Box::new(JsonlStore::open_read_only(&self.path)?),
        }))
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
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_kind() {
        for (name, kind) in [
            ("orders.db", Kind::Sqlite),
            ("orders", Kind::Sqlite),
            ("a/orders.JSONL", Kind::Jsonl),
            ("orders.ndjson", Kind::Jsonl),
            (".jsonl", Kind::Sqlite),
        ] {
            assert_eq!(Output::at(name).kind, kind, "{name}");
        }
    }
}
