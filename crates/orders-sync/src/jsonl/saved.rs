//! The file beside the log: states, gaps and last runs of its accounts.

use std::path::Path;

use orders_core::Account;
use serde::{Deserialize, Serialize};

use crate::SyncError;
use crate::error::StoreFault;
use crate::store::Gap;
use crate::summary::Summary;

const FORMAT: &str = "orders-sync jsonl";
const VERSION: u64 = 1;

/// The file beside the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    pub(super) format: String,
    pub(super) version: u64,
    /// How long the log was at least: a shorter one has lost something.
    pub(super) log_bytes: u64,
    pub(super) runs: i64,
    pub(super) accounts: Vec<SavedAccount>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedAccount {
    pub(super) account: Account,
    pub(super) state: Option<String>,
    pub(super) gaps: Vec<Gap>,
    pub(super) last_run: Option<Summary>,
}

/// Reads the file; a missing one is an empty one.
pub(super) fn read_saved(path: &Path) -> Result<Saved, SyncError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let (format, accounts) = (FORMAT.to_owned(), Vec::new());
            return Ok(Saved {
                format,
                version: VERSION,
                log_bytes: 0,
                runs: 0,
                accounts,
            });
        }
        Err(error) => return Err(SyncError::io(path, &error)),
    };
    let refuse = |fault, message: String| Err(SyncError::store(fault, path, message));
    let value: serde_json::Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => {
            return refuse(
                StoreFault::Corrupt,
                format!("the state file is damaged: {error}"),
            );
        }
    };
    if value.get("format").and_then(|format| format.as_str()) != Some(FORMAT) {
        return refuse(
            StoreFault::Foreign,
            "it is the state file of another program".to_owned(),
        );
    }
    if value
        .get("version")
        .and_then(serde_json::Value::as_u64)
        .is_some_and(|version| version > VERSION)
    {
        return refuse(
            StoreFault::TooNew,
            "the state file was written by a newer version".to_owned(),
        );
    }
    serde_json::from_str(&text).or_else(|error| {
        refuse(
            StoreFault::Corrupt,
            format!("the state file is damaged: {error}"),
        )
    })
}
