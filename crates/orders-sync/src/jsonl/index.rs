//! What is kept in memory of each order of the log.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Account, OrderRef};

use super::log::Line;
use crate::record::short_hash;
use crate::store::DueFilter;

pub(super) type Index = HashMap<Account, BTreeMap<String, Entry>>;

/// What is known of an order without reading its line.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) hash: String,
    /// How the text was read.
    pub(super) core: u64,
    /// Where the line of the newest version with content begins.
    pub(super) offset: u64,
    pub(super) terminal: bool,
    pub(super) gone: bool,
    pub(super) created_at: Option<DateTime<FixedOffset>>,
    pub(super) first_seen_at: DateTime<Utc>,
    pub(super) seen_at: DateTime<Utc>,
    pub(super) reference: OrderRef,
}

impl Entry {
    /// When it was created, or first seen where that is unknown.
    pub(super) fn created(&self) -> DateTime<Utc> {
        self.created_at
            .map_or(self.first_seen_at, |created| created.to_utc())
    }

    pub(super) fn is_due(&self, filter: DueFilter) -> bool {
        !self.gone && filter.contains(self.terminal, self.created(), self.seen_at)
    }
}

/// The common view of an order, as JSON, in a few bytes.
pub(super) fn core_hash(core: &str) -> u64 {
    short_hash([core.as_bytes()])
}

/// Takes a line that stands at an offset.
pub(super) fn remember(index: &mut Index, line: &Line, offset: u64) {
    let account = Account::new(line.provider.clone(), line.account.clone());
    let index = index.entry(account).or_default();
    let first_seen_at = index
        .get(&line.id)
        .map_or(line.first_seen_at, |entry| entry.first_seen_at);
    let gone = line.what == "gone";
    let before = index.get(&line.id).filter(|_| gone);
    let entry = Entry {
        hash: line.content_hash.clone(),
        core: core_hash(&serde_json::to_string(&line.order).unwrap_or_default()),
        offset: before.map_or(offset, |before| before.offset),
        terminal: line.terminal,
        gone,
        created_at: line.order.created_at,
        first_seen_at,
        seen_at: line.seen_at,
        reference: line.order.reference(),
    };
    index.insert(line.id.clone(), entry);
}
