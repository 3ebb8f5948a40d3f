//! A place inside one slice: what to ask next, and what an answer means. Pure and serialisable, bounded in size
//! however long the slice is: which rows were seen is the store's knowledge, not this one's.

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Cursor, Error, ErrorKind, Limits, Order, Page, Slice, Walk};
use orders_reader::{Verdict, WindowWalker};
use serde::{Deserialize, Serialize};

pub(crate) use crate::listing::Listing;
use crate::record::short_hash;

/// No slice has more answers than this: a loop that the other guards did not see ends here.
const MAX_ANSWERS: u64 = 1_000_000;
/// How often a pass is begun before it counts as incomplete.
const MAX_PASSES: u32 = 5;

/// What an answer was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The rows come again in smaller windows.
    Smaller,
    /// The rows are to be stored, and the slice goes on.
    Keep,
    /// The rows are to be stored; then the slice is at an end, if the store has seen what it should.
    Last,
}

/// What a pass over everything (or over a partition) remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Pass {
    /// The mark that the store puts on each row seen; new whenever counting starts anew.
    pub(crate) mark: u64,
    /// Which reading of the pass this is, from 1.
    pub(crate) reading: u32,
    /// How many orders the vendor last said there are.
    pub(crate) total: Option<u64>,
    /// In which order the rows come.
    pub(crate) listing: Listing,
    /// The creation time of the first row of the page before.
    pub(crate) first: Option<DateTime<FixedOffset>>,
    /// The most rows on one page.
    pub(crate) page_rows: usize,
    /// Where the page before the last one begins, and the last: the growing end of an oldest-first listing.
    pub(crate) tail: Option<Cursor>,
    last: Option<Cursor>,
    /// Only the growing end is read: down to orders created before this.
    pub(crate) until: Option<DateTime<Utc>>,
    /// Only the growing end is read.
    pub(crate) growing: bool,
    /// Pages were stepped over that cannot be read.
    pub(crate) holes: bool,
    /// The total shrank in this reading, which therefore proves nothing.
    shrunk: bool,
    /// Only a whole reading is believed: the total shrank in an earlier one, or more rows came than it says.
    whole: bool,
}

/// A place inside one slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
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
    /// Rows so far of the window, or of this reading of a pass.
    rows: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pass: Option<Pass>,
    /// The last page is stored; whether that was all is not decided yet.
    pub(crate) at_end: bool,
}

impl Place {
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
        let pass = (slice.walk == Walk::Pages).then(|| Pass {
            mark,
            reading: 1,
            ..Pass::default()
        });
        Self {
            walker,
            cursor: None,
            landmark: None,
            steps: 0,
            answers: 0,
            page: None,
            rows: 0,
            pass,
            at_end: false,
        }
    }

    /// The beginning of the growing end of a pass: from `tail`, or from the first page down to orders created
    /// before `until`.
    pub(crate) fn growing(tail: Option<Cursor>, until: Option<DateTime<Utc>>, mark: u64) -> Self {
        let mut place = Self::begin(&Slice::pass(), Limits::default(), None, mark);
        if let Some(pass) = &mut place.pass {
            pass.growing = true;
            pass.until = until;
        }
        place.cursor = tail;
        place
    }

    /// The slice to ask for now (a piece of the whole, where windows are walked) and the cursor inside it.
    pub(crate) fn ask(&self, slice: &Slice) -> Option<(Slice, Option<Cursor>)> {
        let slice = match &self.walker {
            Some(walker) => slice.over(walker.next_window()?),
            None => slice.clone(),
        };
        Some((slice, self.cursor.clone()))
    }

    /// Whether a page here, met before in this job, may be none of this place's: nothing else would show that. The end
    /// of a pass is proven by its total, a full window is asked again in halves, and a crowded second is paged twice.
    pub(crate) fn doubts_repeats(&self, page: &Page) -> bool {
        self.pass.is_none() && (self.walker.is_none() || !page.full && self.cursor.is_none())
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

    /// How many pages of this reading of a pass are left, by the vendor's total.
    pub(crate) fn pages_left(&self) -> Option<u64> {
        let pass = self.pass.as_ref().filter(|pass| !pass.growing)?;
        let rows = pass.total?.saturating_sub(self.rows as u64);
        let pages = rows.div_ceil(pass.page_rows.max(1) as u64);
        Some(if self.at_end { 0 } else { pages })
    }

    /// The mark for the rows of this place.
    pub(crate) fn mark(&self) -> Option<u64> {
        self.pass.as_ref().map(|pass| pass.mark)
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

    /// Steps over a page of a pass that cannot be read; `false` where there is nothing behind it.
    pub(crate) fn step_over(&mut self, next: Cursor) -> bool {
        let Some(pass) = self.pass.as_mut() else {
            return false;
        };
        // Without a total nothing would say that the end is reached: it stands on the second page, if not on the first.
        let rows = self.rows.saturating_add(pass.page_rows.max(1));
        let more = match pass.total {
            Some(total) => (rows as u64) < total,
            None => self.cursor.is_none(),
        };
        if !more || self.cursor.as_ref() == Some(&next) {
            return false;
        }
        pass.holes = true;
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
    /// `Stalled` where the vendor goes in circles; the place is then not to be used.
    pub(crate) fn take(&mut self, page: &Page, new_mark: &mut u64) -> Result<Taken, Error> {
        self.answers += 1;
        if self.answers > MAX_ANSWERS {
            return Err(stalled(format!(
                "more than {MAX_ANSWERS} pages in one slice"
            )));
        }
        if self.must_split(page) {
            return Ok(Taken::Smaller);
        }
        if self.walker.is_some() && self.cursor.is_none() && page.full && page.next.is_none() {
            let message =
                "a second holds more orders than one page, and the vendor gives no second one";
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        self.refuse_same_page(page)?;
        self.rows += page.orders.len();
        let reached = self.note_pass(page, new_mark) || self.counted_to_its_end(page);
        self.advance(page.next.clone().filter(|_| !reached))
    }

    /// A page of a pass that is not full ends it where as many rows came as the vendor counts.
    fn counted_to_its_end(&self, page: &Page) -> bool {
        let total = self.pass.as_ref().and_then(|pass| pass.total);
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
    fn note_pass(&mut self, page: &Page, new_mark: &mut u64) -> bool {
        let cursor = self.cursor.clone();
        let Some(pass) = &mut self.pass else {
            return false;
        };
        if let Some(now) = page.total {
            // A row vanished, and another may have been stepped over: what was counted proves nothing any more.
            if pass.total.is_some_and(|before| now < before) {
                *new_mark += 1;
                pass.mark = *new_mark;
                pass.shrunk = true;
            }
            pass.total = Some(now);
        }
        pass.page_rows = pass.page_rows.max(page.orders.len());
        if !page.orders.is_empty() {
            (pass.tail, pass.last) = (pass.last.take(), cursor);
        }
        pass.note_listing(&page.orders);
        let older =
            |order: &Order, until: DateTime<Utc>| order.created_at.is_some_and(|at| at < until);
        pass.until.is_some_and(|until| {
            !page.orders.is_empty() && page.orders.iter().all(|order| older(order, until))
        })
    }

    fn advance(&mut self, next: Option<Cursor>) -> Result<Taken, Error> {
        if let Some(next) = next {
            self.note_cursor(&next)?;
            self.cursor = Some(next);
            return Ok(Taken::Keep);
        }
        (self.cursor, self.landmark, self.steps) = (None, None, 0);
        if let Some(walker) = &mut self.walker {
            let size = walker.size();
            walker.answered(self.rows, false);
            self.rows = 0;
            if walker.next_window().is_some() {
                return Ok(Taken::Keep);
            }
            // The last window may be a short rest, which says nothing about the size that fits.
            *walker = walker.clone().starting_with(size.max(walker.size()));
        }
        self.at_end = true;
        Ok(Taken::Last)
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

    /// Whether a pass needs the store's count now: at its end, and on each page of a pass that is read again.
    pub(crate) fn wants_count(&self) -> bool {
        self.pass
            .as_ref()
            .is_some_and(|pass| !pass.growing && (self.at_end || pass.reading > 1))
    }

    /// Decides with the store's count whether a pass is over: `true` when it is; else it goes on, or begins again.
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
        let Some(pass) = &mut self.pass else {
            return Ok(self.at_end);
        };
        if !self.at_end && (pass.shrunk || pass.whole || pass.total.is_none()) {
            return Ok(false);
        }
        if pass.total.is_none() && says_totals {
            let message = format!(
                "the vendor said no total, as it does otherwise: nothing proves that the {counted} orders found are all"
            );
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        let total = pass.total.unwrap_or(0);
        let too_many = pass.total.is_some() && counted > total;
        if counted >= total && !pass.shrunk && !too_many {
            if !self.at_end {
                // Ended early: what was noted last is not the tail of the listing.
                pass.tail = None;
            }
            self.at_end = true;
            return Ok(true);
        }
        if !self.at_end && !too_many {
            return Ok(false);
        }
        if too_many && !pass.shrunk && pass.whole {
            let message = format!(
                "more rows than the vendor counts: it says there are {total} orders, and {counted} came"
            );
            return Err(Error::new(ErrorKind::Incomplete, message)
                .with_hint("its total cannot be relied upon: nothing proves that these are all"));
        }
        if pass.holes {
            let message = format!(
                "the vendor says there are {total} orders, {counted} were found: the others are on pages that cannot be read"
            );
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        if pass.reading >= MAX_PASSES {
            let message = format!(
                "the vendor says there are {total} orders, {counted} were found in {MAX_PASSES} passes"
            );
            return Err(Error::new(ErrorKind::Incomplete, message)
                .with_hint("orders moved between pages while they were read: run again"));
        }
        pass.reading += 1;
        pass.first = None;
        if pass.shrunk || too_many {
            *new_mark += 1;
            (pass.mark, pass.shrunk, pass.whole) = (*new_mark, false, true);
            (self.cursor, self.landmark, self.steps) = (None, None, 0);
        }
        (pass.tail, pass.last) = (None, None);
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

    fn place(slice: &Slice) -> Place {
        Place::begin(slice, Limits::default(), None, 1)
    }

    #[test]
    fn a_circle_of_cursors_ends_however_long_it_is() {
        for length in [1u64, 2, 3, 7, 100] {
            let mut place = place(&Slice::partition("1"));
            let mut step = 0;
            let error = loop {
                step += 1;
                let next = format!("c{}", step % length);
                match place.take(&page(&[step], Some(&next), None), &mut 1) {
                    Ok(taken) => assert_eq!(taken, Taken::Keep),
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
        let mut place = place(&Slice::pass());
        place
            .take(&page(&[1, 2], Some("2"), Some(9)), &mut 1)
            .unwrap();
        let error = place
            .take(&page(&[1, 2], Some("3"), Some(9)), &mut 1)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Stalled);
    }

    #[test]
    fn a_shrinking_total_counts_anew() {
        let (mut place, mut marks) = (place(&Slice::pass()), 1);
        place
            .take(&page(&[1, 2], Some("2"), Some(4)), &mut marks)
            .unwrap();
        assert_eq!(place.mark(), Some(1));
        place.take(&page(&[3], None, Some(3)), &mut marks).unwrap();
        assert_eq!((place.mark(), marks), (Some(2), 2));
        assert!(
            !place.counted(3, true, &mut marks).unwrap(),
            "a reading with two totals proves nothing: the pass is read again"
        );
        assert_eq!((place.mark(), marks), (Some(3), 3));
        place
            .take(&page(&[1, 2], Some("2"), Some(3)), &mut marks)
            .unwrap();
        assert!(!place.counted(3, true, &mut marks).unwrap(), "and wholly");
        place.take(&page(&[3], None, Some(3)), &mut marks).unwrap();
        assert!(place.counted(3, true, &mut marks).unwrap());
    }

    #[test]
    fn a_place_survives_a_restart_and_stays_small() {
        let mut place = place(&Slice::pass());
        for step in 0..5000u64 {
            place
                .take(&page(&[step], Some(&format!("{step}")), Some(9999)), &mut 1)
                .unwrap();
        }
        let text = serde_json::to_string(&place).unwrap();
        assert!(text.len() < 600, "{}", text.len());
        assert_eq!(serde_json::from_str::<Place>(&text).unwrap(), place);
    }
}
