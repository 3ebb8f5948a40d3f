//! Orders in a database.

use std::path::Path;

use orders_core::Order;
use orders_sync::{SqliteStore, StoredOrder, SyncError};

use super::{Kept, Step};

pub(super) fn find(path: &Path, id: &str) -> Result<Vec<Kept>, SyncError> {
    let found = SqliteStore::open_read_only(path)?.find(id)?;
    Ok(found.into_iter().map(kept).collect())
}

fn kept(stored: StoredOrder) -> Kept {
    Kept {
        order: stored.order,
        content_hash: stored.content_hash,
        first_seen_at: stored.first_seen_at,
        changed_at: stored.changed_at,
        seen_at: stored.seen_at,
        gone_at: stored.gone_at,
    }
}

pub(super) fn history(path: &Path, order: &Order) -> Result<Vec<Step>, SyncError> {
    let rows = SqliteStore::open_read_only(path)?.history(&order.id)?;
    let own = rows
        .into_iter()
        .filter(|row| row.account.provider == order.provider && row.account.label == order.account);
    Ok(own
        .map(|row| Step {
            at: row.at,
            run: row.run,
            what: row.what,
            changes: row.changes,
        })
        .collect())
}
