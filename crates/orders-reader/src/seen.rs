//! Which rows a stream has given.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::answer::Counts;
use crate::key::RowKey;
use crate::position::Position;

/// For how many windows (or pages of a cursor) a row is remembered outside of counted lists: edges that overlap by a
/// second reach no further, even in windows of a second.
const REMEMBERED: u64 = 8;

/// The rows that came, by their keys. A counted list remembers all of its rows, for its end is proven by counting;
/// elsewhere rows are forgotten that no overlapping edge can bring again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub(crate) struct SeenRows {
    rows: HashMap<u64, Seen>,
    /// The window or page that is read now; in a counted list, the attempt.
    step: u64,
    generation: u64,
    attempt: u64,
    late: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    content: u64,
    /// The step that showed the row last.
    at: u64,
}

impl SeenRows {
    /// Whether this version of the row came before.
    pub(crate) fn contains(&self, key: RowKey) -> bool {
        self.rows
            .get(&key.id)
            .is_some_and(|seen| seen.content == key.content)
    }

    /// Notes a row of an accepted page.
    pub(crate) fn note(
        &mut self,
        position: &Position,
        key: RowKey,
        created: Option<DateTime<Utc>>,
    ) {
        let at = self.step;
        let content = key.content;
        let before = self.rows.insert(key.id, Seen { content, at });
        let since = |step: u64| before.is_some_and(|before| before.at >= step);
        self.generation += u64::from(!since(u64::from(position.generation())));
        self.attempt += u64::from(!since(at));
        let old = |cutoff| created.is_none_or(|created| created < cutoff);
        self.late += u64::from(before.is_none() && position.cutoff().is_some_and(old));
    }

    /// Notes a row that was given from a page which later came without it: it counts nowhere.
    pub(crate) fn note_given(&mut self, key: RowKey, counted: bool) {
        let at = if counted { 0 } else { self.step };
        let content = key.content;
        self.rows.entry(key.id).or_insert(Seen { content, at });
    }

    /// How many different rows came of a counted list.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            generation: self.generation,
            attempt: self.attempt,
            late: self.late,
        }
    }

    /// A counted list begins.
    pub(crate) fn begin_list(&mut self) {
        *self = Self {
            step: 1,
            ..Self::default()
        };
    }

    /// A counted list is read once more.
    pub(crate) fn begin_attempt(&mut self, new_generation: bool) {
        self.step += 1;
        (self.attempt, self.late) = (0, 0);
        if new_generation {
            self.generation = 0;
        }
    }

    /// A window or a page of a cursor is read: forgets what no overlapping edge can bring again.
    pub(crate) fn next_step(&mut self) {
        self.step += 1;
        if self.step.is_multiple_of(REMEMBERED) {
            let now = self.step;
            self.rows.retain(|_, seen| seen.at + REMEMBERED > now);
        }
    }
}

/// The saved form: rows as lists of id, content and step, in the order of their ids.
#[derive(Serialize, Deserialize)]
struct Saved {
    rows: Vec<(u64, u64, u64)>,
    step: u64,
    generation: u64,
    attempt: u64,
    late: u64,
}

impl From<SeenRows> for Saved {
    fn from(seen: SeenRows) -> Self {
        let rows = seen.rows.iter();
        let mut rows: Vec<_> = rows.map(|(id, row)| (*id, row.content, row.at)).collect();
        rows.sort_unstable();
        Self {
            rows,
            step: seen.step,
            generation: seen.generation,
            attempt: seen.attempt,
            late: seen.late,
        }
    }
}

impl From<Saved> for SeenRows {
    fn from(saved: Saved) -> Self {
        let rows = saved.rows.into_iter();
        Self {
            rows: rows
                .map(|(id, content, at)| (id, Seen { content, at }))
                .collect(),
            step: saved.step,
            generation: saved.generation,
            attempt: saved.attempt,
            late: saved.late,
        }
    }
}
