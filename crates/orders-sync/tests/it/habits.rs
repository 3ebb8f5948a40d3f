//! A vendor of the simulator with one bad habit.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Order, OrderRef, OrderSource, Page, Query,
    Slice, Slices,
};
use orders_sync::{Options, Report, Store, pull};

use crate::bench::tools;
use crate::sim::Sim;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Look-ups of some orders fail with 500.
    FailsForSome,
    /// Full pages say nothing of a next one.
    NoSecondPage,
    /// 429 with `Retry-After: 0`.
    AlwaysLimited,
    /// Pages with an order updated in one of some seconds cannot be read.
    BadSeconds,
}

#[derive(Debug)]
pub(crate) struct Odd<'a> {
    pub(crate) sim: &'a Sim,
    habit: Habit,
    /// The orders whose look-up fails.
    pub(crate) failing: Mutex<HashSet<String>>,
    /// The seconds that cannot be read.
    pub(crate) seconds: Vec<i64>,
}

impl<'a> Odd<'a> {
    pub(crate) fn new(sim: &'a Sim, habit: Habit) -> Self {
        Self {
            sim,
            habit,
            failing: Mutex::default(),
            seconds: Vec::new(),
        }
    }

    pub(crate) async fn run(&self, store: &Store, options: &Options) -> Report {
        pull(self, store, options, &tools(self.sim)).await.unwrap()
    }

    fn is_bad(&self, order: &Order) -> bool {
        let at = order.updated_at.map(|at| at.timestamp());
        at.is_some_and(|at| self.seconds.contains(&at))
    }
}

#[async_trait::async_trait]
impl OrderSource for Odd<'_> {
    fn account(&self) -> &Account {
        self.sim.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.sim.slices(query, after).await
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let mut page = self.sim.page(slice, cursor).await?;
        match self.habit {
            Habit::NoSecondPage => page.next = None,
            Habit::AlwaysLimited => {
                assert!(self.sim.calls() < 5000, "asked for ever without a wait");
                return Err(Error::new(ErrorKind::RateLimit, "429")
                    .retryable()
                    .with_retry_after(Some(Duration::ZERO)));
            }
            Habit::BadSeconds if page.orders.iter().any(|order| self.is_bad(order)) => {
                return Err(Error::decode("rows[0].amount", "no decimal"));
            }
            _ => {}
        }
        Ok(page)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        let fails = self.habit == Habit::FailsForSome;
        if fails && self.failing.lock().unwrap().contains(&reference.id) {
            return Err(Error::new(ErrorKind::Server, "500").retryable());
        }
        self.sim.fetch(reference).await
    }

    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.sim.count(slice).await
    }
}
