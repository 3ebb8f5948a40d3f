//! Look-ups: single orders, the open ones and those that an earlier run could not read.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Error, ErrorKind, Order, OrderRef, OrderSource, Unreadable};

use crate::batch::{Batch, NewGap, Received, can_be_looked_up};
use crate::deletions::{Absence, Fate, decide, fate};
use crate::error::SyncError;
use crate::evidence::{Word, request_reading};
use crate::gap::Missing;
use crate::hash::short_hash;
use crate::job::Work;
use crate::phase::Phase;
use crate::recovery::is_refused;
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
    /// Orders that the vendor does not have, or cannot be asked for.
    not_here: Vec<(OrderRef, Word)>,
    gaps: Vec<NewGap>,
    filled: Vec<Missing>,
}

/// How many look-ups of the current job are due, where that is known.
pub(crate) async fn count_due(run: &Run<'_>) -> Result<Option<u64>, SyncError> {
    let (store, account) = (run.committer.store(), run.committer.account());
    let work = &run.job().work;
    Ok(match (work, work.filter()) {
        (Work::Orders(rest), _) => Some(rest.len() as u64),
        (_, Some((filter, _))) => {
            let days = store.due_days(account, filter).await?;
            Some(days.iter().map(|day| day.due).sum())
        }
        _ => None,
    })
}

/// Looks up all orders of the current job.
pub(crate) async fn look_up_all(run: &mut Run<'_>) -> Flow {
    let unshown = matches!(run.job().work, Work::Unshown { .. });
    loop {
        run.check_stop()?;
        let batch = next_batch(run).await?;
        if batch.is_empty() {
            return match unshown {
                true => Ok(decide(run).await?),
                false => Ok(()),
            };
        }
        let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
        let mut found = Found::default();
        let requested_at = Some(run.committer.now());
        let (flow, done) = look_up(run, batch, &mut found).await;
        if done > 0 || !found.gaps.is_empty() || !found.unreadable.is_empty() {
            let absent = absent(run, unshown, &mut found).await?;
            move_on(&mut run.job_mut().work, &ids, done);
            run.commit(Batch {
                orders: found.orders,
                requested_at,
                unreadable: found.unreadable,
                absent,
                gaps: found.gaps,
                filled: found.filled,
                ..Batch::default()
            })
            .await?;
        }
        flow?;
    }
}

/// What becomes of the orders that the vendor does not have. `unshown`: a reading did not show them. Answers those that are
/// doubted; of the others a reading is requested.
async fn absent(
    run: &mut Run<'_>,
    unshown: bool,
    found: &mut Found,
) -> Result<Vec<String>, SyncError> {
    let now = run.committer.now();
    let (mut doubted, mut unfound) = (Vec::new(), Vec::new());
    let not_here = std::mem::take(&mut found.not_here);
    let unsaid = not_here.iter().any(|(_, word)| *word == Word::CannotSay);
    let nameless = unsaid && has_nameless(run).await?;
    for (order, word) in not_here {
        // It may be the record that came without an id.
        let shown = nameless && word == Word::CannotSay;
        let absence = Absence {
            first: None,
            last: (unshown && !shown).then_some(now),
            others: 0,
        };
        match fate(absence) {
            Fate::Doubted => {
                // A reading decides about it.
                run.unfound.remove(&order.id);
                doubted.push(order.id.clone());
            }
            Fate::Known | Fate::Gone => unfound.push((order.id.clone(), word)),
        }
        // That the look-up failed is settled.
        found.filled.push(Missing::Order(order));
    }
    if !unshown {
        request_reading(run, &unfound).await?;
    }
    Ok(doubted)
}

/// Whether records came that cannot be read, not even which orders they are.
async fn has_nameless(run: &Run<'_>) -> Result<bool, SyncError> {
    let (store, account) = (run.committer.store(), run.committer.account());
    let records = store.unreadable(account).await?;
    Ok(records.iter().any(|record| record.id.is_none()))
}

/// Moves the place of the job behind the first `done` orders of a batch.
fn move_on(work: &mut Work, ids: &[String], done: usize) {
    let Some(last) = done.checked_sub(1).and_then(|at| ids.get(at)) else {
        return;
    };
    match work {
        Work::Unshown { after }
        | Work::Pushed { after }
        | Work::Open { after, .. }
        | Work::Aged { after, .. } => *after = Some(last.clone()),
        Work::Orders(rest) => {
            rest.drain(..done.min(rest.len()));
        }
        Work::Query { .. } | Work::Slices(_) => {}
    }
}

async fn next_batch(run: &Run<'_>) -> Result<Vec<OrderRef>, SyncError> {
    let work = &run.job().work;
    let (store, account) = (run.committer.store(), run.committer.account());
    match (work, work.filter()) {
        (Work::Orders(rest), _) => Ok(rest.iter().take(BATCH).cloned().collect()),
        (Work::Unshown { after }, _) => run.committer.unshown(after.as_deref(), BATCH).await,
        (_, Some((filter, after))) => store.due_orders(account, filter, after, BATCH).await,
        _ => Ok(Vec::new()),
    }
}

/// Looks up a batch. Answers whether the run continues, and how many of the first orders of the batch are done.
async fn look_up(run: &mut Run<'_>, batch: Vec<OrderRef>, found: &mut Found) -> (Flow, usize) {
    let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
    let source = run.source;
    let may_ask = source.capabilities().fetches;
    let mut handled = HashSet::new();
    let mut waiting = batch.into_iter();
    let mut in_flight = FuturesUnordered::new();
    loop {
        while in_flight.len() < run.options.at_once.max(1)
            && let Some(order) = waiting.next()
        {
            if !may_ask || !can_be_looked_up(&order) {
                handled.insert(order.id.clone());
                found.not_here.push((order, Word::CannotSay));
                continue;
            }
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
        if let Err(error) = &answer
            && is_refused(error)
        {
            handled.insert(order.id.clone());
            found.not_here.push((order, Word::CannotSay));
            run.order_done();
            continue;
        }
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
            found.not_here.push((order, Word::NotFound));
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
