//! Reading the slices of a job: several at once, each from its own place, each answer stored with the new place.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Cursor, Error, ErrorKind, OrderSource, Page, Query, Slice, Walk};

use crate::SyncError;
use crate::engine::{Flow, Put, Run, Verdict};
use crate::place::{Listing, Place, Taken};
use crate::points::Point;
use crate::record::short_hash;
use crate::state::{Active, Job, PassMemory, Shape, Tier, Work};
use crate::store::Missing;
use crate::summary::Outcome;

type Answer = (u64, Result<Page, Error>);

/// The requests on their way.
struct Asked<'a> {
    source: &'a dyn OrderSource,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
    ids: Vec<u64>,
}

impl Asked<'_> {
    fn ask(&mut self, id: u64, slice: Slice, cursor: Option<Cursor>, wait: Duration) {
        let source = self.source;
        self.ids.push(id);
        self.answers.push(Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            (id, source.page(&slice, cursor.as_ref()).await)
        }));
    }
}

/// The slices that a query answered and that are not begun yet, and the query.
#[derive(Default)]
struct Listed {
    query: Option<Query>,
    slices: VecDeque<Slice>,
}

impl Run<'_> {
    fn front(&mut self) -> &mut Job {
        // `job` put it there, and only `end_job` takes it away.
        &mut self.state.jobs[0]
    }

    /// Reads all slices of the first job.
    pub(crate) async fn walk(&mut self) -> Result<Flow, SyncError> {
        let mut asked = Asked {
            source: self.source,
            answers: FuturesUnordered::new(),
            ids: Vec::new(),
        };
        let mut listed = Listed::default();
        if self.settle_ended()?.is_break() {
            return Ok(Flow::Break(Outcome::Partial));
        }
        loop {
            if self.must_stop() {
                return Ok(Flow::Break(Outcome::Stopped));
            }
            if let ControlFlow::Break(outcome) = self.refill(&mut listed).await? {
                return Ok(Flow::Break(outcome));
            }
            for active in &self.state.jobs[0].active {
                if let Some((slice, cursor)) = active.place.ask(&active.slice)
                    && !asked.ids.contains(&active.id)
                {
                    asked.ask(active.id, slice, cursor, Duration::ZERO);
                }
            }
            let answer = tokio::select! {
                biased;
                () = self.tools.stop.stopped() => return Ok(Flow::Break(Outcome::Stopped)),
                answer = asked.answers.next() => answer,
            };
            let Some((id, answer)) = answer else {
                return Ok(Flow::Continue(()));
            };
            asked.ids.retain(|other| *other != id);
            self.summary.requests += 1;
            self.front().requests += 1;
            let flow = match answer {
                Ok(page) => self.keep(id, page, &mut asked)?,
                Err(error) => self.failed(id, error, &mut asked)?,
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }

    /// Begins slices until enough are read at once.
    async fn refill(&mut self, listed: &mut Listed) -> Result<Flow, SyncError> {
        while self.front().active.len() < self.options.at_once.max(1) {
            let flow = self.list(listed).await?;
            if flow.is_break() {
                return Ok(flow);
            }
            let Some(slice) = listed.slices.pop_front() else {
                break;
            };
            match &mut self.front().work {
                Work::Query { begun, .. } => *begun += 1,
                Work::Slices(rest) => {
                    rest.remove(0);
                }
                Work::Orders(_) | Work::Open { .. } | Work::Horizon { .. } => {}
            }
            if slice.walk == Walk::Pages {
                self.state.marks += 1;
            }
            let place = self.beginning(&slice);
            self.slice_begun(&slice);
            self.front().activate(slice, place);
        }
        Ok(Flow::Continue(()))
    }

    /// Lists slices where none are left in memory.
    async fn list(&mut self, listed: &mut Listed) -> Result<Flow, SyncError> {
        while listed.slices.is_empty() {
            let (after, begun) = match &self.state.jobs[0].work {
                Work::Query { listed: true, .. }
                | Work::Orders(_)
                | Work::Open { .. }
                | Work::Horizon { .. } => break,
                Work::Slices(rest) => {
                    listed.slices.extend(rest.iter().take(1).cloned());
                    break;
                }
                Work::Query {
                    axis,
                    windows,
                    partitions,
                    after,
                    begun,
                    ..
                } => {
                    let window = windows.first().copied();
                    if listed
                        .query
                        .as_ref()
                        .is_none_or(|query| query.window != window)
                    {
                        // Made once a window: there may be hundreds of thousands of partitions.
                        listed.query = Some(Query {
                            axis: *axis,
                            window,
                            partitions: match partitions {
                                Some(_) => self.options.partitions.clone(),
                                None => Vec::new(),
                            },
                        });
                    }
                    (after.clone(), *begun)
                }
            };
            let query = listed.query.get_or_insert_default();
            // No slice has this number.
            const LISTING: u64 = u64::MAX;
            let found = match self.source.slices(query, after.as_ref()).await {
                Ok(found) => found,
                Err(error) => match self.judge(LISTING, error) {
                    Verdict::Again(wait) => {
                        tokio::select! {
                            () = tokio::time::sleep(wait) => continue,
                            () = self.tools.stop.stopped() => return Ok(Flow::Break(Outcome::Stopped)),
                        }
                    }
                    Verdict::Gap(error) => {
                        self.error = Some(error);
                        return Ok(Flow::Break(Outcome::Partial));
                    }
                    Verdict::End => return Ok(Flow::Break(Outcome::Partial)),
                },
            };
            self.tries.remove(&LISTING);
            if begun < found.slices.len() {
                listed.slices.extend(found.slices.into_iter().skip(begun));
                break;
            }
            if found.next.is_some() && found.next == after {
                self.error = Some(Error::new(
                    ErrorKind::Stalled,
                    "the list of slices goes in circles",
                ));
                return Ok(Flow::Break(Outcome::Partial));
            }
            self.next_list(found.next);
        }
        Ok(Flow::Continue(()))
    }

    /// Goes on to the next page of slices, or to the next window.
    fn next_list(&mut self, next: Option<Cursor>) {
        let next_window = next.is_none();
        if let Work::Query {
            windows,
            after,
            begun,
            listed,
            ..
        } = &mut self.front().work
        {
            *begun = 0;
            *listed = next.is_none() && windows.len() <= 1;
            if next.is_none() && windows.len() > 1 {
                windows.remove(0);
            }
            *after = next;
        }
        if next_window {
            self.window_begun();
        }
    }

    fn position(&self, id: u64) -> Option<usize> {
        self.state.jobs[0]
            .active
            .iter()
            .position(|active| active.id == id)
    }

    /// Stores a page and the place behind it, in one step.
    fn keep(&mut self, id: u64, mut page: Page, asked: &mut Asked<'_>) -> Result<Flow, SyncError> {
        let Some(at) = self.position(id) else {
            return Ok(Flow::Continue(()));
        };
        self.tools.points.pass(Point::PageRead)?;
        let mut place = self.state.jobs[0].active[at].place.clone();
        let mut marks = self.state.marks;
        let taken = match place.take(&page, &mut marks) {
            Ok(taken) => taken,
            Err(stalled) => return self.failed(id, stalled, asked),
        };
        self.tries.remove(&id);
        self.state.marks = marks;
        let mark = place.mark();
        let ends = taken == Taken::Last && place.pass.is_none();
        if self.is_usual_axis(&self.state.jobs[0].active[at].slice) {
            self.state.size = place.size().or(self.state.size);
        }
        let active = &mut self.front().active[at];
        let seconds = active.place.seconds_left() - place.seconds_left();
        active.place = place;
        let was = active.clone();
        if taken == Taken::Smaller {
            return Ok(Flow::Continue(()));
        }
        self.summary.windows += 1;
        name_the_nameless(&mut page);
        let filled = if ends { self.end_slice(at) } else { Vec::new() };
        // The rows go in while the state already says what comes after them: one transaction, or rows first.
        self.commit(&Put {
            orders: &page.orders,
            mark,
            filled: &filled,
            ..Put::default()
        })?;
        self.page_done(&was, seconds);
        if ends {
            self.slice_done(&was);
            Ok(Flow::Continue(()))
        } else {
            self.settle(id)
        }
    }

    /// Passes whose last page was stored by an earlier run, but not decided upon.
    fn settle_ended(&mut self) -> Result<Flow, SyncError> {
        let ended: Vec<u64> = self.state.jobs[0]
            .active
            .iter()
            .filter(|active| active.place.at_end)
            .map(|active| active.id)
            .collect();
        for id in ended {
            if self.settle(id)?.is_break() {
                return Ok(Flow::Break(Outcome::Partial));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Decides whether a pass is over: only when the store has seen as many orders as the vendor says there are.
    fn settle(&mut self, id: u64) -> Result<Flow, SyncError> {
        let Some(at) = self.position(id) else {
            return Ok(Flow::Continue(()));
        };
        let account = self.source.account();
        let place = &mut self.state.jobs[0].active[at].place;
        if let (true, Some(mark)) = (place.wants_count(), place.mark()) {
            let counted = self.store.marked(account, mark)?;
            match place.counted(counted) {
                Ok(true) => {}
                Ok(false) => return Ok(Flow::Continue(())),
                Err(error) => return self.gap(at, error),
            }
        } else if !place.at_end {
            return Ok(Flow::Continue(()));
        }
        self.end_pass(at)
    }

    fn end_pass(&mut self, at: usize) -> Result<Flow, SyncError> {
        let active = self.state.jobs[0].active[at].clone();
        let started_at = self.state.jobs[0].started_at;
        let mut filled = self.end_slice(at);
        let whole = active.slice.partition.is_none();
        let Some(pass) = active.place.pass.clone().filter(|_| whole) else {
            self.commit(&Put {
                filled: &filled,
                ..Put::default()
            })?;
            self.slice_done(&active);
            return Ok(Flow::Continue(()));
        };
        let mut gone_unless = None;
        if pass.growing {
            let live = self.store.live(self.source.account())?;
            self.state.needs_full = pass.total.is_some_and(|total| total != live);
        } else {
            // Only a proven pass says what is gone.
            gone_unless = pass.total.is_some().then_some((pass.mark, started_at));
            filled.push(Missing::Slice(active.slice.clone()));
            self.state.needs_full = false;
            self.state.full_at = Some(started_at);
        }
        let listing = match (&self.state.pass, pass.growing) {
            // The growing end is short: it can refute an order of rows, not establish one.
            (Some(before), true) if pass.listing == Listing::Unknown => before.listing,
            (Some(before), true) if pass.listing != before.listing => Listing::Mixed,
            _ => pass.listing,
        };
        let tail = match (&self.state.pass, pass.growing) {
            (Some(before), true) => pass.tail.or(before.tail.clone()),
            _ => pass.tail,
        };
        let page_rows = self
            .state
            .pass
            .as_ref()
            .map_or(0, |before| before.page_rows);
        let page_rows = page_rows.max(pass.page_rows as u64);
        self.state.pass = Some(PassMemory {
            listing,
            tail,
            total: pass.total,
            page_rows,
        });
        self.commit(&Put {
            gone_unless,
            filled: &filled,
            ..Put::default()
        })?;
        self.slice_done(&active);
        Ok(Flow::Continue(()))
    }

    /// The growing end: the first pages where the newest come first, else from shortly before the last end.
    pub(crate) fn begin_growing(&mut self, job: &mut Job) {
        self.state.marks += 1;
        let memory = self.state.pass.as_ref();
        let newest_first = memory.is_some_and(|pass| pass.listing == Listing::NewestFirst);
        let until = self
            .state
            .watermark
            .filter(|_| newest_first)
            .map(|at| at - self.options.overlap);
        let tail = memory
            .and_then(|pass| pass.tail.clone())
            .filter(|_| !newest_first);
        job.activate(Slice::pass(), Place::growing(tail, until, self.state.marks));
    }

    /// Removes a slice that is read; answers the gap that it was, where the job fills gaps.
    fn end_slice(&mut self, at: usize) -> Vec<Missing> {
        let job = self.front();
        let Active { id, slice, .. } = job.active.remove(at);
        let was_gap = job.tier == Tier::Gaps;
        self.tries.remove(&id);
        self.restarted.remove(&id);
        was_gap
            .then_some(Missing::Slice(slice))
            .into_iter()
            .collect()
    }

    fn failed(&mut self, id: u64, error: Error, asked: &mut Asked<'_>) -> Result<Flow, SyncError> {
        let Some(at) = self.position(id) else {
            return Ok(Flow::Continue(()));
        };
        match self.judge(id, error) {
            Verdict::End => Ok(Flow::Break(Outcome::Partial)),
            Verdict::Again(wait) => {
                let active = &self.state.jobs[0].active[at];
                if let Some((slice, cursor)) = active.place.ask(&active.slice) {
                    asked.ask(id, slice, cursor, wait);
                }
                Ok(Flow::Continue(()))
            }
            Verdict::Gap(error) => {
                self.tries.remove(&id);
                if self.begin_again(at, &error) || self.halve(at, &error) {
                    self.commit(&Put::default())?;
                    return Ok(Flow::Continue(()));
                }
                self.gap(at, error)
            }
        }
    }

    /// A cursor may have expired while the run was away: the slice is read from its beginning, once.
    fn begin_again(&mut self, at: usize, error: &Error) -> bool {
        let active = &mut self.state.jobs[0].active[at];
        let has_cursor = active
            .place
            .ask(&active.slice)
            .is_some_and(|(_, cursor)| cursor.is_some());
        if error.kind() != ErrorKind::InvalidRequest
            || !has_cursor
            || !self.restarted.insert(active.id)
        {
            return false;
        }
        let slice = active.slice.clone();
        self.state.marks += 1;
        self.state.jobs[0].active[at].place = self.beginning(&slice);
        true
    }

    fn beginning(&self, slice: &Slice) -> Place {
        let limits = self.source.capabilities().windows;
        let size = self.state.size.filter(|_| self.is_usual_axis(slice));
        Place::begin(slice, limits, size, self.state.marks)
    }

    /// Windows on another axis say nothing about the size that fits on this one.
    fn is_usual_axis(&self, slice: &Slice) -> bool {
        matches!((self.state.shape, slice.axis), (Shape::Windows(usual), Some(axis)) if usual == axis)
    }

    /// Shrinks what cannot be read. Where the vendor may only be down that is left to the next run.
    fn halve(&mut self, at: usize, error: &Error) -> bool {
        let job = self.front();
        (!error.is_retryable() || job.tier == Tier::Gaps) && job.active[at].place.halve()
    }

    /// Stores what cannot be read, and goes on behind it.
    fn gap(&mut self, at: usize, error: Error) -> Result<Flow, SyncError> {
        let active = &mut self.state.jobs[0].active[at];
        let piece = active
            .place
            .ask(&active.slice)
            .map_or_else(|| active.slice.clone(), |(slice, _)| slice);
        let before = active.place.seconds_left();
        let more = active.place.skip();
        let was = active.clone();
        self.front().gaps += 1;
        let mut filled = if more { Vec::new() } else { self.end_slice(at) };
        // The same piece as before stays what it was: a gap.
        filled.retain(|before| *before != Missing::Slice(piece.clone()));
        let gaps = [(
            Missing::Slice(piece),
            error.kind().as_str().to_owned(),
            error.to_string(),
        )];
        self.commit(&Put {
            gaps: &gaps,
            filled: &filled,
            ..Put::default()
        })?;
        self.page_done(&was, before - was.place.seconds_left());
        if !more {
            self.slice_done(&was);
        }
        Ok(self.note_gap(error))
    }
}

/// An order without an id is known by its text.
fn name_the_nameless(page: &mut Page) {
    for order in page.orders.iter_mut().filter(|order| order.id.is_empty()) {
        order.id = format!("content:{:016x}", short_hash([&*order.raw]));
    }
}
