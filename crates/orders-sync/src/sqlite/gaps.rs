//! Gaps into rows, and the unreadable records that are closed.

use std::collections::HashSet;

use rusqlite::{Params, Transaction, params};

use super::sql::{count, integer, json};
use crate::batch::{Batch, Commit, NewGap, Shown};
use crate::gap::Missing;

/// What the gaps of one batch have in common.
pub(super) struct GapWriter<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) at: &'a Commit<'a>,
    pub(super) now: &'a str,
    /// The gaps that the run found before.
    pub(super) noted: &'a mut HashSet<String>,
}

impl GapWriter<'_> {
    fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.tx.prepare_cached(sql)?.execute(params)
    }

    fn key(&self) -> (&str, &str) {
        (&self.at.account.provider, &self.at.account.label)
    }

    pub(super) fn gaps(&mut self, batch: &Batch<'_>) -> rusqlite::Result<()> {
        for missing in batch.filled {
            self.fill(missing)?;
        }
        for gap in batch.gaps {
            self.gap(gap, false)?;
        }
        Ok(())
    }

    /// Notes a gap. One that the user accepted is open again where what is missing changed, or the kind of the failure.
    pub(super) fn gap(&mut self, gap: &NewGap, changed: bool) -> rusqlite::Result<()> {
        let sql = "INSERT INTO gaps (provider, account, missing, kind, path, reason, first_at, last_at, tries)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1)
                   ON CONFLICT DO UPDATE SET kind = ?4, path = ?5, reason = ?6, last_at = ?7, filled_at = NULL,
                   accepted_at = iif(filled_at IS NULL AND kind = ?4 AND NOT ?9, accepted_at, NULL),
                   accepted_reason = iif(filled_at IS NULL AND kind = ?4 AND NOT ?9, accepted_reason, NULL),
                   first_at = iif(filled_at IS NULL, first_at, ?7), tries = iif(filled_at IS NULL, tries + ?8, 1)";
        let missing = json(&gap.missing);
        let more = i64::from(self.noted.insert(missing.clone()));
        let (provider, account) = self.key();
        let (kind, path, reason) = (&gap.kind, &gap.path, &gap.reason);
        self.execute(
            sql,
            params![
                provider, account, missing, kind, path, reason, self.now, more, changed
            ],
        )?;
        Ok(())
    }

    fn fill(&self, missing: &Missing) -> rusqlite::Result<()> {
        if let Missing::Order(order) = missing {
            return self.close_order(&order.id);
        }
        let (provider, account) = self.key();
        let sql = "UPDATE gaps SET filled_at = ?4
                   WHERE provider = ?1 AND account = ?2 AND missing = ?3 AND filled_at IS NULL";
        self.execute(sql, params![provider, account, json(missing), self.now])?;
        Ok(())
    }

    /// Closes the gap of an order: it came, in whatever way.
    pub(super) fn close_order(&self, id: &str) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "UPDATE gaps SET filled_at = ?4 WHERE provider = ?1 AND account = ?2
                   AND missing ->> '$.order.id' = ?3 AND filled_at IS NULL";
        self.execute(sql, params![provider, account, id, self.now])?;
        Ok(())
    }

    /// Whether an order is missing.
    pub(super) fn has_orders(&self) -> rusqlite::Result<bool> {
        let (provider, account) = self.key();
        let sql = "SELECT EXISTS (SELECT 1 FROM gaps WHERE provider = ?1 AND account = ?2 AND filled_at IS NULL
                   AND missing ->> '$.order' IS NOT NULL)";
        let mut found = self.tx.prepare_cached(sql)?;
        found.query_row(params![provider, account], |row| row.get(0))
    }

    pub(super) fn has_unread(&self) -> rusqlite::Result<bool> {
        let (provider, account) = self.key();
        let sql = "SELECT EXISTS (SELECT 1 FROM unreadable
                   WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL)";
        let mut found = self.tx.prepare_cached(sql)?;
        found.query_row(params![provider, account], |row| row.get(0))
    }

    /// An order was read: closes the records of its id or of its text. Answers the number that they carried.
    pub(super) fn close_records(&self, id: &str, hash: &str) -> rusqlite::Result<Option<u64>> {
        let (provider, account) = self.key();
        let sql = "SELECT key, mark FROM unreadable WHERE provider = ?1 AND account = ?2
                   AND closed_at IS NULL AND (key = ?3 OR content_hash = ?4)";
        let mut found = self.tx.prepare_cached(sql)?;
        let rows = found.query_map(params![provider, account, id, hash], |row| {
            Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(count)))
        })?;
        let rows: Vec<(String, Option<u64>)> = rows.collect::<rusqlite::Result<_>>()?;
        let mut mark = None;
        for (key, carried) in rows {
            mark = mark.max(carried);
            self.close_record(key)?;
        }
        Ok(mark)
    }

    fn close_record(&self, key: String) -> rusqlite::Result<()> {
        let (provider, account) = self.key();
        let sql = "UPDATE unreadable SET closed_at = ?4, mark = NULL
                   WHERE provider = ?1 AND account = ?2 AND key = ?3";
        self.execute(sql, params![provider, account, key, self.now])?;
        self.fill(&Missing::Record(key))
    }

    /// A slice was read to its end: closes its records that did not come again.
    pub(super) fn ended(&self, batch: &Batch<'_>) -> rusqlite::Result<()> {
        let Some((slice, shown)) = batch.ended else {
            return Ok(());
        };
        if !self.has_unread()? {
            return Ok(());
        }
        let (provider, account) = self.key();
        let sql = "SELECT key FROM unreadable WHERE provider = ?1 AND account = ?2 AND closed_at IS NULL
                   AND slice = ?3 AND (run < ?4 OR coalesce(mark, 0) < ?5)
                   AND (?5 IS NULL OR key NOT IN (SELECT id FROM orders WHERE provider = ?1 AND account = ?2))";
        let mut found = self.tx.prepare_cached(sql)?;
        let (run, mark) = match shown {
            Shown::SinceRun(run) => (Some(run), None),
            Shown::SinceMark(mark) => (None, Some(integer(mark))),
        };
        let values = params![provider, account, json(slice), run, mark];
        let keys = found.query_map(values, |row| row.get(0))?;
        for key in keys.collect::<rusqlite::Result<Vec<String>>>()? {
            self.close_record(key)?;
        }
        Ok(())
    }
}
