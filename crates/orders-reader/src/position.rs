//! A position inside one slice: what to request next, and what an answer means.

use chrono::{DateTime, Utc};
use orders_core::{Cursor, Error, ErrorKind, Limits, Slice, Walk};
use serde::{Deserialize, Serialize};

use crate::answer::{Accepted, Answer, Counts, Decision, Proof};
use crate::circle::Circle;
use crate::failure::{incomplete, stalled};
use crate::page_cap::PageCap;
use crate::repeated::RepeatedPages;
use crate::scan::Scan;
use crate::walk::{Verdict, WindowWalker};

/// No slice has more answers than this: a loop that the other guards did not see ends here.
const MAX_ANSWERS: u64 = 1_000_000;

/// The machine that reads one slice to its proven end. Pure: it does no I/O, knows no clock, and keeps no rows.
///
/// It serialises, and stays small however long the slice is. Which rows came is its driver's memory: the driver
/// sends what [`request`](Self::request) names, gives each answer to [`accept`](Self::accept), and keeps or drops its rows
/// accordingly. Then [`decide`](Self::decide) says whether the slice is read.
///
/// - **Windows**: a window whose page comes back full is requested again in halves. At one second its pages are read
///   by the source's cursors. A page that is not full is the last where page two is proven to be empty: see [`PageCap`].
/// - **Pages** (a counted list): read in attempts until as many different rows came as the vendor counts, and none
///   twice in one attempt. A list without a total is read until a further attempt shows nothing that was missed.
/// - **Cursor**: ends where the vendor gives no next cursor.
///
/// A page that came before is requested once more. A cursor that came before is [`Stalled`](orders_core::ErrorKind::Stalled).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    walker: Option<WindowWalker>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cursor: Option<Cursor>,
    circle: Circle,
    answers: u64,
    /// The content of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<u64>,
    /// The page before was empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    empty: bool,
    /// Rows are expected: every empty answer is in doubt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    expecting: bool,
    /// The page before was full.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    full: bool,
    /// The same is requested for the second time, because the page had come before.
    again: bool,
    /// The answer before lacked its list: the same is requested once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lacking: bool,
    /// The rows of the window so far.
    rows: usize,
    /// What is known of the pages of windows.
    #[serde(default)]
    cap: PageCap,
    /// Page two of a page of so many rows is requested, to see whether that was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probing: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scan: Option<Scan>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<End>,
}

/// The form of a saved position; others are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub(crate) struct Version;

impl From<Version> for u8 {
    fn from(_: Version) -> Self {
        1
    }
}

impl TryFrom<u8> for Version {
    type Error = String;

    fn try_from(version: u8) -> Result<Self, String> {
        match version {
            1 => Ok(Self),
            other => Err(format!(
                "the position has form {other}, this version reads form 1: begin anew"
            )),
        }
    }
}

/// How the last page ended the slice, or the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Read,
    /// The next cursor was met before.
    Circle,
    /// A full second without a further page.
    Cut,
}

impl Position {
    /// The beginning of a slice. `size` is the window length that worked before, in seconds.
    #[must_use]
    pub fn begin(slice: &Slice, limits: Limits, size: Option<i64>, now: DateTime<Utc>) -> Self {
        let walker = match (slice.walk, slice.window) {
            (Walk::Windows, Some(window)) => Some(WindowWalker::new(window, limits)),
            _ => None,
        };
        Self {
            version: Version,
            walker: match (walker, size) {
                (Some(walker), Some(size)) => Some(walker.starting_with(size)),
                (walker, _) => walker,
            },
            cursor: None,
            circle: Circle::default(),
            answers: 0,
            page: None,
            empty: false,
            expecting: false,
            full: false,
            again: false,
            lacking: false,
            rows: 0,
            cap: PageCap::default(),
            probing: None,
            scan: (slice.walk == Walk::Pages).then(|| Scan::begin(now)),
            ended: None,
        }
    }

    /// With what is known of the pages of the vendor's windows.
    #[must_use]
    pub fn with_page_cap(mut self, cap: PageCap) -> Self {
        self.cap = cap;
        self
    }

    /// What is known of the pages of the vendor's windows: what to begin the next slice with.
    #[must_use]
    pub fn page_cap(&self) -> PageCap {
        self.cap
    }

    /// Windows or a list by cursor where rows are expected: each empty answer is requested once more.
    #[must_use]
    pub fn expecting_rows(mut self) -> Self {
        self.expecting = true;
        self
    }

    /// The end of a counted list only: from `cursor` on, behind `sent` rows. It proves nothing about the whole list.
    #[must_use]
    pub fn tail(cursor: Option<Cursor>, sent: u64, now: DateTime<Utc>) -> Self {
        let mut position = Self::begin(&Slice::pass(), Limits::default(), None, now);
        if let Some(scan) = &mut position.scan {
            (scan.tail, scan.sent) = (true, sent);
        }
        position.cursor = cursor;
        position
    }

    /// What to request now: the slice (a piece of the whole, where windows are walked) and the cursor inside it. `None`
    /// at the end.
    #[must_use]
    pub fn request(&self, slice: &Slice) -> Option<(Slice, Option<Cursor>)> {
        if self.ended.is_some() {
            return None;
        }
        let slice = match &self.walker {
            Some(walker) => slice.over(walker.next_window()?),
            None => slice.clone(),
        };
        Some((slice, self.cursor.clone()))
    }

    /// Moves on behind an answer. `pages` are the pages that came last.
    ///
    /// A page whose content came before is requested once more. Where the same comes again: behind a cursor the reading
    /// ends; a window is requested in halves; a window of one second, or the first page of a slice, is kept, for two
    /// neighbours may share their only row. Inside a crowded second, whose pages are read forwards and backwards, only
    /// the page just before is compared. Behind a page that may be the last of its window the same again is its end.
    ///
    /// An answer with rows of which none lies in the window that was requested is requested once more, too.
    ///
    /// # Errors
    /// `Stalled` where the vendor repeats pages or gives too many. The position is then as it was before.
    pub fn accept(
        &mut self,
        answer: &Answer,
        pages: &mut RepeatedPages,
    ) -> Result<Accepted, Error> {
        if self.answers >= MAX_ANSWERS {
            let message = format!("more than {MAX_ANSWERS} pages in one slice");
            return Err(stalled(message));
        }
        self.lacking = false;
        if self.walker.is_some() {
            self.cap.note(answer.sent);
        }
        let full = self.is_full(answer);
        if full && self.cursor.is_none() && self.halve() {
            self.answers += 1;
            return Ok(Accepted::Smaller);
        }
        let repeats = self.repeats(answer, pages);
        if (repeats || answer.outside) && !self.again {
            self.answers += 1;
            self.again = true;
            return Ok(Accepted::AskAgain);
        }
        if repeats {
            if self.cursor.is_some() && self.probing.is_none() {
                return Err(stalled("the vendor answered the same page twice"));
            }
            if self.cursor.is_none() && self.halve() {
                self.answers += 1;
                return Ok(Accepted::Smaller);
            }
        }
        self.answers += 1;
        self.again = false;
        if let Some(first) = self.probing.filter(|_| answer.sent > 0 && !repeats) {
            self.cap.found(first);
            if self.halve() {
                return Ok(Accepted::Smaller);
            }
            self.probing = None;
        }
        if let Some(content) = answer.content {
            pages.note(self.tagged(content));
        }
        (self.page, self.empty, self.full) = (answer.content, answer.sent == 0, full);
        Ok(self.advance(answer))
    }

    /// A failure that may say something of the slice. Whatever says nothing is given back.
    ///
    /// - A window whose answer reports success and lacks its list is in doubt like an empty page: the same is requested
    ///   once more. Where the list is missing again the answer is [`Keep`](Accepted::Keep), and the driver gives
    ///   [`accept`](Self::accept) a page without rows: the window is empty, and unconfirmed. Else a vendor that leaves the
    ///   list of an empty window out could never be read to its end.
    /// - A counted list without its list is at its end behind as many rows as the vendor counts, there or before.
    /// - Behind a page that may be the last of its window a refusal says that there is no page two. It is
    ///   [`Keep`](Accepted::Keep), too.
    ///
    /// # Errors
    /// `error` itself, anywhere else.
    pub fn accept_failure(&mut self, error: Error) -> Result<Accepted, Error> {
        let missing = error.is_missing_list();
        if self.probing.is_some() && !missing {
            let refused = matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::InvalidRequest
            );
            let refused = refused && !error.is_retryable();
            return refused.then_some(Accepted::Keep).ok_or(error);
        }
        if missing && self.walker.is_some() {
            if self.lacking {
                // It was requested twice: a page without rows is not in doubt any more.
                self.again = true;
                return Ok(Accepted::Keep);
            }
            self.answers += 1;
            self.lacking = true;
            return Ok(Accepted::AskAgain);
        }
        let scan = self
            .scan
            .as_mut()
            .filter(|_| missing && self.cursor.is_some());
        if !scan.is_some_and(|scan| scan.ends_without_list(error.total())) {
            return Err(error);
        }
        self.answers += 1;
        self.again = false;
        Ok(self.end(End::Read))
    }

    /// Whether [`decide`](Self::decide) needs to know now how many different rows came.
    #[must_use]
    pub fn wants_counts(&self) -> bool {
        let at_end = self.ended.is_some();
        self.scan
            .as_ref()
            .is_some_and(|scan| scan.wants_counts(at_end))
    }

    /// Decides after each answer that was kept whether the slice is read. `counts` matter where
    /// [`wants_counts`](Self::wants_counts).
    ///
    /// # Errors
    /// `Incomplete` where rows are missing or nothing proves the end; `Stalled` where cursors go in a circle. The
    /// position is then at its end.
    pub fn decide(&mut self, counts: Counts, now: DateTime<Utc>) -> Result<Decision, Error> {
        match self.ended {
            Some(End::Circle) => return Err(stalled("the vendor gave the same cursor twice")),
            Some(End::Cut) => {
                let message = "a window of one second holds more orders than one page, and the vendor gives no second one";
                return Err(incomplete(message));
            }
            Some(End::Read) | None => {}
        }
        let at_end = self.ended.is_some();
        let decision = match &mut self.scan {
            Some(scan) => scan.decide(at_end, counts, now)?,
            None if at_end => Decision::Complete(Proof::Walked),
            None => Decision::Continue,
        };
        match decision {
            Decision::Continue => {}
            Decision::Attempt { .. } => {
                (self.cursor, self.circle) = (None, Circle::default());
                (self.page, self.empty) = (None, false);
                self.ended = None;
            }
            Decision::Complete(_) => self.ended = Some(End::Read),
        }
        Ok(decision)
    }

    /// Requests half the window instead, so that what cannot be read shrinks to a second; `false` where nothing can be
    /// halved.
    pub fn halve(&mut self) -> bool {
        let first = self.cursor.is_none() || self.probing.is_some();
        let Some(walker) = self.walker.as_mut().filter(|_| first) else {
            return false;
        };
        let halved = walker.next_window().is_some_and(|w| w.split().is_some());
        let halved = halved && walker.answered(0, true) == Verdict::Smaller;
        if halved {
            (self.cursor, self.circle) = (None, Circle::default());
            (self.again, self.probing, self.rows) = (false, None, 0);
        }
        halved
    }

    /// Steps over the window that cannot be read; `false` where nothing is left behind it.
    pub fn skip_window(&mut self) -> bool {
        let Some(walker) = &mut self.walker else {
            return false;
        };
        // The walk moves behind the window as after an empty answer, and keeps its size.
        let size = walker.size();
        walker.answered(0, false);
        *walker = walker.clone().starting_with(size);
        (self.cursor, self.circle) = (None, Circle::default());
        (self.page, self.again, self.rows) = (None, false, 0);
        (self.empty, self.probing) = (false, None);
        let more = walker.next_window().is_some();
        if more {
            self.ended = None;
        }
        more
    }

    /// Steps over a page of a counted list that cannot be read, to the page at `next`; `false` where nothing is behind
    /// it. The list then ends as incomplete.
    pub fn step_over(&mut self, next: Cursor) -> bool {
        let first = self.cursor.is_none();
        let Some(scan) = &mut self.scan else {
            return false;
        };
        // Without a total nothing would say that the end is reached: the page behind the first is the last tried.
        let sent = scan.sent.saturating_add(scan.largest.max(1));
        let more = scan.total.map_or(first, |total| sent < total);
        if !more || self.cursor.as_ref() == Some(&next) {
            return false;
        }
        (scan.holes, scan.sent) = (true, sent);
        (self.cursor, self.page, self.again) = (Some(next), None, false);
        true
    }

    /// The piece of the slice that is read now, or was read last: the window, where windows are walked.
    #[must_use]
    pub fn piece(&self, slice: &Slice) -> Slice {
        let window = self.walker.as_ref().and_then(WindowWalker::next_window);
        window.map_or_else(|| slice.clone(), |window| slice.over(window))
    }

    /// Whether the last page of the slice, or of this attempt, was accepted, and the decision is still open.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.ended.is_some()
    }

    /// The cursor of the page that is requested now; `None`: the first.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// The number of the attempt at a counted list, from 1. Rows are remembered by the attempt that showed them last.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.scan.as_ref().map_or(1, |scan| scan.attempt)
    }

    /// The attempt with which counting began: rows that an attempt before it showed last do not count.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.scan.as_ref().map_or(1, |scan| scan.generation)
    }

    /// When the attempt before this one began: see [`Counts::late`]. `None` in the first attempt.
    #[must_use]
    pub fn cutoff(&self) -> Option<DateTime<Utc>> {
        self.scan.as_ref()?.before
    }

    /// How many orders the vendor says there are in a counted list, by its last answer that said so.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.scan.as_ref()?.total
    }

    /// How many rows the vendor sent in this attempt at a counted list, before the page that is requested now.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.scan.as_ref().map_or(0, |scan| scan.sent)
    }

    /// The most rows on one page of this attempt at a counted list.
    #[must_use]
    pub fn page_rows(&self) -> u64 {
        self.scan.as_ref().map_or(0, |scan| scan.largest)
    }

    /// The window length that worked, in seconds: what to begin the next slice with.
    #[must_use]
    pub fn window_size(&self) -> Option<i64> {
        self.walker.as_ref().map(WindowWalker::size)
    }

    /// How many seconds of windows are still to be read.
    #[must_use]
    pub fn seconds_left(&self) -> i64 {
        let rest = self.walker.as_ref().and_then(WindowWalker::rest);
        rest.map_or(0, |rest| rest.length().num_seconds())
    }

    /// How many pages of this attempt at a counted list are left, by the vendor's total.
    #[must_use]
    pub fn pages_left(&self) -> Option<u64> {
        let scan = self.scan.as_ref().filter(|scan| !scan.tail)?;
        let rows = scan.total?.saturating_sub(scan.sent);
        Some(match self.ended {
            Some(_) => 0,
            None => rows.div_ceil(scan.largest.max(1)),
        })
    }

    /// Whether the page came before. An empty page has no content to compare. Where nothing else would show that rows
    /// are missing it is in doubt behind the cursor of a full page, among windows behind another empty one, and wherever
    /// rows are expected.
    fn repeats(&self, answer: &Answer, pages: &RepeatedPages) -> bool {
        let Some(content) = answer.content else {
            let behind_full = self.full && self.cursor.is_some() && self.scan.is_none();
            let behind_empty = self.empty && self.walker.is_some();
            let expected = self.expecting && self.scan.is_none() && self.probing.is_none();
            let doubtful = behind_full || behind_empty || expected;
            return doubtful && answer.sent == 0 && !self.again;
        };
        let both_ways = self.walker.is_some() && self.cursor.is_some();
        self.page == Some(content) || !both_ways && pages.contains(self.tagged(content))
    }

    /// A further attempt at a list shows the same pages, rightly: they are remembered apart.
    fn tagged(&self, content: u64) -> u64 {
        content ^ u64::from(self.attempt() - 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn is_full(&self, answer: &Answer) -> bool {
        match self.walker {
            Some(_) => self.cap.is_full(answer),
            None => answer.full,
        }
    }

    /// Whether a page of a window is its last; where it only may be, page two is requested.
    fn ends_window(&mut self, answer: &Answer) -> bool {
        match (&self.cursor, self.probing) {
            (None, _) if self.is_full(answer) => false,
            (None, _) if self.cap.doubts(answer.sent) => {
                self.probing = answer.next.is_some().then_some(answer.sent);
                false
            }
            (None, _) => true,
            (Some(_), Some(first)) => {
                self.cap.proved(first);
                self.probing = None;
                true
            }
            (Some(_), None) => false,
        }
    }

    fn advance(&mut self, answer: &Answer) -> Accepted {
        self.rows += answer.sent;
        let over = match &mut self.scan {
            Some(scan) => scan.note(answer),
            None => self.walker.is_some() && self.ends_window(answer),
        };
        if let Some(next) = answer.next.clone().filter(|_| !over) {
            if self.circle.closes(self.cursor.as_ref(), &next) {
                return self.end(End::Circle);
            }
            self.cursor = Some(next);
            return Accepted::Keep;
        }
        if self.walker.is_some() && self.cursor.is_none() && self.is_full(answer) {
            return self.end(End::Cut);
        }
        (self.cursor, self.circle) = (None, Circle::default());
        if let Some(walker) = &mut self.walker {
            let size = walker.size();
            let page_rows = self.cap.rows().unwrap_or(walker.page_rows());
            walker.answered_on(self.rows, false, page_rows);
            self.rows = 0;
            if walker.next_window().is_some() {
                return Accepted::Keep;
            }
            // The last window may be a short rest, which says nothing about the size that fits.
            *walker = walker.clone().starting_with(size.max(walker.size()));
        }
        self.end(End::Read)
    }

    fn end(&mut self, end: End) -> Accepted {
        self.ended = Some(end);
        Accepted::Last
    }
}
