//! Walking a time window in pieces that each fit one page.
//!
//! Paging a window of a moving time axis by page number loses rows: a row that changes leaves the window, what
//! follows moves up, and the reader steps over one. A window that fits one page has no second page. So a window
//! that comes back full is halved and requested again, and the size that worked is carried over to the next.

use chrono::TimeDelta;
use orders_core::{Limits, Window};
use serde::{Deserialize, Serialize};

/// What the walker makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The window is answered: keep the rows (and, if its page says so, follow its cursor to the end).
    Keep,
    /// More rows than fit: drop these, smaller windows will bring them again.
    Smaller,
}

/// A pure walker over one window: it says what to request, takes what came, and never does I/O.
/// Serialisable, so that another process can resume a walk.
///
/// ```
/// use orders_core::{Limits, Window};
/// use orders_reader::{Verdict, WindowWalker};
/// # use chrono::DateTime;
/// # let at = |s| DateTime::from_timestamp(s, 0).unwrap();
/// let whole = Window::new(at(0), at(7200)).unwrap();
/// let mut walker = WindowWalker::new(whole, Limits::new(86_400, 200));
/// assert_eq!(walker.next_window(), Some(whole));
/// assert_eq!(walker.answered(200, true), Verdict::Smaller); // full: request the first half
/// assert_eq!(walker.next_window(), Window::new(at(0), at(3600)));
/// assert_eq!(walker.answered(140, false), Verdict::Keep);
/// assert_eq!(walker.next_window(), Window::new(at(3600), at(7200)));
/// assert_eq!(walker.answered(90, false), Verdict::Keep);
/// assert_eq!(walker.next_window(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowWalker {
    /// What is still to be requested; `None`: done.
    rest: Option<Window>,
    /// The length of the next window, in seconds.
    size: i64,
    limits: Limits,
}

impl WindowWalker {
    /// A walk over `whole`, beginning with the longest window allowed.
    #[must_use]
    pub fn new(whole: Window, limits: Limits) -> Self {
        Self {
            rest: Some(whole),
            size: i64::from(limits.longest.max(1)),
            limits,
        }
    }

    /// Begins with windows of `seconds`, the size that worked before.
    #[must_use]
    pub fn starting_with(mut self, seconds: i64) -> Self {
        self.size = seconds.clamp(1, i64::from(self.limits.longest.max(1)));
        self
    }

    /// The window length that the walk has arrived at, in seconds: what to carry over to the next walk.
    #[must_use]
    pub fn size(&self) -> i64 {
        self.size
    }

    /// How many rows fit one page, by the limits of the walk.
    pub(crate) fn page_rows(&self) -> u32 {
        self.limits.page_rows
    }

    /// What is still to be requested; `None` at the end.
    #[must_use]
    pub fn rest(&self) -> Option<Window> {
        self.rest
    }

    /// The window to request now; `None` at the end. Calling again without an answer gives the same window.
    #[must_use]
    pub fn next_window(&self) -> Option<Window> {
        let rest = self.rest?;
        let size = TimeDelta::seconds(self.size.max(1));
        let to = rest.from.checked_add_signed(size).unwrap_or(rest.to);
        Window::new(rest.from, to.min(rest.to))
    }

    /// Tells what came for [`next_window`](Self::next_window): how many rows, and whether the page was full.
    ///
    /// A full page of a window that can still be split means [`Verdict::Smaller`]. At one second nothing can be
    /// split: the rows are kept, and the caller has read (or now reads) the window's further pages.
    pub fn answered(&mut self, rows: usize, full: bool) -> Verdict {
        self.answered_on(rows, full, self.limits.page_rows)
    }

    /// The same where pages have at most `page_rows` rows.
    pub(crate) fn answered_on(&mut self, rows: usize, full: bool, page_rows: u32) -> Verdict {
        let Some(window) = self.next_window() else {
            return Verdict::Keep;
        };
        if full && let Some((early, _)) = window.split() {
            self.size = early.length().num_seconds();
            return Verdict::Smaller;
        }
        self.rest = self.rest.and_then(|rest| Window::new(window.to, rest.to));
        self.size = self.next_size(window.length().num_seconds(), rows, page_rows);
        Verdict::Keep
    }

    /// Aims at pages that are 80 % full; at most twice the window that just worked.
    fn next_size(&self, worked: i64, rows: usize, page_rows: u32) -> i64 {
        let worked = worked.max(1);
        let rows = i64::try_from(rows).unwrap_or(i64::MAX).max(1);
        let aim = worked
            .saturating_mul(i64::from(page_rows))
            .saturating_mul(8)
            / rows.saturating_mul(10);
        // The last window of a walk may be a short rest: it says nothing about the size that fits.
        let largest = worked.max(self.size).saturating_mul(2);
        aim.clamp(1, largest.min(i64::from(self.limits.longest.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn window(from: i64, to: i64) -> Window {
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        Window::new(at(from), at(to)).unwrap()
    }

    /// Walks over rows that never move; answers (rows seen, requests made).
    fn walk(rows: &[i64], whole: Window, limits: Limits) -> (Vec<i64>, usize) {
        let mut walker = WindowWalker::new(whole, limits);
        let (mut seen, mut requests) = (Vec::new(), 0);
        while let Some(asked) = walker.next_window() {
            assert!(asked.length().num_seconds() <= i64::from(limits.longest));
            let inside: Vec<i64> = rows
                .iter()
                .copied()
                .filter(|&s| asked.contains(DateTime::from_timestamp(s, 0).unwrap()))
                .collect();
            let page = limits.page_rows as usize;
            requests += 1;
            if walker.answered(inside.len().min(page), inside.len() >= page) == Verdict::Keep {
                // At one second the caller reads the further pages.
                requests += inside.len() / page;
                seen.extend(inside);
            }
        }
        (seen, requests)
    }

    #[test]
    fn a_busy_day_costs_at_most_1_6_times_the_ideal() {
        // 20,000 rows over five days, three times as busy in the evening.
        let mut rows = Vec::new();
        for i in 0..20_000i64 {
            let day = i % 5;
            let second = if i % 2 == 0 {
                (i * 7919) % 64_800
            } else {
                64_800 + (i * 104_729) % 21_600
            };
            rows.push(day * 86_400 + second);
        }
        let limits = Limits::new(86_398, 200);
        let (seen, requests) = walk(&rows, window(0, 5 * 86_400), limits);
        assert_eq!(seen.len(), rows.len());
        assert!(
            requests * 10 <= 100 * 16,
            "{requests} requests for 100 pages"
        );
    }

    #[test]
    fn five_hundred_rows_in_one_second_are_all_kept() {
        let rows = vec![500; 500];
        let (seen, _) = walk(&rows, window(0, 1000), Limits::new(86_398, 200));
        assert_eq!(seen.len(), 500);
    }

    #[test]
    fn empty_windows_advance() {
        let (seen, requests) = walk(&[], window(0, 10 * 86_400), Limits::new(86_400, 200));
        assert_eq!((seen.len(), requests), (0, 10));
    }

    proptest! {
        #[test]
        fn every_row_is_seen_once(
            mut rows in proptest::collection::vec(0i64..5000, 0..400),
            page_rows in 1u32..50,
            longest in 1u32..6000,
        ) {
            let (mut seen, _) = walk(&rows, window(0, 5000), Limits::new(longest, page_rows));
            rows.sort_unstable();
            seen.sort_unstable();
            prop_assert_eq!(seen, rows);
        }
    }
}
