//! Reading the slices of a job: several at once, each from its own place, each answer stored with the new place.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Cursor, Error, ErrorKind, OrderSource, Page, Query, Slice, Walk};

use crate::SyncError;
use crate::engine::{Flow, Put, Run};
use crate::judge::Verdict;
use crate::place::{Place, Taken};
use crate::points::Point;
use crate::record::short_hash;
use crate::state::{Active, Job, Shape, Tier, Work};
use crate::store::Missing;
use crate::summary::Outcome;

type Answer = (u64, Result<Page, Error>);

/// The requests on their way.
pub(crate) struct Asked<'a> {
    source: &'a dyn OrderSource,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
    ids: Vec<u64>,
}

impl Asked<'_> {
    pub(crate) fn ask(&mut self, id: u64, slice: Slice, cursor: Option<Cursor>, wait: Duration) {
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
    pub(crate) fn front(&mut self) -> &mut Job {
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
            let at_once = self.options.at_once.max(1);
            for active in self.state.jobs[0].active.iter().take(at_once) {
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
                Work::Orders(_)
                | Work::Unseen { .. }
                | Work::Open { .. }
                | Work::Horizon { .. } => {}
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
                | Work::Unseen { .. }
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
                        listed.query = Some(
                            Query::everything()
                                .with_axis(*axis)
                                .with_window(window)
                                .with_partitions(match partitions {
                                    Some(_) => self.options.partitions.clone(),
                                    None => Vec::new(),
                                }),
                        );
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

    pub(crate) fn position(&self, id: u64) -> Option<usize> {
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
        let active = &self.state.jobs[0].active[at];
        if self.doubt.asks_again(id, &active.place, &page) {
            self.summary.retries += 1;
            // The place is as it was: the same is asked.
            return Ok(Flow::Continue(()));
        }
        let mut place = active.place.clone();
        let mut marks = self.state.marks;
        let taken = match place.take(&page, &mut marks) {
            Ok(taken) => taken,
            Err(stalled) => return self.failed(id, stalled, asked),
        };
        self.tries.remove(&id);
        if marks != self.state.marks {
            // Counting starts anew.
            self.marked.clear();
        }
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

    /// Removes a slice that is read; answers the gap that it was, where the job fills gaps.
    pub(crate) fn end_slice(&mut self, at: usize) -> Vec<Missing> {
        let job = self.front();
        let Active { id, slice, place } = job.active.remove(at);
        let was_gap = job.tier == Tier::Gaps;
        if let Some(mark) = place.mark() {
            self.marked.remove(&mark);
        }
        self.tries.remove(&id);
        self.restarted.remove(&id);
        was_gap
            .then_some(Missing::Slice(slice))
            .into_iter()
            .collect()
    }

    pub(crate) fn beginning(&self, slice: &Slice) -> Place {
        let limits = self.source.capabilities().windows;
        let size = self.state.size.filter(|_| self.is_usual_axis(slice));
        Place::begin(slice, limits, size, self.state.marks)
    }

    /// Windows on another axis say nothing about the size that fits on this one.
    fn is_usual_axis(&self, slice: &Slice) -> bool {
        matches!((self.state.shape, slice.axis), (Shape::Windows(usual), Some(axis)) if usual == axis)
    }
}

/// An order without an id is known by its text.
fn name_the_nameless(page: &mut Page) {
    for order in page.orders.iter_mut().filter(|order| order.id.is_empty()) {
        order.id = format!("content:{:016x}", short_hash([&*order.raw]));
    }
}
