//! Many rows into one table: each database writes it in its own way.

use std::fmt::Write as _;

/// The type of a column, as far as a database has to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Int,
    Bool,
    Text,
    Blob,
}

/// What becomes of each row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    /// It is new.
    Insert,
    /// It is new, or takes the place of the one of its first column; the columns named here are kept then.
    Upsert { keep: &'static [&'static str] },
    /// It changes the row of its first column.
    Update,
    /// All rows of its first column go.
    Delete,
}

/// Rows of one table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write {
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [(&'static str, Type)],
    pub(crate) then: Then,
}

impl Write {
    /// The names of the columns.
    pub(crate) fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// The name of the column that finds a row.
    pub(crate) fn key(&self) -> &'static str {
        self.columns.first().map_or("", |(name, _)| name)
    }

    /// What follows an insertion where the row is there; `target` names the column that a database has to know.
    pub(crate) fn conflict(&self, target: &str) -> String {
        let Then::Upsert { keep } = self.then else {
            return String::new();
        };
        let mut sql = format!(" ON CONFLICT{target} DO UPDATE SET ");
        let changed = self.columns.iter().skip(1).map(|(name, _)| *name);
        for (at, name) in changed.filter(|name| !keep.contains(name)).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{comma}{name} = excluded.{name}");
        }
        sql
    }
}
