//! Asking orders one by one: the open ones, and those that an earlier run could not read.

use std::collections::HashSet;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Error, Order, OrderRef, OrderSource, Slice};

use crate::SyncError;
use crate::absent::{Absent, Belief, NOT_FOUND, most_at_once};
use crate::engine::{Flow, Put, Run};
use crate::judge::Verdict;
use crate::record::short_hash;
use crate::state::{Tier, Work};
use crate::store::Missing;
use crate::summary::Outcome;

/// How many orders are stored in one step: what a killed run has to ask again at most.
const BATCH: usize = 20;

type Answer = (OrderRef, Result<Option<Order>, Error>);

fn ask<'a>(
    source: &'a dyn OrderSource,
    order: OrderRef,
    wait: std::time::Duration,
) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let answer = source.fetch(&order).await;
        (order, answer)
    })
}

#[derive(Default)]
struct Found {
    orders: Vec<Order>,
    /// What the vendor says it does not have.
    absent: Vec<OrderRef>,
    gone: Vec<String>,
    gaps: Vec<(Missing, String, String)>,
    filled: Vec<Missing>,
}

impl Run<'_> {
    /// Asks all orders of the first job.
    pub(crate) async fn fetch_all(&mut self) -> Result<Flow, SyncError> {
        let mut absent = Absent::default();
        loop {
            if self.must_stop() {
                return Ok(Flow::Break(Outcome::Stopped));
            }
            let batch = self.next_batch(absent.behind())?;
            if batch.is_empty() {
                self.end_absent(absent)?;
                return Ok(Flow::Continue(()));
            }
            let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
            let mut found = Found::default();
            let (flow, done) = self.fetch_batch(batch, &mut found).await;
            if done > 0 || !found.gaps.is_empty() {
                self.weigh(&mut found, &mut absent)?;
                if !absent.holds(ids.get(done.saturating_sub(1))) {
                    self.move_on(&ids, done);
                }
                self.keep_found(&found)?;
            }
            if flow.is_break() {
                return Ok(flow);
            }
            if absent.is_enough() {
                self.end_absent(absent)?;
                return Ok(Flow::Continue(()));
            }
        }
    }

    /// Decides what becomes of the orders that the vendor says it does not have.
    fn weigh(&mut self, found: &mut Found, absent: &mut Absent) -> Result<(), SyncError> {
        let missing = std::mem::take(&mut found.absent);
        if missing.is_empty() {
            absent.found(found.orders.len());
            return Ok(());
        }
        let believed = match self.state.jobs[0].work {
            Work::Unseen { mark, .. } => {
                // Counting the marks reads all orders: once a job.
                let most = match absent.most {
                    Some(most) => most,
                    None => self.most_unseen(mark)?,
                };
                absent.believes_unseen(&missing, most)
            }
            _ => {
                absent.found(found.orders.len());
                let most = most_at_once(self.store.live(self.source.account())?, 1);
                absent.believes(missing.len(), most)
            }
        };
        let reason = format!(
            "the vendor knew none of {} orders asked for: not believed",
            absent.in_a_row.max(missing.len())
        );
        let long_doubted = match believed {
            Belief::Doubted => self.long_doubted()?,
            Belief::Gone | Belief::Held => HashSet::new(),
        };
        for order in missing {
            let believed = match long_doubted.contains(&order.id) {
                true => Belief::Gone,
                false => believed,
            };
            match believed {
                Belief::Gone => {
                    found.gone.push(order.id.clone());
                    if self.state.jobs[0].tier == Tier::Gaps {
                        found.filled.push(Missing::Order(order));
                    }
                }
                Belief::Held => {}
                Belief::Doubted => {
                    let kind = NOT_FOUND.to_owned();
                    found
                        .gaps
                        .push((Missing::Order(order), kind, reason.clone()));
                }
            }
        }
        Ok(())
    }

    /// Ends the look-ups of what a pass did not show: what was held back is gone, or too many to be believed.
    fn end_absent(&mut self, absent: Absent) -> Result<(), SyncError> {
        if absent.is_enough() {
            return self.doubt_pass(absent.held.len());
        }
        let unseen = matches!(self.state.jobs[0].work, Work::Unseen { .. });
        let mut filled = Vec::new();
        if unseen && self.doubted_pass()?.is_some() {
            filled.push(Missing::Slice(Slice::pass()));
        }
        if !absent.held.is_empty() || !filled.is_empty() {
            self.commit(&Put {
                gone: &absent.held,
                filled: &filled,
                ..Put::default()
            })?;
        }
        Ok(())
    }

    /// Moves the place of the job behind the first `done` orders of a batch.
    fn move_on(&mut self, ids: &[String], done: usize) {
        let Some(last) = done.checked_sub(1).and_then(|at| ids.get(at)) else {
            return;
        };
        match &mut self.state.jobs[0].work {
            Work::Unseen { after, .. } | Work::Open { after, .. } | Work::Horizon { after, .. } => {
                *after = Some(last.clone())
            }
            Work::Orders(rest) => {
                rest.drain(..done.min(rest.len()));
            }
            Work::Query { .. } | Work::Slices(_) => {}
        }
    }

    fn keep_found(&mut self, found: &Found) -> Result<(), SyncError> {
        self.commit(&Put {
            orders: &found.orders,
            gone: &found.gone,
            gaps: &found.gaps,
            filled: &found.filled,
            ..Put::default()
        })?;
        Ok(())
    }

    fn next_batch(&self, held: Option<&str>) -> Result<Vec<OrderRef>, SyncError> {
        let work = &self.state.jobs[0].work;
        let account = self.source.account();
        match (work, work.filter()) {
            (Work::Orders(rest), _) => Ok(rest.iter().take(BATCH).cloned().collect()),
            (Work::Unseen { mark, since, after }, _) => {
                let after = held.or(after.as_deref());
                self.store.unseen(account, *mark, *since, after, BATCH)
            }
            (_, Some((filter, after))) => self.store.due_orders(account, filter, after, BATCH),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether the run goes on, and how many of the first orders of the batch are behind it.
    async fn fetch_batch(&mut self, batch: Vec<OrderRef>, found: &mut Found) -> (Flow, usize) {
        let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
        let mut handled = std::collections::HashSet::new();
        let mut waiting = batch.into_iter();
        let mut asked = FuturesUnordered::new();
        loop {
            while asked.len() < self.options.at_once.max(1)
                && let Some(order) = waiting.next()
            {
                asked.push(ask(self.source, order, std::time::Duration::ZERO));
            }
            let answer = tokio::select! {
                biased;
                () = self.tools.stop.stopped() => {
                    *found = Found::default();
                    return (Flow::Break(Outcome::Stopped), 0);
                }
                answer = asked.next() => answer,
            };
            let Some((order, answer)) = answer else {
                return (Flow::Continue(()), ids.len());
            };
            self.summary.requests += 1;
            self.state.jobs[0].requests += 1;
            let key = short_hash([order.id.as_bytes()]);
            let error = match answer {
                Ok(answer) => {
                    self.tries.remove(&key);
                    self.gaps_in_row = 0;
                    handled.insert(order.id.clone());
                    self.fetched(order, answer, found);
                    self.order_done();
                    continue;
                }
                Err(error) => error,
            };
            match self.judge(key, error) {
                Verdict::End => {
                    *found = Found::default();
                    return (Flow::Break(Outcome::Partial), 0);
                }
                Verdict::Again(wait) => asked.push(ask(self.source, order, wait)),
                Verdict::Gap(error) => {
                    self.tries.remove(&key);
                    handled.insert(order.id.clone());
                    let gap = (
                        Missing::Order(order),
                        error.kind().as_str().to_owned(),
                        error.to_string(),
                    );
                    found.gaps.push(gap);
                    self.order_done();
                    if self.note_gap(error).is_break() {
                        // What was tried is behind us: the next run does not begin with the same ones.
                        let done = ids.iter().take_while(|id| handled.contains(*id)).count();
                        return (Flow::Break(Outcome::Partial), done);
                    }
                }
            }
        }
    }

    fn fetched(&self, asked: OrderRef, answer: Option<Order>, found: &mut Found) {
        match answer {
            Some(order) if order.id == asked.id => found.orders.push(order),
            // Nothing says whether the one asked for is there.
            Some(other) => {
                let reason = format!("asked for {}, the vendor answered {}", asked.id, other.id);
                let gap = (Missing::Order(asked), "decode".to_owned(), reason);
                found.gaps.push(gap);
                return;
            }
            None => {
                found.absent.push(asked);
                return;
            }
        }
        if self.state.jobs[0].tier == Tier::Gaps {
            found.filled.push(Missing::Order(asked));
        }
    }
}
