//! The seam between vendors and whoever pulls.

use std::fmt;
use std::hash::Hasher;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{Cursor, Error, Limits, Order, OrderRef, Page, Slice, TimeAxis, Window};

/// One credential at one vendor. Rate limits are per account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The vendor: `clink`, `linkbest` or `shopline`.
    pub provider: String,
    /// The user's label for the account, unique within the provider.
    pub label: String,
}

impl Account {
    /// The account `label` at `provider`.
    #[must_use]
    pub fn new(provider: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            label: label.into(),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.label)
    }
}

/// What a source can do, and what a query of it needs. What it cannot do is stated here, never faked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// The time axes on which the vendor really filters; the first is the default. Empty: a query takes no window.
    pub axes: Vec<TimeAxis>,
    /// The bounds of the windows of a [`Walk::Windows`](crate::Walk::Windows) slice.
    pub windows: Limits,
    /// Whether a query has to name a window: there is no query for everything.
    pub needs_window: bool,
    /// Whether a query may name partitions (customers).
    pub takes_partitions: bool,
    /// Whether a query has to name the partitions: the source cannot list them by itself.
    pub needs_partitions: bool,
    /// Whether a query may name a window and partitions at once.
    pub partitions_in_window: bool,
    /// Whether a page says how many orders there are in all.
    pub page_total: bool,
    /// Whether [`OrderSource::count`] answers.
    pub counts: bool,
    /// Whether [`OrderSource::fetch`] answers.
    pub fetches: bool,
    /// Whether the zone of the times in records is inferred: they may be off by a day.
    pub zone_inferred: bool,
}

impl Capabilities {
    /// By how much the times in records may be off the window that was requested: a day where their zone is inferred.
    #[must_use]
    pub fn time_tolerance(&self) -> TimeDelta {
        match self.zone_inferred {
            true => TimeDelta::days(1),
            false => TimeDelta::zero(),
        }
    }
}

/// What to pull.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Query {
    /// The time axis; `None`: the source's own default.
    pub axis: Option<TimeAxis>,
    /// The span of time; `None`: everything, which not every vendor offers.
    pub window: Option<Window>,
    /// The partitions; empty: all that the source can list by itself.
    pub partitions: Vec<String>,
}

impl Query {
    /// Everything. Not every vendor offers it: see [`Capabilities::needs_window`].
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// The orders of a window, on the source's own default axis.
    #[must_use]
    pub fn over(window: Window) -> Self {
        Self::default().with_window(Some(window))
    }

    /// Sets the time axis; `None`: the source's own default.
    #[must_use]
    pub fn with_axis(mut self, axis: Option<TimeAxis>) -> Self {
        self.axis = axis;
        self
    }

    /// Sets the span of time; `None`: everything.
    #[must_use]
    pub fn with_window(mut self, window: Option<Window>) -> Self {
        self.window = window;
        self
    }

    /// Sets the partitions; none: all that the source can list by itself.
    #[must_use]
    pub fn with_partitions(mut self, partitions: Vec<String>) -> Self {
        self.partitions = partitions;
        self
    }
}

/// Some of the slices that answer a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slices {
    /// The slices, in the order in which they are best worked on.
    pub slices: Vec<Slice>,
    /// Where the next slices begin; `None`: these were the last.
    pub next: Option<Cursor>,
}

impl Slices {
    /// All the slices of a query.
    #[must_use]
    pub fn new(slices: Vec<Slice>) -> Self {
        Self { slices, next: None }
    }

    /// Sets where the next slices begin.
    #[must_use]
    pub fn with_next(mut self, next: Option<Cursor>) -> Self {
        self.next = next;
        self
    }
}

/// A part of what an account is recognised by: see [`OrderSource::identify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Identity {
    /// The public name of the account at its vendor, as the handle of a store.
    Store,
    /// The credential that its requests are authenticated with.
    Credential,
}

/// A vendor account that orders can be pulled from. Used as `Box<dyn OrderSource>`.
///
/// ```
/// use orders_core::{Account, Capabilities, Cursor, Error, Order, OrderSource, Page, Query, Slice, Slices, Walk};
///
/// /// A list of orders in memory, two on a page.
/// #[derive(Debug)]
/// struct Memory {
///     account: Account,
///     ids: Vec<&'static str>,
/// }
///
/// #[async_trait::async_trait]
/// impl OrderSource for Memory {
///     fn account(&self) -> &Account {
///         &self.account
///     }
///
///     fn capabilities(&self) -> Capabilities {
///         Capabilities::default() // no windows, no partitions, no totals
///     }
///
///     async fn slices(&self, _: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
///         Ok(Slices::new(vec![Slice::everything(Walk::Cursor)]))
///     }
///
///     async fn page(&self, _: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
///         let foreign = |_| Error::invalid_request("not a cursor of this source");
///         let start = cursor.map_or(Ok(0), |cursor| cursor.as_str().parse().map_err(foreign))?;
///         let ids = self.ids.iter().skip(start).take(2);
///         let orders = ids.map(|id| Order::new("memory", "main", *id)).collect();
///         let next = (start + 2 < self.ids.len()).then(|| Cursor::new((start + 2).to_string()));
///         Ok(Page::new(orders).with_next(next))
///     }
/// }
/// ```
#[async_trait]
pub trait OrderSource: fmt::Debug + Send + Sync {
    /// The account whose orders it reads.
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

    /// The place behind a page that cannot be read; `None` where only the page itself says where it continues, as a
    /// vendor's own cursor does. Behind a page of a counted list it is the place behind a full page; in a window, where
    /// it continues as behind a page without rows.
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

    /// Reads the stored text of a record: a later version may read what an earlier one could not. `None` where this
    /// source reads no stored texts.
    ///
    /// # Errors
    /// [`Error::record`] says where it cannot be read.
    fn read(&self, raw: &Bytes) -> Option<Result<Order, Error>> {
        let _ = raw;
        None
    }

    /// The version of the mapping that makes [`Order`]s of the vendor's records. It rises whenever the same text gives
    /// another order, so that a store knows which of its orders to read again. 0: not counted.
    fn mapping_version(&self) -> u32 {
        0
    }

    /// How many orders the vendor counts in a slice; `None` where it does not count such a slice.
    ///
    /// # Errors
    /// What the vendor failed with.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let _ = slice;
        Ok(None)
    }

    /// Feeds a part of what the account is recognised by into a hasher: where the requests go, and the account's own name
    /// there or its credential. `false`, with nothing fed, where the source has no such part.
    ///
    /// It is for telling whether two sources read the same account. The caller chooses the hasher, so that no credential
    /// travels in a value.
    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        let _ = (part, into);
        false
    }

    /// How many requests the source has sent in all since it was made, attempts that failed included; `None` where it
    /// does not count them.
    fn requests_sent(&self) -> Option<u64> {
        None
    }
}
