//! Reads the slices of a job: several at once, each from its own position; what came is stored with the new positions while
//! the next answer is on its way.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Cursor, Error, ErrorKind, OrderSource, Page, Query, Slice, Unreadable, Walk};
use orders_reader::{Accepted, Answer as PageAnswer, Decision as PageDecision, Proof};
use tokio::time::{Instant, sleep_until};

use crate::batch::{Batch, Received, Shown, received};
use crate::clock::Clock;
use crate::evidence::done_window;
use crate::full_scan::{end, settle, settle_ended};
use crate::hash::short_hash;
use crate::job::Work;
use crate::list_scan::Place;
use crate::phase::Phase;
use crate::point::Point;
use crate::reading::{Reading, beginning, end_slice, note_windows};
use crate::recovery::{Recovery, recover};
use crate::retry::Decision;
use crate::run::{Ended, Flow, Run};
use crate::summary::Outcome;
use crate::vendor_clock::hold;

/// The key of the request for slices: no slice has this number.
const LISTING: u64 = u64::MAX;

type Answer = (u64, DateTime<Utc>, Result<Page, Error>);

/// The requests on their way.
struct InFlight<'a> {
    source: &'a dyn OrderSource,
    clock: &'a dyn Clock,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
    ids: Vec<u64>,
}

impl InFlight<'_> {
    fn send(&mut self, id: u64, (slice, cursor): (Slice, Option<Cursor>), wait: Duration) {
        let (source, clock) = (self.source, self.clock);
        self.ids.push(id);
        self.answers.push(Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            let requested = clock.now();
            (id, requested, source.page(&slice, cursor.as_ref()).await)
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

/// Reads all slices of the current job, and stores what came.
pub(crate) async fn read_slices(run: &mut Run<'_>) -> Flow {
    match read_all(run).await {
        // The store failed: what waits is not stored.
        Err(Ended::Failed(error)) => Err(Ended::Failed(error)),
        flow => {
            run.flush().await?;
            flow
        }
    }
}

async fn read_all(run: &mut Run<'_>) -> Flow {
    let mut in_flight = InFlight {
        source: run.source,
        clock: &*run.context.clock,
        answers: FuturesUnordered::new(),
        ids: Vec::new(),
    };
    let mut reading = Reading::default();
    let mut listed = Listed::default();
    settle_ended(run, &mut reading).await?;
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
        let Some((id, requested, answer)) = next_answer(run, &mut in_flight).await? else {
            return Ok(());
        };
        run.note_request();
        let Some(at) = run.job().find(id) else {
            continue;
        };
        let failure = match answer {
            Ok(page) => keep(run, &mut reading, at, requested, page).await?,
            Err(error) => failed(run, &mut reading, at, requested, error).await?,
        };
        let Some(error) = failure else { continue };
        if let Recovery::Retry(wait) = recover(run, &mut reading, at, error).await? {
            let active = &run.job().active[at];
            if let Some(request) = active.position.request(&active.slice) {
                in_flight.send(id, request, wait);
            }
        }
    }
}

/// Waits for the next answer; meanwhile what came before is stored, once it is due. `None`: no answer is awaited. What is
/// being stored when it came is waited for later.
async fn next_answer(
    run: &mut Run<'_>,
    in_flight: &mut InFlight<'_>,
) -> Result<Option<Answer>, Ended> {
    let context = run.context;
    let answer = async {
        tokio::select! {
            biased;
            () = context.stop.stopped() => Err(Ended::Early(Outcome::Stopped)),
            answer = in_flight.next() => Ok(answer),
        }
    };
    let mut answer = pin!(answer);
    let mut came = None;
    loop {
        let rows = run.options.commit_rows;
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= Instant::now());
        if is_due(run.committer.due(rows)) {
            run.committer.store_waiting();
        }
        // As much waits as is being stored: no more is taken.
        let due = run.committer.due(rows);
        let (storing, full) = (run.committer.is_storing(), is_due(due));
        if !full && let Some(answer) = came.take() {
            return answer;
        }
        tokio::select! {
            biased;
            stored = run.stored(), if storing => stored?,
            answer = &mut answer, if came.is_none() => came = Some(answer),
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() && !full => {}
        }
    }
}

/// Begins slices until enough are read at once.
async fn refill(run: &mut Run<'_>, listed: &mut Listed) -> Flow {
    while run.job().active.len() < run.options.at_once.max(1) {
        let Some(slice) = next_slice(run, listed).await? else {
            break;
        };
        let (position, list) = beginning(run, &slice);
        run.progress.slice_begun(&slice);
        let begun = run.committer.run();
        run.job_mut().activate(slice, position, list, begun);
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
            | Work::Unshown { .. }
            | Work::Pushed { .. }
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
            | Work::Unshown { .. }
            | Work::Pushed { .. }
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
        let found = tokio::select! {
            biased;
            () = run.context.stop.stopped() => return Err(Ended::Early(Outcome::Stopped)),
            found = run.source.slices(query, after.as_ref()) => found,
        };
        let found = match found {
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
async fn keep(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    requested: DateTime<Utc>,
    page: Page,
) -> Result<Option<Error>, Ended> {
    run.context.failpoints.pass(Point::PageRead)?;
    hold(run, page.answered_at).await?;
    let mut answer = PageAnswer::of(&page, None);
    let orders = received(page.orders);
    answer.content = content(&orders, &page.unreadable);
    let now = run.committer.now();
    let piece = run.job().active[at]
        .position
        .piece(&run.job().active[at].slice);
    answer.outside = run.times.note(&piece, &orders, &page.unreadable);
    let mut active = run.job().active[at].clone();
    let place = Place {
        cursor: active.position.cursor().cloned(),
        sent: active.position.sent(),
    };
    let seconds = active.position.seconds_left();
    let accepted = match active.position.accept(&answer, &mut reading.repeated) {
        Ok(accepted) => accepted,
        Err(stalled) => return Ok(Some(stalled)),
    };
    if accepted == Accepted::AskAgain {
        run.job_mut().active[at] = active;
        return Ok(None);
    }
    run.retry.forget(active.id);
    note_windows(run, &active);
    if accepted == Accepted::Smaller {
        run.job_mut().active[at] = active;
        return Ok(None);
    }
    let mark = active.list.as_ref().map(|list| list.mark(&active.position));
    let mut tail_read = false;
    if let Some(list) = &mut active.list {
        tail_read = list.note(place, answer.sent as u64, &orders);
        if active.slice.partition.is_none() {
            let state = &mut run.committer.state;
            state.vendor_total = answer.total.or(state.vendor_total);
        }
    }
    // Windows and cursors need no count: the last page of a slice and its end are one step.
    let decided = match active.list {
        None => active.position.decide(Default::default(), now).ok(),
        Some(_) => None,
    };
    let seconds = seconds - active.position.seconds_left();
    let was = active.clone();
    run.job_mut().active[at] = active;
    run.pages += 1;
    let refills = run.job().phase == Phase::Gaps;
    let ends = matches!(decided, Some(PageDecision::Complete(_)));
    let mut filled = match ends {
        true => end_slice(run, reading, at).1,
        false => Vec::new(),
    };
    // A walk may have stepped over windows: only the one that was read now is.
    match was.slice.walk {
        Walk::Windows if seconds > 0 => filled.extend(run.filled_by(&piece)),
        Walk::Cursor if ends => filled.extend(run.filled_by(&was.slice)),
        _ => {}
    }
    if ends && run.job().gaps > 0 {
        run.flush().await?;
    }
    let read = match ends {
        true => done_window(run, &was).await?,
        false => None,
    };
    // The state already says what follows these rows: both are stored in one transaction, or the rows first.
    run.stage_page(Batch {
        orders,
        requested_at: Some(requested),
        unreadable: page.unreadable.clone(),
        piece: Some(piece),
        // An answer without rows may be a failure of the vendor, where it was not requested twice.
        ended: (ends && (answer.sent > 0 || refills))
            .then(|| (was.slice.clone(), Shown::SinceRun(was.run))),
        read,
        mark,
        filled,
        ..Batch::default()
    })
    .await?;
    run.note_unreadable(&page.unreadable);
    run.page_done(&was, seconds);
    if ends {
        run.slice_done(&was);
    } else if tail_read {
        end(run, reading, at, Proof::Walked).await?;
    } else {
        settle(run, reading, at).await?;
    }
    Ok(None)
}

/// A failure may say something of the slice: an answer without its list may be an empty window, or the end of a list. Answers
/// the failure where it says nothing.
async fn failed(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    requested: DateTime<Utc>,
    error: Error,
) -> Result<Option<Error>, Ended> {
    let missing = error.is_missing_list();
    let active = &mut run.job_mut().active[at];
    match active.position.accept_failure(error) {
        Ok(Accepted::AskAgain | Accepted::Smaller) => Ok(None),
        Ok(Accepted::Keep) => {
            let (slice, position) = (&active.slice, &active.position);
            let (piece, cursor) = (position.piece(slice), position.cursor().cloned());
            if missing {
                run.note_unconfirmed(&piece);
            }
            let next = run.source.behind(&piece, cursor.as_ref());
            let page = Page::new(Vec::new()).with_next(next);
            keep(run, reading, at, requested, page).await
        }
        Ok(Accepted::Last) => settle(run, reading, at).await.map(|()| None),
        Err(error) => Ok(Some(error)),
    }
}

/// What a page holds, as a hash; `None` where it holds nothing.
fn content(orders: &[Received], unreadable: &[Unreadable]) -> Option<u64> {
    let keys = orders
        .iter()
        .flat_map(|it| [it.order.id.as_bytes(), it.content_hash.as_bytes()]);
    let texts = unreadable.iter().map(|record| &*record.raw);
    let rows = orders.len() + unreadable.len();
    (rows > 0).then(|| short_hash(keys.chain(texts)))
}
