//! Requests beside a run: counts and look-ups, each with the attempts that the options give.

use orders_core::{Error, Order, OrderRef, OrderSource, Slice};

use crate::context::Context;
use crate::events::Event;
use crate::options::Options;
use crate::retry::{Decision, RetryBudget};

/// The only request on its way has this key.
const ONLY: u64 = 0;

/// Sends single requests, one after another.
pub(crate) struct Single<'a> {
    pub(crate) source: &'a dyn OrderSource,
    pub(crate) context: &'a Context,
    pub(crate) budget: RetryBudget,
}

impl<'a> Single<'a> {
    pub(crate) fn new(
        source: &'a dyn OrderSource,
        options: &Options,
        context: &'a Context,
    ) -> Self {
        Self {
            source,
            context,
            budget: RetryBudget::new(options),
        }
    }

    /// How many orders of a slice the vendor counts.
    pub(crate) async fn count(&mut self, slice: &Slice) -> Result<Option<u64>, Error> {
        loop {
            match self.source.count(slice).await {
                Ok(count) => return Ok(self.answered(count)),
                Err(error) => self.wait(error).await?,
            }
        }
    }

    /// One order; a record that cannot be read is an answer, too.
    pub(crate) async fn fetch(&mut self, order: &OrderRef) -> Result<Option<Order>, Error> {
        loop {
            match self.source.fetch(order).await {
                Err(error) if error.record().is_none() => self.wait(error).await?,
                answer => return self.answered(answer),
            }
        }
    }

    /// Decides about a failed request, and reports a wait.
    pub(crate) fn decide(&mut self, key: u64, error: Error) -> Decision {
        let decision = self.budget.decide(key, error);
        if let Some(waiting) = decision.waiting() {
            self.event(&waiting);
        }
        decision
    }

    /// Reports an event.
    pub(crate) fn event(&self, event: &Event<'_>) {
        self.context.observer.event(self.source.account(), event);
    }

    fn answered<T>(&mut self, answer: T) -> T {
        self.budget.forget(ONLY);
        answer
    }

    async fn wait(&mut self, error: Error) -> Result<(), Error> {
        match self.decide(ONLY, error) {
            Decision::Retry { wait, .. } => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            Decision::Skip(error) | Decision::Abort(error) => Err(error),
        }
    }
}
