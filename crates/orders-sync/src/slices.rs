//! Reads the slices of a job: several at once, each from its own position, each answer stored with the new position.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Cursor, Error, ErrorKind, OrderSource, Page, Query, Slice};

use crate::batch::Batch;
use crate::full_scan::{settle, settle_ended};
use crate::hash::name_the_nameless;
use crate::point::Point;
use crate::position::PageOutcome;
use crate::reading::{Reading, beginning, end_slice, note_window_size};
use crate::recovery::{Recovery, recover};
use crate::retry::Decision;
use crate::run::{Ended, Flow, Run};
use crate::state::Work;
use crate::summary::Outcome;

/// The key of the request for slices: no slice has this number.
const LISTING: u64 = u64::MAX;

type Answer = (u64, Result<Page, Error>);

/// A page all of whose records could be read. Any other counts as a page that cannot be read.
fn whole(mut page: Page) -> Result<Page, Error> {
    match page.unreadable.is_empty() {
        true => Ok(page),
        false => Err(Error::unreadable(page.unreadable.swap_remove(0))),
    }
}

/// The requests on their way.
struct InFlight<'a> {
    source: &'a dyn OrderSource,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
    ids: Vec<u64>,
}

impl InFlight<'_> {
    fn send(&mut self, id: u64, (slice, cursor): (Slice, Option<Cursor>), wait: Duration) {
        let source = self.source;
        self.ids.push(id);
        self.answers.push(Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            (
                id,
                source.page(&slice, cursor.as_ref()).await.and_then(whole),
            )
        }));
    }

    async fn next(&mut self) -> Option<Answer> {
        let answer = self.answers.next().await?;
        self.ids.retain(|other| *other != answer.0);
        Some(answer)
    }
}

/// The slices that a query answered and that are not begun yet, and the query.
#[derive(Default)]
struct Listed {
    query: Option<Query>,
    slices: VecDeque<Slice>,
}

/// Reads all slices of the current job.
pub(crate) async fn read_slices(run: &mut Run<'_>) -> Flow {
    let mut in_flight = InFlight {
        source: run.source,
        answers: FuturesUnordered::new(),
        ids: Vec::new(),
    };
    let mut reading = Reading::default();
    let mut listed = Listed::default();
    settle_ended(run, &mut reading)?;
    loop {
        run.check_stop()?;
        refill(run, &mut listed).await?;
        let at_once = run.options.at_once.max(1);
        for active in run.job().active.iter().take(at_once) {
            if let Some(request) = active.position.request(&active.slice)
                && !in_flight.ids.contains(&active.id)
            {
                in_flight.send(active.id, request, Duration::ZERO);
            }
        }
        let answer = tokio::select! {
            biased;
            () = run.context.stop.stopped() => return Err(Ended::Early(Outcome::Stopped)),
            answer = in_flight.next() => answer,
        };
        let Some((id, answer)) = answer else {
            return Ok(());
        };
        run.note_request();
        let Some(at) = run.job().find(id) else {
            continue;
        };
        let failure = match answer {
            Ok(page) => keep(run, &mut reading, at, page)?,
            Err(error) => Some(error),
        };
        let Some(error) = failure else { continue };
        if let Recovery::Retry(wait) = recover(run, &mut reading, at, error)? {
            let active = &run.job().active[at];
            if let Some(request) = active.position.request(&active.slice) {
                in_flight.send(id, request, wait);
            }
        }
    }
}

/// Begins slices until enough are read at once.
async fn refill(run: &mut Run<'_>, listed: &mut Listed) -> Flow {
    while run.job().active.len() < run.options.at_once.max(1) {
        let Some(slice) = next_slice(run, listed).await? else {
            break;
        };
        let position = beginning(run, &slice);
        run.progress.slice_begun(&slice);
        run.job_mut().activate(slice, position);
    }
    Ok(())
}

/// The next slice of the current job.
async fn next_slice(run: &mut Run<'_>, listed: &mut Listed) -> Result<Option<Slice>, Ended> {
    if let Some(slice) = run.job_mut().again.pop() {
        return Ok(Some(slice));
    }
    list(run, listed).await?;
    let slice = listed.slices.pop_front();
    if slice.is_some() {
        match &mut run.job_mut().work {
            Work::Query { begun, .. } => *begun += 1,
            Work::Slices(rest) => {
                rest.remove(0);
            }
            Work::Orders(_)
            | Work::MissingFromScan { .. }
            | Work::Open { .. }
            | Work::Aged { .. } => {}
        }
    }
    Ok(slice)
}

/// Lists slices where none are left in memory.
async fn list(run: &mut Run<'_>, listed: &mut Listed) -> Flow {
    while listed.slices.is_empty() {
        let (after, begun) = match &run.job().work {
            Work::Query { listed: true, .. }
            | Work::Orders(_)
            | Work::MissingFromScan { .. }
            | Work::Open { .. }
            | Work::Aged { .. } => break,
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
                let query = listed.query.as_ref();
                if query.is_none_or(|query| query.window != window) {
                    // Made once a window: there may be hundreds of thousands of partitions.
                    let partitions = match partitions {
                        Some(_) => run.options.partitions.clone(),
                        None => Vec::new(),
                    };
                    let query = Query::everything().with_axis(*axis).with_window(window);
                    listed.query = Some(query.with_partitions(partitions));
                }
                (after.clone(), *begun)
            }
        };
        let query = listed.query.get_or_insert_default();
        let found = match run.source.slices(query, after.as_ref()).await {
            Ok(found) => found,
            Err(error) => match run.decide(LISTING, error) {
                Decision::Retry { wait, .. } => {
                    tokio::select! {
                        () = tokio::time::sleep(wait) => continue,
                        () = run.context.stop.stopped() => return Err(Ended::Early(Outcome::Stopped)),
                    }
                }
                Decision::Skip(error) | Decision::Abort(error) => return Err(run.abort(error)),
            },
        };
        run.retry.forget(LISTING);
        if begun < found.slices.len() {
            listed.slices.extend(found.slices.into_iter().skip(begun));
            break;
        }
        if found.next.is_some() && found.next == after {
            let message = "the list of slices goes in circles";
            return Err(run.abort(Error::new(ErrorKind::Stalled, message)));
        }
        next_list(run, found.next);
    }
    Ok(())
}

/// Moves to the next page of slices, or to the next window.
fn next_list(run: &mut Run<'_>, next: Option<Cursor>) {
    if next.is_none() {
        run.progress.window_begun();
    }
    if let Work::Query {
        windows,
        after,
        begun,
        listed,
        ..
    } = &mut run.job_mut().work
    {
        *begun = 0;
        *listed = next.is_none() && windows.len() <= 1;
        if next.is_none() && windows.len() > 1 {
            windows.remove(0);
        }
        *after = next;
    }
}

/// Stores a page and the position behind it, in one step. Answers what is wrong with the page, where it cannot be kept.
fn keep(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    mut page: Page,
) -> Result<Option<Error>, Ended> {
    run.context.failpoints.pass(Point::PageRead)?;
    let active = &run.job().active[at];
    let id = active.id;
    if reading.repeated.asks_again(id, &active.position, &page) {
        run.retry.retries += 1;
        // The position is as it was: the same is requested.
        return Ok(None);
    }
    let mut position = active.position.clone();
    let mut marks = run.committer.state.marks;
    let outcome = match position.take(&page, &mut marks) {
        Ok(outcome) => outcome,
        Err(stalled) => return Ok(Some(stalled)),
    };
    run.retry.forget(id);
    if marks != run.committer.state.marks {
        // Counting starts anew.
        run.committer.forget_marked();
    }
    run.committer.state.marks = marks;
    let mark = position.mark();
    let ends = outcome == PageOutcome::Last && position.scan.is_none();
    let active = &mut run.job_mut().active[at];
    let seconds = active.position.seconds_left() - position.seconds_left();
    active.position = position;
    let was = active.clone();
    note_window_size(&mut run.committer.state, &was);
    if outcome == PageOutcome::Smaller {
        return Ok(None);
    }
    let state = &mut run.committer.state;
    state.vendor_total = page.total.or(state.vendor_total);
    run.pages += 1;
    name_the_nameless(&mut page.orders);
    let filled = match ends {
        true => end_slice(run, reading, at).1,
        false => Vec::new(),
    };
    // The state already says what follows these rows: both are stored in one transaction, or the rows first.
    run.commit(&Batch {
        orders: &page.orders,
        mark,
        filled: &filled,
        ..Batch::default()
    })?;
    run.page_done(&was, seconds);
    if ends {
        run.slice_done(&was);
        return Ok(None);
    }
    settle(run, reading, id)?;
    Ok(None)
}
