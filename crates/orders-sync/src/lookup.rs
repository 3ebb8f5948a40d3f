//! Look-ups: single orders, the open ones and those that an earlier run could not read.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Error, ErrorKind, Order, OrderRef, OrderSource, Unreadable};

use crate::batch::{Batch, NewGap, Received};
use crate::deletions::{self, Absent, NOT_FOUND};
use crate::error::SyncError;
use crate::gap::Missing;
use crate::hash::short_hash;
use crate::job::Work;
use crate::phase::Phase;
use crate::retry::Decision;
use crate::run::{Ended, Flow, Run};
use crate::summary::Outcome;

/// How many orders are stored in one step: what a killed run has to look up again at most.
const BATCH: usize = 20;

type Answer = (OrderRef, Result<Option<Order>, Error>);

fn request<'a>(
    source: &'a dyn OrderSource,
    order: OrderRef,
    wait: Duration,
) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let answer = source.fetch(&order).await;
        (order, answer)
    })
}

/// What a batch of look-ups found.
#[derive(Default)]
struct Found {
    orders: Vec<Received>,
    unreadable: Vec<Unreadable>,
    /// Orders that the vendor does not have.
    absent: Vec<OrderRef>,
    gone: Vec<String>,
    gaps: Vec<NewGap>,
    filled: Vec<Missing>,
}

/// How many look-ups of the current job are due, where that is known.
pub(crate) fn count_due(run: &Run<'_>) -> Result<Option<u64>, SyncError> {
    let (store, account) = (run.committer.store(), run.committer.account());
    let work = &run.job().work;
    Ok(match (work, work.filter()) {
        (Work::Orders(rest), _) => Some(rest.len() as u64),
        // Of those behind an id nobody knows how many there are.
        (
            Work::MissingFromScan {
                mark, after: None, ..
            },
            _,
        ) => {
            let seen = run.committer.shown(*mark)?;
            Some(store.live(account)?.saturating_sub(seen))
        }
        (_, Some((filter, _))) => {
            let days = store.due_days(account, filter)?;
            Some(days.iter().map(|day| day.due).sum())
        }
        _ => None,
    })
}

/// Looks up all orders of the current job.
pub(crate) async fn look_up_all(run: &mut Run<'_>) -> Flow {
    let mut absent = Absent::default();
    let mark = match run.job().work {
        Work::MissingFromScan { mark, .. } => Some(mark),
        _ => None,
    };
    loop {
        run.check_stop()?;
        let batch = next_batch(run, absent.behind())?;
        if batch.is_empty() {
            deletions::end(&mut run.committer, absent, mark.is_some())?;
            return Ok(());
        }
        let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
        let mut found = Found::default();
        let (flow, done) = look_up(run, batch, &mut found).await;
        if done > 0 || !found.gaps.is_empty() || !found.unreadable.is_empty() {
            decide_absent(run, &mut found, &mut absent, mark)?;
            if !absent.holds(ids.get(done.saturating_sub(1))) {
                move_on(&mut run.job_mut().work, &ids, done);
            }
            run.commit(&Batch {
                orders: &found.orders,
                unreadable: &found.unreadable,
                gone: &found.gone,
                gaps: &found.gaps,
                filled: &found.filled,
                ..Batch::default()
            })?;
        }
        flow?;
        if let Some(note) = deletions::end_if_suspect(&mut run.committer, &absent)? {
            run.notes.push(note);
            return Ok(());
        }
    }
}

/// Decides what becomes of the orders that the vendor does not have.
fn decide_absent(
    run: &mut Run<'_>,
    found: &mut Found,
    absent: &mut Absent,
    mark: Option<u64>,
) -> Result<(), SyncError> {
    let missing = std::mem::take(&mut found.absent);
    let orders = found.orders.len();
    let decided = deletions::decide(&mut run.committer, absent, orders, missing, mark)?;
    for order in decided.deleted {
        found.gone.push(order.id.clone());
        if run.job().phase == Phase::Gaps {
            found.filled.push(Missing::Order(order));
        }
    }
    for order in decided.suspect {
        let gap = NewGap::new(Missing::Order(order), NOT_FOUND, &decided.reason);
        found.gaps.push(gap);
    }
    Ok(())
}

/// Moves the place of the job behind the first `done` orders of a batch.
fn move_on(work: &mut Work, ids: &[String], done: usize) {
    let Some(last) = done.checked_sub(1).and_then(|at| ids.get(at)) else {
        return;
    };
    match work {
        Work::MissingFromScan { after, .. }
        | Work::Open { after, .. }
        | Work::Aged { after, .. } => *after = Some(last.clone()),
        Work::Orders(rest) => {
            rest.drain(..done.min(rest.len()));
        }
        Work::Query { .. } | Work::Slices(_) => {}
    }
}

fn next_batch(run: &Run<'_>, pending: Option<&str>) -> Result<Vec<OrderRef>, SyncError> {
    let work = &run.job().work;
    let (store, account) = (run.committer.store(), run.committer.account());
    match (work, work.filter()) {
        (Work::Orders(rest), _) => Ok(rest.iter().take(BATCH).cloned().collect()),
        (Work::MissingFromScan { mark, since, after }, _) => {
            let after = pending.or(after.as_deref());
            store.unseen(account, *mark, *since, after, BATCH)
        }
        (_, Some((filter, after))) => store.due_orders(account, filter, after, BATCH),
        _ => Ok(Vec::new()),
    }
}

/// Looks up a batch. Answers whether the run continues, and how many of the first orders of the batch are done.
async fn look_up(run: &mut Run<'_>, batch: Vec<OrderRef>, found: &mut Found) -> (Flow, usize) {
    let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
    let source = run.source;
    let mut handled = HashSet::new();
    let mut waiting = batch.into_iter();
    let mut in_flight = FuturesUnordered::new();
    loop {
        while in_flight.len() < run.options.at_once.max(1)
            && let Some(order) = waiting.next()
        {
            in_flight.push(request(source, order, Duration::ZERO));
        }
        let answer = tokio::select! {
            biased;
            () = run.context.stop.stopped() => {
                *found = Found::default();
                return (Err(Ended::Early(Outcome::Stopped)), 0);
            }
            answer = in_flight.next() => answer,
        };
        let Some((order, answer)) = answer else {
            return (Ok(()), ids.len());
        };
        run.note_request();
        let key = short_hash([order.id.as_bytes()]);
        let error = match answer {
            Ok(answer) => {
                run.retry.forget(key);
                run.retry.succeeded();
                handled.insert(order.id.clone());
                looked_up(run.job().phase, order, answer, found);
                run.order_done();
                continue;
            }
            Err(error) => error,
        };
        if let Some(record) = error.record() {
            run.retry.forget(key);
            run.retry.succeeded();
            handled.insert(order.id.clone());
            unreadable(run, order, record.clone(), found);
            run.order_done();
            continue;
        }
        match run.decide(key, error) {
            Decision::Abort(error) => {
                *found = Found::default();
                return (Err(run.abort(error)), 0);
            }
            Decision::Retry { wait, .. } => in_flight.push(request(source, order, wait)),
            Decision::Skip(error) => {
                run.retry.forget(key);
                handled.insert(order.id.clone());
                found.gaps.push(NewGap::of(Missing::Order(order), &error));
                run.order_done();
                let flow = run.note_gap(error);
                if flow.is_err() {
                    // What was tried is done: the next run does not begin with the same ones.
                    let done = ids.iter().take_while(|id| handled.contains(*id)).count();
                    return (flow, done);
                }
            }
        }
    }
}

fn looked_up(phase: Phase, order: OrderRef, answer: Option<Order>, found: &mut Found) {
    match answer {
        Some(answer) if answer.id == order.id => found.orders.push(Received::new(answer)),
        // Nothing shows whether the order that was requested is there.
        Some(other) => {
            found.gaps.push(other_order(order, &other.id));
            return;
        }
        None => {
            found.absent.push(order);
            return;
        }
    }
    if phase == Phase::Gaps {
        found.filled.push(Missing::Order(order));
    }
}

/// The vendor answered with another order than the one that was requested.
fn other_order(order: OrderRef, other: &str) -> NewGap {
    let reason = format!("requested {}, the vendor answered {other}", order.id);
    NewGap::new(Missing::Order(order), ErrorKind::Decode.as_str(), reason)
}

/// The order came and could not be read: its text is kept.
fn unreadable(run: &Run<'_>, order: OrderRef, record: Unreadable, found: &mut Found) {
    if let Some(other) = record.id.as_ref().filter(|id| **id != order.id) {
        let gap = other_order(order, other);
        found.gaps.push(gap);
        return;
    }
    let record = record.with_id(Some(order.id.clone()));
    run.note_unreadable(std::slice::from_ref(&record));
    found.unreadable.push(record);
    if run.job().phase == Phase::Gaps {
        found.filled.push(Missing::Order(order));
    }
}
