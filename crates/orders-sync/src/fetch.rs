//! Asking orders one by one: the open ones, and those that an earlier run could not read.

use std::ops::ControlFlow;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use orders_core::{Error, Order, OrderRef, OrderSource};

use crate::SyncError;
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
    gone: Vec<String>,
    gaps: Vec<(Missing, String, String)>,
    filled: Vec<Missing>,
}

impl Run<'_> {
    /// Asks all orders of the first job.
    pub(crate) async fn fetch_all(&mut self) -> Result<Flow, SyncError> {
        loop {
            if self.must_stop() {
                return Ok(Flow::Break(Outcome::Stopped));
            }
            let batch = self.next_batch()?;
            if batch.is_empty() {
                return Ok(Flow::Continue(()));
            }
            let ids: Vec<String> = batch.iter().map(|order| order.id.clone()).collect();
            let mut found = Found::default();
            if let ControlFlow::Break(outcome) = self.fetch_batch(batch, &mut found).await? {
                return Ok(Flow::Break(outcome));
            }
            self.move_on(&ids, ids.len());
            self.keep_found(&found)?;
        }
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

    fn next_batch(&self) -> Result<Vec<OrderRef>, SyncError> {
        let work = &self.state.jobs[0].work;
        let account = self.source.account();
        match (work, work.filter()) {
            (Work::Orders(rest), _) => Ok(rest.iter().take(BATCH).cloned().collect()),
            (Work::Unseen { mark, since, after }, _) => {
                self.store
                    .unseen(account, *mark, *since, after.as_deref(), BATCH)
            }
            (_, Some((filter, after))) => self.store.due_orders(account, filter, after, BATCH),
            _ => Ok(Vec::new()),
        }
    }

    async fn fetch_batch(
        &mut self,
        batch: Vec<OrderRef>,
        found: &mut Found,
    ) -> Result<Flow, SyncError> {
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
                () = self.tools.stop.stopped() => return Ok(Flow::Break(Outcome::Stopped)),
                answer = asked.next() => answer,
            };
            let Some((order, answer)) = answer else {
                return Ok(Flow::Continue(()));
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
                Verdict::End => return Ok(Flow::Break(Outcome::Partial)),
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
                        self.move_on(&ids, done);
                        self.keep_found(found)?;
                        return Ok(Flow::Break(Outcome::Partial));
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
            None => found.gone.push(asked.id.clone()),
        }
        if self.state.jobs[0].tier == Tier::Gaps {
            found.filled.push(Missing::Order(asked));
        }
    }
}
