//! The driver's bookkeeping: which page a stream needs next, and which of its rows it gives.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use orders_core::{Cursor, Error, ErrorKind, Page, Slice, Slices, TimeAxis, Unreadable, Walk};
use serde::{Deserialize, Serialize};

use crate::answer::{Accepted, Answer, Decision, Proof};
use crate::circle::Circle;
use crate::failure::stalled;
use crate::key::{RowKey, page_content, short_hash};
use crate::page_cap::PageCap;
use crate::position::{Position, Version};
use crate::repeated::RepeatedPages;
use crate::seen::SeenRows;
use crate::source::PageSource;
use crate::times::outside;

/// A place in a stream from which another process can resume: nothing is lost, and rows that were given are not given
/// again. Opaque; made by [`RowStream::position`](crate::RowStream::position).
///
/// It is small, but for a counted list: there it carries two numbers for each row seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamPosition {
    version: Version,
    /// The hash of what is requested; `None` in positions that earlier versions saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<u64>,
    /// Where the next slices of a query are; `None`: all are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more: Option<More>,
    /// The slices that are not begun.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    waiting: VecDeque<Slice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current: Option<Current>,
    pages: RepeatedPages,
    /// The window length that worked, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
    /// What is known of the pages of windows.
    #[serde(default)]
    cap: PageCap,
    /// How many windows are taken as empty, their list missing twice.
    #[serde(default)]
    unconfirmed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<Proof>,
    seen: SeenRows,
    /// The rows that were given of the page which is requested next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    given: Vec<(u64, u64)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Cursor>,
    circle: Circle,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Current {
    slice: Slice,
    position: Position,
}

impl StreamPosition {
    /// The beginning of one slice.
    pub(crate) fn slice(slice: Slice) -> Self {
        Self {
            version: Version,
            request: None,
            more: None,
            waiting: [slice].into(),
            current: None,
            pages: RepeatedPages::default(),
            size: None,
            cap: PageCap::default(),
            unconfirmed: 0,
            proof: None,
            seen: SeenRows::default(),
            given: Vec::new(),
        }
    }

    /// The beginning of a request, and the hash of what is requested: this text, and the slices.
    pub(crate) fn of_request(mut self, request: &str) -> (Self, u64) {
        let hash = short_hash(format!("{request} {:?}", self.waiting).as_bytes());
        self.request = Some(hash);
        (self, hash)
    }

    /// The beginning of a query.
    pub(crate) fn query() -> Self {
        Self {
            more: Some(More::default()),
            waiting: VecDeque::new(),
            ..Self::slice(Slice::pass())
        }
    }
}

/// A row that came, or a record that could not be read.
pub(crate) type Row<T> = Result<T, Unreadable>;

/// What a stream does next.
pub(crate) enum Next<T> {
    Give(Row<T>),
    Slices(Option<Cursor>),
    Page(Slice, Option<Cursor>),
    End,
}

/// A page whose rows are being given. Until all are, the saved position is the one before it.
struct Pending<T> {
    rows: VecDeque<(RowKey, Row<T>)>,
    /// All its rows, and when they were created.
    keys: Vec<(RowKey, Option<DateTime<Utc>>)>,
    accepted: Accepted,
    position: Position,
    pages: RepeatedPages,
}

/// The state of a stream.
pub(crate) struct Reading<T> {
    at: StreamPosition,
    pending: Option<Pending<T>>,
    pages: u64,
    /// How often in a row the vendor did not move on.
    stalls: u32,
}

/// So often a page is requested again where the vendor does not move on. A cache, or a server behind the others, may have
/// given it.
const STALLS: u32 = 2;

impl<T> Reading<T> {
    pub(crate) fn new(at: StreamPosition) -> Self {
        Self {
            at,
            pending: None,
            pages: 0,
            stalls: 0,
        }
    }

    pub(crate) fn position(&self) -> StreamPosition {
        self.at.clone()
    }

    /// Whether the request with this hash gave the position. Positions of earlier versions do not say it.
    pub(crate) fn is_of(&self, requested: u64) -> bool {
        self.at.request.is_none_or(|request| request == requested)
    }

    pub(crate) fn proof(&self) -> Option<Proof> {
        self.at.proof
    }

    pub(crate) fn pages(&self) -> u64 {
        self.pages
    }

    pub(crate) fn unconfirmed(&self) -> u64 {
        self.at.unconfirmed
    }

    pub(crate) fn total(&self) -> Option<u64> {
        let position = match &self.pending {
            Some(pending) => &pending.position,
            None => &self.at.current.as_ref()?.position,
        };
        position.total()
    }

    /// The next row, or what is to be requested for it.
    pub(crate) fn next(&mut self, source: &dyn PageSource<T>) -> Result<Next<T>, Error> {
        loop {
            if let Some(row) = self.next_row() {
                return Ok(Next::Give(row));
            }
            if let Some(pending) = self.pending.take() {
                self.commit(pending, source)?;
            }
            if let Some(Current { slice, position }) = &self.at.current {
                if let Some((slice, cursor)) = position.request(slice) {
                    return Ok(Next::Page(slice, cursor));
                }
                // Saved between its last page and the decision.
                self.decide(source)?;
                continue;
            }
            let Some(slice) = self.at.waiting.pop_front() else {
                return Ok(match &self.at.more {
                    Some(more) => Next::Slices(more.after.clone()),
                    None => Next::End,
                });
            };
            self.begin(slice, source);
        }
    }

    fn begin(&mut self, slice: Slice, source: &dyn PageSource<T>) {
        if slice.walk == Walk::Pages {
            self.at.seen.begin_list();
        }
        let (limits, now) = (source.window_limits(), source.now());
        let position =
            Position::begin(&slice, limits, self.at.size, now).with_page_cap(self.at.cap);
        self.at.current = Some(Current { slice, position });
    }

    /// The slices that were requested.
    pub(crate) fn listed(&mut self, slices: Slices) -> Result<(), Error> {
        self.at.waiting.extend(slices.slices);
        let Some(mut more) = self.at.more.take() else {
            return Ok(());
        };
        if let Some(next) = slices.next {
            if more.circle.closes(more.after.as_ref(), &next) {
                return Err(stalled("the list of slices goes in a circle"));
            }
            more.after = Some(next);
            self.at.more = Some(more);
        }
        Ok(())
    }

    /// The page that was requested.
    pub(crate) fn page(&mut self, page: Page<T>, source: &dyn PageSource<T>) -> Result<(), Error> {
        let Some(current) = &self.at.current else {
            return Ok(());
        };
        let mut keys = Vec::with_capacity(page.orders.len() + page.unreadable.len());
        keys.extend(
            page.orders
                .iter()
                .map(|row| (source.key(row), source.created(row))),
        );
        keys.extend(page.unreadable.iter().map(|record| {
            let time = record.time.map(|time| time.to_utc());
            (RowKey::of_unreadable(record), time)
        }));
        tell_alike_apart(&mut keys);
        let content: Vec<RowKey> = keys.iter().map(|(key, _)| *key).collect();
        let mut answer = Answer::of(&page, page_content(&content));
        answer.outside = is_outside(&page, current, source);
        let (mut position, mut pages) = (current.position.clone(), self.at.pages.clone());
        let accepted = match position.accept(&answer, &mut pages) {
            Ok(accepted) => accepted,
            Err(error) => return self.stalled(error),
        };
        if matches!(accepted, Accepted::AskAgain | Accepted::Smaller) {
            self.set_position(position);
            return Ok(());
        }
        self.pages += 1;
        let rows = page.orders.into_iter().map(Ok);
        let rows = rows.chain(page.unreadable.into_iter().map(Err));
        self.pending = Some(Pending {
            rows: content.into_iter().zip(rows).collect(),
            keys,
            accepted,
            position,
            pages,
        });
        Ok(())
    }

    /// What the failure of the page that was requested means.
    ///
    /// # Errors
    /// The failure itself, where it means nothing.
    pub(crate) fn failed(&mut self, error: Error) -> Result<Accepted, Error> {
        let missing = error.is_missing_list();
        let Some(current) = &mut self.at.current else {
            return Err(error);
        };
        let accepted = current.position.accept_failure(error)?;
        self.at.unconfirmed += u64::from(missing && accepted == Accepted::Keep);
        Ok(accepted)
    }

    /// Moves on behind a failure that means something.
    pub(crate) fn behind_failure(
        &mut self,
        accepted: Accepted,
        source: &dyn PageSource<T>,
    ) -> Result<(), Error> {
        match (accepted, &self.at.current) {
            (Accepted::AskAgain | Accepted::Smaller, _) | (_, None) => Ok(()),
            (Accepted::Keep, Some(current)) => {
                let next = source.behind(&current.slice, current.position.cursor());
                self.page(Page::new(Vec::new()).with_next(next), source)
            }
            (Accepted::Last, _) => {
                self.at.given.clear();
                self.decide(source)
            }
        }
    }

    /// The next row of the page that was not given before.
    fn next_row(&mut self) -> Option<Row<T>> {
        let pending = self.pending.as_mut()?;
        while let Some((key, row)) = pending.rows.pop_front() {
            let given = (key.id, key.content);
            if !self.at.seen.contains(key) && !self.at.given.contains(&given) {
                self.at.given.push(given);
                return Some(row);
            }
        }
        None
    }

    /// All rows of the page were given: the position moves behind it.
    fn commit(&mut self, pending: Pending<T>, source: &dyn PageSource<T>) -> Result<(), Error> {
        let Some(current) = &self.at.current else {
            return Ok(());
        };
        let walk = current.slice.walk;
        let window = current.position.request(&current.slice);
        let before = (current.position.clone(), self.at.pages.clone());
        for (key, created) in pending.keys {
            self.at.seen.note(&pending.position, key, created);
        }
        for (id, content) in std::mem::take(&mut self.at.given) {
            let key = RowKey { id, content };
            self.at.seen.note_given(key, walk == Walk::Pages);
        }
        self.at.pages = pending.pages;
        let ends = pending.accepted == Accepted::Last || pending.position.cursor().is_none();
        self.set_position(pending.position);
        let step = match walk {
            Walk::Pages => false,
            Walk::Windows => window.is_some() && ends,
            _ => true,
        };
        if step {
            self.at.seen.next_step();
        }
        match self.decide(source) {
            Ok(()) => self.stalls = 0,
            Err(error) => {
                self.stalled(error)?;
                // Its rows are known, and come once.
                self.set_position(before.0);
                self.at.pages = before.1;
            }
        }
        Ok(())
    }

    /// The vendor did not move on: the same page is requested again, a few times.
    fn stalled(&mut self, error: Error) -> Result<(), Error> {
        if error.kind() != ErrorKind::Stalled || self.stalls >= STALLS {
            return Err(error);
        }
        self.stalls += 1;
        Ok(())
    }

    fn decide(&mut self, source: &dyn PageSource<T>) -> Result<(), Error> {
        let Some(current) = &mut self.at.current else {
            return Ok(());
        };
        match current
            .position
            .decide(self.at.seen.counts(), source.now())?
        {
            Decision::Continue => {}
            Decision::Attempt { new_generation } => self.at.seen.begin_attempt(new_generation),
            Decision::Complete(proof) => {
                self.at.size = current.position.window_size().or(self.at.size);
                self.at.cap = current.position.page_cap();
                self.at.proof = Some(self.at.proof.map_or(proof, |weakest| weakest.min(proof)));
                if current.slice.walk == Walk::Pages {
                    self.at.seen = SeenRows::default();
                }
                self.at.current = None;
            }
        }
        Ok(())
    }

    fn set_position(&mut self, position: Position) {
        if let Some(current) = &mut self.at.current {
            current.position = position;
        }
    }
}

/// Whether a page has times, and none of them lies in the window that was requested.
fn is_outside<T>(page: &Page<T>, current: &Current, source: &dyn PageSource<T>) -> bool {
    let Current { slice, position } = current;
    let Some(window) = position.piece(slice).window else {
        return false;
    };
    let rows = page.orders.iter().map(|row| source.time(row, slice));
    let created = slice.axis == Some(TimeAxis::Created);
    let records = page.unreadable.iter();
    let records = records.map(|record| record.time.filter(|_| created).map(|time| time.to_utc()));
    outside(window, source.tolerance(), rows.chain(records))
}

/// Rows without an id that have the same text on one page are different rows (an order can be settled, taken back and
/// settled again): the first, the second, ... of them are distinguished, and an overlapping page repeats them in the same
/// number.
fn tell_alike_apart(keys: &mut [(RowKey, Option<DateTime<Utc>>)]) {
    let mut alike = std::collections::HashMap::new();
    for (key, _) in keys.iter_mut().filter(|(key, _)| key.is_nameless()) {
        let count = alike.entry(key.id).or_insert(0);
        *key = key.after_alike(*count);
        *count += 1;
    }
}
