//! What is stored of one order: its newest version and its history.

mod jsonl;
mod sqlite;

use orders_core::{Account as Name, Order};
use orders_sync::{Change, SyncError};
use serde::Serialize;

use crate::stores::{Kind, Output};

/// The newest version of a stored order, and when we saw what (RFC 3339, UTC).
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) order: Order,
    /// SHA-256 of the vendor's text, in hex.
    pub(crate) content_hash: String,
    pub(crate) first_seen_at: String,
    pub(crate) changed_at: String,
    pub(crate) seen_at: String,
    /// Since when the vendor no longer has it.
    pub(crate) gone_at: Option<String>,
}

impl Kept {
    pub(crate) fn name(&self) -> Name {
        Name::new(&self.order.provider, &self.order.account)
    }
}

/// One change of an order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Step {
    /// When we saw it, RFC 3339 UTC.
    pub(crate) at: String,
    pub(crate) run: i64,
    /// `new`, `changed`, `gone` or `back`.
    pub(crate) what: String,
    pub(crate) changes: Vec<Change>,
}

/// The orders of a file that an id, a number or a seller's reference finds.
///
/// # Errors
/// What the file failed with.
pub(crate) fn find(output: &Output, id: &str) -> Result<Vec<Kept>, SyncError> {
    match output.kind {
        Kind::Sqlite => sqlite::find(&output.path, id),
        Kind::Jsonl => jsonl::find(&output.path, id),
    }
}

/// The history of an order, oldest first.
///
/// # Errors
/// What the file failed with.
pub(crate) fn history(output: &Output, order: &Order) -> Result<Vec<Step>, SyncError> {
    match output.kind {
        Kind::Sqlite => sqlite::history(&output.path, order),
        Kind::Jsonl => jsonl::history(&output.path, order),
    }
}
