//! Windows that are taken as empty although their answer, requested twice, reported success and lacked its list.
//!
//! Such an answer may mean that nothing is there, and it may be what a half-broken service sends. So the window is read
//! again by the next run, after a day and after a week. It is no gap: the run is complete.

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Slice, Window};
use serde::{Deserialize, Serialize};

use crate::gap::{covers, windows_of_one_list};

/// When such a window is read again, after it was found: by the next run, after a day, after a week.
const AGAIN: [TimeDelta; 3] = [TimeDelta::zero(), TimeDelta::days(1), TimeDelta::days(7)];

/// The windows that are taken as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Unconfirmed(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slice: Slice,
    /// The run that found it, and when.
    run: i64,
    found: DateTime<Utc>,
    /// How often it was read again.
    read: usize,
    /// Its list was missing again while it was read again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    again: bool,
}

impl Unconfirmed {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &Slice> {
        self.0.iter().map(|entry| &entry.slice)
    }

    /// Notes a piece of a slice whose list was missing twice. Neighbours of one run are one window.
    pub(crate) fn note(&mut self, piece: &Slice, run: i64, now: DateTime<Utc>) {
        let mut known = self.0.iter_mut();
        if let Some(entry) = known.find(|entry| covers(&entry.slice, piece)) {
            entry.again |= entry.run < run;
            return;
        }
        let mut new = self.0.iter_mut().filter(|entry| entry.run == run);
        if let Some((entry, joined)) =
            new.find_map(|entry| joined(&entry.slice, piece).map(|joined| (entry, joined)))
        {
            entry.slice = joined;
            return;
        }
        self.0.push(Entry {
            slice: piece.clone(),
            run,
            found: now,
            read: 0,
            again: false,
        });
    }

    /// What is to be read again now, by a run with this number.
    pub(crate) fn due(&self, run: i64, now: DateTime<Utc>) -> impl Iterator<Item = &Slice> {
        let due = move |entry: &&Entry| {
            let wait = AGAIN.get(entry.read).copied().unwrap_or_default();
            entry.run < run && entry.found + wait <= now
        };
        self.0.iter().filter(due).map(|entry| &entry.slice)
    }

    /// A slice was read to its end once more: it is confirmed unless its list was missing again.
    pub(crate) fn ended(&mut self, slice: &Slice) {
        self.0.retain_mut(|entry| {
            if entry.slice != *slice {
                return true;
            }
            entry.read += 1;
            std::mem::take(&mut entry.again) && entry.read < AGAIN.len()
        });
    }
}

/// Two windows that overlap or touch, as one.
fn joined(one: &Slice, other: &Slice) -> Option<Slice> {
    let (a, b) = windows_of_one_list(one, other)?;
    let touch = a.from <= b.to && b.from <= a.to;
    let window = Window::new(a.from.min(b.from), a.to.max(b.to));
    Some(one.over(window.filter(|_| touch)?))
}

#[cfg(test)]
mod tests {
    use orders_core::{TimeAxis, Walk};

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3600, 0).unwrap()
    }

    fn slice(from: i64, to: i64) -> Slice {
        let window = Window::new(at(from), at(to)).unwrap();
        Slice::window(Walk::Windows, TimeAxis::Updated, window)
    }

    fn due(unconfirmed: &Unconfirmed, run: i64, hour: i64) -> Vec<Slice> {
        unconfirmed.due(run, at(hour)).cloned().collect()
    }

    #[test]
    fn neighbours_of_one_run_are_one_window() {
        let mut unconfirmed = Unconfirmed::default();
        for (from, to) in [(0, 24), (24, 48), (10, 30), (60, 72)] {
            unconfirmed.note(&slice(from, to), 1, at(100));
        }
        assert_eq!(due(&unconfirmed, 1, 100), [], "not by the run itself");
        assert_eq!(due(&unconfirmed, 2, 100), [slice(0, 48), slice(60, 72)]);
        unconfirmed.note(&slice(48, 60), 2, at(101));
        assert_eq!(due(&unconfirmed, 3, 101).len(), 3);
    }

    #[test]
    fn a_window_is_read_again_three_times_at_most() {
        let mut unconfirmed = Unconfirmed::default();
        unconfirmed.note(&slice(0, 24), 1, at(24));
        for (run, before, hour) in [(2, 24, 24), (3, 47, 48), (4, 191, 192)] {
            assert_eq!(due(&unconfirmed, run, before).len(), usize::from(run == 2));
            assert_eq!(due(&unconfirmed, run, hour), [slice(0, 24)]);
            unconfirmed.note(&slice(2, 5), run, at(hour));
            unconfirmed.ended(&slice(0, 24));
        }
        assert!(unconfirmed.is_empty());
        unconfirmed.note(&slice(0, 24), 5, at(200));
        unconfirmed.ended(&slice(0, 24));
        assert!(unconfirmed.is_empty(), "its list came");
    }
}
