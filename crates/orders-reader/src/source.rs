//! What the streams read from.

use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Cursor, Error, Limits, Order, OrderSource, Page, Query, Slice, Slices};

use crate::key::RowKey;

/// Something that answers pages of `T`: a vendor's client with its own row type, or an
/// [`OrderSource`](orders_core::OrderSource).
#[async_trait]
pub trait PageSource<T>: Send + Sync {
    /// One page of a slice: the first, or the one at `cursor`.
    ///
    /// # Errors
    /// What the vendor failed with.
    async fn read_page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page<T>, Error>;

    /// The identity and the content of a row.
    fn key(&self, row: &T) -> RowKey;

    /// What is requested, its filters among it, as a text: a position of another request is refused.
    fn request(&self) -> String {
        String::new()
    }

    /// When a row was created, where its source knows. It matters only for counted lists without a total.
    fn created(&self, row: &T) -> Option<DateTime<Utc>> {
        let _ = row;
        None
    }

    /// The time of a row on the axis of a slice, where its source knows: a page with times of which none lies in the
    /// window is requested once more.
    fn time(&self, row: &T, slice: &Slice) -> Option<DateTime<Utc>> {
        let _ = (row, slice);
        None
    }

    /// By how much the times of rows may be off their window.
    fn tolerance(&self) -> TimeDelta {
        TimeDelta::zero()
    }

    /// The place behind a page that does not come: see [`OrderSource::behind`].
    fn behind(&self, slice: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        let _ = (slice, cursor);
        None
    }

    /// The bounds of the windows of a [`Walk::Windows`](orders_core::Walk::Windows) slice.
    fn window_limits(&self) -> Limits {
        Limits::default()
    }

    /// Adds to an error of the reader what the source knows of itself: vendor and endpoint.
    fn describe(&self, error: Error) -> Error {
        error
    }

    /// What time it is: compared with the creation of rows.
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    /// Further slices behind `after`, where a stream reads a whole query.
    ///
    /// # Errors
    /// What the vendor failed with.
    async fn slices(&self, after: Option<&Cursor>) -> Result<Slices, Error> {
        let _ = after;
        Ok(Slices::default())
    }
}

/// An order source, and the query that a stream of it answers.
pub(crate) struct QuerySource {
    pub(crate) source: Arc<dyn OrderSource>,
    pub(crate) query: Query,
}

#[async_trait]
impl PageSource<Order> for QuerySource {
    async fn read_page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.source.page(slice, cursor).await
    }

    fn key(&self, order: &Order) -> RowKey {
        RowKey::new(&order.id, &order.raw)
    }

    fn request(&self) -> String {
        format!("{} {:?}", self.source.account(), self.query)
    }

    fn created(&self, order: &Order) -> Option<DateTime<Utc>> {
        order.created_at.map(|at| at.to_utc())
    }

    fn time(&self, order: &Order, slice: &Slice) -> Option<DateTime<Utc>> {
        order.time_on(slice.axis?).map(|at| at.to_utc())
    }

    fn tolerance(&self) -> TimeDelta {
        self.source.capabilities().time_tolerance()
    }

    fn behind(&self, slice: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        self.source.behind(slice, cursor)
    }

    fn window_limits(&self) -> Limits {
        self.source.capabilities().windows
    }

    fn describe(&self, error: Error) -> Error {
        error.prefixed(&format!("{}: ", self.source.account()))
    }

    async fn slices(&self, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.source.slices(&self.query, after).await
    }
}
