//! A range of any length, to be walked in windows that the vendor answers.

use chrono::{DateTime, Utc};
use orders_core::{Error, Window};

use super::list::Filters;
use super::{OrderField, OrderStatus};
use crate::request::broken;

/// All orders of a range of any length, for a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrdersRange {
    pub(crate) window: Window,
    pub(crate) order_field: OrderField,
    filters: Filters,
}

impl OrdersRange {
    /// The range `from <= t < to` of update times.
    ///
    /// # Errors
    /// [`InvalidRequest`](orders_core::ErrorKind::InvalidRequest) for a range that is empty or runs backwards.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, Error> {
        let window = Window::new(from, to);
        let window = window.ok_or_else(|| broken("the range must end after its beginning"))?;
        Ok(Self::over(window))
    }

    /// A window of update times.
    #[must_use]
    pub fn over(window: Window) -> Self {
        Self {
            window,
            order_field: OrderField::default(),
            filters: Filters::default(),
        }
    }

    /// The time that the range is about (default [`OrderField::UpdateTime`]).
    #[must_use]
    pub fn order_field(mut self, field: OrderField) -> Self {
        self.order_field = field;
        self
    }

    /// Only orders whose commission stands so.
    #[must_use]
    pub fn status(mut self, status: OrderStatus) -> Self {
        self.filters.status = Some(status);
        self
    }

    /// Only orders of this website.
    #[must_use]
    pub fn website_id(mut self, id: impl Into<String>) -> Self {
        self.filters.website_id = Some(id.into());
        self
    }

    /// Only orders of this program.
    #[must_use]
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters.program_id = Some(id.into());
        self
    }

    /// Only orders with this label.
    #[must_use]
    pub fn sub_id(mut self, id: impl Into<String>) -> Self {
        self.filters.sub_id = Some(id.into());
        self
    }

    /// The query for the rows of one window.
    ///
    /// Its edges are a second wider than the seconds looked for: the first of them is the window's beginning and the
    /// last the one before its end. Whichever edges the vendor counts in, no row is lost; the rows around come with two
    /// windows and are given once.
    #[cfg(feature = "client")]
    pub(crate) fn query(&self, window: Window, page: u32) -> super::QueryOrders {
        let mut query = super::QueryOrders::new(
            window.widened(chrono::TimeDelta::seconds(1)).from,
            window.to,
        )
        .order_field(self.order_field)
        .page(page)
        .page_size(super::MAX_PAGE_SIZE);
        query.filters = self.filters.clone();
        query
    }
}
