//! A position inside one slice: what to ask next, and what an answer means. Pure and serialisable, bounded in size
//! however long the slice is: which rows were seen is the store's knowledge, not this one's.

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Cursor, Error, ErrorKind, Limits, Order, Page, Slice, Walk};
use orders_reader::{Verdict, WindowWalker};
use serde::{Deserialize, Serialize};

use crate::hash::short_hash;
use crate::sort_order::SortOrder;

/// No slice has more answers than this: a loop that the other guards did not see ends here.
const MAX_ANSWERS: u64 = 1_000_000;
/// How often a scan is begun before it counts as incomplete.
const MAX_ATTEMPTS: u32 = 5;

/// What an answer was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageOutcome {
    /// The rows come again in smaller windows.
    Smaller,
    /// The rows are to be stored, and the slice goes on.
    Keep,
    /// The rows are to be stored; then the slice is at an end, if the store has seen what it should.
    Last,
}

/// What a scan over everything (or over a partition) remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Scan {
    /// The mark that the store puts on each row seen; new whenever counting starts anew.
    pub(crate) mark: u64,
    /// Which reading of the scan this is, from 1.
    pub(crate) attempt: u32,
    /// How many orders the vendor last said there are.
    pub(crate) total: Option<u64>,
    /// In which order the rows come.
    pub(crate) sort_order: SortOrder,
    /// The creation time of the first row of the page before.
    pub(crate) first: Option<DateTime<FixedOffset>>,
    /// The most rows on one page.
    pub(crate) page_rows: usize,
    /// Where the page before the last one begins, and the last: the growing end of an oldest-first sort_order.
    pub(crate) tail: Option<Cursor>,
    last: Option<Cursor>,
    /// Only the growing end is read: down to orders created before this.
    pub(crate) until: Option<DateTime<Utc>>,
    /// Only the growing end is read.
    pub(crate) tail_only: bool,
    /// Pages were stepped over that cannot be read.
    pub(crate) holes: bool,
    /// The total shrank in this attempt, which therefore proves nothing.
    shrunk: bool,
    /// Only a whole reading is believed: the total shrank in an earlier one, or more rows came than it says.
    whole: bool,
}

/// A position inside one slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SlicePosition {
    #[serde(skip_serializing_if = "Option::is_none")]
    walker: Option<WindowWalker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<Cursor>,
    /// A cursor met before, renewed at each power of two of steps: every circle comes back to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    landmark: Option<u64>,
    steps: u64,
    answers: u64,
    /// The content of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u64>,
    /// Rows so far of the window, or of this reading of a scan.
    rows: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scan: Option<Scan>,
    /// The last page is stored; whether that was all is not decided yet.
    pub(crate) at_end: bool,
}

impl SlicePosition {
    /// The beginning of a slice. `size` is the window length that worked before, in seconds.
    pub(crate) fn begin(slice: &Slice, limits: Limits, size: Option<i64>, mark: u64) -> Self {
        let walker = match (slice.walk, slice.window) {
            (Walk::Windows, Some(window)) => {
                let walker = WindowWalker::new(window, limits);
                Some(match size {
                    Some(size) => walker.starting_with(size),
                    None => walker,
                })
            }
            _ => None,
        };
        let scan = (slice.walk == Walk::Pages).then(|| Scan {
            mark,
            attempt: 1,
            ..Scan::default()
        });
        Self {
            walker,
            cursor: None,
            landmark: None,
            steps: 0,
            answers: 0,
            page: None,
            rows: 0,
            scan,
            at_end: false,
        }
    }

    /// The beginning of the growing end of a scan: from `tail`, or from the first page down to orders created
    /// before `until`.
    pub(crate) fn tail(tail: Option<Cursor>, until: Option<DateTime<Utc>>, mark: u64) -> Self {
        let mut position = Self::begin(&Slice::pass(), Limits::default(), None, mark);
        if let Some(scan) = &mut position.scan {
            scan.tail_only = true;
            scan.until = until;
        }
        position.cursor = tail;
        position
    }

    /// The slice to ask for now (a piece of the whole, where windows are walked) and the cursor inside it.
    pub(crate) fn request(&self, slice: &Slice) -> Option<(Slice, Option<Cursor>)> {
        let slice = match &self.walker {
            Some(walker) => slice.over(walker.next_window()?),
            None => slice.clone(),
        };
        Some((slice, self.cursor.clone()))
    }

    /// Whether a page here, met before in this job, may be none of this position's: nothing else would show that. The end
    /// of a scan is proven by its total, a full window is asked again in halves, and a crowded second is paged twice.
    pub(crate) fn doubts_repeats(&self, page: &Page) -> bool {
        self.scan.is_none() && (self.walker.is_none() || !page.full && self.cursor.is_none())
    }

    /// The window length that worked, in seconds.
    pub(crate) fn size(&self) -> Option<i64> {
        self.walker.as_ref().map(WindowWalker::size)
    }

    /// How many seconds of windows are still to be asked.
    pub(crate) fn seconds_left(&self) -> i64 {
        let rest = self.walker.as_ref().and_then(WindowWalker::rest);
        rest.map_or(0, |rest| rest.length().num_seconds())
    }

    /// How many pages of this reading of a scan are left, by the vendor's total.
    pub(crate) fn pages_left(&self) -> Option<u64> {
        let scan = self.scan.as_ref().filter(|scan| !scan.tail_only)?;
        let rows = scan.total?.saturating_sub(self.rows as u64);
        let pages = rows.div_ceil(scan.page_rows.max(1) as u64);
        Some(if self.at_end { 0 } else { pages })
    }

    /// The mark for the rows of this position.
    pub(crate) fn mark(&self) -> Option<u64> {
        self.scan.as_ref().map(|scan| scan.mark)
    }

    /// Steps over the window that cannot be read; `false` where nothing is left behind it.
    pub(crate) fn skip(&mut self) -> bool {
        let Some(walker) = &mut self.walker else {
            return false;
        };
        // An empty answer that was not full: the walk goes on behind the window, and keeps its size.
        let size = walker.size();
        walker.answered(0, false);
        *walker = walker.clone().starting_with(size);
        (self.cursor, self.landmark, self.page, self.rows) = (None, None, None, 0);
        walker.next_window().is_some()
    }

    /// Steps over a page of a scan that cannot be read; `false` where there is nothing behind it.
    pub(crate) fn step_over(&mut self, next: Cursor) -> bool {
        let Some(scan) = self.scan.as_mut() else {
            return false;
        };
        // Without a total nothing would say that the end is reached: it stands on the second page, if not on the first.
        let rows = self.rows.saturating_add(scan.page_rows.max(1));
        let more = match scan.total {
            Some(total) => (rows as u64) < total,
            None => self.cursor.is_none(),
        };
        if !more || self.cursor.as_ref() == Some(&next) {
            return false;
        }
        scan.holes = true;
        (self.cursor, self.page, self.rows) = (Some(next), None, rows);
        true
    }

    /// Asks for half the window instead, so that what cannot be read shrinks to a second; `false` where it cannot.
    pub(crate) fn halve(&mut self) -> bool {
        let Some(walker) = self.walker.as_mut().filter(|_| self.cursor.is_none()) else {
            return false;
        };
        let splittable = walker
            .next_window()
            .is_some_and(|window| window.split().is_some());
        splittable && walker.answered(0, true) == Verdict::Smaller
    }

    /// Moves on behind an answer. `new_mark` is used where counting starts anew.
    ///
    /// # Errors
    /// `Stalled` where the vendor goes in circles; the position is then not to be used.
    pub(crate) fn take(&mut self, page: &Page, new_mark: &mut u64) -> Result<PageOutcome, Error> {
        self.answers += 1;
        if self.answers > MAX_ANSWERS {
            return Err(stalled(format!(
                "more than {MAX_ANSWERS} pages in one slice"
            )));
        }
        if self.must_split(page) {
            return Ok(PageOutcome::Smaller);
        }
        if self.walker.is_some() && self.cursor.is_none() && page.full && page.next.is_none() {
            let message =
                "a second holds more orders than one page, and the vendor gives no second one";
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        self.refuse_same_page(page)?;
        self.rows += page.orders.len();
        let reached = self.note_scan(page, new_mark) || self.counted_to_its_end(page);
        self.advance(page.next.clone().filter(|_| !reached))
    }

    /// A page of a scan that is not full ends it where as many rows came as the vendor counts.
    fn counted_to_its_end(&self, page: &Page) -> bool {
        let total = self.scan.as_ref().and_then(|scan| scan.total);
        !page.full && total.is_some_and(|total| self.rows as u64 >= total)
    }

    fn must_split(&mut self, page: &Page) -> bool {
        let Some(walker) = self.walker.as_mut().filter(|_| self.cursor.is_none()) else {
            return false;
        };
        let splittable = walker
            .next_window()
            .is_some_and(|window| window.split().is_some());
        page.full && splittable && walker.answered(page.orders.len(), true) == Verdict::Smaller
    }

    /// A vendor that ignores the page parameter answers the same page for ever.
    fn refuse_same_page(&mut self, page: &Page) -> Result<(), Error> {
        let content = content(page);
        if self.cursor.is_some() && content.is_some() && content == self.page {
            return Err(stalled("the vendor answered the same page twice"));
        }
        self.page = content;
        Ok(())
    }

    /// Notes totals and the order of rows; whether the growing end is read.
    fn note_scan(&mut self, page: &Page, new_mark: &mut u64) -> bool {
        let cursor = self.cursor.clone();
        let Some(scan) = &mut self.scan else {
            return false;
        };
        if let Some(now) = page.total {
            // A row vanished, and another may have been stepped over: what was counted proves nothing any more.
            if scan.total.is_some_and(|before| now < before) {
                *new_mark += 1;
                scan.mark = *new_mark;
                scan.shrunk = true;
            }
            scan.total = Some(now);
        }
        scan.page_rows = scan.page_rows.max(page.orders.len());
        if !page.orders.is_empty() {
            (scan.tail, scan.last) = (scan.last.take(), cursor);
        }
        scan.sort_order.note(&mut scan.first, &page.orders);
        let older =
            |order: &Order, until: DateTime<Utc>| order.created_at.is_some_and(|at| at < until);
        scan.until.is_some_and(|until| {
            !page.orders.is_empty() && page.orders.iter().all(|order| older(order, until))
        })
    }

    fn advance(&mut self, next: Option<Cursor>) -> Result<PageOutcome, Error> {
        if let Some(next) = next {
            self.note_cursor(&next)?;
            self.cursor = Some(next);
            return Ok(PageOutcome::Keep);
        }
        (self.cursor, self.landmark, self.steps) = (None, None, 0);
        if let Some(walker) = &mut self.walker {
            let size = walker.size();
            walker.answered(self.rows, false);
            self.rows = 0;
            if walker.next_window().is_some() {
                return Ok(PageOutcome::Keep);
            }
            // The last window may be a short rest, which says nothing about the size that fits.
            *walker = walker.clone().starting_with(size.max(walker.size()));
        }
        self.at_end = true;
        Ok(PageOutcome::Last)
    }

    fn note_cursor(&mut self, next: &Cursor) -> Result<(), Error> {
        let hash = short_hash([next.as_str().as_bytes()]);
        if self.landmark == Some(hash) || self.cursor.as_ref() == Some(next) {
            return Err(stalled("the vendor gave the same cursor twice"));
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.landmark = Some(hash);
        }
        Ok(())
    }

    /// Whether a scan needs the store's count now: at its end, and on each page of a scan that is read again.
    pub(crate) fn wants_count(&self) -> bool {
        self.scan
            .as_ref()
            .is_some_and(|scan| !scan.tail_only && (self.at_end || scan.attempt > 1))
    }

    /// Decides with the store's count whether a scan is over: `true` when it is; else it goes on, or begins again.
    /// `says_totals`: whether the vendor is one that says them. `new_mark` is used where counting starts anew.
    ///
    /// # Errors
    /// `Incomplete` after five readings with rows missing, after two with rows too many, and without a total.
    pub(crate) fn counted(
        &mut self,
        counted: u64,
        says_totals: bool,
        new_mark: &mut u64,
    ) -> Result<bool, Error> {
        let Some(scan) = &mut self.scan else {
            return Ok(self.at_end);
        };
        if !self.at_end && (scan.shrunk || scan.whole || scan.total.is_none()) {
            return Ok(false);
        }
        if scan.total.is_none() && says_totals {
            let message = format!(
                "the vendor said no total, as it does otherwise: nothing proves that the {counted} orders found are all"
            );
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        let total = scan.total.unwrap_or(0);
        let too_many = scan.total.is_some() && counted > total;
        if counted >= total && !scan.shrunk && !too_many {
            if !self.at_end {
                // Ended early: what was noted last is not the tail of the sort_order.
                scan.tail = None;
            }
            self.at_end = true;
            return Ok(true);
        }
        if !self.at_end && !too_many {
            return Ok(false);
        }
        if too_many && !scan.shrunk && scan.whole {
            let message = format!(
                "more rows than the vendor counts: it says there are {total} orders, and {counted} came"
            );
            return Err(Error::new(ErrorKind::Incomplete, message)
                .with_hint("its total cannot be relied upon: nothing proves that these are all"));
        }
        if scan.holes {
            let message = format!(
                "the vendor says there are {total} orders, {counted} were found: the others are on pages that cannot be read"
            );
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        if scan.attempt >= MAX_ATTEMPTS {
            let message = format!(
                "the vendor says there are {total} orders, {counted} were found in {MAX_ATTEMPTS} attempts"
            );
            return Err(Error::new(ErrorKind::Incomplete, message)
                .with_hint("orders moved between pages while they were read: run again"));
        }
        scan.attempt += 1;
        scan.first = None;
        if scan.shrunk || too_many {
            *new_mark += 1;
            (scan.mark, scan.shrunk, scan.whole) = (*new_mark, false, true);
            (self.cursor, self.landmark, self.steps) = (None, None, 0);
        }
        (scan.tail, scan.last) = (None, None);
        self.at_end = false;
        (self.page, self.rows) = (None, 0);
        Ok(false)
    }
}

/// What a page holds, as a hash; `None` where it is empty.
pub(crate) fn content(page: &Page) -> Option<u64> {
    let rows = page.orders.iter();
    let parts = rows.flat_map(|order| [order.id.as_bytes(), &order.raw]);
    (!page.orders.is_empty()).then(|| short_hash(parts))
}

fn stalled(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Stalled, message).with_hint(
        "stopped here so as not to loop; what was read before is complete up to this page",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: &[u64], next: Option<&str>, total: Option<u64>) -> Page {
        let orders = ids
            .iter()
            .map(|id| Order::new("p", "a", id.to_string()))
            .collect();
        Page::new(orders)
            .with_next(next.map(Cursor::new))
            .with_total(total)
    }

    fn position(slice: &Slice) -> SlicePosition {
        SlicePosition::begin(slice, Limits::default(), None, 1)
    }

    #[test]
    fn a_circle_of_cursors_ends_however_long_it_is() {
        for length in [1u64, 2, 3, 7, 100] {
            let mut position = position(&Slice::partition("1"));
            let mut step = 0;
            let error = loop {
                step += 1;
                let next = format!("c{}", step % length);
                match position.take(&page(&[step], Some(&next), None), &mut 1) {
                    Ok(taken) => assert_eq!(taken, PageOutcome::Keep),
                    Err(error) => break error,
                }
                assert!(
                    step < 10 * length + 10,
                    "a circle of {length} goes on for ever"
                );
            };
            assert_eq!(error.kind(), ErrorKind::Stalled);
        }
    }

    #[test]
    fn the_same_page_twice_is_told() {
        let mut position = position(&Slice::pass());
        position
            .take(&page(&[1, 2], Some("2"), Some(9)), &mut 1)
            .unwrap();
        let error = position
            .take(&page(&[1, 2], Some("3"), Some(9)), &mut 1)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Stalled);
    }

    #[test]
    fn a_shrinking_total_counts_anew() {
        let (mut position, mut marks) = (position(&Slice::pass()), 1);
        position
            .take(&page(&[1, 2], Some("2"), Some(4)), &mut marks)
            .unwrap();
        assert_eq!(position.mark(), Some(1));
        position
            .take(&page(&[3], None, Some(3)), &mut marks)
            .unwrap();
        assert_eq!((position.mark(), marks), (Some(2), 2));
        assert!(
            !position.counted(3, true, &mut marks).unwrap(),
            "a reading with two totals proves nothing: the scan is read again"
        );
        assert_eq!((position.mark(), marks), (Some(3), 3));
        position
            .take(&page(&[1, 2], Some("2"), Some(3)), &mut marks)
            .unwrap();
        assert!(
            !position.counted(3, true, &mut marks).unwrap(),
            "and wholly"
        );
        position
            .take(&page(&[3], None, Some(3)), &mut marks)
            .unwrap();
        assert!(position.counted(3, true, &mut marks).unwrap());
    }

    #[test]
    fn a_place_survives_a_restart_and_stays_small() {
        let mut position = position(&Slice::pass());
        for step in 0..5000u64 {
            position
                .take(&page(&[step], Some(&format!("{step}")), Some(9999)), &mut 1)
                .unwrap();
        }
        let text = serde_json::to_string(&position).unwrap();
        assert!(text.len() < 600, "{}", text.len());
        assert_eq!(
            serde_json::from_str::<SlicePosition>(&text).unwrap(),
            position
        );
    }
}
