//! The seam between vendors and whoever pulls.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Cursor, Error, Limits, Order, OrderRef, Slice, TimeAxis, Window};

/// One credential at one vendor. Rate limits are per account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The vendor: `clink`, `linkbest` or `shopline`.
    pub provider: String,
    /// The user's label for the account, unique within the provider.
    pub label: String,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.label)
    }
}

/// What a source can do. What it cannot do is said here, never faked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// The time axes on which the vendor really filters; empty where it has no time filter.
    pub axes: Vec<TimeAxis>,
    /// The bounds of the windows of a [`Walk::Windows`](crate::Walk::Windows) slice.
    pub windows: Limits,
    /// Whether the work is partitioned (SHOPLINE by customer), so that a query has to name the partitions.
    pub needs_partitions: bool,
    /// Whether a page says how many orders there are in all.
    pub page_total: bool,
    /// Whether [`OrderSource::count`] answers.
    pub counts: bool,
    /// Whether [`OrderSource::fetch`] answers.
    pub fetches: bool,
}

/// What to pull.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// The time axis; `None`: the source's own default.
    pub axis: Option<TimeAxis>,
    /// The span of time; `None`: everything, which not every vendor offers.
    pub window: Option<Window>,
    /// The partitions; empty: all that the source can list by itself.
    pub partitions: Vec<String>,
}

/// Some of the slices that answer a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slices {
    /// The slices, in the order in which they are best worked on.
    pub slices: Vec<Slice>,
    /// Where the next slices begin; `None`: these were the last.
    pub next: Option<Cursor>,
}

/// One answer of the vendor, with orders in the common vocabulary or of the vendor's own type.
#[derive(Clone, Debug)]
pub struct Page<T = Order> {
    /// The orders, in the vendor's order.
    pub orders: Vec<T>,
    /// Where to go on; `None`: the slice ends here.
    pub next: Option<Cursor>,
    /// How many orders the vendor says there are in all.
    pub total: Option<u64>,
    /// Whether the page holds as many rows as it can, so that more may exist.
    pub full: bool,
}

impl<T> Page<T> {
    /// A page that is the only one of its slice.
    #[must_use]
    pub fn last(orders: Vec<T>) -> Self {
        Self {
            orders,
            next: None,
            total: None,
            full: false,
        }
    }

    /// The same page with each order turned into something else.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            orders: self.orders.into_iter().map(change).collect(),
            next: self.next,
            total: self.total,
            full: self.full,
        }
    }
}

/// A vendor account that orders can be pulled from. Used as `Box<dyn OrderSource>`.
#[async_trait]
pub trait OrderSource: fmt::Debug + Send + Sync {
    /// The account that is asked.
    fn account(&self) -> &Account;

    /// What the source can do.
    fn capabilities(&self) -> Capabilities;

    /// The pieces of work that answer a query, in pages: `after` is the `next` of the answer before.
    ///
    /// # Errors
    /// `InvalidRequest` or `Unsupported` for a query that the vendor cannot answer; else what the vendor failed with.
    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error>;

    /// One page of a slice: the first, or the one at `cursor`.
    ///
    /// # Errors
    /// What the vendor failed with, after the attempts that were safe. `InvalidRequest` for a cursor that is not
    /// this source's.
    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error>;

    /// The place behind a page that cannot be read, as if that page were full; `None` where only the page itself says
    /// where it goes on, as a vendor's own cursor does.
    fn behind(&self, slice: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        let _ = (slice, cursor);
        None
    }

    /// One order as it is now; `None` where the vendor does not have it.
    ///
    /// # Errors
    /// `Unsupported` unless [`Capabilities::fetches`]; else what the vendor failed with.
    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        let _ = reference;
        Err(Error::unsupported(format!(
            "{} cannot look up a single order",
            self.account()
        )))
    }

    /// How many orders the vendor counts in a slice; `None` where it does not count such a slice.
    ///
    /// # Errors
    /// What the vendor failed with.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let _ = slice;
        Ok(None)
    }
}
