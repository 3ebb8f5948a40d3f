//! The other store: an append-only log of versions as JSON Lines, with the state in a file beside it.

mod index;
mod log;
mod saved;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use orders_core::{Account, Order, OrderRef, Window};

use crate::SyncError;
use crate::error::StoreFault;
use crate::lock::real;
use crate::points::{Failpoints, Point};
use crate::record::{changes, content_hash};
use crate::store::{Batch, Counts, DueDay, DueFilter, Gap, Missing, Store};
use crate::summary::{Status, Summary};
use index::{Entry, Index, core_hash, remember};
use log::{Line, Log};
use saved::{Saved, SavedAccount, read_saved};

/// Versions of orders, one JSON object a line, in the order in which they came; nothing is ever rewritten.
///
/// The newest version of each order, exactly as written:
///
/// ```sh
/// tac orders.jsonl | awk -F'"' '!seen[$4]++'
/// ```
///
/// The state is in `<log>.state.json`, written after the log is on the disk. One run at a time works on a log, held by
/// `<log>.lock`; accounts that are to be pulled at the same time need logs of their own. An index of ids and hashes is
/// kept in memory (about 300 bytes an order) and read from the log when it is opened: for millions of orders take
/// SQLite. An order that comes again unchanged adds no line, so `seen_at` is as of the version.
#[derive(Debug)]
pub struct JsonlStore {
    log: Log,
    state_path: PathBuf,
    saved: Saved,
    index: Index,
    marks: HashMap<(Account, u64), HashSet<String>>,
    lock: Option<(Account, File)>,
    /// The gaps that the present run found.
    noted: HashSet<String>,
    /// Nothing is to be written.
    read_only: bool,
}

impl JsonlStore {
    /// Opens a log, made where it is missing, and reads its index. A last line that a killed run left half written
    /// is cut off by the next run: the state never claimed it.
    ///
    /// # Errors
    /// `Corrupt` for a line that is not ours or a log shorter than the state says; `Foreign` or `TooNew` for a state
    /// file of something else; `ReadOnly`, `Full`, `Io`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        Self::open_for(path.as_ref(), false)
    }

    /// Opens a log for reading, also while a run writes to it, and where it cannot be written. Nothing is written,
    /// nothing is locked, and no run can work on this store.
    ///
    /// # Errors
    /// As [`open`](Self::open); `Io` where there is no such file.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, SyncError> {
        Self::open_for(path.as_ref(), true)
    }

    fn open_for(path: &Path, read_only: bool) -> Result<Self, SyncError> {
        let state_path = beside(&real(path), ".state.json");
        let saved = read_saved(&state_path)?;
        let mut store = Self {
            log: Log::open(path, saved.log_bytes, read_only)?,
            state_path,
            saved,
            index: Index::new(),
            marks: HashMap::new(),
            lock: None,
            noted: HashSet::new(),
            read_only,
        };
        store.read_index()?;
        Ok(store)
    }

    fn may_write(&self) -> Result<(), SyncError> {
        if self.read_only {
            let message = "it was opened for reading only";
            return Err(SyncError::store(
                StoreFault::ReadOnly,
                self.log.path(),
                message,
            ));
        }
        Ok(())
    }

    fn read_index(&mut self) -> Result<(), SyncError> {
        let mut index = Index::new();
        self.log
            .read(|offset, line| remember(&mut index, &line, offset))?;
        self.index = index;
        Ok(())
    }

    fn account(&mut self, account: &Account) -> &mut SavedAccount {
        let accounts = &mut self.saved.accounts;
        let at = accounts
            .iter()
            .position(|saved| saved.account == *account)
            .unwrap_or_else(|| {
                let (account, gaps) = (account.clone(), Vec::new());
                accounts.push(SavedAccount {
                    account,
                    state: None,
                    gaps,
                    last_run: None,
                });
                accounts.len() - 1
            });
        &mut accounts[at]
    }

    fn find(&self, account: &Account) -> Option<&SavedAccount> {
        self.saved
            .accounts
            .iter()
            .find(|saved| saved.account == *account)
    }

    fn entries(&self, account: &Account) -> impl Iterator<Item = (&String, &Entry)> {
        self.entries_after(account, None)
    }

    fn entries_after(
        &self,
        account: &Account,
        after: Option<&str>,
    ) -> impl Iterator<Item = (&String, &Entry)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let index = self.index.get(account).into_iter();
        index.flat_map(move |index| index.range::<str, _>((from, Bound::Unbounded)))
    }

    /// What is to be told of an order that came: nothing where it is the stored version.
    fn lines(
        &mut self,
        batch: &Batch<'_>,
        order: &Order,
        counts: &mut Counts,
    ) -> Result<Vec<Line>, SyncError> {
        let core = serde_json::to_string(order).unwrap_or_default();
        let hash = content_hash(order, &core);
        let Some(entry) = self
            .index
            .get_mut(batch.account)
            .and_then(|index| index.get_mut(&order.id))
        else {
            counts.new += 1;
            let new = Line::new(batch, order, hash, "new", batch.now, Vec::new());
            return Ok(vec![new]);
        };
        entry.seen_at = batch.now;
        let (offset, first, gone) = (entry.offset, entry.first_seen_at, entry.gone);
        let otherwise = entry.core != core_hash(&core);
        let line = |what, told| Line::new(batch, order, hash.clone(), what, first, told);
        let mut lines = Vec::new();
        if gone {
            lines.push(line("back", Vec::new()));
        }
        if entry.hash == hash {
            counts.unchanged += 1;
            if otherwise && !gone {
                // Another version of this program understands more of the same text.
                lines.push(line("read", Vec::new()));
            }
            return Ok(lines);
        }
        counts.changed += 1;
        let before = self.log.line_at(offset)?;
        let told = match (before.raw_text(), std::str::from_utf8(&order.raw)) {
            (Some(old), Ok(new)) if !new.is_empty() => changes(&old, new),
            _ => changes(
                &serde_json::to_string(&before.order).unwrap_or_default(),
                &core,
            ),
        };
        lines.push(line("changed", told));
        Ok(lines)
    }

    /// What a pass with a mark that began at a time did not show.
    fn missing(
        &self,
        account: &Account,
        mark: u64,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> impl Iterator<Item = (&String, &Entry)> {
        let seen = self.marks.get(&(account.clone(), mark));
        let entries = self.entries_after(account, after);
        entries.filter(move |(id, entry)| {
            let shown = seen.is_some_and(|seen| seen.contains(*id));
            !shown && !entry.gone && entry.first_seen_at < since
        })
    }

    fn gone(&mut self, batch: &Batch<'_>) -> Result<Vec<Line>, SyncError> {
        let mut ids = batch.gone.to_vec();
        if let Some((mark, since)) = batch.gone_unless {
            let missing = self.missing(batch.account, mark, since, None);
            ids.extend(missing.map(|(id, _)| id.clone()));
        }
        let mut lines = Vec::new();
        for id in ids {
            let Some(entry) = self
                .index
                .get(batch.account)
                .and_then(|index| index.get(&id))
            else {
                continue;
            };
            if !entry.gone {
                let first = entry.first_seen_at;
                lines.push(self.log.line_at(entry.offset)?.gone(batch, first));
            }
        }
        Ok(lines)
    }

    fn note_gaps(&mut self, batch: &Batch<'_>) {
        let now = batch.now;
        let mut noted = std::mem::take(&mut self.noted);
        let gaps = &mut self.account(batch.account).gaps;
        gaps.retain(|gap| !batch.filled.contains(&gap.missing));
        for (missing, kind, reason) in batch.gaps {
            let more = noted.insert(serde_json::to_string(missing).unwrap_or_default());
            note_gap(gaps, missing, (kind, reason), now, u32::from(more));
        }
        self.noted = noted;
    }

    /// Writes the state file anew, beside the old one, and puts it in its place.
    fn save(&mut self, points: &dyn Failpoints) -> Result<(), SyncError> {
        self.may_write()?;
        let failed = |error: std::io::Error| SyncError::io(&self.state_path, &error);
        let next = beside(&self.state_path, ".new");
        let text = serde_json::to_string(&self.saved).unwrap_or_default();
        let mut file = File::create(&next).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        points.pass(Point::CheckpointWritten)?;
        std::fs::rename(&next, &self.state_path).map_err(failed)?;
        // The new name is on the disk only when the folder is; not every system lets a folder be synced.
        if let Some(folder) = self
            .state_path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

fn note_gap(
    gaps: &mut Vec<Gap>,
    missing: &Missing,
    (kind, reason): (&str, &str),
    now: DateTime<Utc>,
    more: u32,
) {
    let (kind, reason) = (kind.to_owned(), reason.to_owned());
    match gaps.iter_mut().find(|gap| gap.missing == *missing) {
        Some(gap) => {
            (gap.kind, gap.reason, gap.last_at) = (kind, reason, now);
            gap.tries += more;
        }
        None => {
            gaps.push(Gap {
                missing: missing.clone(),
                kind,
                reason,
                first_at: now,
                last_at: now,
                tries: 1,
            });
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Store for JsonlStore {
    fn lock(&mut self, account: &Account) -> Result<(), SyncError> {
        self.may_write()?;
        let path = beside(&real(self.log.path()), ".lock");
        let file = crate::lock::lock(&path, "this log")?;
        self.lock = Some((account.clone(), file));
        // Another run may have written since this store was opened.
        self.saved = read_saved(&self.state_path)?;
        if self.log.has_grown()? {
            self.log = Log::open(self.log.path(), self.saved.log_bytes, false)?;
            self.read_index()?;
            self.log.cut()?;
        }
        Ok(())
    }

    fn unlock(&mut self, _: &Account) {
        self.lock = None;
        self.marks.clear();
    }

    fn state(&self, account: &Account) -> Result<Option<String>, SyncError> {
        Ok(self.find(account).and_then(|saved| saved.state.clone()))
    }

    fn reset(&mut self, account: &Account) -> Result<(), SyncError> {
        self.lock(account)?;
        let saved = self.account(account);
        saved.state = None;
        saved.gaps.clear();
        let done = self.save(&crate::points::NoFailpoints);
        self.unlock(account);
        done
    }

    fn begin_run(&mut self, account: &Account, _: DateTime<Utc>) -> Result<i64, SyncError> {
        self.account(account);
        self.noted.clear();
        self.saved.runs += 1;
        self.save(&crate::points::NoFailpoints)?;
        Ok(self.saved.runs)
    }

    fn end_run(&mut self, _: i64, summary: &Summary) -> Result<(), SyncError> {
        let account = Account::new(summary.provider.clone(), summary.account.clone());
        self.account(&account).last_run = Some(summary.clone());
        self.save(&crate::points::NoFailpoints)
    }

    fn commit(&mut self, batch: &Batch<'_>, points: &dyn Failpoints) -> Result<Counts, SyncError> {
        self.may_write()?;
        let mut counts = Counts::default();
        // One line at a time is remembered, so that an order that comes twice on a page is told once.
        for order in batch.orders {
            for line in self.lines(batch, order, &mut counts)? {
                let offset = self.log.append(&line)?;
                remember(&mut self.index, &line, offset);
            }
            if let Some(mark) = batch.mark {
                let seen = self.marks.entry((batch.account.clone(), mark)).or_default();
                counts.marked += u64::from(seen.insert(order.id.clone()));
            }
        }
        for line in self.gone(batch)? {
            let offset = self.log.append(&line)?;
            remember(&mut self.index, &line, offset);
        }
        self.log.flush()?;
        points.pass(Point::RowsFlushed)?;
        self.note_gaps(batch);
        self.account(batch.account).state = Some(batch.state.to_owned());
        self.saved.log_bytes = self.log.length();
        self.save(points)?;
        Ok(counts)
    }

    /// Marks are not kept over a restart: an interrupted pass counts anew, and is read again where that is too few.
    fn marked(&self, account: &Account, mark: u64) -> Result<u64, SyncError> {
        Ok(self
            .marks
            .get(&(account.clone(), mark))
            .map_or(0, |seen| seen.len() as u64))
    }

    fn unseen(
        &self,
        account: &Account,
        mark: u64,
        first_seen_before: DateTime<Utc>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        let missing = self.missing(account, mark, first_seen_before, after);
        let missing = missing.take(limit);
        Ok(missing.map(|(_, entry)| entry.reference.clone()).collect())
    }

    fn live(&self, account: &Account) -> Result<u64, SyncError> {
        Ok(self
            .entries(account)
            .filter(|(_, entry)| !entry.gone)
            .count() as u64)
    }

    fn created(&self, account: &Account, window: Window) -> Result<u64, SyncError> {
        let inside = |at: DateTime<FixedOffset>| window.contains(at.to_utc());
        let entries = self.entries(account);
        let live = entries.filter(|(_, entry)| !entry.gone && entry.created_at.is_some_and(inside));
        Ok(live.count() as u64)
    }

    fn created_offset(&self, account: &Account) -> Result<Option<FixedOffset>, SyncError> {
        let created = self.entries(account).filter_map(|(_, e)| e.created_at);
        Ok(created.max().map(|newest| *newest.offset()))
    }

    fn gaps(&self, account: &Account) -> Result<Vec<Gap>, SyncError> {
        Ok(self
            .find(account)
            .map(|saved| saved.gaps.clone())
            .unwrap_or_default())
    }

    fn due_orders(
        &self,
        account: &Account,
        filter: DueFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OrderRef>, SyncError> {
        let entries = self
            .entries_after(account, after)
            .filter(|(_, entry)| entry.is_due(filter));
        Ok(entries
            .take(limit)
            .map(|(_, entry)| entry.reference.clone())
            .collect())
    }

    fn due_days(&self, account: &Account, filter: DueFilter) -> Result<Vec<DueDay>, SyncError> {
        let mut days: BTreeMap<Option<NaiveDate>, (u64, u64)> = BTreeMap::new();
        for (_, entry) in self.entries(account) {
            let (due, stored) = days
                .entry(entry.created_at.map(|at| at.to_utc().date_naive()))
                .or_default();
            *due += u64::from(entry.is_due(filter));
            *stored += 1;
        }
        let days = days.into_iter().filter(|(_, (due, _))| *due > 0);
        Ok(days
            .map(|(day, (due, stored))| DueDay { day, due, stored })
            .collect())
    }

    fn status(&self, account: &Account) -> Result<Status, SyncError> {
        let saved = self.find(account);
        let facts = crate::state::facts(saved.and_then(|saved| saved.state.as_deref()), account)?;
        let (mut stored, mut gone, mut open) = (0, 0, 0);
        for (_, entry) in self.entries(account) {
            stored += 1;
            gone += u64::from(entry.gone);
            open += u64::from(!entry.gone && !entry.terminal);
        }
        Ok(Status {
            account: account.clone(),
            stored,
            gone,
            open,
            vendor_count: facts.vendor_count,
            watermark: facts.watermark,
            interrupted: facts.interrupted,
            gaps: self.gaps(account)?,
            last_run: saved.and_then(|saved| saved.last_run.clone()),
        })
    }

    fn accounts(&self) -> Result<Vec<Account>, SyncError> {
        let mut accounts: Vec<_> = self
            .saved
            .accounts
            .iter()
            .map(|saved| saved.account.clone())
            .collect();
        accounts.sort();
        Ok(accounts)
    }
}
