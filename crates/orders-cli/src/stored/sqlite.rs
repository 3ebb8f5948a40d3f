//! Orders in a database.

use std::path::Path;

use orders_core::Order;
use orders_sync::{SqliteStore, StoreFault, StoredOrder, SyncError};

use super::{Kept, Step};

pub(super) fn find(path: &Path, id: &str) -> Result<Vec<Kept>, SyncError> {
    let store = SqliteStore::open_read_only(path)?;
    let mut found = store.find(id)?;
    for other in by_reference(&store, path, id)? {
        let same = |one: &StoredOrder| one.order.merchant_reference.as_deref() == Some(id);
        found.extend(store.find(&other)?.into_iter().filter(same));
    }
    let key = |one: &StoredOrder| {
        let order = &one.order;
        (
            order.provider.clone(),
            order.account.clone(),
            order.id.clone(),
        )
    };
    found.sort_by_key(key);
    found.dedup_by_key(|one| key(one));
    Ok(found.into_iter().map(kept).collect())
}

/// The ids of the orders with a seller's reference.
fn by_reference(store: &SqliteStore, path: &Path, id: &str) -> Result<Vec<String>, SyncError> {
    let sql = "SELECT DISTINCT id FROM orders WHERE merchant_reference = ?1";
    let asked = store.connection().prepare(sql).and_then(|mut found| {
        let ids = found.query_map([id], |row| row.get(0))?;
        ids.collect()
    });
    asked.map_err(|error| SyncError::Store {
        fault: StoreFault::Io,
        path: path.to_owned(),
        message: error.to_string(),
    })
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
