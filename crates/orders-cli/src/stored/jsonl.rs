//! Orders in a log of versions, read from its beginning to its end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use orders_core::Order;
use orders_sync::{Change, StoreFault, SyncError};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Kept, Step};

/// What finds an order.
#[derive(Deserialize)]
struct Names {
    provider: String,
    account: String,
    id: String,
    order: OtherNames,
}

#[derive(Deserialize)]
struct OtherNames {
    number: Option<String>,
    merchant_reference: Option<String>,
}

type Key = (String, String, String);

impl Names {
    fn has(&self, id: &str) -> bool {
        self.id == id
            || self.order.number.as_deref() == Some(id)
            || self.order.merchant_reference.as_deref() == Some(id)
    }

    fn key(self) -> Key {
        (self.provider, self.account, self.id)
    }
}

/// A whole line, as the README of `orders-sync` has it.
#[derive(Deserialize)]
struct Line {
    what: String,
    run: i64,
    first_seen_at: String,
    changed_at: String,
    seen_at: String,
    content_hash: String,
    #[serde(default)]
    changes: Vec<Change>,
    order: Order,
    raw: Option<Box<RawValue>>,
    raw_text: Option<String>,
    raw_bytes: Option<Vec<u8>>,
}

impl Line {
    fn kept(self) -> Kept {
        let mut order = self.order;
        order.raw = match (self.raw, self.raw_text, self.raw_bytes) {
            (Some(raw), _, _) => raw.get().to_owned().into(),
            (None, Some(text), _) => text.into(),
            (None, None, bytes) => bytes.unwrap_or_default().into(),
        };
        Kept {
            order,
            content_hash: self.content_hash,
            first_seen_at: self.first_seen_at,
            gone_at: (self.what == "gone").then(|| self.changed_at.clone()),
            changed_at: self.changed_at,
            seen_at: self.seen_at,
        }
    }
}

pub(super) fn find(path: &Path, id: &str) -> Result<Vec<Kept>, SyncError> {
    let mut found: BTreeMap<Key, Option<String>> = BTreeMap::new();
    each(path, |names, text| {
        let has = names.has(id);
        let key = names.key();
        // The newest version of what was found once, even where a number is another one now.
        if has || found.contains_key(&key) {
            found.insert(key, has.then(|| text.to_owned()));
        }
        Ok(())
    })?;
    let newest = found.into_values().flatten();
    newest
        .map(|text| parse::<Line>(path, &text).map(Line::kept))
        .collect()
}

pub(super) fn history(path: &Path, order: &Order) -> Result<Vec<Step>, SyncError> {
    let mut steps = Vec::new();
    each(path, |names, text| {
        let own = names.provider == order.provider
            && names.account == order.account
            && names.id == order.id;
        if own {
            let line: Line = parse(path, text)?;
            steps.push(Step {
                at: line.changed_at,
                run: line.run,
                what: line.what,
                changes: line.changes,
            });
        }
        Ok(())
    })?;
    Ok(steps)
}

/// Gives every whole line. Half a line at the end is what a run is writing now, or a killed one left.
fn each(
    path: &Path,
    mut take: impl FnMut(Names, &str) -> Result<(), SyncError>,
) -> Result<(), SyncError> {
    let failed = |error: std::io::Error| fault(path, StoreFault::Io, error.to_string());
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    let mut text = String::new();
    loop {
        text.clear();
        let read = reader.read_line(&mut text).map_err(failed)?;
        if read == 0 || !text.ends_with('\n') {
            return Ok(());
        }
        take(parse(path, &text)?, &text)?;
    }
}

fn parse<'a, T: Deserialize<'a>>(path: &Path, text: &'a str) -> Result<T, SyncError> {
    serde_json::from_str(text).map_err(|error| {
        fault(
            path,
            StoreFault::Corrupt,
            format!("a line is not one of ours: {error}"),
        )
    })
}

fn fault(path: &Path, fault: StoreFault, message: String) -> SyncError {
    SyncError::Store {
        fault,
        path: path.to_owned(),
        message,
    }
}
